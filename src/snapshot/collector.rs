//! Collects what was asked in a run.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

use super::asked::Asked;
use super::mask::{MASKED, Mask};

/// Who asked: the test, or the project that has a cloud of its own; `None`: neither.
pub type Asker = Option<Arc<str>>;

/// The operation and text of each request, by who asked.
pub type Texts = BTreeMap<Asker, Vec<(String, String)>>;

/// What was asked in a run.
#[derive(Debug, Default)]
pub struct Collector {
    asked: BTreeMap<Asker, Of>,
    masks: Vec<Mask>,
    made_up: BTreeSet<String>,
    names: HashMap<String, String>,
}

/// What one asked.
#[derive(Debug, Default)]
struct Of {
    asked: Vec<Asked>,
    /// Operation and text of what only reads.
    read: HashSet<(String, String)>,
}

impl Collector {
    /// A collector that masks what clients make up.
    pub fn new(masks: Vec<Mask>) -> Collector {
        Collector { masks, ..Collector::default() }
    }

    /// An empty one that masks the same.
    #[must_use]
    pub fn anew(&self) -> Collector {
        Collector::new(self.masks.clone())
    }

    /// Forgets what was asked.
    pub fn start_again(&mut self) {
        self.asked.clear();
    }

    /// The same in a place of that made-up `name`.
    #[must_use]
    pub fn masking(mut self, name: Option<String>) -> Collector {
        self.made_up.extend(name);
        self
    }

    /// What `id` names, also after it is gone: `look_up` asks the cloud.
    pub fn name(&mut self, id: &str, look_up: impl FnOnce(&str) -> Option<String>) -> Option<String> {
        if let Some(name) = self.names.get(id) {
            return Some(name.clone());
        }
        let name = look_up(id)?;
        self.names.insert(id.to_owned(), name.clone());
        Some(name)
    }

    /// Takes a request of `asker`. One that only reads counts once, one that writes each time: a double boot must show.
    pub fn take(&mut self, asker: Asker, mut asked: Asked) {
        if let Some(body) = asked.body_mut() {
            let covered = self.masks.iter().flat_map(|mask| mask.covered(body));
            self.made_up.extend(covered.filter(|text| !text.is_empty()));
        }
        let of = self.asked.entry(asker).or_default();
        if !asked.is_reading() || of.read.insert((asked.operation.clone(), asked.text())) {
            of.asked.push(asked);
        }
    }

    /// What was asked. A masked value is masked everywhere.
    pub fn texts(&self) -> Texts {
        // The longest first, so that none is cut by another that it contains. None of them: nothing is masked.
        let made_up = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&self.made_up).ok();
        let made_up = made_up.filter(|_| !self.made_up.is_empty());
        let masks = vec![MASKED; self.made_up.len()];
        let mask = |text: String| match &made_up {
            Some(parts) => parts.replace_all(&text, &masks),
            None => text,
        };
        self.asked.iter().map(|(asker, of)| (asker.clone(), of.texts(mask))).collect()
    }
}

impl Of {
    fn texts(&self, mask: impl Fn(String) -> String) -> Vec<(String, String)> {
        let mut read = HashSet::new();
        let entries = self.asked.iter().map(|asked| (asked, (asked.operation.clone(), mask(asked.text()))));
        let new = entries.filter(|(asked, entry)| !asked.is_reading() || read.insert(entry.clone()));
        new.map(|(_, entry)| entry).collect()
    }
}
