//! Lists.

use serde_json::{Map, Value, json};

use super::ask::{Answer, Ask};
use super::filter::{Filters, sort};
use super::paging::cut;
use super::refresh::refresh;
use super::scope::Seen;
use super::view::view;
use crate::base::Version;
use crate::cloud::compute::{Listing, no_match, settle};
use crate::cloud::store::{Caller, Cloud, Fault, Resource};
use crate::contract::{Dialect, PathSegment};
use crate::message::{Json, Query};

/// The resources of a collection that the caller may see and the query lets pass.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = match (ask.service.dialect, ask.collection(), ask.caller) {
        (Dialect::Nova, "servers", Some(caller)) => {
            let listing = settled_servers(cloud, ask, caller)?;
            servers(cloud, ask, caller, &listing)
        }
        _ => {
            let seen = settled_resources(cloud, ask)?;
            resources(cloud, ask, seen)?
        }
    };
    let cloud = &*cloud;
    let (dialect, collection) = (ask.service.dialect, ask.collection());
    let nothing = Query::default();
    // Nova drops what a version does not know yet.
    let is_paged = ask.service.microversions.is_none() || ask.version == Version::LEGACY_V2 || ask.knows("limit");
    let paging = if is_paged { ask.query } else { &nothing };
    let page = cut(dialect, ask.list_name(), &ask.operation.path_text(), paging, found)?;
    let list: Value =
        page.resources.iter().map(|resource| Value::Object(view(cloud, ask.service, collection, resource))).collect();
    let mut stored = Map::new();
    stored.insert(ask.list_name().to_owned(), list);
    stored.extend(page.links);
    if dialect == Dialect::Keystone {
        stored.extend(keystone_links(ask));
    }
    let mut answer = ask.answer(Some(Value::Object(stored)))?;
    keep_fields(&mut answer, ask.list_name(), &ask.query.all("fields").collect::<Vec<_>>());
    Ok(answer)
}

/// Lets happen what is due in the collection; who is seen is looked at.
fn settle_all(cloud: &mut Cloud, collection: &str, is_seen: impl Fn(&Resource) -> bool) {
    let waiting = cloud.collection(collection).iter().filter(|resource| resource.pending.is_some());
    let waiting: Vec<(String, bool)> = waiting.map(|resource| (resource.id.clone(), is_seen(resource))).collect();
    for (id, looked) in waiting {
        settle(cloud, collection, &id, looked);
    }
}

/// Servers are those of the caller's project, unless an administrator asks for all.
fn settled_servers<'a>(cloud: &mut Cloud, ask: &Ask<'a>, caller: &Caller) -> Result<Listing<'a>, Fault> {
    let verb = if ask.operation.id.ends_with("detail") { "detail" } else { "index" };
    let listing = Listing::read(ask.query, caller, ask.version, verb, |name| {
        // Where Nova checks no query, it takes whatever is in it.
        ask.version == Version::LEGACY_V2 || ask.knows(name)
    })?;
    if !listing.is_empty {
        settle_all(cloud, "servers", |server| listing.everybodys || server.is_owned_by(caller));
    }
    Ok(listing)
}

fn servers<'c>(cloud: &'c Cloud, ask: &Ask<'_>, caller: &Caller, listing: &Listing<'_>) -> Vec<&'c Resource> {
    if listing.is_empty {
        return Vec::new();
    }
    let is_seen = |server: &Resource| listing.everybodys || server.is_owned_by(caller);
    let marker = ask.query.last("marker").unwrap_or_default();
    let gone = cloud.history.all_gone().filter(|_| listing.gone != Some(false));
    let alive = cloud.collections.get("servers").into_iter().flat_map(|servers| servers.iter());
    let alive = alive.filter(|_| listing.gone != Some(true));
    // What the marker names may be filtered out: its place counts all the same.
    let is_meant = |server: &&Resource| is_seen(server) && (listing.passes(server) || server.id == marker);
    let mut found: Vec<&Resource> = gone.chain(alive).filter(is_meant).collect();
    listing.sort(&mut found);
    found
}

fn settled_resources(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Seen, Fault> {
    let seen = Seen::by(ask)?;
    refresh(cloud, ask);
    settle_all(cloud, ask.collection(), |resource| seen.shows(ask, resource));
    Ok(seen)
}

fn resources<'c>(cloud: &'c Cloud, ask: &Ask<'_>, seen: Seen) -> Result<Vec<&'c Resource>, Fault> {
    let (filters, mut found) = (Filters::of(ask.service.dialect, ask.query), Vec::new());
    let all = cloud.collections.get(ask.collection()).into_iter().flat_map(|resources| resources.iter());
    for resource in all.filter(|resource| seen.shows(ask, resource)) {
        if filters.pass(resource, || shown(cloud, ask, resource))? {
            found.push(resource);
        }
    }
    if let Some(pattern) = ask.query.last("hypervisor_hostname_pattern").filter(|_| found.is_empty()) {
        return Err(no_match(pattern));
    }
    sort(ask.service.dialect, ask.collection(), ask.query, &mut found);
    Ok(found)
}

/// Keystone's lists say where they were asked; there is one page only.
pub fn keystone_links(ask: &Ask<'_>) -> Map<String, Value> {
    let mut path = String::new();
    let mut values = ask.parameters.iter();
    for segment in &ask.operation.path {
        let part = match segment {
            PathSegment::Fixed(text) => Some(text),
            PathSegment::Parameter(_) => values.next(),
        };
        path.extend(["/", part.map_or("", String::as_str)]);
    }
    let query: Vec<String> = ask.query.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let href = format!("self:{}{query}", path.trim_start_matches('/'));
    Map::from_iter([("links".to_owned(), json!({"next": null, "self": href, "previous": null}))])
}

/// The resource as the list will show it: fields that a fixture leaves out have their defaults.
fn shown(cloud: &Cloud, ask: &Ask<'_>, resource: &Resource) -> Result<Map<String, Value>, Fault> {
    let stored = Map::from_iter([(
        ask.list_name().to_owned(),
        Value::from(vec![Value::Object(view(cloud, ask.service, ask.collection(), resource))]),
    )]);
    let mut body = ask.answer(Some(Value::Object(stored)))?.body.map(Json::into_value);
    let item = body.as_mut().and_then(|body| body.get_mut(ask.list_name())?.get_mut(0)).map(Value::take);
    Ok(item.and_then(|item| item.as_object().cloned()).unwrap_or_default())
}

/// Neutron's `fields=` narrows what is shown; the rest would otherwise come back as defaults.
fn keep_fields(answer: &mut Answer, collection: &str, fields: &[&str]) {
    if fields.is_empty() {
        return;
    }
    let mut body = answer.body.take().map(Json::into_value);
    let list = body.as_mut().and_then(|body| body.get_mut(collection)).and_then(Value::as_array_mut);
    for item in list.into_iter().flatten().filter_map(Value::as_object_mut) {
        item.retain(|key, _| fields.contains(&key.as_str()));
    }
    answer.body = body.map(Json::Value);
}
