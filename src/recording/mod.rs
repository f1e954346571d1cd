//! Floor 3: what happened. An interaction is a request, its answer and what was said of it; a recording is a file of
//! them, a journal what a verdict needs of them.

mod interaction;
mod journal;
mod line;
mod lines;
mod reader;
mod shape;
mod writer;

pub use interaction::Interaction;
pub use journal::{Asked, Case, CaseTally, Diagnosis, Journal, Tally};
pub use line::line;
pub use lines::{FileLine, Lines};
pub use reader::{End, Reader};
pub use writer::{FORMAT, Recorder, Written};
