//! What was asked, compared as a set with what is accepted.

use std::collections::HashSet;
use std::path::Path;
use std::{fs, io};

use similar::TextDiff;

use super::pile::Pile;
use super::store::{Owner, Pending, Stored, accept_name, write_pending};
use crate::message::Redactor;

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The number of snapshots that were matched.
    pub matched: usize,
    /// Requests without an accepted snapshot.
    pub missing: Vec<Change>,
    /// Requests that differ from their accepted snapshot.
    pub changed: Vec<Change>,
    /// Accepted snapshots that no request matched.
    pub unreferenced: Vec<String>,
}

/// A request that has a pending snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The accepted file that it would make or change.
    pub file: String,
    /// The id of the operation.
    pub operation: String,
    /// The test that asked, or the project with a cloud of its own.
    pub test: Option<String>,
    /// The whole text with what is new (`+`) and what is gone (`-`).
    pub diff: String,
}

impl Comparison {
    /// Adds what another found.
    pub fn add(&mut self, other: Comparison) {
        self.matched += other.matched;
        self.missing.extend(other.missing);
        self.changed.extend(other.changed);
        self.unreferenced.extend(other.unreferenced);
    }

    /// Is everything as it was accepted?
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.unreferenced.is_empty()
    }
}

/// Whose snapshots are compared, where new ones go, and whether others may have some that this run did not meet.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    pub folder: &'p Path,
    pub owner: Option<&'p Owner>,
    pub partial: bool,
}

/// Compares `asked` (operation and text) with the accepted snapshots `stored`, and leaves a pending snapshot for each that is missing or
/// changed. `pending` is what was left so before: by other shards it counts, else it goes.
///
/// # Errors
/// A file cannot be read or written.
pub fn compare(
    place: Place<'_>,
    asked: Vec<(String, String)>,
    stored: Vec<Stored>,
    pending: Vec<Pending>,
) -> io::Result<Comparison> {
    let (others, old) = if place.partial { (pending, Vec::new()) } else { (Vec::new(), pending) };
    let mut pile = Pile::new(stored, others, &old);
    let mut comparison = Comparison::default();
    let mut unmet: Vec<(String, String)> = Vec::new();
    for (operation, text) in asked {
        match pile.meet(&operation, text.trim_end()) {
            true => comparison.matched += 1,
            false => unmet.push((operation, text)),
        }
    }
    for (operation, text) in unmet {
        match pile.nearest(&operation, text.trim_end()).filter(|_| !place.partial) {
            Some(stored) => comparison.changed.push(place.changed(&stored, &text)?),
            None => {
                let file = pile.name(place.folder, &operation, text.trim_end());
                comparison.missing.push(place.missing(&file, &operation, &text)?);
            }
        }
    }
    if !place.partial {
        // Only now: a file system takes long to make thousands of files after as many were removed.
        let written: HashSet<&Path> =
            comparison.changed.iter().chain(&comparison.missing).map(|change| Path::new(&change.file)).collect();
        let mut stale = old.iter().filter(|old| !written.contains(accept_name(&old.file).as_path()));
        stale.try_for_each(|old| fs::remove_file(&old.file))?;
        comparison.unreferenced = pile.rest().map(|stored| stored.file.display().to_string()).collect();
    }
    Ok(comparison)
}

impl Place<'_> {
    fn changed(&self, stored: &Stored, text: &str) -> io::Result<Change> {
        write_pending(&stored.file, &stored.operation, self.owner, text)?;
        let diff = diff(&Redactor::default().text(&stored.text), text.trim_end());
        Ok(self.change(&stored.file, &stored.operation, diff))
    }

    fn missing(&self, file: &Path, operation: &str, text: &str) -> io::Result<Change> {
        write_pending(file, operation, self.owner, text)?;
        Ok(self.change(file, operation, diff("", text.trim_end())))
    }

    fn change(&self, file: &Path, operation: &str, diff: String) -> Change {
        let test = self.owner.map(|owner| owner.label.to_string());
        Change { file: file.display().to_string(), operation: operation.to_owned(), test, diff }
    }
}

/// The most pairs of lines that are compared; texts that differ more are shown one after the other.
const MOST_PAIRS: usize = 1 << 22;

/// Every line of both texts: a boot body that is cut cannot be judged.
pub fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let all = |tag: char, lines: &[&str]| lines.iter().map(|line| format!("{tag}{line}\n")).collect::<String>();
    let between = match old_rest.len().saturating_mul(new_rest.len()) {
        0 | MOST_PAIRS.. => all('-', old_rest) + &all('+', new_rest),
        _ => TextDiff::from_slices(old_rest, new_rest)
            .iter_all_changes()
            .map(|change| format!("{}{}\n", change.tag(), change.value()))
            .collect(),
    };
    all(' ', &old[..start]) + &between + &all(' ', &old[old.len() - end..])
}

#[cfg(test)]
mod tests {
    use super::super::store::{pending, read};
    use super::*;

    fn compare(folder: &Path, asked: Vec<(String, String)>, partial: bool) -> io::Result<Comparison> {
        let (stored, pending) = (read(folder)?, pending(folder)?);
        super::compare(Place { folder, owner: None, partial }, asked, stored, pending)
    }

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

    /// 2,000 boots, none of which is as it was accepted.
    #[test]
    fn many_are_compared_in_a_time_that_grows_with_them() {
        let body = |n: usize, what: &str| {
            format!("POST /servers\n\n{{\n  \"name\": \"{what}{n}\",\n  \"flavorRef\": \"1\"\n}}")
        };
        let asked =
            |count: usize, what: &str| (0..count).map(|n| ("boot".to_owned(), body(n, what))).collect::<Vec<_>>();
        let cost = |count: usize| {
            let folder = tempfile::tempdir().unwrap();
            compare(folder.path(), asked(count, "vm"), false).unwrap();
            for pending in super::super::store::pending(folder.path()).unwrap() {
                super::super::store::accept(&pending).unwrap();
            }
            let start = std::time::Instant::now();
            let found = compare(folder.path(), asked(count, "other"), false).unwrap();
            assert_eq!((found.changed.len(), found.missing.len(), found.unreferenced.len()), (count, 0, 0));
            start.elapsed()
        };
        let (few, many) = (cost(200), cost(2000));
        assert!(many < few * 40 + std::time::Duration::from_millis(200), "{few:?} and {many:?}");
    }

    #[test]
    fn texts_that_differ_in_every_line_are_shown_one_after_the_other() {
        let text = |what: &str| (0..5000).map(|n| format!("{what}{n}\n")).collect::<String>();
        let told = diff(&(text("old") + "same"), &(text("new") + "same"));
        assert!(told.starts_with("-old0\n-old1\n") && told.ends_with("+new4999\n same\n"));
        assert_eq!(told.lines().count(), 10_001);
    }
}
