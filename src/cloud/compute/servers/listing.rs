//! Which servers a list of Nova shows, and in which order. Source: answers of nova 34.0.0.

use std::cell::OnceCell;
use std::cmp::Ordering;

use foldhash::HashSet;
use regex::{Regex, RegexBuilder};

use super::state_filter::Wanted;
use crate::base::json::Value;
use crate::base::{Version, truth};
use crate::cloud::store::{Caller, Cloud, Fault, Resource, VmState};
use crate::cloud::verb::{Ask, Listed, advance_all, compare, instant, visible_resources};
use crate::contract::{Code, Effect};
use crate::message::Query;

/// What a query asks of a list of servers.
pub struct Listing<'q> {
    query: &'q Query,
    /// The parameters that count, each once: an administrator's all do, anybody else's only some.
    pub(super) filters: Vec<Filter<'q>>,
    /// Are the servers of all projects meant?
    pub everybodys: bool,
    /// Are servers meant that are gone; only these?
    pub gone: Option<bool>,
    /// Is nothing asked for?
    pub is_empty: bool,
    pub(super) wanted: Wanted,
    locked: Option<bool>,
    sort: Vec<(&'q str, bool)>,
    descends: bool,
}

/// Servers are those of the caller's project, unless an administrator asks for all.
pub fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let Some(caller) = ask.caller else { return visible_resources(cloud, ask) };
    let verb = if ask.operation.effect == Some(Effect::Detail) { "detail" } else { "index" };
    let listing = match ask.service.classic {
        true => Listing::read_classic(ask, caller)?,
        // Where Nova checks no query, it takes whatever is in it.
        false => Listing::read(ask.query, caller, ask.version, verb, |name| {
            ask.version == Version::LEGACY_V2 || ask.knows(name)
        })?,
    };
    if listing.is_empty {
        return Ok(Listed { cloud, resources: Vec::new() });
    }
    let is_seen = |server: &Resource| listing.everybodys || server.is_owned_by(caller);
    advance_all(cloud, ask, is_seen);
    let marker = ask.query.last("marker");
    let gone = cloud.history.all_gone().filter(|_| listing.gone != Some(false));
    let alive = cloud.collections.get("servers").into_iter().flat_map(|servers| servers.iter());
    // What can be restored counts as gone.
    let is_gone = |server: &Resource| VmState::of(server) == VmState::SoftDeleted;
    let alive = alive.filter(|server| listing.gone.is_none_or(|gone| gone == is_gone(server)));
    // What the marker names may be filtered out: its place counts all the same.
    let is_meant = |server: &&Resource| is_seen(server) && (listing.passes(server) || marker == Some(&server.id));
    let mut resources: Vec<&Resource> = gone.chain(alive).filter(is_meant).collect();
    listing.sort(&mut resources);
    Ok(Listed { cloud, resources })
}

/// A parameter that narrows the list. What its text means is worked out once, not for each server.
pub(super) struct Filter<'q> {
    name: &'q str,
    /// Of several values the last counts.
    last: &'q str,
    pattern: OnceCell<Option<Regex>>,
    tags: OnceCell<HashSet<&'q str>>,
}

/// The largest pattern of a query's length compiles to far less, unless it repeats repetitions.
fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(1 << 18).build().ok()
}

impl<'q> Filter<'q> {
    pub(super) fn of(name: &'q str, last: &'q str) -> Filter<'q> {
        Filter { name, last, pattern: OnceCell::new(), tags: OnceCell::new() }
    }

    /// One whose text is looked for in another form.
    pub(super) fn matching(name: &'q str, last: &'q str, pattern: &str) -> Filter<'q> {
        Filter { pattern: OnceCell::from(compiled(pattern)), ..Filter::of(name, last) }
    }

    fn is_in(&self, text: &str) -> bool {
        self.pattern.get_or_init(|| compiled(self.last)).as_ref().is_some_and(|pattern| pattern.is_match(text))
    }

    /// How many tags are asked for, and how many of these `server` has.
    fn tags(&self, server: &Resource) -> (usize, usize) {
        let asked = self.tags.get_or_init(|| self.last.split(',').collect());
        let own = server.body.list("tags").iter();
        (asked.len(), own.filter_map(Value::as_str).filter(|tag| asked.contains(tag)).count())
    }
}

