//! `mockstack contract diff`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::print::print;
use super::verify::{load, opened, whole};
use crate::base::{Diagnostic, Microversion};
use crate::contract::{Change, Contracts, Level, View, diff};
use crate::report::{Contrast, Exit};
use crate::verify::{Used, ordered};

/// Show what changes for a client from A to B: what it may, must and may no longer send, and what answers gain and lose.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ContractDiff {
    /// A release, a microversion, a folder of contracts, or one of the first and the last at a microversion: train, 2.37, DIR, train@2.60
    a: String,
    /// What it is compared with
    b: String,
    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Form,
    /// Exit with 47 if there is a change of this level, or of one above it
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<FailOn>,
    /// Show only what matters to the client of this recording; may be repeated
    #[arg(long, value_name = "RECORDING")]
    used_by: Vec<PathBuf>,
}

/// The output format.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A block for each operation
    Text,
    /// All there is to say of each change
    Json,
    /// A table
    Markdown,
    /// Annotations of a GitHub workflow
    Github,
}

/// See [`Level`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    /// What was right is refused, or an answer lacks what it always had
    Breaking,
    /// A client that relies on more than the contract promised may go wrong
    Warning,
    /// Anything
    Information,
}

const EXAMPLES: &str = "\
Examples:
  mockstack contract diff 2.36 2.37                                what does the microversion change?
  mockstack contract diff queens train --fail-on breaking
  mockstack contract diff train zed --used-by boot.jsonl           what of that matters to this client?
  mockstack contract diff contracts/ ../other/contracts/ --format markdown";

impl ContractDiff {
    /// Compares, and returns the exit code. `base` has the contracts of what is no folder.
    pub fn main(&self, base: &Contracts) -> Result<i32, Failure> {
        let folders = [Named::new(&self.a, base)?, Named::new(&self.b, base)?];
        let [a, b] = [folders[0].view(base)?, folders[1].view(base)?];
        let changes = self.wanted(base, diff(&a, &b)?)?;
        let contrast = Contrast { from: &self.a, to: &self.b, changes: &changes };
        print(match self.format {
            Form::Text => contrast.text(),
            Form::Json => contrast.json(),
            Form::Markdown => contrast.markdown(),
            Form::Github => contrast.github(),
        })?;
        let least = self.fail_on.map(|level| match level {
            FailOn::Breaking => Level::Breaking,
            FailOn::Warning => Level::Warning,
            FailOn::Information => Level::Information,
        });
        let fails = least.is_some_and(|least| changes.iter().any(|change| change.level >= least));
        Ok(if fails { Exit::Different } else { Exit::Clean }.code())
    }

    fn wanted<'c>(&self, base: &Contracts, changes: Vec<Change<'c>>) -> Result<Vec<Change<'c>>, Failure> {
        if self.used_by.is_empty() {
            return Ok(changes);
        }
        let mut used = Used::default();
        for path in &self.used_by {
            let mut source = opened(path, base)?;
            let contracts = load(None, source.header.release.as_deref())?;
            let verifier = source.verifier(&contracts);
            ordered(
                None,
                source.by_ref(),
                |interaction| verifier.kept(interaction),
                |interaction| used.add(interaction),
            )?;
            whole(path, &source.end())?;
        }
        match used.is_empty() {
            true => Err(Diagnostic::new("the recordings have no request that leads to an operation").into()),
            false => Ok(used.of(changes)),
        }
    }
}

/// A side as the command line names it.
struct Named<'a> {
    name: &'a str,
    what: What<'a>,
    at: Option<Microversion>,
}

enum What<'a> {
    Base,
    Release(&'a str),
    Folder(Box<Contracts>),
}

impl<'a> Named<'a> {
    fn new(name: &'a str, base: &Contracts) -> Result<Named<'a>, Failure> {
        if let (Err(_), Ok(version)) = (base.releases().find(name), name.parse()) {
            return Ok(Named { name, what: What::Base, at: Some(version) });
        }
        let is_folder = |text: &str| Path::new(text).is_dir();
        let (own, version) = match name.rsplit_once('@') {
            Some((own, version)) if !is_folder(name) => (own, Some(version)),
            _ => (name, None),
        };
        let wrong = |version: &str| {
            Diagnostic::new(format!("{version:?} is not a microversion")).row("expected", "such as 2.37")
        };
        let at = version.map(|version| version.parse().map_err(|_| wrong(version))).transpose()?;
        let what = match base.releases().find(own) {
            Ok(_) => What::Release(own),
            Err(_) if is_folder(own) => What::Folder(Box::new(Contracts::of_folder(Path::new(own))?)),
            Err(unknown) => {
                let rest = unknown.rows.into_iter();
                let told = Diagnostic::new(format!("{own:?} is not a release, a microversion or a folder"));
                return Err(rest.fold(told, |told, row| told.row(row.label, row.text)).into());
            }
        };
        Ok(Named { name, what, at })
    }

    fn view<'c>(&'c self, base: &'c Contracts) -> Result<View<'c>, Diagnostic> {
        let view = match &self.what {
            What::Base => View::newest(self.name, base),
            What::Release(name) => View::newest(self.name, base).of_release(name)?,
            What::Folder(contracts) => View::newest(self.name, contracts),
        };
        match self.at {
            Some(version) => view.at(version),
            None => Ok(view),
        }
    }
}
