//! Volumes as Nova and Cinder show them.

use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Resource};
use crate::contract::Service;

/// Nova shows four fields of an attachment, and an empty attachment if there is none.
pub fn of_nova(_: &Cloud, _: &Service, volume: &Resource, body: &mut Map) {
    let attachment = |attachment: &Value| {
        let field = |name: &str| attachment.get(name).cloned().unwrap_or_default();
        json!({"id": volume.id, "volumeId": volume.id, "serverId": field("server_id"), "device": field("device")})
    };
    let mut attachments: Vec<Value> = attachments(volume).iter().map(attachment).collect();
    if attachments.is_empty() {
        attachments.push(json!({}));
    }
    body.insert("attachments", Value::Array(attachments));
}

/// Cinder spells `bootable` as a text.
pub fn of_cinder(_: &Cloud, _: &Service, volume: &Resource, body: &mut Map) {
    let bootable = match volume.body.get("bootable") {
        Some(Value::String(text)) => text.clone(),
        other => (other == Some(&Value::Bool(true))).to_string(),
    };
    body.insert("bootable", Value::String(bootable));
}

fn attachments(volume: &Resource) -> &[Value] {
    volume.body.get("attachments").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
