//! The regions of a cloud: who may log in is one for all of them, everything else is each one's own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::cloud::Cloud;
use super::collection::Collection;
use super::contents::Fixture;
use super::region::{Region, at_region, parts_of, resources_in};
use super::resource::Resource;

/// Keystone's collections, of which a cloud has one for all of its regions.
pub const SHARED: [&str; 11] = [
    "projects",
    "users",
    "groups",
    "roles",
    "domains",
    "regions",
    "identity.services",
    "endpoints",
    "credentials",
    "application_credentials",
    "access_rules",
];

impl Cloud {
    /// What `act` comes to in a region: that of the endpoint `/compute@REGION`. The first is the empty one, and any that there is not.
    pub fn within<T>(&mut self, region: &str, act: impl FnOnce(&mut Cloud) -> T) -> T {
        let Some((name, mut own)) = self.regions.remove_entry(region) else { return act(self) };
        let before = std::mem::replace(&mut self.region, Arc::clone(&name));
        let made = self.made.len();
        self.swap(&mut own);
        let came = act(self);
        self.swap(&mut own);
        for made in self.made.iter_mut().skip(made) {
            made.collection = at_region(&made.collection, &name).into();
        }
        self.region = before;
        self.regions.insert(name, own);
        came
    }

    fn swap(&mut self, region: &mut Region) {
        let Region { collections, last_addresses, history } = region;
        std::mem::swap(&mut self.collections, collections);
        std::mem::swap(&mut self.last_addresses, last_addresses);
        std::mem::swap(&mut self.history, history);
        for name in SHARED {
            std::mem::swap(self.collections.get_mut(name), collections.get_mut(name));
        }
    }

    /// Does the same in the region that is asked and in all others.
    pub fn in_each_region(&mut self, act: impl Fn(&mut Cloud)) {
        act(self);
        let others: Vec<_> = self.regions.keys().cloned().collect();
        others.iter().for_each(|region| self.within(region, &act));
    }

    /// What `fixture` holds in the region that is asked.
    pub(in crate::cloud) fn resources_here<'f>(
        &self,
        fixture: &'f Fixture,
    ) -> Cow<'f, BTreeMap<String, Vec<Resource>>> {
        match &*self.region {
            "" => Cow::Borrowed(&fixture.resources),
            region => Cow::Owned(resources_in(region, fixture)),
        }
    }

    /// The collections of all regions, by name.
    pub(in crate::cloud) fn everywhere(&self) -> impl Iterator<Item = (Cow<'_, str>, &Collection)> {
        let here = self.collections.iter().map(|(name, all)| (Cow::Borrowed(name), all));
        let there = self.regions.iter().flat_map(|(region, own)| {
            let filled = own.collections.iter().filter(|(_, all)| all.iter().next().is_some());
            filled.map(|(name, all)| (at_region(name, region), all))
        });
        here.chain(there)
    }

    /// The collection of that name among those of all regions.
    pub(in crate::cloud) fn found(&self, name: &str) -> Option<&Collection> {
        match parts_of(name) {
            (collection, "") => self.collections.get(collection),
            (collection, region) => self.regions.get(region)?.collections.get(collection),
        }
    }
}
