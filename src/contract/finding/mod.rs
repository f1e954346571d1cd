//! What is found wrong with a request, and the codes of that.

mod code;
#[allow(clippy::module_inception, reason = "the folder is named for what it is about")]
mod finding;
mod findings;
mod refusal;
mod step;
mod violation;

pub use code::{CODES, Code, CodeRow};
pub use finding::{Finding, Kind, Subject};
pub use findings::{Findings, MOST_FINDINGS, More};
pub use refusal::{NO_RESOURCE, Refusal};
pub use step::{Rejection, Step};
pub use violation::{Part, Violation, is_right};
