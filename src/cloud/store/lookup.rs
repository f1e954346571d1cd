//! Indexes of resources besides their id, so that nothing scans all of them.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::HashMap;

use super::flavor::Flavor;
use super::resource::Resource;
use super::vm_state::VmState;
use crate::base::cidr;
use crate::base::json::{Map, Value, json};

/// What a resource is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Ports: the server that they are attached to.
    Device(Arc<str>),
    /// Ports and floating IPs: one of their addresses.
    Address(IpAddr),
    /// Floating IPs: the port that they lead to.
    Port(Arc<str>),
    /// Subnets and ports: their network.
    Network(Arc<str>),
    /// Ports: a subnet that they have an address of.
    Subnet(Arc<str>),
    /// Rules and ports: their security group. Servers: the server group of their boot.
    Group(Arc<str>),
    /// Rules: all in which two must differ.
    Rule(Arc<str>),
    /// What has a name that no other has: it.
    Name(Arc<str>),
    /// Key pairs and application credentials: their user.
    User(Arc<str>),
    /// Subnets: their addresses.
    Range(Arc<Range>),
}

/// The addresses of a subnet, in the order of networks and addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    network: Arc<str>,
    first: IpAddr,
    last: IpAddr,
}

impl Range {
    /// Those of `cidr` in `network`; `None`: it is none.
    pub fn new(network: &str, cidr: &str) -> Option<Range> {
        let (first, last) = cidr::range(cidr)?;
        Some(Range { network: network.into(), first, last })
    }
}

/// Two rules of security groups that agree in these are one.
const SAME_RULE: [&str; 8] = [
    "security_group_id",
    "direction",
    "ethertype",
    "protocol",
    "port_range_min",
    "port_range_max",
    "remote_ip_prefix",
    "remote_group_id",
];

impl Key {
    /// The key of the rules that are the same as the one with these fields.
    pub fn of_rule(rule: &Map) -> Key {
        let fields = SAME_RULE.map(|field| rule.get(field).filter(|value| !value.is_null()));
        Key::Rule(json!(fields).to_string().into())
    }
}

/// The totals over the resources of a project: their number, and the sums over the flavors of servers (MiB of RAM).
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
    /// Ports: also their server, their addresses, network, subnets and security groups.
    Port,
    /// Floating IPs: also their address and their port.
    Floating,
    /// Subnets: also their network, and their addresses.
    Subnet,
    /// Rules of security groups: also their group, and what makes them the same.
    Rule,
    /// What is called by a name that is its own: also their names.
    Name,
    /// What users own: also their names and users.
    User,
    /// Servers: also their server group. Projects have so many as their quotas allow.
    Server,
    /// Server groups: projects have so many as their quotas allow.
    Project,
}

impl FoundBy {
    /// What the resources of the collection `name` are found by.
    pub fn of(name: &str) -> FoundBy {
        match name {
            "ports" => FoundBy::Port,
            "floatingips" => FoundBy::Floating,
            "subnets" => FoundBy::Subnet,
            "security_group_rules" => FoundBy::Rule,
            "security_groups" | "flavors" | "aggregates" | "projects" | "users" | "groups" | "roles" | "domains"
            | "volume_types" | "group_types" => FoundBy::Name,
            "keypairs" | "application_credentials" => FoundBy::User,
            "servers" => FoundBy::Server,
            "server_groups" => FoundBy::Project,
            _ => FoundBy::Id,
        }
    }
}

/// What one resource is found by, and what it adds to its project's totals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    keys: Vec<Key>,
    weight: Totals,
}

