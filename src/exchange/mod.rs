//! Floor 4: one request becomes one answer: route, judge, answer, write down. A mode is only who answers.

mod call;
mod diagnose;
mod disagreement;
mod dress;
mod examine;
#[allow(clippy::module_inception, reason = "the name is the field's")]
mod exchange;
mod extension;
mod judge;
mod ledger;
mod pipeline;
mod read;
mod responder;
mod ruling;

pub use call::Call;
pub use diagnose::diagnose;
pub use disagreement::{Given, disagreements, refusal_by_status};
pub use examine::{Examined, examine};
pub use exchange::{Exchange, Options};
pub use extension::{Extension, Extensions};
pub use judge::judge;
pub use ledger::Taken;
pub use responder::{Delivered, Endpoint, Mounts, OnMiss, OnViolation, Recorded, Rewriter, endpoints, usual_mount};
pub use ruling::{Findings, Next, Question, Ruling, Target};
