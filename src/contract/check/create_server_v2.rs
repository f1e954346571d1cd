//! What Nova's APIs v2 and v3 check of a boot body, by hand and in this order (nova/api/openstack/compute/servers.py, its
//! extensions, and plugins/v3 of 2014.1). What is not there is not looked at.

use super::block_devices_v2::{block_devices, older_devices};
use super::server_fields_v2::{
    address, admin_password, at, config_drive, disk_config, field, files, hints, items, metadata, name, refuse,
    user_data,
};
use crate::base::json::{Map, Value};
use crate::base::{Pointer, Segment, Versions};
use crate::contract::finding::{Code, Rejection, Step};
use crate::contract::schema::Format;

/// The steps, in Nova's order.
pub const STEPS: &[Step] = &[
    (always, server_is_there),
    (always, disk_config),
    (always, |body| hints(body, "scheduler_hints")),
    (always, |body| admin_password(body, "adminPass")),
    (always, named),
    (always, |body| image(body, "imageRef", &["block_device_mapping", "block_device_mapping_v2"], false)),
    (always, files),
    (always, networks),
    (always, |body| address(body, "accessIPv4", Format::Ipv4, "accessIPv4 is not proper IPv4 format")),
    (always, |body| address(body, "accessIPv6", Format::Ipv6, "accessIPv6 is not proper IPv6 format")),
    (always, |body| flavor(body, "flavorRef")),
    (always, |body| user_data(body, "user_data")),
    (always, |body| older_devices(body, "block_device_mapping")),
    (always, |body| one_syntax(body, "block_device_mapping", "block_device_mapping_v2")),
    (always, |body| block_devices(body, "block_device_mapping_v2")),
    (always, |body| counts(body, "")),
    (always, |body| config_drive(body, "config_drive")),
    (always, |body| metadata(field(body, "metadata"))),
];

/// The same of v3, whose names differ and whose extensions come first.
pub const STEPS_V3: &[Step] = &[
    (always, server_is_valid),
    (always, |body| admin_password(body, "admin_password")),
    (always, named),
    (always, |body| {
        address(body, "os-access-ips:access_ip_v4", Format::Ipv4, "access_ip_v4 is not proper IPv4 format")
    }),
    (always, |body| {
        address(body, "os-access-ips:access_ip_v6", Format::Ipv6, "access_ip_v6 is not proper IPv6 format")
    }),
    (always, |body| block_devices(body, "os-block-device-mapping:block_device_mapping")),
    (always, |body| counts(body, "os-multiple-create:")),
    (always, |body| image(body, "image_ref", &["os-block-device-mapping:block_device_mapping"], true)),
    (always, networks),
    (always, |body| flavor(body, "flavor_ref")),
    (always, |body| user_data(body, "os-user-data:user_data")),
    (always, |body| config_drive(body, "os-config-drive:config_drive")),
    (always, |body| metadata(field(body, "metadata"))),
];

/// A step of every version.
pub fn always() -> Versions {
    Versions::ALL
}

/// The step of all writes to servers.
pub fn server_is_there(body: &Value) -> Result<(), Rejection> {
    if body.get("server").is_some_and(Value::is_object) {
        return Ok(());
    }
    let message = "Unable to process the contained instructions".to_owned();
    Err(Rejection { code: Code::Missing, status: 422, message, at: Pointer::default() })
}

/// The same of v3.
pub fn server_is_valid(body: &Value) -> Result<(), Rejection> {
    match body.get("server").is_some_and(Value::is_object) {
        true => Ok(()),
        false => Err(Rejection::bad_request(Code::Missing, Pointer::default(), "The request body is invalid")),
    }
}

fn named(body: &Value) -> Result<(), Rejection> {
    match field(body, "name") {
        None => refuse(Code::Missing, "name", "Server name is not defined"),
        given => name(given),
    }
}