/// Filters that anybody may use, and since when.
const FOR_ALL: [(u32, &[&str]); 7] = [
    (1, &["reservation_id", "name", "status", "image", "flavor", "ip", "changes-since", "all_tenants"]),
    (5, &["ip6"]),
    (26, &["tags", "tags-any", "not-tags", "not-tags-any"]),
    (66, &["changes-before"]),
    (73, &["locked"]),
    (
        83,
        &[
            "availability_zone",
            "config_drive",
            "key_name",
            "created_at",
            "launched_at",
            "terminated_at",
            "power_state",
            "task_state",
            "vm_state",
            "progress",
            "user_id",
        ],
    ),
    (90, &["hostname"]),
];

/// Fields that Nova would have to join tables for.
const JOINED: [&str; 7] =
    ["block_device_mapping", "services", "metadata", "system_metadata", "info_cache", "security_groups", "pci_devices"];

/// Sort keys of old that Nova still takes, and ignores.
const IGNORED_KEYS: [&str; 21] = [
    "architecture",
    "cell_name",
    "cleaned",
    "default_ephemeral_device",
    "default_swap_device",
    "deleted",
    "deleted_at",
    "disable_terminate",
    "ephemeral_gb",
    "ephemeral_key_uuid",
    "id",
    "key_data",
    "launched_on",
    "memory_mb",
    "os_type",
    "reservation_id",
    "root_gb",
    "shutdown_terminate",
    "user_data",
    "vcpus",
    "vm_mode",
];

fn since(version: Version, minor: u32) -> bool {
    // The relaxed form has what 2.1 has.
    minor == 1 || version.is_since(2, minor)
}

fn refuse<T>(code: Code, status: u16, message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::new(code, status, message))
}

impl<'q> Listing<'q> {
    /// One of the newest servers of a project, in the states that are `wanted`.
    pub(super) fn of(query: &'q Query, wanted: Wanted) -> Listing<'q> {
        Listing {
            query,
            everybodys: false,
            gone: None,
            is_empty: false,
            wanted,
            locked: None,
            sort: Vec::new(),
            descends: true,
            filters: Vec::new(),
        }
    }

    /// Reads the query; `knows` are the parameters in the contract. `verb` is the operation in the names of policies.
    ///
    /// # Errors
    /// The query asks for something that is not allowed or not valid.
    pub fn read(
        query: &'q Query,
        caller: &Caller,
        version: Version,
        verb: &str,
        knows: impl Fn(&str) -> bool,
    ) -> Result<Listing<'q>, Fault> {
        let is_allowed = |name: &&str| {
            caller.admin || FOR_ALL.iter().any(|(minor, names)| since(version, *minor) && names.contains(name))
        };
        let known = query.0.iter().map(|(name, _)| name.as_str()).filter(|name| knows(name) || name.starts_with('_'));
        let mut met = HashSet::default();
        let names: Vec<&str> = known.filter(is_allowed).filter(|name| met.insert(*name)).collect();
        if let Some(name) = names.iter().find(|name| JOINED.contains(name) || name.starts_with('_')) {
            return refuse(Code::UnknownQuery, 400, format!("Invalid filter field: {name}."));
        }
        let has = |name: &str| met.contains(name);
        let descends = query.all("sort_dir").next() != Some("asc");
        let mut listing = Listing { descends, ..Listing::of(query, Wanted::of(query.all("status"))) };
        if listing.wanted.is_impossible() && since(version, 38) {
            return refuse(Code::Choice, 400, "Invalid status value");
        }
        let last = |name: &str| has(name).then(|| query.last(name)).flatten();
        // Where no schema has looked at it, it is a text for the database.
        if last("changes-since").is_some_and(|time| instant(time).is_none()) {
            return refuse(Code::UnknownQuery, 400, "Invalid filter field: changes-since.");
        }
        if let Some((since, before)) =
            last("changes-since").and_then(instant).zip(last("changes-before").and_then(instant))
            && before < since
        {
            return refuse(Code::Rule, 400, "The value of changes-since must be less than or equal to changes-before.");
        }
        listing.gone = match last("deleted") {
            Some(text) => Some(truth(text) == Some(true)),
            None if has("changes-since") || has("changes-before") => None,
            None => Some(false),
        };
        if listing.wanted.is_only_deleted() {
            if !caller.admin {
                return refuse(Code::Policy, 403, "Only administrators may list deleted instances");
            }
            listing.gone = Some(true);
        }
        listing.everybodys = match last("all_tenants") {
            None => false,
            Some("") => true,
            Some(text) => strict(text)?,
        };
        listing.locked = last("locked").map(strict).transpose()?;
        if listing.everybodys && !caller.admin {
            return Err(Fault::policy(&format!("os_compute_api:servers:{verb}:get_all_tenants")));
        }
        whole(query.last("limit"))?;
        listing.is_empty = query.last("limit") == Some("0");
        if !listing.is_empty {
            listing.sort = sort_keys(query, caller)?;
        }
        let filter = |name| Some(Filter::of(name, query.last(name)?));
        listing.filters = names.into_iter().filter_map(filter).collect();
        Ok(listing)
    }

