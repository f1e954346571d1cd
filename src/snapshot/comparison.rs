//! What was asked, compared as a set with what is accepted.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::store::{Stored, clear_pending, read, write_pending};

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many snapshots were met.
    pub matched: usize,
    /// Requests without an accepted snapshot.
    pub missing: Vec<Change>,
    /// Requests that differ from their accepted snapshot.
    pub changed: Vec<Change>,
    /// Accepted snapshots that no request met.
    pub unreferenced: Vec<String>,
}

/// A request that has a pending snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The accepted file that it would make or change.
    pub file: String,
    /// The id of the operation.
    pub operation: String,
    /// The whole text with what is new (`+`) and what is gone (`-`).
    pub diff: String,
}

impl Comparison {
    /// Is everything as it was accepted?
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.unreferenced.is_empty()
    }
}

/// Compares `asked` (operation and text) with the snapshots below `folder` and leaves a pending snapshot for each that is
/// missing or changed. `partial`: this run is a shard, so snapshots that it did not meet are not unreferenced.
///
/// # Errors
/// A file cannot be read or written.
pub fn compare(folder: &Path, asked: Vec<(String, String)>, partial: bool) -> io::Result<Comparison> {
    clear_pending(folder)?;
    let mut stored = read(folder)?;
    let mut comparison = Comparison::default();
    let mut unmet: Vec<(String, String)> = Vec::new();
    for (operation, text) in asked {
        match stored.iter().position(|s| s.operation == operation && s.text == text.trim_end()) {
            Some(place) => {
                stored.remove(place);
                comparison.matched += 1;
            }
            None => unmet.push((operation, text)),
        }
    }
    let mut taken: BTreeSet<PathBuf> = read(folder)?.into_iter().map(|stored| stored.file).collect();
    for (operation, text) in unmet {
        match stored.iter().position(|s| s.operation == operation).filter(|_| !partial) {
            Some(place) => comparison.changed.push(change(&stored.remove(place), &text)?),
            None => comparison.missing.push(missing(folder, &operation, &text, &mut taken)?),
        }
    }
    if !partial {
        comparison.unreferenced = stored.into_iter().map(|stored| stored.file.display().to_string()).collect();
    }
    Ok(comparison)
}

fn change(stored: &Stored, text: &str) -> io::Result<Change> {
    write_pending(&stored.file, &stored.operation, text)?;
    let diff = diff(&stored.text, text.trim_end());
    Ok(Change { file: stored.file.display().to_string(), operation: stored.operation.clone(), diff })
}

fn missing(folder: &Path, operation: &str, text: &str, taken: &mut BTreeSet<PathBuf>) -> io::Result<Change> {
    let mut number = 1;
    let mut file = folder.join(format!("{operation}@{number}.snap"));
    while !taken.insert(file.clone()) {
        number += 1;
        file = folder.join(format!("{operation}@{number}.snap"));
    }
    write_pending(&file, operation, text)?;
    Ok(Change { file: file.display().to_string(), operation: operation.to_owned(), diff: diff("", text.trim_end()) })
}

/// Every line of both texts: a boot body that is cut cannot be judged.
pub fn diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.iter_all_changes().map(|change| format!("{}{}\n", change.tag(), change.value().trim_end_matches('\n'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(texts: &[(&str, &str)]) -> Vec<(String, String)> {
        texts.iter().map(|(operation, text)| ((*operation).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_run_is_compared_as_a_set_and_what_is_new_is_pending() {
        let folder = tempfile::tempdir().unwrap();
        let first = compare(folder.path(), asked(&[("a", "one"), ("a", "two"), ("b", "x")]), false).unwrap();
        assert_eq!((first.matched, first.missing.len()), (0, 3));
        for pending in super::super::store::pending(folder.path()).unwrap() {
            super::super::store::accept(&pending).unwrap();
        }
        let again = compare(folder.path(), asked(&[("b", "x"), ("a", "two"), ("a", "one")]), false).unwrap();
        assert!(again.is_clean() && again.matched == 3, "{again:?}");
        let changed = compare(folder.path(), asked(&[("a", "one"), ("a", "three")]), false).unwrap();
        assert_eq!(changed.changed[0].diff, "-two\n+three\n");
        assert_eq!(changed.unreferenced.len(), 1);
        let shard = compare(folder.path(), asked(&[("a", "one")]), true).unwrap();
        assert!(shard.is_clean(), "{shard:?}");
        let twice = compare(folder.path(), asked(&[("a", "one"), ("a", "one"), ("a", "two"), ("b", "x")]), false).unwrap();
        assert_eq!(twice.missing.len(), 1, "a write that came twice shows");
    }
}
