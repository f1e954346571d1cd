//! What Nova's APIs v2 and v3 check of a boot body, by hand and in this order (nova/api/openstack/compute/servers.py and
//! plugins/v3/servers.py of 2014.1).

use serde_json::{Map, Value};

use super::check::{Refusal, Step};
use super::code::Code;
use super::formats::Format;
use crate::base::{Pointer, Segment, Versions};

/// The steps, in Nova's order.
pub(super) const STEPS: &[Step] = &[
    (always, server_is_there),
    (always, name),
    (always, |body| image(body, "imageRef", &["block_device_mapping", "block_device_mapping_v2"])),
    (always, files),
    (always, |body| flavor(body, "flavorRef")),
    (always, networks),
    (always, |body| counts(body, "")),
];

/// The same of v3, whose names differ.
pub(super) const STEPS_V3: &[Step] = &[
    (always, server_is_valid),
    (always, name),
    (always, |body| image(body, "image_ref", &["os-block-device-mapping:block_device_mapping"])),
    (always, |body| flavor(body, "flavor_ref")),
    (always, networks),
    (always, |body| counts(body, "os-multiple-create:")),
];

/// The step of all writes to servers.
pub(super) const OBJECT: &[Step] = &[(always, server_is_there)];

fn always() -> Versions {
    Versions::ALL
}

fn field<'b>(body: &'b Value, key: &str) -> Option<&'b Value> {
    body.get("server")?.get(key)
}

fn at(key: &str) -> Pointer {
    Pointer::default().key("server").key(key)
}

fn refuse(code: Code, key: &str, message: &str) -> Result<(), Refusal> {
    Err(Refusal::bad_request(code, at(key), message))
}

fn server_is_there(body: &Value) -> Result<(), Refusal> {
    if body.get("server").is_some_and(Value::is_object) {
        return Ok(());
    }
    let message = "Unable to process the contained instructions".to_owned();
    Err(Refusal { code: Code::Missing, status: 422, message, at: Pointer::default() })
}

fn server_is_valid(body: &Value) -> Result<(), Refusal> {
    match body.get("server").is_some_and(Value::is_object) {
        true => Ok(()),
        false => Err(Refusal::bad_request(Code::Missing, Pointer::default(), "The request body is invalid")),
    }
}

fn name(body: &Value) -> Result<(), Refusal> {
    match field(body, "name") {
        None => refuse(Code::Missing, "name", "Server name is not defined"),
        Some(Value::String(name)) if name.trim().is_empty() => {
            refuse(Code::Length, "name", "Server name is an empty string")
        }
        Some(Value::String(name)) if name.trim().chars().count() > 255 => {
            refuse(Code::Length, "name", "Server name must be less than 255 characters.")
        }
        Some(Value::String(_)) => Ok(()),
        Some(_) => refuse(Code::Type, "name", "Server name is not a string or unicode"),
    }
}

/// An id, or a URL that ends in one; none is needed where a block device is the disk.
fn image(body: &Value, key: &str, mapped: &[&str]) -> Result<(), Refusal> {
    let from_volume =
        mapped.iter().any(|key| field(body, key).and_then(Value::as_array).is_some_and(|list| !list.is_empty()));
    match field(body, key).map(|image| image.as_str().unwrap_or("-")) {
        None | Some("") if from_volume => Ok(()),
        None => refuse(Code::Missing, key, &format!("Missing {key} attribute")),
        Some(text) => match Format::Uuid.holds(last_part(text)) {
            true => Ok(()),
            false => refuse(Code::Format, key, &format!("Invalid {key} provided.")),
        },
    }
}

fn last_part(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

fn files(body: &Value) -> Result<(), Refusal> {
    for file in items(field(body, "personality")) {
        for key in ["path", "contents"] {
            if file.get(key).is_none() {
                return refuse(Code::Missing, "personality", &format!("Bad personality format: missing '{key}'"));
            }
        }
    }
    Ok(())
}

fn flavor(body: &Value, key: &str) -> Result<(), Refusal> {
    match field(body, key) {
        None => refuse(Code::Missing, key, &format!("Missing {key} attribute")),
        Some(Value::String(text)) if last_part(text).is_empty() => {
            refuse(Code::Format, key, &format!("Invalid {key} provided."))
        }
        Some(_) => Ok(()),
    }
}

fn networks(body: &Value) -> Result<(), Refusal> {
    let Some(networks) = field(body, "networks") else { return Ok(()) };
    let Some(networks) = networks.as_array() else { return refuse(Code::Type, "networks", "Bad networks format") };
    for (place, network) in networks.iter().enumerate() {
        let mut here = at("networks");
        here.0.push(Segment::Index(place));
        let Some(network) = network.as_object() else {
            return Err(Refusal::bad_request(Code::Type, here, "Bad networks format"));
        };
        one_network(network, here)?;
    }
    Ok(())
}

fn one_network(network: &Map<String, Value>, here: Pointer) -> Result<(), Refusal> {
    let word = |key: &str| network.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    match (word("port"), word("uuid")) {
        (Some(_), _) => Ok(()),
        (None, None) => Err(Refusal::bad_request(Code::Missing, here, "Bad network format: missing 'uuid'")),
        (None, Some(id)) if Format::Uuid.holds(id.strip_prefix("br-").unwrap_or(id)) => Ok(()),
        (None, Some(id)) => {
            let message = format!("Bad networks format: network uuid is not in proper format ({id})");
            Err(Refusal::bad_request(Code::Format, here.key("uuid"), message))
        }
    }
}

fn counts(body: &Value, alias: &str) -> Result<(), Refusal> {
    let least = count(body, alias, "min_count")?;
    let most = count(body, alias, "max_count")?;
    match (least, most) {
        (Some(least), Some(most)) if least > most => {
            refuse(Code::Rule, &format!("{alias}min_count"), "min_count must be <= max_count")
        }
        _ => Ok(()),
    }
}

fn count(body: &Value, alias: &str, key: &str) -> Result<Option<i64>, Refusal> {
    let own = format!("{alias}{key}");
    let Some(value) = field(body, &own) else { return Ok(None) };
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
    match number {
        None => Err(Refusal::bad_request(Code::Format, at(&own), format!("{key} must be an integer"))),
        Some(number) if number < 1 => Err(Refusal::bad_request(Code::Range, at(&own), format!("{key} must be >= 1"))),
        number => Ok(number),
    }
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}
