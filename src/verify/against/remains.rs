//! Servers and volumes: what the deletion of a server leaves behind, and what it would delete with it.
//!
//! Nova deletes the ports that it created for a server. Volumes that it created stay, unless they have `delete_on_termination`, and
//! they have no name: <https://docs.openstack.org/nova/latest/user/block-device-mapping.html>.

use super::cloud::{Cloud, Received, get, inner};
use super::journal::Journal;
use super::names::is_id;
use super::pauses::Pauses;
use crate::base::json::Value;
use crate::base::truth;

/// The types of the service that has volumes: <https://service-types.openstack.org/service-types.json>
pub const BLOCK_STORAGE: [&str; 3] = ["block-storage", "volumev3", "volume"];

/// Notes in `journal` the volumes that Nova made for the server at `path`, which is about to be deleted: those that are attached, and
/// that the run neither made nor named itself. It is built first, for as long as `patience` seconds, as they are unknown before.
///
/// # Errors
/// They cannot be determined.
pub fn note_remains(cloud: &mut impl Cloud, journal: &mut Journal, path: &str, patience: u32) -> Result<(), String> {
    for pause in Pauses::within(patience) {
        match cloud.ask(&get(path)) {
            Ok(Received { status: 200, body, .. }) if inner(&body).get("status").is_some_and(|own| own == "BUILD") => {
                cloud.wait(pause);
            }
            _ => break,
        }
    }
    let attached = match cloud.ask(&get(&format!("{path}/os-volume_attachments")))? {
        Received { status: 200, body, .. } => volumes_of(&body),
        // It is gone.
        Received { status: 404, .. } => return Ok(()),
        Received { status, .. } => {
            return Err(format!("the cloud answered {status} when it was asked for its volumes"));
        }
    };
    for id in attached.iter().filter(|id| !journal.has_made(id) && !journal.has_named(id)).collect::<Vec<_>>() {
        let volumes = cloud.endpoint(&BLOCK_STORAGE);
        let volumes = volumes.ok_or_else(|| format!("the catalog has no service for its volume {id}"))?;
        journal.remains(&format!("{volumes}/volumes/{id}")).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn volumes_of(body: &Value) -> Vec<String> {
    let listed = body.list("volumeAttachments").iter();
    listed.filter_map(|own| own.get("volumeId")?.as_str()).map(str::to_owned).collect()
}

/// Does the path lead to a server itself?
pub fn is_server(path: &str) -> bool {
    path.rsplit('/').nth(1) == Some("servers")
}

/// The ids in a body.
pub fn ids_of(body: &Value) -> Vec<&str> {
    match body {
        Value::String(text) if is_id(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(ids_of).collect(),
        Value::Object(map) => map.values().flat_map(ids_of).collect(),
        _ => Vec::new(),
    }
}

/// A volume that is not one of those that `is_own`, and that would be deleted together with the server that `body` attaches it to.
pub fn taken_along<'b>(body: &'b Value, is_own: &impl Fn(&str) -> bool) -> Option<&'b str> {
    match body {
        Value::Array(items) => items.iter().find_map(|item| taken_along(item, is_own)),
        Value::Object(map) => {
            let text = |key: &str| map.get(key).and_then(Value::as_str);
            let source = text("uuid").filter(|_| text("source_type") == Some("volume"));
            let volume = text("volume_id").or(text("volumeId")).or(source);
            let goes = map.get("delete_on_termination").is_some_and(|goes| !is_false(goes));
            let foreign = volume.filter(|id| goes && !is_own(id));
            foreign.or_else(|| map.values().find_map(|item| taken_along(item, is_own)))
        }
        _ => None,
    }
}

/// Does Nova take it for false?
fn is_false(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::String(text) => truth(text.trim()) == Some(false),
        other => other.is_null() || *other == 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    const ID: &str = "8ca404f3-d844-4169-bb96-bc792f37de98";

    #[test]
    fn only_a_volume_of_others_that_would_go_is_taken_along() {
        let body = |device: Value| json!({"server": {"imageRef": ID, "block_device_mapping_v2": [device]}});
        for (device, expected) in [
            (json!({"source_type": "volume", "uuid": ID, "delete_on_termination": true}), Some(ID)),
            (json!({"source_type": "volume", "uuid": ID, "delete_on_termination": "False"}), None),
            (json!({"source_type": "volume", "uuid": ID}), None),
            (json!({"source_type": "image", "uuid": ID, "delete_on_termination": true}), None),
            (json!({"volume_id": ID, "delete_on_termination": "1"}), Some(ID)),
            (json!({"volumeAttachment": {"volumeId": ID, "delete_on_termination": true}}), Some(ID)),
        ] {
            assert_eq!(taken_along(&body(device.clone()), &|_| false), expected, "{device}");
            assert_eq!(taken_along(&body(device), &|id| id == ID), None);
        }
        assert!(is_server("/compute/v2.1/servers/1") && !is_server("/compute/v2.1/servers/1/action"));
    }
}