impl Found {
    /// The index keys of `resource` in its current state.
    pub fn of(resource: &Resource, by: FoundBy) -> Found {
        let keys: Vec<Key> = match by {
            FoundBy::Id | FoundBy::Project => Vec::new(),
            FoundBy::Port => keys_of_port(resource),
            FoundBy::Floating => {
                let own = address(resource.text("floating_ip_address")).into_iter();
                own.chain(field(resource, "port_id").map(Key::Port)).collect()
            }
            FoundBy::Subnet => {
                let network = field(resource, "network_id");
                let range = network.as_ref().and_then(|network| Range::new(network, resource.text("cidr")));
                network.map(Key::Network).into_iter().chain(range.map(|range| Key::Range(range.into()))).collect()
            }
            FoundBy::Rule => {
                let group = field(resource, "security_group_id").map(Key::Group).into_iter();
                group.chain([Key::of_rule(&resource.body)]).collect()
            }
            FoundBy::Name => field(resource, "name").map(Key::Name).into_iter().collect(),
            FoundBy::User => {
                let name = field(resource, "name").map(Key::Name).into_iter();
                name.chain(field(resource, "user_id").map(Key::User)).collect()
            }
            FoundBy::Server => server_group(resource).map(|group| Key::Group(group.into())).into_iter().collect(),
        };
        Found { keys, weight: weight(resource, by) }
    }
}

impl Found {
    /// Is it the same as before, of a resource that counts in no project?
    pub fn is_at_rest(&self, before: &Found) -> bool {
        self == before && self.weight == Totals::default()
    }
}

fn keys_of_port(port: &Resource) -> Vec<Key> {
    let list = |name: &str| port.body.list(name).iter();
    let addresses = list("fixed_ips").filter_map(|fixed| address(fixed["ip_address"].as_str()?));
    let subnets = list("fixed_ips").filter_map(|fixed| fixed["subnet_id"].as_str()).map(|id| Key::Subnet(id.into()));
    let groups = list("security_groups").filter_map(Value::as_str).map(|id| Key::Group(id.into()));
    let own = [field(port, "device_id").map(Key::Device), field(port, "network_id").map(Key::Network)];
    own.into_iter().flatten().chain(addresses).chain(subnets).chain(groups).collect()
}

fn address(ip: &str) -> Option<Key> {
    ip.parse().ok().map(Key::Address)
}

/// A field that says something.
fn field(resource: &Resource, name: &str) -> Option<Arc<str>> {
    Some(resource.text(name)).filter(|text| !text.is_empty()).map(Arc::from)
}

/// The server group that a server was booted into.
fn server_group(server: &Resource) -> Option<&str> {
    server.body.get("scheduler_hints")?.get("group")?.get(0)?.as_str()
}

fn weight(resource: &Resource, by: FoundBy) -> Totals {
    match by {
        // What can be restored counts towards no quota.
        FoundBy::Server if resource.text("OS-EXT-STS:vm_state") == VmState::SoftDeleted.name() => Totals::default(),
        FoundBy::Server => {
            let flavor = Flavor::of_server(resource);
            Totals { count: 1, cores: flavor.vcpus(), ram: flavor.ram() }
        }
        FoundBy::Project => Totals { count: 1, ..Totals::default() },
        _ => Totals::default(),
    }
}

/// Where the resources with a key are. Most keys are of one.
#[derive(Clone, Debug)]
enum Places {
    One(u64),
    Several(BTreeSet<u64>),
}

impl Places {
    fn insert(&mut self, place: u64) {
        match self {
            Places::One(own) if *own == place => {}
            Places::One(own) => *self = Places::Several(BTreeSet::from([*own, place])),
            Places::Several(all) => drop(all.insert(place)),
        }
    }

