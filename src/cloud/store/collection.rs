//! Resources of one kind, in the order in which they came.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use super::lookup::{Found, FoundBy, Key, Lookup, Range, Totals};
use super::resource::Resource;
use crate::base::json::Value;

/// Resources of one kind, found by id and by [`Key`], walked in the order in which they came. A copy shares all with the original
/// until one of the two is changed, and after that the resources that were not.
#[derive(Clone, Debug, Default)]
pub struct Collection(Arc<Rows>);

#[derive(Clone, Debug, Default)]
struct Rows {
    rows: BTreeMap<u64, Arc<Row>>,
    by_id: Arc<HashMap<Arc<str>, u64>>,
    lookup: Arc<Lookup>,
    found_by: FoundBy,
    next: u64,
}

/// A resource, what it is found by, and the copy that others keep of it.
#[derive(Clone, Debug)]
struct Row {
    resource: Resource,
    found: Arc<Found>,
    copy: OnceLock<Value>,
}

impl Rows {
    /// Puts a resource at a place that is free.
    fn add(&mut self, place: u64, resource: Resource) {
        let found = Arc::new(Found::of(&resource, self.found_by));
        Arc::make_mut(&mut self.lookup).add(place, &resource, &found);
        self.rows.insert(place, Arc::new(Row { resource, found, copy: OnceLock::new() }));
    }

    /// Takes out what is at a place.
    fn take(&mut self, place: u64) -> Option<Resource> {
        let row = self.rows.remove(&place)?;
        Arc::make_mut(&mut self.lookup).drop(place, &row.resource, &row.found);
        Some(Arc::unwrap_or_clone(row).resource)
    }
}

impl Collection {
    /// A collection whose resources are found so.
    pub fn new(found_by: FoundBy) -> Collection {
        Collection(Arc::new(Rows { found_by, ..Rows::default() }))
    }

    /// Its rows, to be changed: its own from now on.
    fn own(&mut self) -> &mut Rows {
        Arc::make_mut(&mut self.0)
    }

    fn row(&self, id: &str) -> Option<&Arc<Row>> {
        self.0.rows.get(self.0.by_id.get(id)?)
    }

    /// Adds a resource, in the place of the one with the same id.
    pub fn put(&mut self, resource: Resource) {
        let rows = self.own();
        let place = match rows.by_id.get(resource.id.as_str()).copied() {
            Some(place) => {
                rows.take(place);
                place
            }
            None => {
                rows.next += 1;
                Arc::make_mut(&mut rows.by_id).insert(resource.id.as_str().into(), rows.next);
                rows.next
            }
        };
        rows.add(place, resource);
    }

    /// The resource `id`.
    pub fn get(&self, id: &str) -> Option<&Resource> {
        self.row(id).map(|row| &row.resource)
    }

    /// What `make` makes of `resource`, one of the collection, for others to keep: always the same `make` in a collection. It is
    /// made once, and again when the resource has changed; an object is shared.
    pub fn copy_of(&self, resource: &Resource, make: impl Fn(&Resource) -> Value) -> Value {
        let made = || make(resource);
        self.row(&resource.id).map_or_else(made, |row| row.copy.get_or_init(made).clone())
    }

    /// The resource `id`, to be changed.
    pub fn get_mut(&mut self, id: &str) -> Option<Held<'_>> {
        let place = *self.0.by_id.get(id)?;
        let Rows { rows, lookup, found_by, .. } = self.own();
        Some(Held { place, row: Arc::make_mut(rows.get_mut(&place)?), lookup, found_by: *found_by })
    }

    /// Makes another of the resource `id`, also of its id, which has its place.
    pub fn replace(&mut self, id: &str, change: impl FnOnce(Resource) -> Resource) {
        let Some(place) = self.0.by_id.get(id).copied() else { return };
        let rows = self.own();
        let Some(old) = rows.rows.get(&place).cloned() else { return };
        let new = change(old.resource.clone());
        if new.id != id {
            let by_id = Arc::make_mut(&mut rows.by_id);
            by_id.remove(id);
            by_id.insert(new.id.as_str().into(), place);
        }
        match Found::of(&new, rows.found_by).is_at_rest(&old.found) {
            // Nothing finds it otherwise than before.
            true => {
                let row = Row { resource: new, found: Arc::clone(&old.found), copy: OnceLock::new() };
                rows.rows.insert(place, Arc::new(row));
            }
            false => {
                rows.take(place);
                rows.add(place, new);
            }
        }
    }

    /// Takes the resource `id` out.
    pub fn remove(&mut self, id: &str) -> Option<Resource> {
        self.row(id)?;
        let rows = self.own();
        let place = Arc::make_mut(&mut rows.by_id).remove(id)?;
        rows.take(place)
    }

    /// Takes the resource `id` out for a while; [`Collection::restore`] brings it back to its place.
    pub fn withdraw(&mut self, id: &str) -> Option<(u64, Resource)> {
        let place = self.number_of(id)?;
        Some((place, self.remove(id)?))
    }

    /// Brings back what was withdrawn.
    pub fn restore(&mut self, (place, resource): (u64, Resource)) {
        Arc::make_mut(&mut self.own().by_id).insert(resource.id.as_str().into(), place);
        self.put(resource);
    }

    /// The number of the resource `id`, as a database counts them.
    pub fn number_of(&self, id: &str) -> Option<u64> {
        self.0.by_id.get(id).copied()
    }

    /// A number that no resource of it has had.
    pub fn next_number(&self) -> u64 {
        self.0.next + 1
    }

    /// All resources, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Resource> {
        self.0.rows.values().map(|row| &row.resource)
    }

    /// The resources with `key`, the oldest first.
    pub fn with<'c>(&'c self, key: &Key) -> impl Iterator<Item = &'c Resource> + use<'c> {
        self.0.lookup.places(key).filter_map(|place| self.0.rows.get(&place)).map(|row| &row.resource)
    }

    /// How many resources there are.
    pub fn len(&self) -> usize {
        self.0.rows.len()
    }

    /// How many there are with `key`.
    pub fn count(&self, key: &Key) -> usize {
        self.0.lookup.count(key)
    }

    /// Has a subnet an address of `range`?
    pub fn overlaps(&self, range: &Range) -> bool {
        self.0.lookup.overlaps(range)
    }

    /// The totals over the resources of a project.
    pub fn totals(&self, project: Option<&str>) -> Totals {
        project.map(|project| self.0.lookup.totals(project)).unwrap_or_default()
    }

    /// Takes out every resource that `kept` does not keep.
    pub fn retain(&mut self, kept: impl Fn(&Resource) -> bool) {
        let gone = self.iter().filter(|resource| !kept(resource)).map(|resource| resource.id.clone());
        for id in gone.collect::<Vec<_>>() {
            self.remove(&id);
        }
    }

    /// All resources, to be changed one after the other.
    pub fn for_each_mut(&mut self, mut change: impl FnMut(&mut Resource)) {
        if self.0.rows.is_empty() {
            return;
        }
        let Rows { rows, lookup, found_by, .. } = self.own();
        for (place, row) in rows {
            change(&mut Held { place: *place, row: Arc::make_mut(row), lookup, found_by: *found_by });
        }
    }
}

