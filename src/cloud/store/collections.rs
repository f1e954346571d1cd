//! All collections of the cloud, by name.

use foldhash::HashMap;

use super::collection::Collection;
use super::lookup::FoundBy;

/// The collections, found by name.
#[derive(Debug, Default)]
pub struct Collections {
    all: Vec<(String, Collection)>,
    places: HashMap<String, usize>,
}

impl Collections {
    /// The collection `name`, if the cloud has anything of it.
    pub fn get(&self, name: &str) -> Option<&Collection> {
        self.places.get(name).map(|place| &self.all[*place].1)
    }

    /// The collection `name`, empty if the cloud has none of it yet.
    pub fn get_mut(&mut self, name: &str) -> &mut Collection {
        let place = self.places.get(name).copied().unwrap_or_else(|| {
            self.places.insert(name.to_owned(), self.all.len());
            self.all.push((name.to_owned(), Collection::new(FoundBy::of(name))));
            self.all.len() - 1
        });
        &mut self.all[place].1
    }

    /// Names and collections, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Collection)> {
        let mut all: Vec<_> = self.all.iter().map(|(name, collection)| (name.as_str(), collection)).collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all.into_iter()
    }

    /// All collections, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Collection> {
        self.all.iter_mut().map(|(_, collection)| collection)
    }
}
