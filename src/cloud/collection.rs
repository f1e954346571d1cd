//! Resources of one kind, in the order in which they came.

use std::collections::{BTreeMap, HashMap};

use super::resource::Resource;

/// Resources of one kind, found by id, walked in the order in which they came.
#[derive(Debug, Default)]
pub struct Collection {
    rows: BTreeMap<u64, Resource>,
    by_id: HashMap<String, u64>,
    next: u64,
}

impl Collection {
    /// Adds a resource, in the place of the one with the same id.
    pub fn put(&mut self, resource: Resource) {
        let place = self.by_id.get(&resource.id).copied().unwrap_or_else(|| {
            self.next += 1;
            self.next
        });
        self.by_id.insert(resource.id.clone(), place);
        self.rows.insert(place, resource);
    }

    /// The resource `id`.
    pub fn get(&self, id: &str) -> Option<&Resource> {
        self.rows.get(self.by_id.get(id)?)
    }

    /// The resource `id`, to be changed.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Resource> {
        self.rows.get_mut(self.by_id.get(id)?)
    }

    /// Takes the resource `id` out.
    pub fn remove(&mut self, id: &str) -> Option<Resource> {
        self.rows.remove(&self.by_id.remove(id)?)
    }

    /// A number that no resource of it has had.
    pub fn next_number(&self) -> u64 {
        self.next + 1
    }

    /// All resources, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Resource> {
        self.rows.values()
    }

    /// Takes out every resource that `kept` does not keep.
    pub fn retain(&mut self, kept: impl Fn(&Resource) -> bool) {
        self.rows.retain(|_, resource| kept(resource));
        let rows = &self.rows;
        self.by_id.retain(|_, place| rows.contains_key(place));
    }

    /// All resources, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Resource> {
        self.rows.values_mut()
    }
}
