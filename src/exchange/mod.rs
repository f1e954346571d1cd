//! Floor 4: one request becomes one answer: route, judge, answer, write down. A mode is only who answers.

mod call;
mod diagnose;
mod dress;
mod examine;
#[allow(clippy::module_inception, reason = "the name is the field's")]
mod exchange;
mod judge;
mod ledger;
mod pipeline;
mod read;
mod responder;
mod ruling;

pub use call::Call;
pub use diagnose::diagnose;
pub use examine::{Examined, examine};
pub use exchange::{Exchange, Options};
pub use judge::judge;
pub use ledger::Taken;
pub use responder::{OnMiss, OnViolation, Recorded};
pub use ruling::{Findings, Next, Question, Ruling, Target};