    /// Does the query let `server` pass?
    pub fn passes(&self, server: &Resource) -> bool {
        self.wanted.is_met(server) && self.filters.iter().all(|filter| self.passes_one(server, filter))
    }

    fn passes_one(&self, server: &Resource, filter: &Filter<'_>) -> bool {
        let Filter { name, last, .. } = *filter;
        let found = |text: &str| filter.is_in(text);
        let all_tags = || filter.tags(server).0 == filter.tags(server).1;
        let any_tag = || filter.tags(server).1 > 0;
        let inner = |field: &str| server.body.get(field).and_then(|value| value.get("id")?.as_str());
        match name {
            "image" | "image_ref" => inner("image") == Some(last),
            "flavor" => inner("flavor") == Some(last),
            "uuid" => server.id == last,
            "vm_state" | "task_state" | "user_id" | "host" => {
                self.query.all(name).any(|value| server.text(field_of(name)) == value)
            }
            "project_id" | "tenant_id" => !self.everybodys || server.text("tenant_id") == last,
            "ip" => addresses(server, 4).any(found),
            "ip6" => addresses(server, 6).any(found),
            "changes-since" => instant(server.text("updated")) >= instant(last),
            "changes-before" => instant(server.text("updated")) <= instant(last),
            "tags" => all_tags(),
            "tags-any" => any_tag(),
            "not-tags" => !all_tags(),
            "not-tags-any" => !any_tag(),
            "locked" => server.body.get("locked").and_then(Value::as_bool) == self.locked,
            "config_drive" => server.text("config_drive") == last,
            "name"
            | "display_name"
            | "hostname"
            | "availability_zone"
            | "key_name"
            | "reservation_id"
            | "node"
            | "power_state"
            | "launch_index"
            | "kernel_id"
            | "ramdisk_id"
            | "created_at"
            | "launched_at"
            | "terminated_at"
            | "description"
            | "display_description"
            | "locked_by"
            | "root_device_name"
            | "access_ip_v4"
            | "access_ip_v6"
            | "progress" => match server.body.get(field_of(name)) {
                Some(Value::String(text)) => found(text),
                Some(value @ (Value::Number(_) | Value::Bool(_))) => found(&value.to_string()),
                _ => false,
            },
            // What Nova does not know, or shows to nobody, does not narrow the list.
            _ => true,
        }
    }

