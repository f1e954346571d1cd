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
    let mut files: Vec<Listed> = Vec::new();
    for path in paths {
        files.extend(files_of(path)?);
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.path.clone()));
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

/// A file that is to be judged.
struct Listed {
    /// As it is told.
    path: PathBuf,
    /// As its repository knows it: names of folders say what a document is, wherever the repository is and from wherever it is asked for.
    inner: PathBuf,
}

/// The path of `path` in its repository; where there is none, in the current folder, and elsewhere its name alone.
fn inner(path: &Path) -> PathBuf {
    let Ok(full) = path.canonicalize() else { return path.to_owned() };
    let repository = || full.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    let current = || std::env::current_dir().ok()?.canonicalize().ok().filter(|current| full.starts_with(current));
    let root = repository().or_else(current).unwrap_or_else(|| match full.is_dir() {
        true => full.clone(),
        false => full.parent().unwrap_or(&full).to_owned(),
    });
    full.strip_prefix(root).unwrap_or(&full).to_owned()
}

fn files_of(path: &Path) -> Result<Vec<Listed>, Diagnostic> {
    let mut files = Vec::new();
    let own = inner(path);
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
            let below = entry.path().strip_prefix(path).ok().filter(|below| !below.as_os_str().is_empty());
            let inner = below.map_or_else(|| own.clone(), |below| own.join(below));
            files.push(Listed { path: entry.into_path(), inner });
        }
    }
    Ok(files)
}

/// A file that cannot be read, or is no text, has no documents.
fn of_file(linter: &Linter<'_>, file: &Listed) -> Result<Linted, Diagnostic> {
    let Ok(text) = read_text(&file.path) else { return Ok(Linted::default()) };
    let name = file.path.to_string_lossy();
    linter.file(name.strip_prefix("./").unwrap_or(&name), &file.inner.to_string_lossy(), &text)
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