    /// Takes one out; are there none any more?
    fn remove(&mut self, place: u64) -> bool {
        match self {
            Places::One(own) => *own == place,
            Places::Several(all) => {
                all.remove(&place);
                all.is_empty()
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Places::One(_) => 1,
            Places::Several(all) => all.len(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = u64> {
        let (one, several) = match self {
            Places::One(own) => (Some(*own), None),
            Places::Several(all) => (None, Some(all.iter().copied())),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }
}

/// The places of resources by key, and the totals by project.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    places: HashMap<Key, Places>,
    /// The ranges among the keys.
    ranges: BTreeSet<Range>,
    totals: HashMap<String, Totals>,
}

impl Lookup {
    /// The resource at `place` was added.
    pub fn add(&mut self, place: u64, resource: &Resource, found: &Found) {
        for key in &found.keys {
            if let Key::Range(range) = key {
                self.ranges.insert(range.as_ref().clone());
            }
            match self.places.get_mut(key) {
                Some(places) => places.insert(place),
                None => drop(self.places.insert(key.clone(), Places::One(place))),
            }
        }
        let Some(project) = resource.project.as_ref().filter(|_| found.weight != Totals::default()) else { return };
        match self.totals.get_mut(project) {
            Some(totals) => totals.add(found.weight),
            None => drop(self.totals.insert(project.clone(), found.weight)),
        }
    }

    /// It was removed.
    pub fn drop(&mut self, place: u64, resource: &Resource, found: &Found) {
        for key in &found.keys {
            if self.places.get_mut(key).is_some_and(|places| places.remove(place)) {
                self.places.remove(key);
                if let Key::Range(range) = key {
                    self.ranges.remove(range);
                }
            }
        }
        let Some(project) = resource.project.as_ref().filter(|_| found.weight != Totals::default()) else { return };
        if let Some(totals) = self.totals.get_mut(project) {
            totals.take(found.weight);
            if totals.count == 0 {
                self.totals.remove(project);
            }
        }
    }

    /// How many resources there are with `key`.
    pub fn count(&self, key: &Key) -> usize {
        self.places.get(key).map_or(0, Places::len)
    }

    /// The places of the resources with `key`, the oldest first.
    pub fn places<'l>(&'l self, key: &Key) -> impl Iterator<Item = u64> + use<'l> {
        self.places.get(key).into_iter().flat_map(Places::iter)
    }

    /// Has a resource an address of `range`? Those of a network have none in common, so that the last of them that begins before
    /// the end of `range` has one, if any has.
    pub fn overlaps(&self, range: &Range) -> bool {
        let last = IpAddr::V6(u128::MAX.into());
        let end = Range { network: range.network.clone(), first: range.last, last };
        let before = self.ranges.range(..=end).next_back();
        before.is_some_and(|other| other.network == range.network && other.last >= range.first)
    }

    /// The totals over the resources of `project`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_one_network_overlap_whichever_holds_the_other() {
        let mut lookup = Lookup::default();
        let range = |network: &str, cidr: &str| Range::new(network, cidr).unwrap();
        let subnet = |id: &str, network: &str, cidr: &str| {
            let body = json!({"network_id": network, "cidr": cidr});
            Resource::new(id, None, body.as_object().unwrap().clone())
        };
        let all = [subnet("1", "a", "10.0.0.0/24"), subnet("2", "a", "10.0.4.0/22"), subnet("3", "b", "fd00::/64")];
        for (place, subnet) in (0..).zip(&all) {
            lookup.add(place, subnet, &Found::of(subnet, FoundBy::Subnet));
        }
        for (network, cidr, expected) in [
            ("a", "10.0.0.128/25", true),
            ("a", "10.0.0.255/32", true),
            ("a", "10.0.0.0/8", true),
            ("a", "10.0.7.0/24", true),
            ("a", "10.0.1.0/24", false),
            ("a", "10.0.8.0/24", false),
            ("a", "fd00::/64", false),
            ("b", "fd00::1/128", true),
            ("b", "10.0.0.0/24", false),
            ("c", "10.0.0.0/24", false),
        ] {
            assert_eq!(lookup.overlaps(&range(network, cidr)), expected, "{network} {cidr}");
        }
        lookup.drop(1, &all[1], &Found::of(&all[1], FoundBy::Subnet));
        assert!(!lookup.overlaps(&range("a", "10.0.7.0/24")));
    }
}
