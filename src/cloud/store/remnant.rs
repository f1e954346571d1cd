//! What is left of what clients made.

use super::behaviour::Then;
use super::cloud::Cloud;
use super::made::Made;
use super::region::{at_region, kind_of, parts_of};
use super::resource::Resource;
use super::vm_state::VmState;

/// What is left of what a request made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remnant {
    /// What it is: `server`.
    pub kind: String,
    /// Its name; without one its id.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The region that it is in, if not the first one.
    pub region: Option<String>,
}

impl Cloud {
    /// Adds a resource that a request makes.
    pub(in crate::cloud) fn add(&mut self, collection: &str, resource: Resource) {
        self.note_made(collection, &resource.id, None);
        self.collection(collection).put(resource);
    }

    /// A request makes what has that `key`, perhaps for a server.
    pub(in crate::cloud) fn note_made(&mut self, collection: &str, key: &str, of_server: Option<&str>) {
        self.made.push(Made { collection: collection.into(), key: key.into(), of_server: of_server.map(Box::from) });
    }

    /// What the last request made.
    pub fn take_made(&mut self) -> Vec<Made> {
        std::mem::take(&mut self.made)
    }

    /// Is what was `made` there?
    pub fn has(&self, made: &Made) -> bool {
        self.found(&made.collection).is_some_and(|all| all.get(&made.key).is_some())
    }

    /// What is left of what was `made`; nothing of what is about to go.
    pub fn remnant(&self, made: &Made) -> Option<Remnant> {
        let of_server = made.of_server.as_deref();
        let (collection, region) = parts_of(&made.collection);
        let servers = at_region("servers", region);
        if of_server.is_some_and(|server| self.resource(&servers, server).is_some()) {
            return None;
        }
        let own = self.resource(&made.collection, &made.key)?;
        let kind = kind_of(collection).replace('_', " ");
        // In front of the id of a part is that of the whole; key pairs have their name for an id.
        let id = own.id.rsplit('/').next().unwrap_or(&own.id);
        let name =
            ["name", "floating_ip_address"].into_iter().map(|field| own.text(field)).find(|name| !name.is_empty());
        let region = Some(region.to_owned()).filter(|region| !region.is_empty());
        Some(Remnant { kind, name: name.unwrap_or(id).to_owned(), id: id.to_owned(), region })
    }

    /// The resource, unless its deletion is under way.
    fn resource(&self, collection: &str, key: &str) -> Option<&Resource> {
        let own = self.found(collection)?.get(key)?;
        let vanishes = own.pending.is_some_and(|pending| pending.then == Then::Vanish);
        let is_deleted = own.text("OS-EXT-STS:vm_state") == VmState::SoftDeleted.name();
        Some(own).filter(|_| !vanishes && !is_deleted)
    }
}
