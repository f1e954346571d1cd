//! How many servers, and how much of everything.

use super::lookup::{at, hints};
use crate::base::json::{Map, Value};
use crate::cloud::store::{Caller, Cloud, Fault, Flavor, Key, Wish, allow, allow_as};
use crate::contract::Code;

/// What only one server can have.
pub fn several(body: &Map, count: u64) -> Result<(), Fault> {
    let networks = || body.list("networks").iter();
    let names = |key: &str| networks().any(|network| network.get(key).is_some_and(|value| !value.is_null()));
    let (field, message) = match count {
        2.. if names("fixed_ip") => ("networks", ONE_ADDRESS),
        2.. if names("port") => ("networks", ONE_PORT),
        2.. if body.contains_key("hostname") => {
            ("hostname", "Unable to allocate a single hostname to multiple instances")
        }
        _ => return Ok(()),
    };
    Err(Fault { at: Some(at(field)), ..Fault::new(Code::Rule, 400, message) })
}

const ONE_ADDRESS: &str = "Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified.";
const ONE_PORT: &str = "Failed to launch instances: Unable to launch multiple instances with a single configured port ID. Please \
    launch your instance one by one with different ports.";

/// The files to inject and the metadata, against the quotas.
pub fn extras(cloud: &Cloud, caller: &Caller, body: &Map) -> Result<(), Fault> {
    let limits = cloud.limits(caller.project.as_deref());
    let wish = |resource, requested: usize| Wish {
        resource,
        requested: requested as u64,
        used: 0,
        limit: limits.of(resource),
    };
    metadata(cloud, caller, body.get("metadata").and_then(Value::as_object).map_or(0, Map::len))?;
    let files = || body.list("personality").iter();
    let longest = |key: &str| files().filter_map(|file| file.get(key)?.as_str()).map(str::len).max().unwrap_or(0);
    allow(&[wish("injected_files", files().count())])?;
    allow(&[wish("injected_file_path_bytes", longest("path"))])?;
    // Nova counts the content, not its base64.
    allow(&[wish("injected_file_content_bytes", longest("contents") / 4 * 3)])
}

/// So many items of metadata of one server.
pub fn metadata(cloud: &Cloud, caller: &Caller, items: usize) -> Result<(), Fault> {
    let limit = cloud.limits(caller.project.as_deref()).of("metadata_items");
    allow(&[Wish { resource: "metadata_items", requested: items as u64, used: 0, limit }])
}

/// What a larger flavor takes more than the one before.
pub fn resize(cloud: &Cloud, caller: &Caller, old: Flavor<'_>, new: Flavor<'_>) -> Result<(), Fault> {
    let limits = cloud.limits(caller.project.as_deref());
    let used = cloud.used(caller);
    let wish = |resource, requested, used| Wish { resource, requested, used, limit: limits.of(resource) };
    allow(&[
        wish("cores", new.vcpus().saturating_sub(old.vcpus()), used.cores),
        wish("ram", new.ram().saturating_sub(old.ram()), used.ram),
    ])
}

/// How many servers there will be: as many as fit below the quotas, if that is enough.
pub fn quota(cloud: &Cloud, caller: &Caller, flavor: Flavor<'_>, (least, most): (u64, u64)) -> Result<u64, Fault> {
    let limits = cloud.limits(caller.project.as_deref());
    let used = cloud.used(caller);
    let wish = |resource, each: u64, used, count: u64| Wish {
        resource,
        requested: each.saturating_mul(count),
        used,
        limit: limits.of(resource),
    };
    let wishes = |count| {
        [
            wish("instances", 1, used.count, count),
            wish("cores", flavor.vcpus(), used.cores, count),
            wish("ram", flavor.ram(), used.ram, count),
        ]
    };
    let room = |wish: &Wish| match (u64::try_from(wish.limit), wish.requested) {
        (Ok(limit), each @ 1..) => limit.saturating_sub(wish.used) / each,
        _ => u64::MAX,
    };
    let fitting = wishes(1).iter().map(room).min().unwrap_or(u64::MAX);
    match most.min(fitting) {
        _ if fitting < least => allow_as(&wishes(most), |wish| match wish.resource {
            "instances" if least < most => format!("{least}-{most}"),
            _ => wish.requested.to_string(),
        })
        .map(|()| most),
        count if count > MOST_AT_ONCE => Err(too_many(count)),
        count => Ok(count),
    }
}

/// Where a fixture lifts the quotas, nothing else would stop a boot of all the servers that memory holds.
const MOST_AT_ONCE: u64 = 10_000;

fn too_many(count: u64) -> Fault {
    let message = format!("mockstack boots at most {MOST_AT_ONCE} servers at once, and the quotas let {count} pass.");
    Fault::new(Code::NotSimulated, 501, message)
}

/// A group takes only so many servers of a user.
pub fn group_quota(cloud: &Cloud, caller: &Caller, body: &Value, count: u64) -> Result<(), Fault> {
    let Some(group) = hints(body).and_then(|hints| hints.get("group")?.as_str()) else { return Ok(()) };
    let key = Key::Group(group.into());
    let members = cloud.collections.get("servers").into_iter().flat_map(|servers| servers.with(&key));
    let used = members.filter(|server| server.text("user_id") == caller.user).count() as u64;
    let limit = cloud.limits(caller.project.as_deref()).of("server_group_members");
    allow(&[Wish { resource: "server_group_members", requested: count, used, limit }])
}

/// `min_count`, or else one; `max_count`, or else as many.
pub fn counts(body: &Map) -> (u64, u64) {
    let number = |key: &str| match body.get(key)? {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64().map(|count| count as u64),
    };
    let least = number("min_count").unwrap_or(1);
    (least, number("max_count").unwrap_or(least))
}
