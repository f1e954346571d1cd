//! One resource.

use super::ask::{Answer, Ask};
use crate::base::json::{Map, Value};
use crate::cloud::store::{Cloud, Fault, Held, Resource};
use crate::contract::Dialect;

/// The resource that the path names.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    (ask.resource_type().refresh)(cloud, ask);
    visible(cloud, ask, true)?;
    let body = Value::Object(shown_fields(cloud, ask));
    let mut answer = ask.answer(Some(wrapped(ask, body)))?;
    let fields: Vec<&str> = ask.query.all("fields").collect();
    let item = answer.body.as_mut().and_then(|body| body.get_mut(singular(ask.list_name()))?.as_object_mut());
    if let Some(item) = item.filter(|_| !fields.is_empty() && ask.service.dialect == Dialect::Neutron) {
        item.retain(|key, _| fields.contains(&key.as_str()));
    }
    Ok(answer)
}

/// The resource in the path, if the caller may see it; `looked` counts as a poll of a booting server.
pub fn visible<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>, looked: bool) -> Result<Held<'c>, Fault> {
    let own = ask.resource_type();
    ask.enter(cloud)?;
    let key = (own.locate)(cloud, ask)?;
    let sees =
        |found: &&Resource| ask.caller.is_some_and(|caller| ask.owns_by_user(found) || found.is_visible_to(caller));
    if cloud.collection(ask.collection()).get(&key).filter(sees).is_none() {
        return Err(ask.not_found());
    }
    (own.advance)(cloud, &key, looked);
    cloud.collection(ask.collection()).get_mut(&key).ok_or_else(|| ask.not_found())
}

/// The fields of the resource that the path names, as the service shows them.
pub fn shown_fields(cloud: &mut Cloud, ask: &Ask<'_>) -> Map {
    let own = ask.resource_type();
    let Ok(key) = (own.locate)(cloud, ask) else { return Map::new() };
    let found = cloud.collections.get(ask.collection()).and_then(|collection| collection.get(&key));
    found.map_or_else(Map::new, |found| ask.shown_type().view(cloud, ask.service, found))
}

/// What one of a list is called: `server`, `rbac_policy`.
pub fn singular(list: &str) -> String {
    match list.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => list.trim_end_matches('s').to_owned(),
    }
}

/// `{"server": {…}}`; Glance shows an image without a wrapper.
pub fn wrapped(ask: &Ask<'_>, body: Value) -> Value {
    match ask.manner().wraps {
        true => Value::Object(Map::from_iter([(singular(ask.list_name()), body)])),
        false => body,
    }
}
