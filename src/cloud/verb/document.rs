//! A literal document of the contract.

use super::ask::{Answer, Ask};
use crate::base::json::Value;
use crate::cloud::store::{Caller, Cloud, Collection, Resource};
use crate::message::Response;

/// The row's document, with its links made absolute and the service's microversions put in.
pub fn document(cloud: &Cloud, ask: &Ask<'_>) -> Answer {
    let document = ask.operation.document.as_ref().and_then(|document| resolve(cloud, ask, document));
    let document = document.unwrap_or_default();
    let status = ask.operation.responses.first().map_or(200, |row| row.status);
    let response = Response::json(status, document);
    match status {
        // Keystone sends a client that asks for its versions on to the newest.
        300 if ask.manner().redirects_to_newest => {
            response.with("Location", format!("{}{}{}/", ask.base.origin, ask.service.mount, ask.service.root))
        }
        _ => response,
    }
}

/// The part of a document that `value` is in the release; none of one that is not there.
fn resolve(cloud: &Cloud, ask: &Ask<'_>, value: &Value) -> Option<Value> {
    match value {
        Value::Object(map) if map.get("releases").is_some_and(|releases| !is_of(ask, releases)) => None,
        Value::Object(map) => {
            let own = map.iter().filter(|(key, _)| *key != "releases");
            Some(own.filter_map(|(key, value)| Some((key.clone(), resolve(cloud, ask, value)?))).collect())
        }
        Value::Array(items) => {
            let there: Vec<Value> = items.iter().filter_map(|item| resolve(cloud, ask, item)).collect();
            (items.is_empty() || !there.is_empty()).then(|| there.into())
        }
        Value::String(text) => Some(number(cloud, ask, text).unwrap_or_else(|| Value::from(word(ask, text)))),
        other => Some(other.clone()),
    }
}

/// Is the release in force one of `releases`?
fn is_of(ask: &Ask<'_>, releases: &Value) -> bool {
    let (release, all) = (ask.contracts.release(), ask.contracts.releases());
    release.zip(releases.as_str()).is_some_and(|(release, range)| all.within(release, range))
}

/// What stands for a number of the caller's project.
fn number(cloud: &Cloud, ask: &Ask<'_>, text: &str) -> Option<Value> {
    let caller = ask.caller?;
    match text {
        "$used.instances" => Some(cloud.used(caller).count.into()),
        "$used.cores" => Some(cloud.used(caller).cores.into()),
        "$used.ram" => Some(cloud.used(caller).ram.into()),
        _ => text
            .strip_prefix("$quota.")
            .map(|resource| cloud.limits(caller.project.as_deref()).of(resource).into())
            .or_else(|| own(cloud, caller, text).map(Value::from)),
    }
}

/// `$count.volumes` is how many of them the project has, `$sum.volumes.size` what they add up to.
fn own(cloud: &Cloud, caller: &Caller, text: &str) -> Option<u64> {
    let measured = |collection: &str, measure: &dyn Fn(&Resource) -> u64| {
        let resources = cloud.collections.get(collection).into_iter().flat_map(Collection::iter);
        resources.filter(|resource| resource.is_owned_by(caller)).map(measure).sum()
    };
    if let Some(collection) = text.strip_prefix("$count.") {
        return Some(measured(collection, &|_| 1));
    }
    let (collection, field) = text.strip_prefix("$sum.")?.split_once('.')?;
    // What has no such field adds nothing.
    Some(measured(collection, &|resource| resource.body.get(field).and_then(Value::as_u64).unwrap_or(0)))
}

fn word(ask: &Ask<'_>, text: &str) -> String {
    let release = ask.contracts.release();
    let none = String::new;
    match (text, &ask.service.microversions) {
        // Who has none tells empty ones.
        ("$minimum" | "$maximum", None) => String::new(),
        ("$minimum", Some(microversions)) => microversions.minimum.to_string(),
        ("$maximum", Some(microversions)) => microversions.maximum.to_string(),
        ("$version", _) => {
            release.and_then(|release| release.offers.get(&ask.service.name)).cloned().unwrap_or_else(none)
        }
        ("$id", _) => ask.id().to_owned(),
        ("$updated", _) => release.and_then(|release| release.identity_updated.clone()).unwrap_or_else(none),
        _ => ask.base.resolve(text),
    }
}
