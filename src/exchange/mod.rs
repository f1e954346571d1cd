//! Floor 4: one request becomes one answer: route, judge, answer, write down. A mode is only who answers.

mod answered;
mod awkward;
mod call;
mod diagnose;
mod disagreement;
mod examine;
#[allow(clippy::module_inception, reason = "the name is the field's")]
mod exchange;
mod extension;
mod faults;
mod foreign;
mod ignored;
mod judge;
mod labels;
mod leavings;
mod ledger;
mod pipeline;
mod projects;
mod read;
mod responder;
mod ruling;
mod sequence;
mod service_headers;
mod session;
mod sessions;

pub use crate::exchange::answered::Delivered;
pub use crate::exchange::awkward::{Awkward, AwkwardRow, answers, awkward_rows, chosen_one};
pub use crate::exchange::call::Call;
pub use crate::exchange::diagnose::{diagnose, valid};
pub use crate::exchange::disagreement::{Given, disagreements, refusal_by_status};
pub use crate::exchange::examine::{Examined, examine};
pub use crate::exchange::exchange::{Exchange, Options};
pub use crate::exchange::extension::Extensions;
pub use crate::exchange::faults::{CatalogueRow, Faults, InjectedFault, catalogue, fault, option as fault_option};
pub use crate::exchange::judge::judge;
pub use crate::exchange::labels::{KEYS as LABEL_KEYS, read as read_label};
pub use crate::exchange::ledger::Taken;
pub use crate::exchange::projects::{NotMade, Wanted};
pub use crate::exchange::responder::{
    Endpoint, Mounts, OnMiss, OnViolation, Recorded, Rewriter, endpoints, usual_mount,
};
pub use crate::exchange::ruling::{Findings, Next, Question, Ruling, Target};
pub use crate::exchange::session::{Chosen, Owner, Session};
