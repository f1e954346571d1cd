//! How Nova's APIs v2 and v3 check the block devices of a boot (nova/block_device.py of 2014.1).

use super::server_fields_v2::{at, field, items};
use crate::base::Segment;
use crate::base::json::{Map, Value};
use crate::contract::finding::{Code, Rejection};

/// Block devices of the older form: each has a name.
pub fn older_devices(body: &Value, key: &str) -> Result<(), Rejection> {
    each_device(body, key, |device| {
        device_name(device.get("device_name"))?;
        volume_size(device.get("volume_size"))
    })
}

/// Block devices of the newer form.
pub fn block_devices(body: &Value, key: &str) -> Result<(), Rejection> {
    each_device(body, key, |device| {
        let truthy = |key: &str| device.get(key).is_some_and(|value| !value.is_null() && value != "" && value != false);
        if !truthy("no_device") {
            source(device, truthy("uuid"))?;
        }
        if let Some(unknown) = device.keys().find(|key| !DEVICE.contains(&key.as_str())) {
            return Err((Code::UnknownField, unknown.to_string(), "Some fields are invalid."));
        }
        if device.get("device_name").is_some_and(|name| !name.is_null()) {
            device_name(device.get("device_name"))?;
        }
        volume_size(device.get("volume_size"))?;
        match device.get("boot_index").is_none_or(is_integer) {
            true => Ok(()),
            false => Err((Code::Format, "boot_index".to_owned(), "Boot index is invalid.")),
        }
    })
}

const DEVICE: [&str; 15] = [
    "uuid",
    "source_type",
    "destination_type",
    "guest_format",
    "device_type",
    "disk_bus",
    "boot_index",
    "device_name",
    "delete_on_termination",
    "snapshot_id",
    "volume_id",
    "volume_size",
    "image_id",
    "no_device",
    "connection_info",
];

/// What is wrong with a block device: code, field, sentence.
type Wrong = (Code, String, &'static str);

fn each_device(body: &Value, key: &str, check: impl Fn(&Map) -> Result<(), Wrong>) -> Result<(), Rejection> {
    for (place, device) in items(field(body, key)).enumerate() {
        let Some(device) = device.as_object() else { continue };
        check(device).map_err(|(code, own, why)| {
            let mut here = at(key);
            here.0.push(Segment::Index(place));
            Rejection::bad_request(code, here.key(&own), format!("Block Device Mapping is Invalid: {why}"))
        })?;
    }
    Ok(())
}

fn source(device: &Map, has_uuid: bool) -> Result<(), Wrong> {
    match device.get("source_type").and_then(Value::as_str) {
        Some("blank") if has_uuid => Err((Code::Rule, "uuid".to_owned(), "Invalid device UUID.")),
        Some("blank") => Ok(()),
        Some("volume" | "image" | "snapshot") if has_uuid => Ok(()),
        Some("volume" | "image" | "snapshot") => Err((Code::Missing, "uuid".to_owned(), "Missing device UUID.")),
        _ => Err((Code::Choice, "source_type".to_owned(), "Invalid source_type field.")),
    }
}

fn device_name(name: Option<&Value>) -> Result<(), Wrong> {
    let own = || "device_name".to_owned();
    match name.and_then(Value::as_str).filter(|name| (1..=255).contains(&name.chars().count())) {
        None => Err((Code::Length, own(), "Device name empty or too long.")),
        Some(name) if name.contains(' ') => Err((Code::Pattern, own(), "Device name contains spaces.")),
        Some(_) => Ok(()),
    }
}

fn volume_size(size: Option<&Value>) -> Result<(), Wrong> {
    let is_size =
        |size: &Value| size == "" || size.is_null() || (is_integer(size) && size.as_i64().is_none_or(|size| size >= 0));
    match size.is_none_or(is_size) {
        true => Ok(()),
        false => Err((Code::Range, "volume_size".to_owned(), "Invalid volume_size.")),
    }
}

/// What Python's `int` takes; nothing and the empty text are not looked at.
fn is_integer(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty() || text.trim().parse::<i64>().is_ok(),
        other => other.is_number() || other.is_boolean() || other.is_null(),
    }
}
