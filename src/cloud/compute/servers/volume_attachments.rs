//! Volumes of a server: attached, detached, changed.

use super::at_rest;
use crate::base::json::{Map, Value, json};

use crate::base::is_true;
use crate::cloud::store::{Cloud, Fault, Resource, VmState};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::cloud::volume::{ATTACHED, Attached, Attachment, Volume, VolumeStatus, attachment as volume};
use crate::contract::Code;

/// The states of a server to which volumes come and from which they go.
const AT_REST: [VmState; 7] = [
    VmState::Active,
    VmState::Paused,
    VmState::Stopped,
    VmState::Resized,
    VmState::SoftDeleted,
    // These since 2.20.
    VmState::Shelved,
    VmState::ShelvedOffloaded,
];

/// Attaches the volume that the body names.
pub fn attach(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let fields = ask.fields();
    let server = at_rest(cloud, ask, "attach_volume")?;
    let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
    let id = ask.required("volumeId")?;
    free_device(&server, text("device").as_deref())?;
    let volume = visible_volume(cloud, ask, &id).ok_or_else(|| ask.not_found_in("volumes", &id))?;
    attachable(ask, &server, volume)?;
    let wish = Attachment {
        volume: id,
        device: text("device"),
        tag: text("tag"),
        delete_on_termination: fields.get("delete_on_termination").is_some_and(is_true),
        is_root: false,
    };
    let attached = volume::attach(cloud, &server.id, wish);
    cloud.record_action(ask, &server.id, ("attach_volume", "compute_attach_volume"));
    match ask.version.is_since(2, 101) {
        true => Ok(ask.bare(ask.status())),
        false => ask.answer(Some(json!({"volumeAttachment": attached}))),
    }
}

fn at_rest(cloud: &mut Cloud, ask: &Ask<'_>, action: &str) -> Result<Resource, Fault> {
    let server = visible(cloud, ask, false)?;
    let knows_shelved = ask.version.is_since(2, 20);
    let states = if knows_shelved { &AT_REST[..] } else { &AT_REST[..5] };
    at_rest::at_rest(ask, &server, action, states)?;
    Ok(server.clone())
}

fn free_device(server: &Resource, device: Option<&str>) -> Result<(), Fault> {
    let Some(device) = device else { return Ok(()) };
    if Attached::all(&server.body).any(|attached| attached.device() == Some(device)) {
        return Err(Fault::new(Code::State, 409, format!("The supplied device path ({device}) is in use.")));
    }
    Ok(())
}

fn visible_volume<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>, id: &str) -> Option<&'c Resource> {
    let found = cloud.collection("volumes").get(id)?;
    ask.sees(found).then_some(found)
}

/// A volume is attached to one server, and once; those for several are for versions that know of them.
fn attachable(ask: &Ask<'_>, server: &Resource, volume: &Resource) -> Result<(), Fault> {
    let (id, volume) = (&volume.id, Volume::of(&volume.body));
    let is_shared = volume.is_multiattach();
    if is_shared && !ask.version.is_since(2, 60) {
        const TOO_OLD: &str = "Multiattach volumes are only supported starting with compute API version 2.60.";
        return Err(Fault::new(Code::Rule, 400, TOO_OLD));
    }
    let message = match volume.status() {
        Some(VolumeStatus::InUse) if !is_shared => {
            let servers = volume.servers().collect::<Vec<_>>().join(" ");
            format!("Invalid volume: volume {id} is already attached to instances: {servers}")
        }
        Some(VolumeStatus::InUse) if Attached::find(&server.body, id).is_some() => {
            format!("Invalid volume: volume {id} already attached")
        }
        Some(VolumeStatus::Available | VolumeStatus::InUse) => return Ok(()),
        _ => {
            let status = volume.status_name();
            let states = "available or in-use or downloading";
            let why = format!("Volume status must be {states} to reserve, but the current status is {status}.");
            format!("Invalid input received: Invalid volume: {why} (HTTP 400)")
        }
    };
    Err(Fault::new(Code::State, 400, message))
}

/// The volume that an action names, or the path.
fn volume_id(ask: &Ask<'_>) -> String {
    let of_action = ask.operation.action.as_ref().and_then(|_| ask.required("volumeId").ok());
    of_action.unwrap_or_else(|| ask.item().to_owned())
}

