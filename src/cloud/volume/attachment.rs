//! Volumes that are attached to servers: both sides know of it, and both change here.

use super::record::{ATTACHED, Attached, Volume, VolumeStatus};
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, InstanceAction, precise_time};
use crate::cloud::verb::Ask;

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

/// Nova hears that a volume of `server` grew, and lists it as an action.
pub fn tell_growth(cloud: &mut Cloud, ask: &Ask<'_>, server: &str) {
    let names = ("extend_volume", "compute_extend_volume");
    let action = InstanceAction::new(names, ask.request_id, ask.caller, cloud.clock.now());
    cloud.history.record(server, action);
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
    let Some(holder) = cloud.collection("servers").get(server) else { return };
    let ends = |attached: Attached<'_>| Some((attached.volume()?.to_owned(), attached.ends_with_server()));
    let attached: Vec<(String, bool)> = Attached::all(&holder.body).filter_map(ends).collect();
    for (volume, ends) in attached {
        detach(cloud, server, &volume);
        if ends {
            cloud.collection("volumes").remove(&volume);
        }
    }
}

/// A volume is in use while it is attached anywhere.
pub fn settle(cloud: &mut Cloud, volume: &str) {
    let Some(mut volume) = cloud.collection("volumes").get_mut(volume) else { return };
    let is_free = Volume::of(&volume.body).attachments().is_empty();
    let status = if is_free { VolumeStatus::Available } else { VolumeStatus::InUse };
    volume.set("status", status.name());
}

/// The next free device; the first is the disk that the server starts from.
fn next_device(cloud: &Cloud, server: &str, is_root: bool) -> String {
    let attached = || cloud.collections.get("servers").and_then(|servers| servers.get(server)).into_iter();
    let attached = || attached().flat_map(|server| Attached::all(&server.body));
    let is_free = |device: &String| !attached().any(|attached| attached.device() == Some(device));
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
