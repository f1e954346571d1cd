//! `mockstack report`

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::reports::{one_file_each, unwritable, write_report};
use crate::recording::Reader;
use crate::report::{Format, Outcome, Wanted};

/// Write a report of a recorded run: the same bytes that `--report` would have written. Exits with the exit code of the run, or
/// with 44 if the recording is incomplete.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  mockstack report boot.jsonl --format junit --output report.xml")]
pub struct Report {
    /// A file that `--record` wrote
    recording: PathBuf,
    /// text, json, junit, markdown, sarif, github or html
    #[arg(long, default_value = "text")]
    format: Format,
    /// The file to write; - is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

impl Report {
    /// Writes it, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        one_file_each([self.recording.as_path()], [self.output.as_path()])?;
        let outcome = Outcome::of_recording(Reader::open(&self.recording)?, self.format.keep())?;
        let wanted = Wanted { format: self.format, path: self.output.clone() };
        write_report(&wanted, &outcome).map_err(|error| unwritable(&wanted, &error))?;
        Ok(outcome.exit_code)
    }
}
