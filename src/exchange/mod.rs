//! Floor 4: one request becomes one answer: route, negotiate, check, respond, record. A mode is only who responds.

mod dress;
mod exchange;
mod judge;
mod read;

pub use exchange::{Done, Exchange, OnViolation, Options};
