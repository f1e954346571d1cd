//! Floor 4: one request becomes one answer: route, negotiate, check, respond, record. A mode is only who responds.

mod dress;
mod examine;
mod judge;
mod ledger;
mod pipeline;
mod read;

pub use examine::{Examined, examine};
pub use pipeline::{Done, Exchange, OnViolation, Options};