/// An id, or a URL that ends in one; none is needed where a block device is the disk. To v3 an empty one is none.
fn image(body: &Value, key: &str, mapped: &[&str], empty_is_none: bool) -> Result<(), Rejection> {
    let from_volume = mapped.iter().any(|key| items(field(body, key)).next().is_some());
    let given = field(body, key).map(|image| image.as_str().unwrap_or(if image.is_null() { "" } else { "-" }));
    match given.filter(|text| !(empty_is_none && text.is_empty())) {
        None | Some("") if from_volume => Ok(()),
        None => refuse(Code::Missing, key, &format!("Missing {key} attribute")),
        Some(text) => match Format::Uuid.holds(last_part(text)) {
            true => Ok(()),
            false => refuse(Code::Format, key, &format!("Invalid {key} provided.")),
        },
    }
}

/// What follows the last slash of an id or a URL.
pub fn last_part(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

fn flavor(body: &Value, key: &str) -> Result<(), Rejection> {
    match field(body, key) {
        None => refuse(Code::Missing, key, &format!("Missing {key} attribute")),
        Some(Value::String(text)) if last_part(text).is_empty() => {
            refuse(Code::Format, key, &format!("Invalid {key} provided."))
        }
        Some(_) => Ok(()),
    }
}

fn networks(body: &Value) -> Result<(), Rejection> {
    let Some(networks) = field(body, "networks").filter(|networks| !networks.is_null()) else { return Ok(()) };
    let Some(networks) = networks.as_array() else { return refuse(Code::Type, "networks", "Bad networks format") };
    for (place, network) in networks.iter().enumerate() {
        let mut here = at("networks");
        here.0.push(Segment::Index(place));
        let Some(network) = network.as_object() else {
            return Err(Rejection::bad_request(Code::Type, here, "Bad networks format"));
        };
        one_network(network, here)?;
    }
    Ok(())
}

fn one_network(network: &Map, here: Pointer) -> Result<(), Rejection> {
    let word = |key: &str| network.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let wrong = |key: &str, message: String| Err(Rejection::bad_request(Code::Format, here.clone().key(key), message));
    match (word("port"), word("uuid")) {
        (Some(id), _) if !Format::Uuid.holds(id) => {
            return wrong("port", format!("Bad port format: port uuid is not in proper format ({id})"));
        }
        (None, None) => return Err(Rejection::bad_request(Code::Missing, here, "Bad network format: missing 'uuid'")),
        (None, Some(id))
            if !Format::Uuid.holds(id.split_once('-').map_or(id, |(_, rest)| rest)) && !Format::Uuid.holds(id) =>
        {
            return wrong("uuid", format!("Bad networks format: network uuid is not in proper format ({id})"));
        }
        _ => {}
    }
    match word("fixed_ip").filter(|ip| !Format::Ipv4.holds(ip) && !Format::Ipv6.holds(ip)) {
        Some(ip) => wrong("fixed_ip", format!("Invalid fixed IP address ({ip})")),
        None => Ok(()),
    }
}

fn one_syntax(body: &Value, older: &str, newer: &str) -> Result<(), Rejection> {
    let has_some = |key: &str| items(field(body, key)).next().is_some();
    match has_some(older) && has_some(newer) {
        true => refuse(
            Code::Rule,
            newer,
            "Using different block_device_mapping syntaxes is not allowed in the same request.",
        ),
        false => Ok(()),
    }
}

fn counts(body: &Value, alias: &str) -> Result<(), Rejection> {
    let least = count(body, alias, "min_count")?;
    let most = count(body, alias, "max_count")?;
    match (least, most) {
        (Some(least), Some(most)) if least > most => {
            refuse(Code::Rule, &format!("{alias}min_count"), "min_count must be <= max_count")
        }
        _ => Ok(()),
    }
}

fn count(body: &Value, alias: &str, key: &str) -> Result<Option<i64>, Rejection> {
    let own = format!("{alias}{key}");
    let Some(value) = field(body, &own) else { return Ok(None) };
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
    let wrong = |code, what: &str| {
        Err(Rejection::bad_request(code, at(&own), format!("Invalid input received: {key} must be {what}")))
    };
    match number {
        None => wrong(Code::Format, "an integer"),
        Some(number) if number < 1 => wrong(Code::Range, ">= 1"),
        number => Ok(number),
    }
}
