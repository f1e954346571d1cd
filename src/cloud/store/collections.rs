//! All collections of the cloud, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;

use super::collection::Collection;
use super::lookup::FoundBy;
use super::resource::Resource;

/// The collections, found by name. A copy shares what is in them until one of the two is changed.
#[derive(Clone, Debug, Default)]
pub struct Collections {
    all: Vec<Collection>,
    names: Arc<Names>,
}

/// The names of collections, and their places.
#[derive(Clone, Debug, Default)]
struct Names {
    all: Vec<Arc<str>>,
    places: HashMap<Arc<str>, usize>,
}

impl Collections {
    /// The collection `name`, if the cloud has anything of it.
    pub fn get(&self, name: &str) -> Option<&Collection> {
        self.names.places.get(name).map(|place| &self.all[*place])
    }

    /// The collection `name`, empty if the cloud has none of it yet.
    pub fn get_mut(&mut self, name: &str) -> &mut Collection {
        let place = self.names.places.get(name).copied().unwrap_or_else(|| {
            let (names, name) = (Arc::make_mut(&mut self.names), Arc::<str>::from(name));
            self.all.push(Collection::new(FoundBy::of(&name)));
            names.all.push(Arc::clone(&name));
            names.places.insert(name, self.all.len() - 1);
            self.all.len() - 1
        });
        &mut self.all[place]
    }

    /// Adds those of `all`, by collection, that are meant.
    pub fn fill(&mut self, all: &BTreeMap<String, Vec<Resource>>, is_meant: impl Fn(&Resource) -> bool) {
        for (name, resources) in all {
            let collection = self.get_mut(name);
            let meant = resources.iter().filter(|resource| is_meant(resource));
            meant.cloned().for_each(|resource| collection.put(resource));
        }
    }

    /// Names and collections, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Collection)> {
        let mut all: Vec<(&str, &Collection)> = self.names.all.iter().map(|name| &**name).zip(&self.all).collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all.into_iter()
    }

    /// All collections, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Collection> {
        self.all.iter_mut()
    }
}
