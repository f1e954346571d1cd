//! Who answers: a mode is nothing else.

mod forward;
mod replay;
mod simulate;

use std::sync::{Arc, MutexGuard};

use super::answered::Answered;
use super::call::Call;
use super::ruling::Ruling;
use super::sequence::Sequence;
use crate::cloud::{Caller, Cloud};
use crate::contract::Contracts;

pub use super::responder::forward::{Endpoint, Forward, Mounts, Rewriter, endpoints, usual_mount};
pub use super::responder::replay::{OnMiss, Recorded, Replay};
pub use super::responder::simulate::{OnViolation, Simulate};

/// Who answers.
#[derive(Debug)]
pub enum Responder {
    /// The simulated cloud.
    Simulate(Box<Simulate>),
    /// A recording.
    Replay(Box<Replay>),
    /// A real cloud.
    Forward(Forward),
}

impl Responder {
    /// The real cloud that is asked, for everything or for what was not recorded.
    pub fn forward(&self) -> Option<&Forward> {
        match self {
            Responder::Simulate(_) => None,
            Responder::Replay(replay) => replay.rest.as_ref(),
            Responder::Forward(forward) => Some(forward),
        }
    }

    /// The simulated cloud, if there is one.
    pub fn cloud(&self) -> Option<MutexGuard<'_, Cloud>> {
        match self {
            Responder::Simulate(simulate) => Some(simulate.cloud()),
            Responder::Replay(replay) => Some(replay.cloud()),
            Responder::Forward(_) => None,
        }
    }

    /// The owner of the token, if it is valid.
    pub fn caller(&self, token: &str) -> Option<Arc<Caller>> {
        match self {
            Responder::Simulate(simulate) => simulate.cloud().caller(token),
            Responder::Replay(replay) => replay.caller(token),
            Responder::Forward(_) => None,
        }
    }

    /// What an id names: `server vm1`.
    pub fn name_of(&self, id: &str) -> Option<String> {
        self.cloud()?.name_of(id)
    }

    /// Has the simulated cloud do what is asked, and tells nobody.
    pub fn follow(&self, contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>) {
        if let Responder::Simulate(simulate) = self {
            simulate.follow(contracts, call, ruling, &[]);
        }
    }

    /// The answer to a request that was judged.
    pub fn answer(&self, contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>, sequence: &Sequence) -> Answered {
        match self {
            Responder::Simulate(simulate) => simulate.answer(contracts, call, ruling, sequence),
            Responder::Replay(replay) => replay.answer(contracts, call, ruling, sequence),
            Responder::Forward(forward) => forward.answer(call, ruling, sequence),
        }
    }
}
