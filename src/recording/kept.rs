//! The interactions of a run that are kept for who wants to see them, as the lines of a recording.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::format::{Interaction, Line, to_line};

/// How much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// The most interactions; of those that are right the newest.
    pub most: usize,
    /// The most bytes, half of them of those that are wrong.
    pub bytes: usize,
}

impl Keep {
    /// For a report that shows every request.
    pub const REPORT: Keep = Keep { most: 10_000, bytes: 64 << 20 };
    /// For who looks at a cloud while it runs.
    pub const LIVE: Keep = Keep { most: 500, bytes: 4 << 20 };
    /// So many wrong ones are kept whatever comes after them.
    const WRONG: usize = 1000;
}

/// What is kept: the first that were wrong, and the newest of all others.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    keep: Keep,
    wrong: BTreeMap<u64, KeptLine>,
    newest: BTreeMap<u64, KeptLine>,
    wrong_bytes: usize,
    bytes: usize,
}

#[derive(Clone, Debug)]
struct KeptLine {
    text: Arc<[u8]>,
    /// The project whose it is.
    project: Option<Arc<str>>,
}

impl Kept {
    /// Nothing so far, of which so much will be kept.
    pub fn new(keep: Keep) -> Kept {
        Kept { keep, ..Kept::default() }
    }

    /// Is anything kept at all?
    pub fn is_on(&self) -> bool {
        self.keep.most > 0
    }

    /// Keeps what is in a recording.
    pub fn take(&mut self, interaction: &Interaction) {
        if self.is_on() {
            // Several recordings may be read, one after the other.
            let place = self.last().map_or(interaction.sequence, |last| interaction.sequence.max(last + 1));
            self.put(place, interaction, &to_line(interaction));
        }
    }

    /// Keeps `interaction`, which is that `line` of a recording.
    pub fn add<B, H>(&mut self, interaction: &Interaction<B, H>, line: &[u8]) {
        if self.is_on() {
            self.put(interaction.sequence, interaction, line);
        }
    }

    fn put<B, H>(&mut self, place: u64, interaction: &Interaction<B, H>, line: &[u8]) {
        let project = interaction.session.as_ref().or(interaction.project.as_ref());
        let kept = KeptLine { text: line.into(), project: project.map(|name| name.as_str().into()) };
        let room = self.keep.bytes / 2;
        if interaction.diagnostic.is_some()
            && self.wrong.len() < Keep::WRONG.min(self.keep.most)
            && self.wrong_bytes + line.len() <= room
        {
            self.wrong_bytes += line.len();
            self.wrong.insert(place, kept);
            return;
        }
        self.bytes += line.len();
        self.newest.insert(place, kept);
        while self.newest.len() > self.keep.most || self.bytes > room {
            let Some((_, oldest)) = self.newest.pop_first() else { return };
            self.bytes -= oldest.text.len();
        }
    }

    /// The newest `count` of those of `project`.
    #[must_use]
    pub fn of_project(&self, project: &str, count: u64) -> Kept {
        let mut own = self.clone();
        let is_own = |line: &KeptLine| line.project.as_deref() == Some(project);
        own.wrong.retain(|_, line| is_own(line));
        own.newest.retain(|_, line| is_own(line));
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let first = own.sequences().rev().nth(count.saturating_sub(1)).unwrap_or(0);
        own.wrong.retain(|sequence, _| *sequence >= first && count > 0);
        own.newest.retain(|sequence, _| *sequence >= first && count > 0);
        own
    }

    /// The place of the last one.
    pub fn last(&self) -> Option<u64> {
        let last = |lines: &BTreeMap<u64, KeptLine>| lines.last_key_value().map(|(place, _)| *place);
        last(&self.wrong).max(last(&self.newest))
    }

    /// The places of the interactions in the recording, in order.
    fn sequences(&self) -> impl DoubleEndedIterator<Item = u64> + use<> {
        let mut all: Vec<u64> = self.wrong.keys().chain(self.newest.keys()).copied().collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// The interactions after the one of that place, in order.
    pub fn after(&self, sequence: u64) -> impl Iterator<Item = Interaction> {
        let places = self.sequences().filter(move |own| *own > sequence);
        let line = |place: u64| self.wrong.get(&place).or_else(|| self.newest.get(&place));
        places.filter_map(move |place| match Line::read(&line(place)?.text) {
            Ok(Line::Interaction(interaction)) => Some(Interaction { sequence: place, ..*interaction }),
            // It was written by us.
            _ => None,
        })
    }
}
