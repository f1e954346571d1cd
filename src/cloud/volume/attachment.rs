//! Volumes that are attached to servers: both sides know of it, and both change here.

use crate::base::FieldMap;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, precise_time};

/// The field of a server that lists its volumes. Each entry holds every form of every field of an attachment.
pub const ATTACHED: &str = "os-extended-volumes:volumes_attached";

/// How a volume is to be attached.
#[derive(Clone, Debug, Default)]
pub struct Attachment {
    /// The volume.
    pub volume: String,
    /// Its device in the guest; `None`: the next that is free.
    pub device: Option<String>,
    /// What the guest may know it by.
    pub tag: Option<String>,
    /// Does it end with the server?
    pub delete_on_termination: bool,
    /// Does the server start from it?
    pub is_root: bool,
}

/// Attaches a volume to `server`; both must be there. Gives the attachment.
pub fn attach(cloud: &mut Cloud, server: &str, wish: Attachment) -> Value {
    let device = wish.device.clone().unwrap_or_else(|| next_device(cloud, server, wish.is_root));
    let attached = take(cloud, server, &device, wish);
    change_list(cloud, "servers", server, ATTACHED, |list| list.push(attached.clone()));
    attached
}

/// The volume is taken by `server`, which may still be in the making, as `device`. Gives what the server lists of it.
pub fn take(cloud: &mut Cloud, server: &str, device: &str, wish: Attachment) -> Value {
    let (attachment_id, bdm_uuid) = (cloud.ids.uuid().to_string(), cloud.ids.uuid().to_string());
    let seen_by_cinder = json!({
        "id": wish.volume, "attachment_id": attachment_id, "volume_id": wish.volume, "server_id": server,
        "host_name": null, "device": device, "attached_at": precise_time(cloud.clock.now()),
    });
    change_list(cloud, "volumes", &wish.volume, "attachments", |list| list.push(seen_by_cinder));
    settle(cloud, &wish.volume);
    json!({
        "id": wish.volume, "volumeId": wish.volume, "serverId": server, "device": device, "tag": wish.tag,
        "delete_on_termination": wish.delete_on_termination, "attachment_id": attachment_id, "bdm_uuid": bdm_uuid,
        "is_root": wish.is_root,
    })
}

/// Ends the attachment of `volume` to `server`.
pub fn detach(cloud: &mut Cloud, server: &str, volume: &str) {
    change_list(cloud, "servers", server, ATTACHED, |list| list.retain(|attachment| attachment["id"] != volume));
    change_list(cloud, "volumes", volume, "attachments", |list| {
        list.retain(|attached| attached["server_id"] != server)
    });
    settle(cloud, volume);
}

/// Ends all attachments of `server`; the volumes that were to end with it do.
pub fn release(cloud: &mut Cloud, server: &str) {
    let attached = cloud.collection("servers").get(server).and_then(|server| server.body.get(ATTACHED)).cloned();
    for attachment in attached.as_ref().and_then(Value::as_array).into_iter().flatten() {
        let volume = attachment["id"].as_str().unwrap_or_default();
        detach(cloud, server, volume);
        if attachment["delete_on_termination"] == true {
            cloud.collection("volumes").remove(volume);
        }
    }
}

/// The attachment of `volume` to a server with these fields.
pub fn attachment<'s>(server: &'s FieldMap, volume: &str) -> Option<&'s Value> {
    server.get(ATTACHED)?.as_array()?.iter().find(|attachment| attachment["id"] == volume)
}

/// A volume is in use while it is attached anywhere.
fn settle(cloud: &mut Cloud, volume: &str) {
    let Some(mut volume) = cloud.collection("volumes").get_mut(volume) else { return };
    let is_free = volume.body.get("attachments").and_then(Value::as_array).is_none_or(Vec::is_empty);
    volume.set("status", if is_free { "available" } else { "in-use" });
}

/// The next free device; the first is the disk that the server starts from.
fn next_device(cloud: &mut Cloud, server: &str, is_root: bool) -> String {
    let server = cloud.collection("servers").get(server);
    let attached = server.and_then(|server| server.body.get(ATTACHED)?.as_array()).map_or(&[][..], Vec::as_slice);
    let is_free = |device: &String| !attached.iter().any(|attachment| attachment["device"] == *device);
    let mut devices = (if is_root { 'a' } else { 'b' }..='z').map(|letter| format!("/dev/vd{letter}"));
    devices.find(is_free).unwrap_or_else(|| "/dev/vdz".to_owned())
}

fn change_list(
    cloud: &mut Cloud,
    collection: &str,
    id: &str,
    field: &'static str,
    change: impl FnOnce(&mut Vec<Value>),
) {
    if let Some(mut resource) = cloud.collection(collection).get_mut(id)
        && let Some(list) = resource.body.get_or_insert_with(field, || json!([])).as_array_mut()
    {
        change(list);
    }
}
