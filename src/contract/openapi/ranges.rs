//! Schemas and parameters of several versions, in the way of OpenStack's own OpenAPI documents: `x-openstack` says from which
//! microversion (`min-ver`) to which (`max-ver`) something holds, and of alternatives which one a request means (`discriminator`).

use super::api::Api;
use super::formats::Formats;
use super::plain::plain_schema;
use crate::base::json::{Map, Value, json};
use crate::base::{Version, Versions};
use crate::contract::schema::SchemaId;

/// The schema `id` in the versions `living`: one if it is the same in all, or else an alternative for each run of versions.
pub fn ranged(api: &Api<'_>, id: SchemaId, living: Versions, formats: &mut Formats) -> Value {
    if api.is_of_one_version() {
        return plain_schema(api.schemas(), id, api.version, formats);
    }
    let living = living & api.versions;
    let mut runs: Vec<(Version, Version, Value)> = Vec::new();
    for version in living.iter() {
        let own = plain_schema(api.schemas(), id, version, formats);
        match runs.last_mut() {
            Some((_, last, same)) if *same == own => *last = version,
            _ => runs.push((version, version, own)),
        }
    }
    match runs.as_slice() {
        [(_, _, only)] => only.clone(),
        _ => {
            let forms = runs.into_iter().map(|(first, last, schema)| with_range(schema, api.versions, first, last));
            json!({"oneOf": forms.collect::<Vec<_>>(), "x-openstack": {"discriminator": "microversion"}})
        }
    }
}

/// `value` with the versions from `first` to `last`, as far as they are not all.
fn with_range(mut value: Value, all: Versions, first: Version, last: Version) -> Value {
    if let Some(map) = value.as_object_mut() {
        let mut range = map.get("x-openstack").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
        if all.iter().next() != Some(first) {
            range.insert("min-ver", json!(first.to_string()));
        }
        if all.iter().last() != Some(last) {
            range.insert("max-ver", json!(last.to_string()));
        }
        if !range.is_empty() {
            map.insert("x-openstack", Value::Object(range));
        }
    }
    value
}

/// `value`, which lives in `living` of all versions.
pub fn with_lifetime(value: Value, api: &Api<'_>, living: Versions) -> Value {
    let living = living & api.versions;
    match (living.iter().next(), living.iter().last()) {
        (Some(first), Some(last)) if !api.is_of_one_version() => with_range(value, api.versions, first, last),
        _ => value,
    }
}
