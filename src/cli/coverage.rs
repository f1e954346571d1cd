//! `mockstack coverage`

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::print::{print, tell};
use super::verify::{load, opened, whole};
use crate::base::Diagnostic;
use crate::contract::Contracts;
use crate::exchange::catalogue;
use crate::report::{Coverage, CoverageKind, Exit, Fields, Suite, Usual, percent};
use crate::verify::ordered;

/// What do the tests of these recordings touch, of what their client uses?
///
/// Counted are operations, fields, boundaries (values at their limits, versions on both sides of a field's lifetime) and faults, by the
/// requests that were right. See docs/suite-coverage.md.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CoverageCommand {
    /// Files that `--record` wrote while the tests ran
    #[arg(required = true, value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// Count only what the client of this recording uses; may be repeated
    #[arg(long, value_name = "RECORDING")]
    used_by: Vec<PathBuf>,
    /// Exit with 47 if less is touched, of all or of one kind: 80, fields=60; may be repeated
    #[arg(long, value_name = "[KIND=]PERCENT")]
    min: Vec<Min>,
    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Form,
}

/// The output format.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// The counts, and what is not touched
    Text,
    /// All there is
    Json,
    /// A page
    Html,
}

/// The least that is to be touched.
#[derive(Clone, Copy, Debug)]
struct Min {
    kind: Option<(&'static str, CoverageKind)>,
    percent: u32,
}

impl FromStr for Min {
    type Err = String;

    fn from_str(text: &str) -> Result<Min, String> {
        let (kind, percent) = text.split_once('=').map_or((None, text), |(kind, percent)| (Some(kind), percent));
        let names = || CoverageKind::ALL.map(|(name, _)| name).join(", ");
        let found = |kind: &str| CoverageKind::ALL.into_iter().find(|(name, _)| *name == kind);
        let kind = kind
            .map(|kind| found(kind).ok_or_else(|| format!("{kind:?} is not a kind; choose {}", names())))
            .transpose()?;
        let percent = percent.trim_end_matches('%').parse().ok().filter(|percent| *percent <= 100);
        percent
            .map(|percent| Min { kind, percent })
            .ok_or_else(|| "expected a number from 0 to 100, such as 80 or fields=60".to_owned())
    }
}

const EXAMPLES: &str = "\
Examples:
  mockstack run --record tests.jsonl -- pytest tests/integration
  mockstack coverage tests.jsonl                                  what of its own operations does the suite not touch?
  mockstack coverage tests.jsonl --used-by production.jsonl --min 80 --min operations=100";

impl CoverageCommand {
    /// Counts, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let base = Contracts::embedded()?;
        let suite = read(&base, &self.recordings)?;
        let used = if self.used_by.is_empty() { None } else { Some(read(&base, &self.used_by)?) };
        let faults = catalogue()?.into_iter().map(|row| Usual { name: row.name, operation: row.operation });
        let coverage = Coverage::of(&suite, used.as_ref(), &faults.collect::<Vec<_>>());
        print(match self.format {
            Form::Text => coverage.text(),
            Form::Json => coverage.json(),
            Form::Html => coverage.html(),
        })?;
        let missed =
            self.min.iter().filter(|min| percent(coverage.count(min.kind.map(|(_, kind)| kind))) < min.percent);
        let missed: Vec<&Min> = missed.collect();
        for Min { kind, percent: least } in &missed {
            let (name, kind) = kind.map_or(("all kinds together", None), |(name, kind)| (name, Some(kind)));
            tell(format!("fails         {name}: {} % are touched, not {least} %\n", percent(coverage.count(kind))));
        }
        Ok(if missed.is_empty() { Exit::Clean } else { Exit::Different }.code())
    }
}

/// What the recordings have.
fn read(base: &Contracts, paths: &[PathBuf]) -> Result<Suite, Failure> {
    let mut suite = Suite::default();
    paths.iter().try_for_each(|path| add(base, path, &mut suite))?;
    match suite.is_empty() {
        true => Err(Diagnostic::new("the recordings have no right request that leads to an operation").into()),
        false => Ok(suite),
    }
}

fn add(base: &Contracts, path: &Path, suite: &mut Suite) -> Result<(), Failure> {
    let mut source = opened(path, base)?;
    let contracts = load(None, source.header.release.as_deref())?;
    let (verifier, mut known, mut failed) = (source.verifier(&contracts), Fields::new(&contracts), None);
    let judged = |interaction| verifier.kept(interaction);
    ordered(None, source.by_ref(), judged, |interaction| {
        failed = failed.take().or(suite.add(&mut known, &interaction).err());
    })?;
    whole(path, &source.end())?;
    failed.map_or(Ok(()), |told| Err(told.into()))
}
