//! One resource.

use serde_json::{Map, Value};

use super::refresh::refresh;
use super::{Answer, Ask};
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle::settle;
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;
use crate::cloud::view::view;
use crate::contract::Dialect;

/// The resource that the path names.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    refresh(cloud, ask);
    visible(cloud, ask, true)?;
    let body = Value::Object(seen(cloud, ask));
    ask.answer(Some(match ask.operation.id.ends_with(".security_groups") {
        true => body,
        false => wrapped(ask, body),
    }))
}

/// The resource that the path names, if the caller may see it; `looked` counts as a look at a booting server.
pub fn visible<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>, looked: bool) -> Result<&'c mut Resource, Fault> {
    let clock = cloud.clock;
    let found = cloud.collection(ask.collection()).get_mut(&ask.key()).ok_or_else(|| ask.not_found())?;
    if !ask.caller.is_some_and(|caller| ask.owns_by_user(found) || found.is_visible_to(caller)) {
        return Err(ask.not_found());
    }
    settle(found, &clock, looked);
    Ok(found)
}

/// The fields of the resource that the path names, as the service shows them.
pub fn seen(cloud: &Cloud, ask: &Ask<'_>) -> Map<String, Value> {
    let found = cloud.collections.get(ask.collection()).and_then(|collection| collection.get(&ask.key()));
    found.map(|found| view(cloud, ask.service, ask.collection(), found)).unwrap_or_default()
}

/// `{"server": {…}}`; Glance shows an image without a wrapper.
pub fn wrapped(ask: &Ask<'_>, body: Value) -> Value {
    match ask.service.dialect {
        Dialect::Glance => body,
        _ => Value::Object(Map::from_iter([(ask.list_name().trim_end_matches('s').to_owned(), body)])),
    }
}