    /// Sorts, newest first unless the query says otherwise; `servers` are ordered oldest first.
    pub fn sort(&self, servers: &mut [&Resource]) {
        if self.descends {
            servers.reverse();
        }
        servers.sort_by(|a, b| {
            self.sort.iter().fold(Ordering::Equal, |order, (key, descends)| {
                let by_key = || compare(a.body.get(key), b.body.get(key));
                order.then_with(|| if *descends { by_key().reverse() } else { by_key() })
            })
        });
    }
}

/// A boolean in a spelling that Nova takes.
pub(super) fn strict(text: &str) -> Result<bool, Fault> {
    const SPELLINGS: &str = "'0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'";
    match truth(text.trim()) {
        Some(value) => Ok(value),
        None => refuse(Code::Choice, 400, format!("Unrecognized value '{text}', acceptable values are: {SPELLINGS}")),
    }
}

/// A limit, where no schema has looked at it.
fn whole(limit: Option<&str>) -> Result<(), Fault> {
    let why = match limit.map(|text| text.trim().parse::<i64>()) {
        Some(Err(_)) => "an integer",
        Some(Ok(..0)) => ">= 0",
        _ => return Ok(()),
    };
    refuse(Code::Range, 400, format!("Invalid input received: limit must be {why}"))
}

fn sort_keys<'q>(query: &'q Query, caller: &Caller) -> Result<Vec<(&'q str, bool)>, Fault> {
    let directions: Vec<&str> = query.all("sort_dir").collect();
    if directions.iter().any(|direction| !["asc", "desc"].contains(direction)) {
        let message = "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'";
        return refuse(Code::Choice, 400, message);
    }
    let (mut keys, mut met) = (Vec::new(), HashSet::default());
    for (place, key) in query.all("sort_key").enumerate() {
        if ["host", "node"].contains(&key) && !caller.admin {
            return refuse(Code::Policy, 403, format!("Only administrators can sort servers by {key}"));
        }
        let direction = directions.get(place).or(directions.first()).copied().unwrap_or("desc");
        // What a key has ordered, the same key does not order again.
        if !IGNORED_KEYS.contains(&key) && met.insert(field_of(key)) {
            keys.push((field_of(key), direction == "desc"));
        }
    }
    Ok(keys)
}

fn addresses(server: &Resource, version: u64) -> impl Iterator<Item = &str> {
    let networks = server.body.get("addresses").and_then(Value::as_object).into_iter().flat_map(|map| map.values());
    let all = networks.filter_map(Value::as_array).flatten();
    all.filter(move |address| address["version"] == version).filter_map(|address| address["addr"].as_str())
}

/// The fields by the names of the database's columns, which filters and sort keys use.
fn field_of(column: &str) -> &str {
    match column {
        "display_name" => "name",
        "display_description" => "description",
        "uuid" => "id",
        "project_id" => "tenant_id",
        "created_at" => "created",
        "updated_at" => "updated",
        "vm_state" => "OS-EXT-STS:vm_state",
        "task_state" => "OS-EXT-STS:task_state",
        "power_state" => "OS-EXT-STS:power_state",
        "launched_at" => "OS-SRV-USG:launched_at",
        "terminated_at" => "OS-SRV-USG:terminated_at",
        "availability_zone" => "OS-EXT-AZ:availability_zone",
        "access_ip_v4" => "accessIPv4",
        "access_ip_v6" => "accessIPv6",
        "node" => "OS-EXT-SRV-ATTR:hypervisor_hostname",
        "auto_disk_config" => "OS-DCF:diskConfig",
        _ => OF_ADMINISTRATORS.iter().find(|field| field.ends_with(&format!(":{column}"))).copied().unwrap_or(column),
    }
}

/// Fields whose column is called as they are after their prefix.
const OF_ADMINISTRATORS: [&str; 7] = [
    "OS-EXT-SRV-ATTR:host",
    "OS-EXT-SRV-ATTR:hostname",
    "OS-EXT-SRV-ATTR:launch_index",
    "OS-EXT-SRV-ATTR:kernel_id",
    "OS-EXT-SRV-ATTR:ramdisk_id",
    "OS-EXT-SRV-ATTR:root_device_name",
    "OS-EXT-SRV-ATTR:reservation_id",
];
