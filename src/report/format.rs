//! The formats of reports: one row each.

use std::path::PathBuf;
use std::str::FromStr;

use super::matrix;
use super::matrix::Matrix;
use super::outcome::Outcome;
use crate::recording::Keep;

/// A format of reports.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name in `--report NAME=PATH`.
    pub name: &'static str,
    /// What it is for.
    pub meaning: &'static str,
    /// Writes an outcome.
    pub write: fn(&Outcome) -> String,
    /// Does it show every request?
    pub shows_requests: bool,
    /// Writes a matrix, if it can hold one.
    pub matrix: Option<fn(&Matrix) -> String>,
}

/// Every format.
pub const FORMATS: &[Format] = &[
    Format {
        name: "text",
        meaning: "the verdict as it is printed, without colours",
        write: super::text::text,
        shows_requests: false,
        matrix: Some(matrix::text),
    },
    Format {
        name: "json",
        meaning: "everything, as docs/report.schema.json describes it",
        write: super::json::json,
        shows_requests: false,
        matrix: Some(matrix::json),
    },
    Format {
        name: "junit",
        meaning: "JUnit XML, for CI servers",
        write: super::junit::junit,
        shows_requests: false,
        matrix: Some(matrix::junit),
    },
    Format {
        name: "markdown",
        meaning: "a summary for a CI job",
        write: super::markdown::markdown,
        shows_requests: false,
        matrix: Some(matrix::markdown),
    },
    Format {
        name: "sarif",
        meaning: "SARIF 2.1.0, for code scanning",
        write: super::sarif::sarif,
        shows_requests: false,
        matrix: None,
    },
    Format {
        name: "github",
        meaning: "annotations for a GitHub workflow",
        write: super::github::github,
        shows_requests: false,
        matrix: None,
    },
    #[cfg(feature = "cli")]
    Format {
        name: "html",
        meaning: "a page with every request, for people",
        write: super::page::html,
        shows_requests: true,
        matrix: Some(matrix::html),
    },
];

impl Format {
    /// How many interactions it needs.
    pub fn keep(&self) -> Keep {
        if self.shows_requests { Keep::REPORT } else { Keep::default() }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        let names = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
        FORMATS
            .iter()
            .find(|format| format.name == text)
            .copied()
            .ok_or_else(|| format!("{text:?} is not a format; choose {}", names()))
    }
}

/// A report that is asked for: `FORMAT=PATH`; `-` is standard output.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The format.
    pub format: Format,
    /// Where it goes.
    pub path: PathBuf,
}

impl Wanted {
    /// How many interactions the reports need.
    pub fn keep(all: &[Wanted]) -> Keep {
        let shown = all.iter().find(|wanted| wanted.format.shows_requests);
        shown.map_or_else(Keep::default, |wanted| wanted.format.keep())
    }
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Wanted, String> {
        let (format, path) =
            text.split_once('=').ok_or_else(|| format!("{text:?} is not FORMAT=PATH, such as junit=report.xml"))?;
        Ok(Wanted { format: format.parse()?, path: PathBuf::from(path) })
    }
}
