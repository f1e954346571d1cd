//! Floor 4: what is told at the end. An outcome is data: what happened, what of it fails, with which exit code; each
//! format is a file of its own and a row of a table.

mod ending;
mod exit;
mod format;
mod github;
mod json;
mod junit;
mod markdown;
mod outcome;
mod rules;
mod text;
mod unasked;

pub use ending::{Ending, Snapshots, Stale};
pub use exit::{Cause, EXITS, Exit, ExitRow};
pub use format::{FORMATS, Format, Wanted};
pub use outcome::{Outcome, Reason, not_whole};
pub use rules::{Rule, Rules};
pub use text::coloured;
pub use unasked::Unasked;
