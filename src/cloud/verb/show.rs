//! One resource.

use serde_json::{Map, Value};

use super::ask::{Answer, Ask};
use super::refresh::refresh;
use super::view::view;
use crate::base::Version;
use crate::cloud::compute::settle;
use crate::cloud::store::{Cloud, Fault, Held, Resource};
use crate::contract::{Code, Dialect};

/// The resource that the path names.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    refresh(cloud, ask);
    visible(cloud, ask, true)?;
    let body = Value::Object(seen(cloud, ask));
    ask.answer(Some(wrapped(ask, body)))
}

/// The resource that the path names, if the caller may see it; `looked` counts as a look at a booting server.
pub fn visible<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>, looked: bool) -> Result<Held<'c>, Fault> {
    let key = located(cloud, ask)?;
    let sees =
        |found: &&Resource| ask.caller.is_some_and(|caller| ask.owns_by_user(found) || found.is_visible_to(caller));
    if cloud.collection(ask.collection()).get(&key).filter(sees).is_none() {
        return Err(ask.not_found());
    }
    settle(cloud, ask.collection(), &key, looked);
    cloud.collection(ask.collection()).get_mut(&key).ok_or_else(|| ask.not_found())
}

/// The key of the resource that the path names. Hypervisors and services go by number until 2.52, then by UUID.
fn located(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<String, Fault> {
    let is_number = ask.id().parse::<u64>().is_ok();
    match ask.collection() {
        "aggregates" if !is_number => return Err(no_integer()),
        "hypervisors" | "services" => {}
        _ => return Ok(ask.key()),
    }
    if Version::minor(53).is_some_and(|since| ask.version >= since) {
        return match uuid::Uuid::try_parse(ask.id()) {
            Ok(_) => Ok(ask.id().to_owned()),
            // Clients try with a name first.
            Err(_) => Err(Fault::new(Code::NotFound, 400, format!("Invalid uuid {}", ask.id()))),
        };
    }
    if ask.collection() == "services" && !is_number {
        return Err(no_integer());
    }
    let is_it = |resource: &&Resource| {
        resource.body.get("number").is_some_and(|number| number.as_u64() == ask.id().parse().ok())
    };
    let found = cloud.collection(ask.collection()).iter().find(is_it).map(|resource| resource.id.clone());
    found.ok_or_else(|| ask.not_found())
}

/// Clients try with a name here too.
fn no_integer() -> Fault {
    Fault::new(Code::NotFound, 400, "Invalid input received: id must be an integer")
}

/// The fields of the resource that the path names, as the service shows them.
pub fn seen(cloud: &mut Cloud, ask: &Ask<'_>) -> Map<String, Value> {
    let Ok(key) = located(cloud, ask) else { return Map::new() };
    let found = cloud.collections.get(ask.collection()).and_then(|collection| collection.get(&key));
    found.map(|found| view(cloud, ask.service, ask.collection(), found)).unwrap_or_default()
}

/// `{"server": {…}}`; Glance shows an image without a wrapper.
pub fn wrapped(ask: &Ask<'_>, body: Value) -> Value {
    match ask.service.dialect {
        Dialect::Glance => body,
        _ => Value::Object(Map::from_iter([(ask.list_name().trim_end_matches('s').to_owned(), body)])),
    }
}
