//! `mockstack lint`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::print::print;
use super::verify::load;
use crate::base::{Diagnostic, Microversion};
use crate::lint::{Linter, Shapes, lint};
use crate::report::Exit;

/// Find the bodies and answers in files of a repository that no version of an API has.
///
/// Read are JSON, YAML, HAR and cassettes, and the literals and texts in Go, Python, JavaScript, TypeScript, Ruby, Rust and shell; what
/// .gitignore names is left out. See docs/lint.md.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Lint {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Judge by the contracts of this release [default: of all]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Judge at this microversion of Nova alone
    #[arg(long, value_name = "VERSION")]
    microversion: Option<Microversion>,
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
    /// Tell also what is likely meant: made-up values, bodies that a test expects to be refused, and fail on warnings
    #[arg(long)]
    strict: bool,
    /// List every document, with the versions in which it is possible
    #[arg(long)]
    list: bool,
    /// Leave out what this file has
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found into a file for --baseline, and exit with 0
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Form,
}

/// The output format.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A block for each finding
    Text,
    /// All there is to say of each
    Json,
    /// For code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

const EXAMPLES: &str = "\
Examples:
  mockstack lint tests/
  mockstack lint --microversion 2.37 tests/fixtures/boot.json
  mockstack lint --format sarif . > lint.sarif
  mockstack lint --write-baseline lint.json . && mockstack lint --baseline lint.json .";

impl Lint {
    /// Judges the files, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let contracts = load(self.contracts.as_deref(), self.release.as_deref())?;
        let shapes = Shapes::new(&contracts, self.release.is_none())?;
        let linter = Linter { shapes, microversion: self.microversion, strict: self.strict, list: self.list };
        let mut linted = lint(&linter, &self.paths)?;
        if linted.files == 0 {
            let paths: Vec<_> = self.paths.iter().map(|path| path.display().to_string()).collect();
            return Err(Diagnostic::new("there is no file that lint reads")
                .row("where", paths.join(", "))
                .row("fix", "name a folder with JSON, YAML, HAR or code; docs/lint.md says which")
                .into());
        }
        if let Some(path) = &self.baseline {
            linted.without_known(path)?;
        }
        if let Some(path) = &self.write_baseline {
            std::fs::write(path, linted.baseline()).map_err(|error| {
                Diagnostic::new("cannot write the baseline")
                    .row("where", path.display().to_string())
                    .row("because", error.to_string())
            })?;
        }
        let fails = linted.fails(self.strict) && self.write_baseline.is_none();
        print(match self.format {
            Form::Text => linted.text(),
            Form::Json => linted.json(),
            Form::Sarif => linted.sarif(fails),
            Form::Github => linted.annotations(),
        })?;
        Ok(if fails { Exit::Found } else { Exit::Clean }.code())
    }
}
