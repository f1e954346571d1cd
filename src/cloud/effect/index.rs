//! Lists.

use serde_json::{Map, Value};

use super::{Answer, Ask};
use crate::cloud::fault::Fault;
use crate::cloud::filter::{passes, sort, truth};
use crate::cloud::lifecycle::settle;
use crate::cloud::page::cut;
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;
use crate::contract::{Code, Dialect};

/// The resources of a collection that the caller may see and the query lets pass.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let everybodys = all_tenants(ask)?;
    let clock = cloud.clock;
    let collection = ask.collection().to_owned();
    cloud.collection(&collection).iter_mut().for_each(|resource| settle(resource, &clock, true));
    let dialect = ask.service.dialect;
    let seen = |resource: &&Resource| match ask.caller {
        Some(caller) if collection == "servers" => everybodys || resource.is_owned_by(caller),
        Some(caller) => resource.is_visible_to(caller),
        None => resource.public,
    };
    let passing = |resource: &&Resource| passes(dialect, &collection, ask.query, resource);
    let mut found: Vec<&Resource> = cloud.collection(&collection).iter().filter(seen).filter(passing).collect();
    sort(dialect, &collection, ask.query, &mut found);
    let page = cut(dialect, &collection, &ask.operation.path_text(), ask.query, found)?;
    let fields: Vec<&str> = ask.query.all("fields").collect();
    let list: Value = page.resources.iter().map(|resource| Value::Object(resource.body.clone())).collect();
    let mut stored = Map::new();
    stored.insert(collection.clone(), list);
    stored.extend(page.links);
    let mut answer = ask.answer(Some(Value::Object(stored)))?;
    keep_fields(&mut answer, &collection, &fields);
    Ok(answer)
}

/// Neutron's `fields=` narrows what is shown; the rest would otherwise come back as defaults.
fn keep_fields(answer: &mut Answer, collection: &str, fields: &[&str]) {
    let list = answer.body.as_mut().and_then(|body| body.get_mut(collection)).and_then(Value::as_array_mut);
    for item in list.into_iter().flatten().filter_map(Value::as_object_mut).filter(|_| !fields.is_empty()) {
        item.retain(|key, _| fields.contains(&key.as_str()));
    }
}

/// Does the caller ask for the servers of all projects? Only an administrator may.
fn all_tenants(ask: &Ask<'_>) -> Result<bool, Fault> {
    let wanted = match ask.query.last("all_tenants") {
        Some(text) if ask.collection() == "servers" && ask.service.dialect == Dialect::Nova => truth(text).unwrap_or(text.is_empty()),
        _ => false,
    };
    if wanted && !ask.is_admin() {
        let verb = if ask.operation.id.ends_with("detail") { "detail" } else { "index" };
        let message = format!("Policy doesn't allow os_compute_api:servers:{verb}:get_all_tenants to be performed.");
        return Err(Fault::new(Code::Policy, 403, message));
    }
    Ok(wanted)
}
