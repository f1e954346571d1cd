//! One resource.

use serde_json::{Map, Value};

use super::{Answer, Ask};
use crate::cloud::collection::Held;
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle::settle;
use crate::cloud::state::Cloud;
use crate::cloud::view::view;
use crate::contract::Dialect;

/// The resource that the path names.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = visible(cloud, ask, true)?;
    let body = Value::Object(view(ask.service, ask.collection(), &found));
    ask.answer(Some(match ask.operation.id.contains(".server_security_groups.") {
        true => body,
        false => wrapped(ask, body),
    }))
}

/// The resource that the path names, if the caller may see it; `looked` counts as a look at a booting server.
pub fn visible<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>, looked: bool) -> Result<Held<'c>, Fault> {
    let clock = cloud.clock;
    let mut found = cloud.collection(ask.collection()).get_mut(ask.id()).ok_or_else(|| ask.not_found())?;
    if !ask.caller.is_some_and(|caller| found.is_visible_to(caller)) {
        return Err(ask.not_found());
    }
    settle(&mut found, &clock, looked);
    Ok(found)
}

/// `{"server": {…}}`; Glance shows an image without a wrapper.
pub fn wrapped(ask: &Ask<'_>, body: Value) -> Value {
    match ask.service.dialect {
        Dialect::Glance => body,
        _ => Value::Object(Map::from_iter([(ask.collection().trim_end_matches('s').to_owned(), body)])),
    }
}
