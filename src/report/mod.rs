//! Floor 4: reports at the end of a run. An outcome is data: what happened, what of it fails, with which exit code; each
//! format is a file of its own and a row of a table.

mod contrast;
#[cfg(feature = "cli")]
mod coverage;
mod ending;
mod exit;
mod format;
mod github;
mod json;
mod junit;
mod markdown;
mod matrix;
mod outcome;
#[cfg(feature = "cli")]
mod page;
mod rules;
mod sarif;
mod text;
mod unasked;

pub use crate::recording::Rule;
pub use crate::report::contrast::Contrast;
#[cfg(feature = "cli")]
pub use crate::report::coverage::{Coverage, Covered, Fields, Kind as CoverageKind, Point, Suite, Usual, percent};
pub use crate::report::ending::{Ending, Run, Snapshots, Stale};
pub use crate::report::exit::{Cause, EXITS, Exit, ExitRow};
pub use crate::report::format::{FORMATS, Format, Wanted};
pub use crate::report::github::annotation_of_place;
pub use crate::report::matrix::{Cell, Known, Matrix, State, markdown as matrix_markdown, text as matrix_text};
pub use crate::report::outcome::{Outcome, Reason, not_whole};
#[cfg(feature = "cli")]
pub use crate::report::page::{
    News, STYLE as PAGE_STYLE, coverage as coverage_page, live as live_page, policy as page_policy,
};
pub use crate::report::rules::Rules;
pub use crate::report::sarif::{log as sarif_log, rule as sarif_rule};
pub use crate::report::text::coloured;
pub use crate::report::unasked::Unasked;
