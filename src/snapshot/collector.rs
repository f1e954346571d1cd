//! Collects what was asked in a run.

use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::asked::Asked;
use super::mask::{MASKED, Mask};

/// What was asked in a run.
#[derive(Debug, Default)]
pub struct Collector {
    asked: Vec<Asked>,
    /// Operation and text of what only reads.
    read: HashSet<(String, String)>,
    masks: Vec<Mask>,
    made_up: BTreeSet<String>,
    names: HashMap<String, String>,
}

impl Collector {
    /// A collector that masks what clients make up.
    pub fn new(masks: Vec<Mask>) -> Collector {
        Collector { masks, ..Collector::default() }
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

    /// Takes a request. One that only reads counts once, one that writes each time: a double boot must show.
    pub fn take(&mut self, mut asked: Asked) {
        if let Some(body) = asked.body_mut() {
            let covered = self.masks.iter().flat_map(|mask| mask.covered(body));
            self.made_up.extend(covered.filter(|text| !text.is_empty()));
        }
        if !asked.is_reading() || self.read.insert((asked.operation.clone(), asked.text())) {
            self.asked.push(asked);
        }
    }

    /// The operation and text of each request. A masked value is masked everywhere.
    pub fn texts(&self) -> Vec<(String, String)> {
        // The longest first, so that none is cut by another that it contains. None of them: nothing is masked.
        let made_up = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&self.made_up).ok();
        let made_up = made_up.filter(|_| !self.made_up.is_empty());
        let masks = vec![MASKED; self.made_up.len()];
        let mask = |text: String| match &made_up {
            Some(parts) => parts.replace_all(&text, &masks),
            None => text,
        };
        let (mut texts, mut read) = (Vec::new(), HashSet::new());
        for asked in &self.asked {
            let entry = (asked.operation.clone(), mask(asked.text()));
            if !asked.is_reading() || read.insert(entry.clone()) {
                texts.push(entry);
            }
        }
        texts
    }
}
