//! Volumes are taken, made, and let go.

use serde_json::{Value, json};

use super::{Device, Source, find};
use crate::base::FieldMap;
use crate::cloud::derived::derive;
use crate::cloud::lifecycle::{nova_time, precise_time};
use crate::cloud::resource::Resource;
use crate::cloud::state::{Cloud, HOST};
use crate::cloud::token::Caller;

/// Gives `server` its volumes, new ones or those that are there; how it shows them, null if it has none.
pub fn connect(cloud: &mut Cloud, server: &str, caller: &Caller, devices: &[Device<'_>]) -> Value {
    let mut shown = Vec::new();
    for (place, device) in devices.iter().filter(|device| device.volume).enumerate() {
        let id = match device.source {
            Source::Volume => device.id.to_owned(),
            _ => new_volume(cloud, caller, device),
        };
        let letter = char::from(b'a' + u8::try_from(place % 26).unwrap_or_default());
        let name = if device.name.is_empty() { format!("/dev/vd{letter}") } else { device.name.to_owned() };
        let (attachment_id, bdm_uuid) = (cloud.ids.uuid().to_string(), cloud.ids.uuid().to_string());
        let attachment = json!({
            "id": id, "attachment_id": attachment_id, "volume_id": id, "server_id": server, "host_name": HOST, "device": name,
            "attached_at": precise_time(cloud.clock.now()),
        });
        if let Some(mut volume) = cloud.collection("volumes").get_mut(&id) {
            volume.set("status", "in-use");
            match volume.body.get_mut("attachments").and_then(Value::as_array_mut) {
                Some(attachments) => attachments.push(attachment),
                None => volume.set("attachments", json!([attachment])),
            }
        }
        // Every form of every field of an attachment.
        shown.push(json!({
            "id": id, "volumeId": id, "serverId": server, "device": name, "tag": device.tag, "attachment_id": attachment_id,
            "bdm_uuid": bdm_uuid, "delete_on_termination": device.goes, "is_root": device.is_root(),
        }));
    }
    if shown.is_empty() { Value::Null } else { Value::Array(shown) }
}

fn new_volume(cloud: &mut Cloud, caller: &Caller, device: &Device<'_>) -> String {
    let id = cloud.ids.uuid().to_string();
    let now = nova_time(&cloud.clock);
    let source = find(cloud, device);
    let size = device.size.or_else(|| source.and_then(|snapshot| snapshot.body.get("size")?.as_u64())).unwrap_or(1);
    let image = (device.source == Source::Image).then(|| json!({"image_id": device.id}));
    let snapshot = (device.source == Source::Snapshot).then_some(device.id);
    let fields = json!({
        "id": id, "name": "", "description": "", "size": size, "status": "in-use", "multiattach": false, "attachments": [],
        "bootable": if device.source == Source::Blank { "false" } else { "true" }, "snapshot_id": snapshot,
        "volume_type": if device.kind.is_empty() { "__DEFAULT__" } else { device.kind }, "metadata": {},
        "volume_image_metadata": image, "availability_zone": cloud.zones().first(), "user_id": caller.user,
        "os-vol-tenant-attr:tenant_id": caller.project, "created_at": now, "updated_at": now,
    });
    let mut body: FieldMap = fields.as_object().cloned().unwrap_or_default().into();
    body.retain(|_, value| !value.is_null());
    derive("volumes", &mut body);
    cloud.collection("volumes").put(Resource {
        id: id.clone(),
        project: caller.project.clone(),
        public: false,
        body,
        pending: None,
    });
    id
}

/// The volumes of a server that is gone: those that go with it go, the others are free again.
pub fn disconnect(cloud: &mut Cloud, server: &Resource) {
    let attached = server.body.get("os-extended-volumes:volumes_attached").and_then(Value::as_array);
    for row in attached.into_iter().flatten() {
        let Some(id) = row["id"].as_str() else { continue };
        if row["delete_on_termination"] == true {
            cloud.collection("volumes").remove(id);
        } else if let Some(mut volume) = cloud.collection("volumes").get_mut(id) {
            let left = volume.body.get_mut("attachments").and_then(Value::as_array_mut).map_or(0, |attachments| {
                attachments.retain(|attachment| attachment["server_id"] != server.id.as_str());
                attachments.len()
            });
            if left == 0 {
                volume.set("status", "available");
            }
        }
    }
}
