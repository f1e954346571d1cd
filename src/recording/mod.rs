//! Floor 3: what happened. An interaction is a request, its answer and the complaints about it; a recording is a file of
//! them, a journal what a verdict needs of them.

mod alike;
mod answers;
mod faults;
mod format;
mod journal;
mod kept;
mod label;
mod leftover;
mod lines;
mod log;
mod reader;
mod redacted;
mod rule;
mod shape;
mod valid;
mod writer;

pub use crate::recording::alike::{Alike, Keys, alike};
pub use crate::recording::answers::AnswerReport;
pub use crate::recording::faults::{FaultReport, Missed, Reaction};
pub use crate::recording::format::{
    End, FORMAT, Header, Interaction, Line, RecordedCloud, RecordedRequest, RecordedResponse, Refused, ServiceVersion,
    Unreadable, client_of, to_line,
};
pub use crate::recording::journal::{Asked, Case, CaseTally, Diagnosis, Journal, Tally, Test};
pub use crate::recording::kept::{Keep, Kept};
pub use crate::recording::label::{Label, Told};
pub use crate::recording::leftover::Leftover;
pub use crate::recording::lines::{FileLine, Lines};
pub use crate::recording::log::{log_line, request_line};
pub use crate::recording::reader::{Ended, Reader};
pub use crate::recording::rule::Rule;
pub use crate::recording::shape::shape;
pub use crate::recording::valid::{Edited, Valid};
pub use crate::recording::writer::Recorder;
