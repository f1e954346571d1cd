//! `mockstack diff`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::print::print;
use super::verify::{load, whole};
use crate::base::json::to_value;
use crate::report::Exit;
use crate::verify::{Diff, Source, Taken, ordered};

/// Show how two recordings of one scenario differ: on another release, on another cloud, with another version of a client.
///
/// Ids, times and addresses change from run to run; they count as different only where they are used inconsistently. How often a
/// client polls does not count either. Exits with 47 if anything differs.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffCommand {
    /// A recording, or anything else that `verify` reads
    a: PathBuf,
    /// The recording to compare it with
    b: PathBuf,
    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
}

/// The output format.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// At most ten lines for each operation
    Text,
    /// All differences
    Json,
}

const EXAMPLES: &str = "\
Examples:
  mockstack diff yesterday.jsonl today.jsonl
  mockstack diff train.jsonl queens.jsonl --format json";

impl DiffCommand {
    /// Compares, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let diff = Diff::new(&self.read(&self.a)?, &self.read(&self.b)?);
        match self.format {
            Format::Text => print(&diff)?,
            Format::Json => print(format!("{:#}\n", to_value(&diff).unwrap_or_default()))?,
        }
        Ok(match (diff.is_empty(), diff.compared) {
            (false, _) => Exit::Different,
            (true, 0) => Exit::NothingAsked,
            (true, _) => Exit::Clean,
        }
        .code())
    }

    /// The compared parts of a recording, judged by the contracts of its own release.
    fn read(&self, path: &Path) -> Result<Vec<Taken>, Failure> {
        let mut source = Source::open(path, &load(self.contracts.as_deref(), None)?)?;
        let contracts = load(self.contracts.as_deref(), source.header.release.as_deref())?;
        let (verifier, mut taken) = (source.verifier(&contracts), Vec::new());
        ordered(
            None,
            source.by_ref(),
            |interaction| Taken::new(verifier.kept(interaction)),
            |interaction| taken.push(interaction),
        )?;
        whole(path, &source.end())?;
        Ok(taken)
    }
}
