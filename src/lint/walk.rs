//! The files below paths, judged on all cores.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::file::Linter;
use super::finding::{Finding, Linted};
use super::read::is_read;
use crate::base::{Diagnostic, ordered, read_text};

/// What is longer was written by a program, and no test reads it.
const LONGEST: u64 = 16 << 20;

/// Judges the files below `paths`, without those that .gitignore names; a path that is a file is judged whatever it says.
///
/// # Errors
/// A path that cannot be read, or a contract.
pub fn lint(linter: &Linter<'_>, paths: &[PathBuf]) -> Result<Linted, Diagnostic> {
    let (mut all, mut failed) = (Linted::default(), None);
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        files.extend(files_of(path)?);
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    ordered(
        None,
        files.into_iter().map(Ok::<_, Diagnostic>),
        |file| of_file(linter, &file),
        |linted| match linted {
            Ok(linted) => all.add(linted),
            Err(told) => failed = failed.take().or(Some(told)),
        },
    )?;
    number(&mut all.findings);
    failed.map_or(Ok(all), Err)
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut files = Vec::new();
    let walk =
        WalkBuilder::new(path).require_git(false).max_filesize(Some(LONGEST)).sort_by_file_name(Ord::cmp).build();
    for entry in walk {
        let entry = entry.map_err(|error| {
            Diagnostic::new("cannot read a file that is to be judged")
                .row("where", path.display().to_string())
                .row("because", error.io_error().map_or_else(|| error.to_string(), ToString::to_string))
        })?;
        let ending =
            entry.path().extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if entry.file_type().is_some_and(|kind| kind.is_file()) && is_read(&ending) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// A file that cannot be read, or is no text, has no documents.
fn of_file(linter: &Linter<'_>, path: &Path) -> Result<Linted, Diagnostic> {
    let Ok(text) = read_text(path) else { return Ok(Linted::default()) };
    let name = path.to_string_lossy();
    linter.file(name.strip_prefix("./").unwrap_or(&name), &text)
}

/// Makes fingerprints of what was found: of equal findings in one file, the number tells them apart.
fn number(findings: &mut [Finding]) {
    let mut seen: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for finding in findings {
        let text = format!("{} {} {}", finding.rule.row().name, finding.place.file, finding.fingerprint);
        let count = seen.entry(text.clone()).or_default();
        *count += 1;
        let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, format!("{text} {count}").as_bytes());
        finding.fingerprint = id.simple().to_string();
    }
}
