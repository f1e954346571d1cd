//! Actions of a volume (cinder/api/contrib/volume_actions.py, cinder/volume/api.py).

use super::attachment::settle;
use super::record::{Snapshot, Volume, VolumeStatus};
use super::refusals::invalid_input;
use super::types;
use crate::base::json::{Value, json, object};
use crate::base::truth;
use crate::cloud::image::images::IMAGES;
use crate::cloud::store::{Cloud, Fault, Resource, nova_time, precise_time, stored_time};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// What an action does: closed, because each is code.
type Act = fn(&mut Cloud, &Ask<'_>, &Value) -> Result<Option<Value>, Fault>;

/// Each action by the name that its body has.
const ACTIONS: [(&str, Act); 21] = [
    ("os-reserve", reserve),
    ("os-unreserve", unreserve),
    ("os-begin_detaching", begin_detaching),
    ("os-roll_detaching", roll_detaching),
    ("os-attach", attach),
    ("os-detach", detach),
    ("os-force_detach", detach),
    ("os-initialize_connection", initialize_connection),
    ("os-terminate_connection", |_, _, _| Ok(None)),
    ("os-migrate_volume", |_, _, _| Ok(None)),
    ("os-volume_upload_image", upload_image),
    ("os-retype", retype),
    ("os-force_delete", force_delete),
    ("os-unmanage", force_delete),
    ("os-set_image_metadata", set_image_metadata),
    ("os-unset_image_metadata", unset_image_metadata),
    ("os-show_image_metadata", show_image_metadata),
    ("os-reimage", reimage),
    ("os-update_readonly_flag", set_readonly),
    ("revert", revert),
    ("os-extend_volume_completion", complete_extension),
];

/// Does what the body asks of the volume that the path names.
pub fn act(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let action = ask.operation.action.as_deref();
    let act = ACTIONS.iter().find(|(name, _)| Some(*name) == action).map(|(_, act)| act);
    let act = act.ok_or_else(|| ask.not_simulated())?;
    visible(cloud, ask, false)?;
    let payload = ask.body.as_object().and_then(|body| body.values().next()).unwrap_or(&Value::Null);
    let told = act(cloud, ask, payload)?;
    let now = stored_time(cloud.clock.now());
    if let Some(mut volume) = cloud.collection("volumes").get_mut(ask.id()) {
        volume.set("updated_at", now);
    }
    ask.answer(told)
}

fn invalid(message: String) -> Fault {
    Fault::new(Code::State, 400, format!("Invalid volume: {message}"))
}

fn status(cloud: &mut Cloud, ask: &Ask<'_>) -> Option<VolumeStatus> {
    cloud.collection("volumes").get(ask.id()).and_then(|volume| Volume::of(&volume.body).status())
}

fn set_status(cloud: &mut Cloud, ask: &Ask<'_>, status: VolumeStatus) {
    if let Some(mut volume) = cloud.collection("volumes").get_mut(ask.id()) {
        volume.set("status", status.name());
    }
}

fn reserve(cloud: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    let volume = visible(cloud, ask, false)?;
    let own = Volume::of(&volume.body);
    let is_shared = own.is_multiattach() && own.status() == Some(VolumeStatus::InUse);
    if !own.is_available() && !is_shared {
        let current = own.status_name();
        return Err(invalid(format!("Volume status must be available to reserve, but the status is {current}.")));
    }
    drop(volume);
    set_status(cloud, ask, VolumeStatus::Attaching);
    Ok(None)
}

fn unreserve(cloud: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    if status(cloud, ask) == Some(VolumeStatus::Attaching) {
        settle(cloud, ask.id());
    }
    Ok(None)
}

fn begin_detaching(cloud: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    const NOT_ATTACHED: &str =
        "Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.";
    if status(cloud, ask) != Some(VolumeStatus::InUse) {
        return Err(invalid(NOT_ATTACHED.to_owned()));
    }
    set_status(cloud, ask, VolumeStatus::Detaching);
    Ok(None)
}

fn roll_detaching(cloud: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    if status(cloud, ask) == Some(VolumeStatus::Detaching) {
        set_status(cloud, ask, VolumeStatus::InUse);
    }
    Ok(None)
}

fn attach(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let attachment = json!({
        "id": ask.id(), "attachment_id": cloud.ids.uuid().to_string(), "volume_id": ask.id(),
        "server_id": payload["instance_uuid"], "host_name": payload["host_name"], "device": payload["mountpoint"],
        "attached_at": precise_time(cloud.clock.now()),
    });
    change_attachments(cloud, ask.id(), |list| list.push(attachment));
    Ok(None)
}

/// Ends one attachment, or the only one.
fn detach(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let asked = payload.get("attachment_id").and_then(Value::as_str);
    change_attachments(cloud, ask.id(), |list| {
        list.retain(|own| asked.is_some_and(|asked| own["attachment_id"] != asked));
    });
    Ok(None)
}

/// Changes what a volume lists of the servers that have it; its state follows.
pub fn change_attachments(cloud: &mut Cloud, volume: &str, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(mut found) = cloud.collection("volumes").get_mut(volume)
        && let Some(list) = found.body.get_or_insert_with("attachments", || json!([])).as_array_mut()
    {
        change(list);
    }
    settle(cloud, volume);
}

/// How a host reaches a volume here: not at all.
pub fn connection(volume: &str) -> Value {
    json!({
        "driver_volume_type": "fake",
        "data": {"volume_id": volume, "discard": false, "qos_specs": null, "access_mode": "rw", "encrypted": false},
    })
}

fn initialize_connection(_: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    Ok(Some(json!({"connection_info": connection(ask.id())})))
}

/// An image is made of the volume, which has no data to speak of.
fn upload_image(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let (now, updated) = (nova_time(&cloud.clock), stored_time(cloud.clock.now()));
    let volume = visible(cloud, ask, false)?;
    let own = Volume::of(&volume.body);
    let is_forced =
        matches!(&payload["force"], Value::Bool(true)) || payload["force"] == "True" || payload["force"] == "true";
    if !own.is_available() && !is_forced {
        let (id, current) = (&volume.id, own.status_name());
        let message = format!("Volume {id} status must be available or in-use, but current status is: {current}.");
        return Err(invalid(message));
    }
    let (size, description) = (own.size(), volume.body.get("description").cloned());
    let volume_type = volume.body.get("volume_type").cloned();
    let project = volume.project.clone();
    drop(volume);
    let or =
        |field: &str, other: &str| payload.get(field).filter(|value| !value.is_null()).cloned().unwrap_or(json!(other));
    let id = cloud.ids.uuid().to_string();
    let mut image = object!({
        "id": id, "name": payload["image_name"], "status": "active", "visibility": or("visibility", "private"),
        "owner": project, "disk_format": or("disk_format", "raw"), "container_format": or("container_format", "bare"),
        "size": size.map(|size| size << 30), "min_ram": 0, "min_disk": size, "created_at": now, "updated_at": now,
        "tags": [], "protected": payload.get("protected").cloned().unwrap_or(json!(false)),
    });
    (IMAGES.derive)(IMAGES.collection, &mut image);
    let public = (IMAGES.published)(&image).unwrap_or(false);
    cloud.add(IMAGES.collection, Resource { public, ..Resource::new(id.clone(), project, image) });
    Ok(Some(json!({"os-volume_upload_image": {
        "id": ask.id(), "updated_at": updated, "status": "uploading", "display_description": description, "size": size,
        "volume_type": volume_type, "image_id": id, "container_format": or("container_format", "bare"),
        "disk_format": or("disk_format", "raw"), "image_name": payload["image_name"], "protected": false,
        "visibility": or("visibility", "private"),
    }})))
}

fn retype(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    const REFUSED: &str = "Retype needs volume to be in available or in-use state, not be part of an active migration or a \
        consistency group, requested type has to be different that the one from the volume, and for in-use volumes front-end \
        qos specs cannot change.";
    let asked = payload.text("new_type");
    let found = types::named(cloud, ask, asked)?;
    let mut volume = visible(cloud, ask, false)?;
    let own = Volume::of(&volume.body);
    let is_multiattach = types::is_multiattach(&found);
    if is_multiattach != own.is_multiattach() && !own.is_available() {
        let allowed = "retypes affecting multiattach are only allowed on available volumes";
        let current = format!("the specified volume however currently has a status of: {}.", own.status_name());
        return Err(invalid_input(&format!("Invalid volume_type passed, {allowed}, {current}")));
    }
    if is_multiattach && !found["encryption"].is_null() {
        return Err(invalid_input("Retype requested both encryption and multi-attach, which is not supported."));
    }
    let may = matches!(own.status(), Some(VolumeStatus::Available | VolumeStatus::InUse));
    if !may || own.volume_type() == found["name"].as_str() {
        return Err(invalid(REFUSED.to_owned()));
    }
    volume.set("volume_type", found["name"].clone());
    volume.set("volume_type_id", found["id"].clone());
    volume.set("multiattach", is_multiattach);
    Ok(None)
}

fn force_delete(cloud: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    cloud.collection("volumes").remove(ask.id());
    Ok(None)
}

fn reimage(cloud: &mut Cloud, _: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let image = payload.text("image_id");
    if cloud.collection("images").get(image).is_none() {
        return Err(Fault::not_found(format!("Image {image} could not be found.")));
    }
    Ok(None)
}

/// A volume becomes again what its newest snapshot is; neither has contents here.
fn revert(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let (id, newest) = (ask.id(), newest_snapshot(cloud, ask.id()));
    let refused = |why: String| Fault::new(Code::State, 400, why);
    let (newest, size, is_ready) = newest.ok_or_else(|| refused(format!("Volume {id} doesn't have any snapshots.")))?;
    let asked = payload.get("snapshot_id").and_then(Value::as_str);
    if asked != Some(newest.as_str()) {
        let asked = asked.unwrap_or("None");
        return Err(refused(format!("Specified snapshot {asked} is None or not the latest one of volume {id}.")));
    }
    let what = format!("Can't revert volume {id} to its latest snapshot {newest}.");
    let busy = |kind: &str, whose: &str| {
        Fault::new(Code::State, 409, format!("Invalid {kind}: {what} {whose}'s status must be 'available'."))
    };
    let volume = visible(cloud, ask, false)?;
    let own = Volume::of(&volume.body);
    if own.size() != size {
        return Err(refused(format!("{what} The volume size must be equal to the snapshot size.")));
    }
    if !own.is_available() {
        return Err(busy("volume", "Volume"));
    }
    drop(volume);
    if !is_ready {
        // Cinder has begun by now, and does not take that back.
        set_status(cloud, ask, VolumeStatus::Reverting);
        return Err(busy("snapshot", "Snapshot"));
    }
    Ok(None)
}

/// The newest snapshot of a volume: its id, its size, and whether it is ready.
fn newest_snapshot(cloud: &Cloud, volume: &str) -> Option<(String, Option<u64>, bool)> {
    let mut snapshots = cloud.collections.get("snapshots")?.iter();
    let newest = snapshots.rfind(|own| Snapshot::of(&own.body).volume() == Some(volume))?;
    let own = Snapshot::of(&newest.body);
    Some((newest.id.clone(), own.size(), own.status_name() == "available"))
}

/// Nova tells that a volume grew, which drivers alone wait for that keep volumes in files.
fn complete_extension(cloud: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    let why = match status(cloud, ask) {
        Some(VolumeStatus::Extending) => "Required volume admin metadata is malformed or missing.",
        _ => "Volume is not being extended.",
    };
    Err(invalid(why.to_owned()))
}

/// Kept as an item of its metadata, in Python's spelling.
fn set_readonly(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let asked = match &payload["readonly"] {
        Value::String(word) => truth(word).unwrap_or(false),
        other => *other == true,
    };
    let mut volume = visible(cloud, ask, false)?;
    let mut metadata = volume.body.object("metadata").clone();
    metadata.insert("readonly", json!(if asked { "True" } else { "False" }));
    volume.set("metadata", Value::Object(metadata));
    Ok(None)
}

const IMAGE_METADATA: &str = "volume_image_metadata";

fn set_image_metadata(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let mut volume = visible(cloud, ask, false)?;
    let mut all = volume.body.object(IMAGE_METADATA).clone();
    all.extend(payload.object("metadata").clone());
    volume.set(IMAGE_METADATA, Value::Object(all.clone()));
    Ok(Some(json!({"metadata": all})))
}

fn unset_image_metadata(cloud: &mut Cloud, ask: &Ask<'_>, payload: &Value) -> Result<Option<Value>, Fault> {
    let key = payload.text("key");
    let mut volume = visible(cloud, ask, false)?;
    let mut all = volume.body.object(IMAGE_METADATA).clone();
    if all.remove(key).is_none() {
        let message = format!("Glance metadata for volume/snapshot {} cannot be found.", ask.id());
        return Err(Fault::not_found(message));
    }
    match all.is_empty() {
        true => drop(volume.body.remove(IMAGE_METADATA)),
        false => volume.set(IMAGE_METADATA, Value::Object(all)),
    }
    Ok(None)
}

fn show_image_metadata(cloud: &mut Cloud, ask: &Ask<'_>, _: &Value) -> Result<Option<Value>, Fault> {
    let volume = visible(cloud, ask, false)?;
    let all = Volume::of(&volume.body).image_metadata().cloned().unwrap_or_else(|| json!({}));
    Ok(Some(json!({"metadata": all})))
}
