//! Which hosts servers come to. Source: the filters that Nova's scheduler has by default (nova/scheduler/filters).

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::lookup::group_of;
use crate::base::json::Value;
use crate::cloud::store::{Cloud, Collection, Flavor, HOST, Key, Resource};

/// A host, and its name as the hypervisor's.
#[derive(Clone, Debug)]
pub struct Host {
    pub host: Arc<str>,
    pub node: Arc<str>,
}

static FIRST: LazyLock<Arc<str>> = LazyLock::new(|| HOST.into());

impl Host {
    /// The one that every cloud has.
    pub fn first() -> Host {
        Host { host: Arc::clone(&FIRST), node: Arc::clone(&FIRST) }
    }

    fn of(hypervisor: &Resource) -> Host {
        let node = hypervisor.text("hypervisor_hostname");
        let host = hypervisor.body.get("service").and_then(|service| service.get("host")?.as_str()).unwrap_or(node);
        if (host, node) == (HOST, HOST) { Host::first() } else { Host { host: host.into(), node: node.into() } }
    }
}

/// A host for each of `count` servers. Without a rule that says otherwise all come to the same.
///
/// # Errors
/// What the scheduler says that finds none for one of them: whether none is large enough, or all were filtered out.
pub fn hosts(cloud: &Cloud, flavor: Flavor<'_>, body: &Value, count: u64) -> Result<Vec<Host>, &'static str> {
    const TOO_SMALL: &str = "No valid host was found. ";
    const FILTERED: &str = "No valid host was found. There are not enough hosts available.";
    let all: Vec<&Resource> = cloud.collections.get("hypervisors").into_iter().flat_map(Collection::iter).collect();
    let large: Vec<&Resource> = all.iter().copied().filter(|hypervisor| holds(hypervisor, flavor)).collect();
    if !all.is_empty() && large.is_empty() {
        return Err(TOO_SMALL);
    }
    let mut usable: Vec<Host> = large.into_iter().map(Host::of).collect();
    if usable.is_empty() {
        usable.push(Host::first());
    }
    match group_of(cloud, body).map(|group| (group, group.text("policy"))) {
        Some((group, "anti-affinity")) => {
            apart(&usable, members(cloud, group), most_on_a_host(group), count).ok_or(FILTERED)
        }
        Some((group, "affinity")) => {
            let members = members(cloud, group);
            let is_with_them = |host: &Host| members.is_empty() || members.contains_key(&host.host);
            let together = usable.into_iter().find(is_with_them).ok_or(FILTERED)?;
            Ok((0..count).map(|_| together.clone()).collect())
        }
        _ => Ok((0..count).map(|_| Host::first()).collect()),
    }
}

/// Is the hypervisor large enough?
fn holds(hypervisor: &Resource, flavor: Flavor<'_>) -> bool {
    /// Nova's default of virtual CPUs for each real one.
    const SHARED_BY: u64 = 16;
    let holds = |has: &str, needed: u64, shared: u64| {
        let has = hypervisor.body.get(has).and_then(Value::as_u64);
        has.is_none_or(|has| has.saturating_mul(shared) >= needed)
    };
    holds("memory_mb", flavor.ram(), 1)
        && holds("vcpus", flavor.vcpus(), SHARED_BY)
        && holds("local_gb", flavor.disk(), 1)
}

fn most_on_a_host(group: &Resource) -> u64 {
    group.body.get("rules").and_then(|rules| rules.get("max_server_per_host")?.as_u64()).unwrap_or(1)
}

/// How many servers of the group each host has.
fn members(cloud: &Cloud, group: &Resource) -> BTreeMap<Arc<str>, u64> {
    let key = Key::Group(group.id.as_str().into());
    let servers = cloud.collections.get("servers").into_iter().flat_map(|servers| servers.with(&key));
    let mut found = BTreeMap::new();
    for server in servers {
        // One that is being built has its host with what else it will show.
        let coming = server.record.server().and_then(|own| own.placement.as_deref()).map(|own| Arc::clone(&own.host));
        let own = server.body.get("OS-EXT-SRV-ATTR:host").and_then(Value::as_str).map(Arc::from);
        if let Some(host) = own.or(coming) {
            *found.entry(host).or_insert(0) += 1;
        }
    }
    found
}

fn apart(usable: &[Host], mut taken: BTreeMap<Arc<str>, u64>, most: u64, count: u64) -> Option<Vec<Host>> {
    let mut free = || {
        let host = usable.iter().find(|host| taken.get(&host.host).is_none_or(|own| *own < most))?;
        *taken.entry(Arc::clone(&host.host)).or_insert(0) += 1;
        Some(host.clone())
    };
    (0..count).map(|_| free()).collect()
}
