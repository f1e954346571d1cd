//! What Nova's APIs v2 and v3 check of an update and of the actions of a server (nova/api/openstack/compute/servers.py and
//! plugins/v3/servers.py of 2014.1).

use super::create_server_v2::{always, last_part, server_is_there, server_is_valid};
use super::server_fields_v2::{address, disk_config, field, name, refuse};
use crate::base::Pointer;
use crate::base::json::Value;
use crate::contract::finding::{Code, Rejection, Step};
use crate::contract::schema::Format;

/// The steps of an update.
pub const UPDATE: &[Step] = &[
    (always, server_is_there),
    (always, disk_config),
    (always, |body| name(field(body, "name"))),
    (always, |body| address(body, "accessIPv4", Format::Ipv4, "accessIPv4 is not proper IPv4 format")),
    (always, |body| address(body, "accessIPv6", Format::Ipv6, "accessIPv6 is not proper IPv6 format")),
    (always, |body| fixed(body, "hostId", "HostId cannot be updated.")),
    (always, |body| fixed(body, "personality", "Personality cannot be updated.")),
];

/// The same of v3.
pub const UPDATE_V3: &[Step] = &[
    (always, server_is_valid),
    (always, |body| name(field(body, "name"))),
    (always, |body| fixed(body, "host_id", "host_id cannot be updated.")),
];

/// The steps of the actions that need a field.
pub const ACTION: &[Step] = &[(always, reboot), (always, |body| needed(body, FIELDS))];

/// The same of v3.
pub const ACTION_V3: &[Step] = &[(always, reboot), (always, |body| needed(body, FIELDS_V3))];

fn fixed(body: &Value, key: &str, message: &str) -> Result<(), Rejection> {
    match field(body, key) {
        None => Ok(()),
        Some(_) => refuse(Code::UnknownField, key, message),
    }
}

/// What an action needs, and how Nova refuses it without.
struct Needed {
    action: &'static str,
    field: &'static str,
    missing: &'static str,
    /// What it answers to an empty one, or to an image that is neither an id nor a URL that ends in one.
    wrong: Option<&'static str>,
}

const FIELDS: &[Needed] = &[
    Needed {
        action: "resize",
        field: "flavorRef",
        missing: "Resize requests require 'flavorRef' attribute.",
        wrong: Some("Resize request has invalid 'flavorRef' attribute."),
    },
    Needed {
        action: "rebuild",
        field: "imageRef",
        missing: "Could not parse imageRef from request.",
        wrong: Some("Invalid imageRef provided."),
    },
    Needed {
        action: "createImage",
        field: "name",
        missing: "createImage entity requires name attribute",
        wrong: Some("createImage entity requires name attribute"),
    },
    Needed { action: "changePassword", field: "adminPass", missing: "No adminPass was specified", wrong: None },
    Needed { action: "addSecurityGroup", field: "name", missing: "Security group not specified", wrong: None },
    Needed { action: "removeSecurityGroup", field: "name", missing: "Security group not specified", wrong: None },
    Needed { action: "addFloatingIp", field: "address", missing: "Address not specified", wrong: None },
    Needed { action: "removeFloatingIp", field: "address", missing: "Address not specified", wrong: None },
    Needed {
        action: "addFixedIp",
        field: "networkId",
        missing: "Missing 'networkId' argument for addFixedIp",
        wrong: None,
    },
    Needed {
        action: "removeFixedIp",
        field: "address",
        missing: "Missing 'address' argument for removeFixedIp",
        wrong: None,
    },
];

const FIELDS_V3: &[Needed] = &[
    Needed {
        action: "resize",
        field: "flavor_ref",
        missing: "Resize requests require 'flavor_ref' attribute.",
        wrong: Some("Resize request has invalid 'flavor_ref' attribute."),
    },
    Needed {
        action: "rebuild",
        field: "image_ref",
        missing: "Could not parse image_ref from request.",
        wrong: Some("Invalid image_ref provided."),
    },
    Needed {
        action: "create_image",
        field: "name",
        missing: "create_image entity requires name attribute",
        wrong: Some("create_image entity requires name attribute"),
    },
    Needed {
        action: "change_password",
        field: "admin_password",
        missing: "No admin_password was specified",
        wrong: None,
    },
    Needed { action: "add_security_group", field: "name", missing: "Security group not specified", wrong: None },
    Needed { action: "remove_security_group", field: "name", missing: "Security group not specified", wrong: None },
    Needed {
        action: "add_fixed_ip",
        field: "network_id",
        missing: "Missing 'network_id' argument for add_fixed_ip",
        wrong: None,
    },
    Needed {
        action: "remove_fixed_ip",
        field: "address",
        missing: "Missing 'address' argument for remove_fixed_ip",
        wrong: None,
    },
];

fn needed(body: &Value, fields: &[Needed]) -> Result<(), Rejection> {
    let Some(needed) = fields.iter().find(|needed| body.get(needed.action).is_some()) else { return Ok(()) };
    let at = Pointer::default().key(needed.action).key(needed.field);
    let Some(given) = body[needed.action].get(needed.field) else {
        return Err(Rejection::bad_request(Code::Missing, at, needed.missing));
    };
    let is_right = match given {
        Value::String(text) if needed.field.starts_with("image") => Format::Uuid.holds(last_part(text)),
        Value::String(text) => !text.is_empty(),
        other => !other.is_null(),
    };
    match needed.wrong.filter(|_| !is_right) {
        Some(wrong) => Err(Rejection::bad_request(Code::Format, at, wrong)),
        None => Ok(()),
    }
}

fn reboot(body: &Value) -> Result<(), Rejection> {
    let Some(reboot) = body.get("reboot") else { return Ok(()) };
    let wrong =
        |code, message| Err(Rejection::bad_request(code, Pointer::default().key("reboot").key("type"), message));
    match reboot.get("type") {
        None => wrong(Code::Missing, "Missing argument 'type' for reboot"),
        Some(Value::String(kind)) if ["HARD", "SOFT"].contains(&kind.to_uppercase().as_str()) => Ok(()),
        Some(Value::String(_)) => wrong(Code::Choice, "Argument 'type' for reboot is not HARD or SOFT"),
        Some(_) => wrong(Code::Type, "Argument 'type' for reboot must be a string"),
    }
}
