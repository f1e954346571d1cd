//! What resources are found by besides their id, so that nothing has to walk all of them.

use std::collections::BTreeSet;
use std::net::IpAddr;

use foldhash::HashMap;
use serde_json::Value;

use super::resource::Resource;

/// What a resource is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Ports: the server that they are attached to.
    Device(Box<str>),
    /// Ports and floating IPs: one of their addresses.
    Address(IpAddr),
}

/// What the resources of a project come to: how many there are, and what the flavors of servers add up to (MiB of RAM).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many.
    pub count: u64,
    /// Virtual CPUs.
    pub cores: u64,
    /// MiB.
    pub ram: u64,
}

/// What the resources of a collection are found by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FoundBy {
    /// Their ids alone.
    #[default]
    Id,
    /// Ports: also their server and their addresses.
    Port,
    /// Floating IPs: also their address.
    Floating,
    /// Servers: projects have so many of them as their quotas allow.
    Project,
}

impl FoundBy {
    /// What the resources of the collection `name` are found by.
    pub fn of(name: &str) -> FoundBy {
        match name {
            "ports" => FoundBy::Port,
            "floatingips" => FoundBy::Floating,
            "servers" => FoundBy::Project,
            _ => FoundBy::Id,
        }
    }
}

/// What one resource is found by, and what it adds to its project's totals.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    keys: Vec<Key>,
    weight: Totals,
}

impl Found {
    /// What `resource` is found by as it is now.
    pub fn of(resource: &Resource, by: FoundBy) -> Found {
        let address = |ip: &str| ip.parse().ok().map(Key::Address);
        match by {
            FoundBy::Id => Found::default(),
            FoundBy::Port => {
                let device = Some(resource.text("device_id")).filter(|device| !device.is_empty());
                let fixed = resource.body.get("fixed_ips").and_then(Value::as_array).into_iter().flatten();
                let fixed = fixed.filter_map(|ip| address(ip["ip_address"].as_str()?));
                let keys = device.map(|device| Key::Device(device.into())).into_iter().chain(fixed);
                Found { keys: keys.collect(), ..Found::default() }
            }
            FoundBy::Floating => {
                Found { keys: address(resource.text("floating_ip_address")).into_iter().collect(), ..Found::default() }
            }
            FoundBy::Project => {
                let flavor = resource.body.get("flavor");
                let number = |field| flavor.and_then(|flavor| flavor.get(field)?.as_u64()).unwrap_or_default();
                let weight = Totals { count: 1, cores: number("vcpus"), ram: number("ram") };
                Found { weight, ..Found::default() }
            }
        }
    }
}

/// The places of resources by key, and the totals by project.
#[derive(Debug, Default)]
pub struct Lookup {
    places: HashMap<Key, BTreeSet<u64>>,
    totals: HashMap<String, Totals>,
}

impl Lookup {
    /// The resource at `place` is there.
    pub fn add(&mut self, place: u64, resource: &Resource, found: &Found) {
        for key in &found.keys {
            self.places.entry(key.clone()).or_default().insert(place);
        }
        let Some(project) = resource.project.as_ref().filter(|_| found.weight != Totals::default()) else { return };
        match self.totals.get_mut(project) {
            Some(totals) => totals.add(found.weight),
            None => drop(self.totals.insert(project.clone(), found.weight)),
        }
    }

    /// It is there no more.
    pub fn drop(&mut self, place: u64, resource: &Resource, found: &Found) {
        for key in &found.keys {
            if let Some(places) = self.places.get_mut(key) {
                places.remove(&place);
                if places.is_empty() {
                    self.places.remove(key);
                }
            }
        }
        if let Some(totals) = resource.project.as_ref().and_then(|project| self.totals.get_mut(project)) {
            totals.take(found.weight);
        }
    }

    /// The places of the resources with `key`, the oldest first.
    pub fn places(&self, key: &Key) -> impl Iterator<Item = u64> {
        self.places.get(key).into_iter().flatten().copied()
    }

    /// What the resources of `project` come to.
    pub fn totals(&self, project: &str) -> Totals {
        self.totals.get(project).copied().unwrap_or_default()
    }
}

impl Totals {
    fn add(&mut self, other: Totals) {
        self.count += other.count;
        self.cores = self.cores.saturating_add(other.cores);
        self.ram = self.ram.saturating_add(other.ram);
    }

    fn take(&mut self, other: Totals) {
        self.count = self.count.saturating_sub(other.count);
        self.cores = self.cores.saturating_sub(other.cores);
        self.ram = self.ram.saturating_sub(other.ram);
    }
}
