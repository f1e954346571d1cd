//! Who answers: a mode is nothing else.

mod forward;
mod replay;
mod simulate;

use std::sync::Arc;

use super::call::Call;
use super::ledger::Sequence;
use super::ruling::{Findings, Ruling};
use crate::cloud::Caller;
use crate::contract::Contracts;
use crate::message::{Contents, Response, UpstreamFailure};

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

/// What a responder gives.
#[derive(Debug, Default)]
pub struct Answered {
    /// The answer as the client gets it.
    pub response: Response,
    /// Its place in the recording. Drawn where the order of the answers is decided, and told to the ledger without waiting for
    /// anything in between: what comes later in the recording waits for it.
    pub sequence: u64,
    /// What came up beyond the ruling.
    pub findings: Findings,
    /// What is kept of its body, if that passed by.
    pub contents: Option<Contents>,
    /// What kept the answer of a real cloud from arriving whole.
    pub failure: Option<UpstreamFailure>,
}

/// What a real cloud gave.
#[derive(Clone, Debug, Default)]
pub struct Delivered {
    /// The answer as the client gets it; without its body if that passed by.
    pub response: Response,
    /// What is kept of a body that passed by.
    pub contents: Option<Contents>,
    /// What kept it from arriving whole.
    pub failure: Option<UpstreamFailure>,
}

impl Responder {
    /// The real cloud that is asked, of all or of what was not recorded.
    pub fn forward(&self) -> Option<&Forward> {
        match self {
            Responder::Simulate(_) => None,
            Responder::Replay(replay) => replay.rest.as_ref(),
            Responder::Forward(forward) => Some(forward),
        }
    }

    /// Whose token it is, if it is a good one.
    pub fn caller(&self, token: &str) -> Option<Arc<Caller>> {
        match self {
            Responder::Simulate(simulate) => simulate.cloud().caller(token),
            Responder::Replay(replay) => replay.caller(token),
            Responder::Forward(_) => None,
        }
    }

    /// What an id names: `server vm1`.
    pub fn name_of(&self, id: &str) -> Option<String> {
        match self {
            Responder::Simulate(simulate) => simulate.cloud().name_of(id),
            Responder::Replay(replay) => replay.cloud().name_of(id),
            Responder::Forward(_) => None,
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
