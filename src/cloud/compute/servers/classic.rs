//! How the boots of Icehouse's APIs differ from today's: in the names of fields and in the messages of refusals.

use crate::base::json::{Map, Value};
use crate::cloud::compute::former_policies::former;
use crate::cloud::store::{Fault, Reason};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// Fields of the API v3, and what v2 calls them.
const RENAMED: [(&str, &str); 13] = [
    ("image_ref", "imageRef"),
    ("flavor_ref", "flavorRef"),
    ("admin_password", "adminPass"),
    ("os-block-device-mapping:block_device_mapping", "block_device_mapping_v2"),
    ("os-config-drive:config_drive", "config_drive"),
    ("os-user-data:user_data", "user_data"),
    ("os-access-ips:access_ip_v4", "accessIPv4"),
    ("os-access-ips:access_ip_v6", "accessIPv6"),
    ("os-availability-zone:availability_zone", "availability_zone"),
    ("os-multiple-create:min_count", "min_count"),
    ("os-multiple-create:max_count", "max_count"),
    ("os-multiple-create:return_reservation_id", "return_reservation_id"),
    ("os-security-groups:security_groups", "security_groups"),
];

/// The body with today's names. Images and flavors may be URLs that end in an id; hints may be inside the server.
pub fn canonical(body: &Value) -> Value {
    let mut body = body.clone();
    let Some(server) = body.get_mut("server").and_then(Value::as_object_mut) else { return body };
    for (old, new) in RENAMED {
        if let Some(value) = server.remove(old) {
            server.insert(new.to_owned(), value);
        }
    }
    shorten(server);
    if let Some(hints) = server.remove("os-scheduler-hints:scheduler_hints") {
        body["os:scheduler_hints"] = hints;
    }
    body
}

fn shorten(server: &mut Map) {
    if let Some(Value::String(image)) = server.get_mut("imageRef")
        && let Some((_, id)) = image.rsplit_once('/')
    {
        *image = id.to_owned();
    }
}

/// The refusal in the words of the time.
pub fn fault(ask: &Ask<'_>, fault: Fault) -> Fault {
    let message = match fault.reason.as_deref() {
        Some(Reason::NoCell) => return ask.not_found(),
        Some(Reason::Policy { .. }) => return by_former_rule(ask, fault),
        Some(Reason::State { action, field, state }) => {
            format!("Cannot '{action}' while instance is in {field} {state}")
        }
        Some(Reason::SameFlavor) => "Resize requires a flavor change.".to_owned(),
        Some(Reason::Login { .. }) => return fault,
        // In Juno it became a 403.
        None if fault.code == Code::Quota && !ask.is_of("juno..") => return Fault { status: 413, ..fault },
        None if fault.code == Code::Reference => unknown(ask, &fault),
        None => return fault,
    };
    Fault { message, ..fault }
}

/// A refusal by a rule, by the name that it had.
pub fn by_former_rule(ask: &Ask<'_>, fault: Fault) -> Fault {
    match fault.reason.as_deref() {
        Some(Reason::Policy { rule }) => Fault { message: (ask.manner().policy)(&former(rule)), ..fault },
        _ => fault,
    }
}

/// What is said of a flavor or an image that is not there, by action and field; a boot has no action.
const UNKNOWN: [(&str, &str, &str); 2] = [
    ("resize", "flavorRef", "Unable to locate requested flavor."),
    ("rebuild", "imageRef", "Cannot find image for rebuild"),
];

fn unknown(ask: &Ask<'_>, fault: &Fault) -> String {
    let field = fault.at.as_ref().and_then(|at| at.last());
    let field = field.as_deref();
    let own = ask.operation.action.as_deref();
    if let Some((.., message)) = UNKNOWN.iter().find(|(action, name, _)| Some(*action) == own && Some(*name) == field) {
        return (*message).to_owned();
    }
    match (field, ask.service.name.as_str()) {
        (Some("flavorRef"), "compute-v3") => "Invalid flavor_ref provided.".to_owned(),
        (Some("flavorRef"), _) => "Invalid flavorRef provided.".to_owned(),
        _ => fault.message.clone(),
    }
}
