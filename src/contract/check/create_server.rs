//! What Nova's `ServersController.create` checks before it looks anything up, in its order
//! (nova/api/openstack/compute/servers.py, nova/block_device.py).

use crate::base::json::{Map, Value};
use crate::base::{Pointer, Segment, Version, Versions, python_bool, python_str};
use crate::contract::finding::{Code, Rejection, Step};
use crate::contract::schema::{Format, number_of};

/// The steps, in Nova's order.
pub const STEPS: &[Step] = &[
    (always, counts),
    (always, zone_syntax),
    (since_2_74, one_host_mechanism),
    (always, block_devices),
    (always, image),
    (always, networks),
];

fn always() -> Versions {
    Versions::ALL
}

fn since_2_74() -> Versions {
    Version::minor(74).map_or(Versions::NONE, |first| Versions::range(first, Version::LAST))
}

fn server(body: &Value) -> Option<&Map> {
    body.get("server")?.as_object()
}

fn field<'b>(body: &'b Value, key: &str) -> Option<&'b Value> {
    server(body)?.get(key)
}

fn at(key: &str) -> Pointer {
    Pointer::default().key("server").key(key)
}

fn item(key: &str, index: usize) -> Pointer {
    let mut pointer = at(key);
    pointer.0.push(Segment::Index(index));
    pointer
}

fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(python_bool)
}

fn counts(body: &Value) -> Result<(), Rejection> {
    let count = |key: &str| field(body, key).and_then(number_of);
    let least = count("min_count").unwrap_or_else(|| 1.into());
    let most = count("max_count").unwrap_or_else(|| least.clone());
    if crate::contract::schema::compare(&least, &most).is_gt() {
        return Err(Rejection::bad_request(Code::Rule, at("min_count"), "min_count must be <= max_count"));
    }
    Ok(())
}

/// The host and the node of `zone:host:node`, `zone:host` or `zone::node`.
pub fn forced_host(zone: &str) -> Option<&str> {
    zone.split_once(':').map(|(_, rest)| rest.trim_start_matches(':')).filter(|rest| !rest.is_empty())
}

fn zone_syntax(body: &Value) -> Result<(), Rejection> {
    let zone = field(body, "availability_zone").and_then(Value::as_str).unwrap_or_default();
    if zone.matches(':').count() > 2 {
        let message = "Invalid input received: Unable to parse availability_zone";
        return Err(Rejection::bad_request(Code::Rule, at("availability_zone"), message));
    }
    Ok(())
}

fn one_host_mechanism(body: &Value) -> Result<(), Rejection> {
    let zone = field(body, "availability_zone").and_then(Value::as_str).unwrap_or_default();
    let named = ["host", "hypervisor_hostname"].into_iter().find(|key| is_true(field(body, key)));
    match (named, forced_host(zone)) {
        (Some(key), Some(_)) => Err(Rejection::bad_request(
            Code::Rule,
            at(key),
            "One mechanism with host and/or hypervisor_hostname and another mechanism with zone:host:node are mutually exclusive.",
        )),
        _ => Ok(()),
    }
}

fn block_devices(body: &Value) -> Result<(), Rejection> {
    let (legacy, current) = (field(body, "block_device_mapping"), field(body, "block_device_mapping_v2"));
    if is_true(legacy) && is_true(current) {
        let message = "Using different block_device_mapping syntaxes is not allowed in the same request.";
        return Err(Rejection::bad_request(Code::Rule, at("block_device_mapping"), message));
    }
    let devices = current.and_then(Value::as_array).filter(|_| !is_true(legacy));
    for (index, device) in devices.into_iter().flatten().enumerate() {
        block_device(device, is_true(field(body, "imageRef"))).map_err(|(code, details)| {
            let message = format!("Block Device Mapping is Invalid: {details}");
            Rejection::bad_request(code, item("block_device_mapping_v2", index), message)
        })?;
    }
    Ok(())
}

fn block_device(device: &Value, image_is_given: bool) -> Result<(), (Code, &'static str)> {
    if is_true(device.get("no_device")) {
        return if device.get("virtual_name").is_some() { Err(VIRTUAL_NAME) } else { Ok(()) };
    }
    let word = |key: &str| device.get(key).and_then(Value::as_str);
    let has_uuid = is_true(device.get("uuid"));
    match (word("source_type"), has_uuid) {
        (Some("blank"), true) => return Err((Code::Rule, "Invalid device UUID.")),
        (Some("blank"), false) | (_, true) => {}
        (_, false) => return Err((Code::Missing, "Missing device UUID.")),
    }
    if (word("source_type"), word("destination_type")) == (Some("image"), Some("local")) {
        let first = device.get("boot_index").and_then(number_of).is_some_and(|index| index.as_f64() == Some(0.0));
        if !(image_is_given && first) {
            return Err((Code::Rule, "Mapping image to local is not supported."));
        }
    }
    let has_type = is_true(device.get("volume_type"));
    if has_type && word("destination_type") == Some("local") {
        return Err((Code::Rule, "Specifying a volume_type with destination_type=local is not supported."));
    }
    if has_type && word("source_type") == Some("volume") {
        return Err((Code::Rule, "Specifying volume type to existing volume is not supported."));
    }
    if device.get("virtual_name").is_some() { Err(VIRTUAL_NAME) } else { Ok(()) }
}

const VIRTUAL_NAME: (Code, &str) = (Code::UnknownField, "Following fields are invalid: virtual_name");

fn image(body: &Value) -> Result<(), Rejection> {
    let devices = ["block_device_mapping", "block_device_mapping_v2"].map(|key| is_true(field(body, key)));
    if !is_true(field(body, "imageRef")) && devices == [false, false] {
        return Err(Rejection::bad_request(Code::Missing, at("imageRef"), "Missing imageRef attribute"));
    }
    Ok(())
}

fn networks(body: &Value) -> Result<(), Rejection> {
    let mut ports: Vec<&str> = Vec::new();
    let networks = field(body, "networks").and_then(Value::as_array).into_iter().flatten();
    for (index, network) in networks.enumerate() {
        let refuse = |code, message: String| Err(Rejection::bad_request(code, item("networks", index), message));
        let port = network.get("port").and_then(Value::as_str).filter(|port| !port.is_empty());
        let address = network.get("fixed_ip").filter(|ip| !ip.is_null());
        match (port, address, network.get("uuid")) {
            (Some(port), ..) if ports.contains(&port) => {
                let message = format!("Port ID '{port}' was specified twice: you cannot attach a port multiple times.");
                return refuse(Code::Unique, message);
            }
            (Some(port), Some(address), _) => {
                let address = python_str(address);
                let message = format!(
                    "Specified Fixed IP '{address}' cannot be used with port '{port}': the two cannot be specified together."
                );
                return refuse(Code::Rule, message);
            }
            (Some(port), None, _) => ports.push(port),
            (None, _, None) => return refuse(Code::Missing, "Bad network format: missing 'uuid'".to_owned()),
            (None, _, Some(uuid)) if !uuid.as_str().is_some_and(|uuid| Format::Uuid.holds(uuid)) => {
                let message =
                    format!("Bad networks format: network uuid is not in proper format ({})", python_str(uuid));
                return refuse(Code::Format, message);
            }
            _ => {}
        }
    }
    Ok(())
}
