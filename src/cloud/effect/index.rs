//! Lists.

use serde_json::{Map, Value};

use super::refresh::refresh;
use super::seen::Seen;
use super::{Answer, Ask};
use crate::base::Version;
use crate::cloud::collection::Collection;
use crate::cloud::fault::Fault;
use crate::cloud::filter::{passes, sort, truth};
use crate::cloud::lifecycle::settle;
use crate::cloud::page::cut;
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;
use crate::cloud::view::view;
use crate::contract::{Code, Dialect};
use crate::message::Query;

/// The resources of a collection that the caller may see and the query lets pass.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let everybodys = all_tenants(ask)?;
    known_status(ask)?;
    let clock = cloud.clock;
    let collection = ask.collection().to_owned();
    let dialect = ask.service.dialect;
    let seen = Seen::by(ask)?;
    let is_seen = |resource: &Resource| match ask.caller {
        Some(caller) if collection == "servers" => everybodys || resource.is_owned_by(caller),
        _ if everybodys => true,
        _ => seen.shows(ask, resource),
    };
    refresh(cloud, ask);
    for resource in cloud.collection(&collection).iter_mut() {
        let looked = is_seen(resource);
        settle(resource, &clock, looked);
    }
    let seen = |resource: &&Resource| is_seen(resource);
    let mut found = Vec::new();
    let cloud = &*cloud;
    for resource in cloud.collections.get(&collection).into_iter().flat_map(Collection::iter).filter(seen) {
        if passes(dialect, &collection, ask.query, resource, || shown(cloud, ask, resource))? {
            found.push(resource);
        }
    }
    sort(dialect, &collection, ask.query, &mut found);
    let nothing = Query::default();
    // Nova drops what a version does not know yet.
    let is_paged = ask.service.microversions.is_none() || ask.knows("limit");
    let paging = if is_paged { ask.query } else { &nothing };
    let page = cut(dialect, ask.list_name(), &ask.operation.path_text(), paging, found)?;
    let fields: Vec<&str> = ask.query.all("fields").collect();
    let list: Value =
        page.resources.iter().map(|resource| Value::Object(view(cloud, ask.service, &collection, resource))).collect();
    let mut stored = Map::new();
    stored.insert(ask.list_name().to_owned(), list);
    stored.extend(page.links);
    let mut answer = ask.answer(Some(Value::Object(stored)))?;
    keep_fields(&mut answer, ask.list_name(), &fields);
    Ok(answer)
}

/// The resource as the list will show it: fields that a fixture leaves out have their defaults.
fn shown(cloud: &Cloud, ask: &Ask<'_>, resource: &Resource) -> Result<Map<String, Value>, Fault> {
    let stored = Map::from_iter([(
        ask.list_name().to_owned(),
        Value::from(vec![Value::Object(view(cloud, ask.service, ask.collection(), resource))]),
    )]);
    let mut answer = ask.answer(Some(Value::Object(stored)))?;
    let item = answer.body.as_mut().and_then(|body| body.get_mut(ask.list_name())?.get_mut(0)).map(Value::take);
    Ok(item.and_then(|item| item.as_object().cloned()).unwrap_or_default())
}

/// Neutron's `fields=` narrows what is shown; the rest would otherwise come back as defaults.
fn keep_fields(answer: &mut Answer, collection: &str, fields: &[&str]) {
    let list = answer.body.as_mut().and_then(|body| body.get_mut(collection)).and_then(Value::as_array_mut);
    for item in list.into_iter().flatten().filter_map(Value::as_object_mut).filter(|_| !fields.is_empty()) {
        item.retain(|key, _| fields.contains(&key.as_str()));
    }
}

/// From 2.38 on Nova refuses a filter by statuses that no server can have; before, the list is empty.
fn known_status(ask: &Ask<'_>) -> Result<(), Fault> {
    let is_known = |status: &str| STATUSES.iter().any(|known| known.eq_ignore_ascii_case(status));
    let mut statuses = ask.query.all("status").peekable();
    let refuses = Version::minor(38).is_some_and(|since| ask.version >= since) && ask.collection() == "servers";
    if refuses && statuses.peek().is_some() && !statuses.any(is_known) {
        return Err(Fault::new(Code::Choice, 400, "Invalid status value"));
    }
    Ok(())
}

/// Every status that a server can have.
const STATUSES: [&str; 19] = [
    "ACTIVE",
    "BUILD",
    "DELETED",
    "ERROR",
    "HARD_REBOOT",
    "MIGRATING",
    "PASSWORD",
    "PAUSED",
    "REBOOT",
    "REBUILD",
    "RESCUE",
    "RESIZE",
    "REVERT_RESIZE",
    "SHELVED",
    "SHELVED_OFFLOADED",
    "SHUTOFF",
    "SOFT_DELETED",
    "SUSPENDED",
    "VERIFY_RESIZE",
];

/// Does the caller ask for the servers of all projects? Only an administrator may.
fn all_tenants(ask: &Ask<'_>) -> Result<bool, Fault> {
    let wanted = match ask.query.last("all_tenants") {
        Some(text) if ask.collection() == "servers" && ask.service.dialect == Dialect::Nova => {
            truth(text).unwrap_or(text.is_empty())
        }
        // Cinder does not hear it from others.
        Some(text) if ask.service.dialect == Dialect::Cinder => ask.is_admin() && truth(text).unwrap_or(true),
        _ => false,
    };
    if wanted && !ask.is_admin() {
        let verb = if ask.operation.id.ends_with("detail") { "detail" } else { "index" };
        return Err(Fault::policy(&format!("os_compute_api:servers:{verb}:get_all_tenants")));
    }
    Ok(wanted)
}
