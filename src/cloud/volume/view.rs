//! Volumes as Nova and Cinder show them.

use super::record::Volume;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Resource};
use crate::contract::Service;

/// Nova shows four fields of an attachment, and an empty attachment if there is none.
pub fn of_nova(_: &Cloud, _: &Service, volume: &Resource, body: &mut Map) {
    let attachment = |attachment: &Value| {
        json!({
            "id": volume.id, "volumeId": volume.id, "serverId": attachment["server_id"], "device": attachment["device"],
        })
    };
    let mut attachments: Vec<Value> = Volume::of(&volume.body).attachments().iter().map(attachment).collect();
    if attachments.is_empty() {
        attachments.push(json!({}));
    }
    body.insert("attachments", Value::Array(attachments));
}

/// Cinder spells `bootable` as a text. Every volume here is its owner's, so that it counts.
pub fn of_cinder(_: &Cloud, _: &Service, volume: &Resource, body: &mut Map) {
    let is_bootable = Volume::of(&volume.body).is_bootable().unwrap_or(false);
    body.insert("bootable", Value::String(is_bootable.to_string()));
    body.insert("consumes_quota", Value::Bool(true));
}
