//! What is found wrong with a request, and the codes of that.

mod code;
mod finding;
mod findings;
mod step;
mod violation;

pub use code::{CODES, Code, CodeRow};
pub use finding::{Finding, Kind, Subject};
pub use findings::{Findings, MOST_FINDINGS, More};
pub use step::{Refusal, Step};
pub use violation::{Part, Violation};
