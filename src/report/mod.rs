//! Floor 4: what is told at the end. An outcome is data: what happened, what of it fails, with which exit code; each
//! format is a file of its own.

mod exit;
mod outcome;
mod rules;
mod text;

pub use exit::{EXITS, Exit};
pub use outcome::{Outcome, Reason};
pub use rules::{Rule, Rules};
pub use text::text;
