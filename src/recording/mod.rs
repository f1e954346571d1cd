//! Floor 3: what happened. An interaction is a request, its answer and what was said of it; a recording is a file of
//! them, a journal what a verdict needs of them.

mod format;
mod journal;
mod lines;
mod reader;
mod redacted;
mod shape;
mod writer;

pub use format::{
    End, FORMAT, Header, Interaction, Line, RecordedCloud, RecordedRequest, RecordedResponse, Refused, ServiceVersion,
    Unreadable, to_line,
};
pub use journal::{Asked, Case, CaseTally, Diagnosis, Journal, Tally};
pub use lines::{FileLine, Lines};
pub use reader::{Ended, Reader};
pub use shape::shape;
pub use writer::Recorder;
