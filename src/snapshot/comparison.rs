//! What was asked, compared as a set with what is accepted.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::store::{Pending, Stored, accept_name, clear_pending, pending, read, write_pending};

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
    if !partial {
        clear_pending(folder)?;
    }
    // Those of other shards; of a run that is no shard there are none left.
    let mut others = pending(folder)?;
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
    let accepted = read(folder)?.into_iter().map(|stored| stored.file);
    let mut taken: BTreeSet<PathBuf> = accepted.chain(others.iter().map(|other| accept_name(&other.file))).collect();
    for (operation, text) in unmet {
        match nearest(&stored, &operation, &text).filter(|_| !partial) {
            Some(place) => comparison.changed.push(change(&stored.remove(place), &text)?),
            None => comparison.missing.push(missing(folder, &operation, &text, &mut others, &mut taken)?),
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

/// The place of the snapshot that is most like `text`.
fn nearest(stored: &[Stored], operation: &str, text: &str) -> Option<usize> {
    let likeness = |s: &Stored| TextDiff::from_lines(s.text.as_str(), text.trim_end()).ratio();
    let same = stored.iter().enumerate().filter(|(_, s)| s.operation == operation);
    // Of equals the first.
    same.rev().max_by(|(_, a), (_, b)| likeness(a).total_cmp(&likeness(b))).map(|(place, _)| place)
}

fn missing(
    folder: &Path,
    operation: &str,
    text: &str,
    others: &mut Vec<Pending>,
    taken: &mut BTreeSet<PathBuf>,
) -> io::Result<Change> {
    let file = match others.iter().position(|other| other.operation == operation && other.new == text.trim_end()) {
        Some(place) => accept_name(&others.remove(place).file),
        None => free_name(folder, operation, taken),
    };
    write_pending(&file, operation, text)?;
    Ok(Change { file: file.display().to_string(), operation: operation.to_owned(), diff: diff("", text.trim_end()) })
}

fn free_name(folder: &Path, operation: &str, taken: &mut BTreeSet<PathBuf>) -> PathBuf {
    let mut number = 1;
    loop {
        let file = folder.join(format!("{operation}@{number}.snap"));
        if taken.insert(file.clone()) {
            return file;
        }
        number += 1;
    }
}

/// Every line of both texts: a boot body that is cut cannot be judged.
pub fn diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.iter_all_changes()
        .map(|change| format!("{}{}\n", change.tag(), change.value().trim_end_matches('\n')))
        .collect()
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
        let twice =
            compare(folder.path(), asked(&[("a", "one"), ("a", "one"), ("a", "two"), ("b", "x")]), false).unwrap();
        assert_eq!(twice.missing.len(), 1, "a write that came twice shows");
    }
}
