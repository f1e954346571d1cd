//! Floor 4: one request becomes one answer: route, negotiate, check, respond, record. A mode is only who responds.

mod dress;
mod pipeline;
mod judge;
mod ledger;
mod read;

pub use pipeline::{Done, Exchange, OnViolation, Options};
