//! What a responder gives.

use super::ruling::Findings;
use crate::cloud::Made;
use crate::message::{Contents, Response, UpstreamFailure};

/// What a responder gives.
#[derive(Debug, Default)]
pub struct Answered {
    /// The answer as the client gets it.
    pub response: Response,
    /// Its place in the recording. Drawn where the order of the answers is decided, and passed to the ledger without waiting for
    /// anything in between: what comes later in the recording waits for it.
    pub sequence: u64,
    /// What was found in addition to the ruling.
    pub findings: Findings,
    /// What is kept of its body, if that passed by.
    pub contents: Option<Contents>,
    /// Why the answer of a real cloud, or of one with faults, is incomplete.
    pub failure: Option<UpstreamFailure>,
    /// The name of the fault that befell the request.
    pub fault: Option<String>,
    /// What it made in a simulated cloud.
    pub made: Vec<Made>,
}

/// What a real cloud gave.
#[derive(Clone, Debug, Default)]
pub struct Delivered {
    /// The answer as the client gets it; without its body if that passed by.
    pub response: Response,
    /// What is kept of a body that passed by.
    pub contents: Option<Contents>,
    /// Why the answer is incomplete.
    pub failure: Option<UpstreamFailure>,
}
