//! Snapshots that are not matched yet, indexed by their text: a lookup costs the same, however many there are.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::store::{Pending, Stored, accept_name, pending_name};

/// The most snapshots of an operation that are weighed to find the one that a text is most like.
const WEIGHED: usize = 32;

/// Operation and text.
type Key = (String, String);

/// Accepted snapshots that no request has matched yet, and pending ones of other shards.
#[derive(Debug, Default)]
pub struct Pile {
    /// By file name; those that were met are gone.
    stored: Vec<Option<Stored>>,
    /// Places by what they say, the first at the end.
    by_text: HashMap<Key, Vec<usize>>,
    /// Places by operation.
    by_operation: HashMap<String, BTreeSet<usize>>,
    others: HashMap<Key, Vec<PathBuf>>,
    /// The files of pending snapshots that the new ones replace.
    replaced: BTreeSet<PathBuf>,
    taken: BTreeSet<PathBuf>,
    /// By operation, the number that was given last.
    numbers: HashMap<String, usize>,
}

impl Pile {
    /// A pile of the accepted snapshots `stored`, and of those that are pending: of `others`, or to be `replaced`.
    pub fn new(stored: Vec<Stored>, others: Vec<Pending>, replaced: &[Pending]) -> Pile {
        let replaced = replaced.iter().map(|pending| pending.file.clone()).collect();
        let mut pile = Pile { replaced, ..Pile::default() };
        for (place, stored) in stored.iter().enumerate().rev() {
            pile.by_text.entry((stored.operation.clone(), stored.text.clone())).or_default().push(place);
            pile.by_operation.entry(stored.operation.clone()).or_default().insert(place);
            pile.taken.insert(stored.file.clone());
        }
        for other in others.into_iter().rev() {
            let file = accept_name(&other.file);
            pile.taken.insert(file.clone());
            pile.others.entry((other.operation, other.new)).or_default().push(file);
        }
        pile.stored = stored.into_iter().map(Some).collect();
        pile
    }

    /// Takes the snapshot with exactly this text; returns whether there was one.
    pub fn meet(&mut self, operation: &str, text: &str) -> bool {
        let places = self.by_text.get_mut(&(operation.to_owned(), text.to_owned()));
        places.and_then(Vec::pop).and_then(|place| self.take(place)).is_some()
    }

    /// Takes the snapshot of the operation that is most like `text`, of the first few; of equals the first.
    pub fn nearest(&mut self, operation: &str, text: &str) -> Option<Stored> {
        let places = self.by_operation.get(operation)?;
        let wanted = Lines::of(text);
        let likeness = |place: &usize| self.stored[*place].as_ref().map_or(0, |stored| wanted.likeness(&stored.text));
        let weighed = places.iter().take(WEIGHED).rev().max_by_key(|place| likeness(place)).copied();
        weighed.and_then(|place| self.take(place))
    }

    fn take(&mut self, place: usize) -> Option<Stored> {
        let stored = self.stored[place].take()?;
        if let Some(places) = self.by_operation.get_mut(&stored.operation) {
            places.remove(&place);
        }
        Some(stored)
    }

    /// The file in `folder` for a new snapshot: the one that another shard has for it, or a free one.
    pub fn name(&mut self, folder: &Path, operation: &str, text: &str) -> PathBuf {
        let of_other = self.others.get_mut(&(operation.to_owned(), text.to_owned())).and_then(Vec::pop);
        of_other.unwrap_or_else(|| self.free_name(folder, operation))
    }

    fn free_name(&mut self, folder: &Path, operation: &str) -> PathBuf {
        let number = self.numbers.entry(operation.to_owned()).or_default();
        // Contracts see to it that an id is no path; the file stays below its folder whoever made the id.
        let name = operation.replace(['/', '\\'], "_");
        loop {
            *number += 1;
            let file = folder.join(format!("{name}@{number}.snap"));
            // One of somebody else, whose name leads to the same folder, stays too.
            let pending = pending_name(&file);
            let is_free = !file.exists() && (!pending.exists() || self.replaced.contains(&pending));
            if is_free && self.taken.insert(file.clone()) {
                return file;
            }
        }
    }

    /// What is left, by file name.
    pub fn rest(self) -> impl Iterator<Item = Stored> {
        self.stored.into_iter().flatten()
    }
}

/// How often each line is in a text.
struct Lines<'t>(HashMap<&'t str, usize>, usize);

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Lines<'t> {
        let mut lines: HashMap<&str, usize> = HashMap::new();
        text.lines().for_each(|line| *lines.entry(line).or_default() += 1);
        Lines(lines, text.lines().count())
    }

    /// The share of lines that both have, in millionths. Its cost is that of reading the texts.
    fn likeness(&self, other: &str) -> usize {
        let Lines(other, count) = Lines::of(other);
        let both =
            other.iter().map(|(line, times)| self.0.get(line).copied().unwrap_or_default().min(*times)).sum::<usize>();
        2_000_000 * both / (self.1 + count).max(1)
    }
}