/// A resource that is being changed; once it is let go, it is found by what it is then.
#[derive(Debug)]
pub struct Held<'c> {
    place: u64,
    row: &'c mut Row,
    lookup: &'c mut Arc<Lookup>,
    found_by: FoundBy,
}

impl Deref for Held<'_> {
    type Target = Resource;
    fn deref(&self) -> &Resource {
        &self.row.resource
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Resource {
        self.row.copy.take();
        &mut self.row.resource
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let found = Found::of(&self.row.resource, self.found_by);
        if found != *self.row.found {
            let lookup = Arc::make_mut(self.lookup);
            lookup.drop(self.place, &self.row.resource, &self.row.found);
            lookup.add(self.place, &self.row.resource, &found);
            self.row.found = found.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;

    fn resource(id: &str, body: Value) -> Resource {
        let body = body.as_object().unwrap().clone();
        Resource::new(id, Some("p".to_owned()), body)
    }

    /// A port moves from one server to another, a server gets another flavor: what they are found by follows.
    #[test]
    fn what_resources_are_found_by_follows_their_changes() {
        let mut ports = Collection::new(FoundBy::Port);
        ports.put(resource("a", json!({"device_id": "1", "fixed_ips": [{"ip_address": "10.0.0.2"}]})));
        let of = |ports: &Collection, device: &str| ports.with(&Key::Device(device.into())).count();
        assert_eq!((of(&ports, "1"), of(&ports, "2")), (1, 0));
        ports.get_mut("a").unwrap().set("device_id", "2");
        assert_eq!((of(&ports, "1"), of(&ports, "2")), (0, 1));
        let address = Key::Address("10.0.0.2".parse().unwrap());
        assert_eq!(ports.with(&address).count(), 1);
        ports.put(resource("a", json!({"device_id": ""})));
        assert_eq!((of(&ports, "2"), ports.with(&address).count()), (0, 0));
    }

    #[test]
    fn a_copy_is_made_once_for_each_state() {
        let mut flavors = Collection::default();
        flavors.put(resource("1", json!({"ram": 1})));
        let made = std::cell::Cell::new(0);
        let make = |flavor: &Resource| {
            made.set(made.get() + 1);
            Value::Object(flavor.body.clone())
        };
        let copy = |flavors: &Collection| flavors.copy_of(flavors.get("1").unwrap(), make);
        assert_eq!((copy(&flavors), copy(&flavors), made.get()), (json!({"ram": 1}), json!({"ram": 1}), 1));
        flavors.get_mut("1").unwrap().set("ram", 2);
        assert_eq!((copy(&flavors), made.get()), (json!({"ram": 2}), 2));
    }

    #[test]
    fn totals_follow_too() {
        let mut servers = Collection::new(FoundBy::Server);
        let flavor = |ram: u64| json!({"vcpus": 1, "ram": ram});
        servers.put(resource("a", json!({"flavor": flavor(512)})));
        servers.put(resource("b", json!({"flavor": flavor(512)})));
        servers.get_mut("b").unwrap().set("flavor", flavor(1024));
        assert_eq!(servers.totals(Some("p")), Totals { count: 2, cores: 2, ram: 1536 });
        servers.put(resource("a", json!({"flavor": flavor(1)})));
        servers.remove("b");
        assert_eq!(servers.totals(Some("p")), Totals { count: 1, cores: 1, ram: 1 });
        assert_eq!(servers.totals(None), Totals::default());
        servers.retain(|_| false);
        assert_eq!(servers.totals(Some("p")), Totals::default());
    }
}
