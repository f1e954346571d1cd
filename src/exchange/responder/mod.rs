//! Who answers: a mode is nothing else.

mod replay;
mod simulate;

use std::sync::Arc;

use super::call::Call;
use super::ledger::Sequence;
use super::ruling::{Findings, Ruling};
use crate::cloud::Caller;
use crate::contract::Contracts;
use crate::message::Response;

pub use replay::{OnMiss, Recorded, Replay};
pub use simulate::{OnViolation, Simulate};

/// Who answers.
#[derive(Debug)]
pub enum Responder {
    /// The simulated cloud.
    Simulate(Box<Simulate>),
    /// A recording.
    Replay(Box<Replay>),
}

/// What a responder gives.
#[derive(Debug)]
pub struct Answered {
    /// The answer as the client gets it.
    pub response: Response,
    /// Its place in the recording. Drawn where the order of the answers is decided, and told to the ledger without waiting for
    /// anything in between: what comes later in the recording waits for it.
    pub sequence: u64,
    /// What came up beyond the ruling.
    pub findings: Findings,
}

impl Responder {
    /// Whose token it is, if it is a good one.
    pub fn caller(&self, token: &str) -> Option<Arc<Caller>> {
        match self {
            Responder::Simulate(simulate) => simulate.cloud().caller(token),
            Responder::Replay(replay) => replay.caller(token),
        }
    }

    /// What an id names: `server vm1`.
    pub fn name_of(&self, id: &str) -> Option<String> {
        match self {
            Responder::Simulate(simulate) => simulate.cloud().name_of(id),
            Responder::Replay(replay) => replay.cloud().name_of(id),
        }
    }

    /// The answer to a request that was judged.
    pub fn answer(&self, contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>, sequence: &Sequence) -> Answered {
        match self {
            Responder::Simulate(simulate) => simulate.answer(contracts, call, ruling, sequence),
            Responder::Replay(replay) => replay.answer(contracts, call, ruling, sequence),
        }
    }
}