/// Another volume takes the place of one (Icehouse's v3, nova/compute/api.py, `swap_volume`).
pub fn swap_volume(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (old, new) = (ask.required("volumeId")?, ask.required("newVolumeId")?);
    for id in [&old, &new] {
        visible_volume(cloud, ask, id).ok_or_else(|| ask.not_found_in("volumes", id))?;
    }
    let server = at_rest(cloud, ask, "swap_volume")?;
    let Some(attached) = Attached::find(&server.body, &old) else {
        return Err(Fault::not_found("The volume was either invalid or not attached to the instance."));
    };
    let device = attached.device().map(str::to_owned);
    let wrong = |why: &str| Err(Fault::new(Code::State, 400, format!("Invalid volume: {why}")));
    let of = |cloud: &Cloud, id: &str| {
        let volume = cloud.collections.get("volumes").and_then(|volumes| volumes.get(id));
        volume.map(|volume| (Volume::of(&volume.body).is_available(), Volume::of(&volume.body).size()))
    };
    let (is_free, size) = of(cloud, &new).unwrap_or((false, None));
    if !is_free {
        return wrong("new volume must be detached in order to swap.");
    }
    if of(cloud, &old).is_some_and(|(_, least)| size < least) {
        return wrong("new volume must be the same size or larger.");
    }
    volume::detach(cloud, &server.id, &old);
    let wish = Attachment { volume: new, device, tag: None, delete_on_termination: false, is_root: false };
    volume::attach(cloud, &server.id, wish);
    cloud.record_action(ask, &server.id, ("swap_volume", "compute_swap_volume"));
    ask.answer(None)
}

/// Detaches the volume that the path names, or an action.
pub fn detach(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let server = at_rest(cloud, ask, "detach_volume")?;
    let id = &volume_id(ask);
    visible_volume(cloud, ask, id).ok_or_else(|| ask.not_found_in("volumes", id))?;
    match Attached::find(&server.body, id) {
        None => return Err(not_attached(ask)),
        Some(attached) if attached.is_root() => {
            return Err(Fault::new(Code::State, 400, "Cannot detach a root device volume"));
        }
        Some(_) => volume::detach(cloud, &server.id, id),
    }
    cloud.record_action(ask, &server.id, ("detach_volume", "compute_detach_volume"));
    ask.answer(None)
}

/// From 2.85 on the attachment may change in one field; another volume takes its place only where Cinder is moving it.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let server = visible(cloud, ask, false)?.clone();
    let (id, fields) = (ask.item(), ask.fields());
    let only_swaps = !ask.version.is_since(2, 85);
    if !only_swaps {
        let attached = Attached::find(&server.body, id)
            .ok_or_else(|| Fault::not_found(format!("No volume Block Device Mapping with id {id}.")))?;
        unchanged(attached, &fields)?;
        if let Some(ends) = fields.get("delete_on_termination") {
            set_end(&mut *visible(cloud, ask, false)?, id, is_true(ends));
        }
    }
    if only_swaps || fields.get("volumeId").is_some_and(|new| new != id) {
        return Err(swap(cloud, ask, id));
    }
    ask.answer(None)
}

/// Nobody but an administrator may swap, and this Cinder never moves a volume.
fn swap(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Fault {
    if !ask.is_admin() {
        return Fault::policy("os_compute_api:os-volumes-attachments:swap");
    }
    match visible_volume(cloud, ask, id) {
        None => ask.not_found_in("volumes", id),
        Some(_) => {
            let message = format!("volume {id} is not migrating; this API should only be called by Cinder");
            Fault::new(Code::State, 409, message)
        }
    }
}

fn unchanged(attached: Attached<'_>, fields: &Map) -> Result<(), Fault> {
    for field in ["id", "serverId", "device", "tag"] {
        if fields.get(field).is_some_and(|sent| sent != attached.shown(field)) {
            return Err(Fault::new(Code::Rule, 400, format!("The {field} property is not mutable")));
        }
    }
    Ok(())
}

fn set_end(server: &mut Resource, volume: &str, ends: bool) {
    let attached = server.body.get_mut(ATTACHED).and_then(Value::as_array_mut).into_iter().flatten();
    for attachment in attached.filter(|attachment| attachment["id"] == volume) {
        attachment["delete_on_termination"] = json!(ends);
    }
}

/// The refusal of a volume that the server has not.
pub fn not_attached(ask: &Ask<'_>) -> Fault {
    match ask.operation.action {
        None => Fault::not_found(format!("Instance {} is not attached to volume {}", ask.id(), ask.item())),
        Some(_) => Fault::not_found(format!("Volume {} is not attached to the instance {}", volume_id(ask), ask.id())),
    }
}
