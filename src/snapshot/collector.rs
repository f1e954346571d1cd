//! Collects what was asked in a run.

use std::collections::{BTreeSet, HashMap};

use super::asked::Asked;
use super::mask::{MASKED, Mask};

/// What was asked in a run.
#[derive(Debug, Default)]
pub struct Collector {
    asked: Vec<Asked>,
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
            self.made_up.extend(self.masks.iter().flat_map(|mask| mask.covered(body)));
        }
        if !(asked.is_reading() && self.asked.contains(&asked)) {
            self.asked.push(asked);
        }
    }

    /// Operation and text of everything that was asked. What a mask covered is masked wherever it stands.
    pub fn texts(&self) -> Vec<(String, String)> {
        let mut texts: Vec<(String, String)> = Vec::new();
        for asked in &self.asked {
            // The longest first, so that none is cut by another that it contains.
            let mut made_up: Vec<&String> = self.made_up.iter().collect();
            made_up.sort_by_key(|text| std::cmp::Reverse(text.len()));
            let text = made_up.into_iter().fold(asked.text(), |text, part| text.replace(part.as_str(), MASKED));
            let entry = (asked.operation.clone(), text);
            if !(asked.is_reading() && texts.contains(&entry)) {
                texts.push(entry);
            }
        }
        texts
    }
}
