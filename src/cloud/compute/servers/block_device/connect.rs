//! Volumes are taken and made.

use crate::base::json::{Value, json, object};
use crate::cloud::volume::volumes::VOLUMES;

use super::device::{Device, Source, find};
use crate::cloud::store::{Caller, Cloud, Resource, nova_time};
use crate::cloud::volume::{Attachment, Snapshot, VolumeStatus, take};

/// Attaches volumes to `server`, new or existing ones; returns how it shows its volumes, or null if it has none.
pub fn connect(cloud: &mut Cloud, server: &str, caller: &Caller, devices: &[Device<'_>]) -> Value {
    let mut shown = Vec::new();
    for (place, device) in devices.iter().filter(|device| device.volume).enumerate() {
        let id = match device.source {
            Source::Volume => device.id.to_owned(),
            _ => {
                let id = new_volume(cloud, caller, device);
                cloud.note_made(VOLUMES.collection, &id, Some(server));
                id
            }
        };
        let letter = ('a'..='z').cycle().nth(place).unwrap_or('a');
        let name = if device.name.is_empty() { format!("/dev/vd{letter}") } else { device.name.to_owned() };
        let wish = Attachment {
            volume: id,
            tag: device.tag.as_str().map(str::to_owned),
            delete_on_termination: device.goes,
            is_root: device.is_root(),
            ..Attachment::default()
        };
        shown.push(take(cloud, server, &name, wish));
    }
    if shown.is_empty() { Value::Null } else { Value::Array(shown) }
}

fn new_volume(cloud: &mut Cloud, caller: &Caller, device: &Device<'_>) -> String {
    let id = cloud.ids.uuid().to_string();
    let now = nova_time(&cloud.clock);
    let source = find(cloud, device);
    // A snapshot has its size; whatever else becomes a volume is asked for with one.
    let of_snapshot = || source.and_then(|snapshot| Snapshot::of(&snapshot.body).size());
    let size = device.size.or_else(of_snapshot).unwrap_or(1);
    let image = (device.source == Source::Image).then(|| json!({"image_id": device.id}));
    let snapshot = (device.source == Source::Snapshot).then_some(device.id);
    let mut body = object!({
        "id": id, "name": "", "description": "", "size": size, "status": VolumeStatus::InUse.name(), "multiattach": false, "attachments": [],
        "bootable": if device.source == Source::Blank { "false" } else { "true" }, "snapshot_id": snapshot,
        "volume_type": if device.kind.is_empty() { "__DEFAULT__" } else { device.kind }, "metadata": {},
        "volume_image_metadata": image, "availability_zone": cloud.zones().first(), "user_id": caller.user,
        "os-vol-tenant-attr:tenant_id": caller.project, "created_at": now, "updated_at": now,
    });
    body.retain(|_, value| !value.is_null());
    (VOLUMES.derive)(VOLUMES.collection, &mut body);
    cloud.collection("volumes").put(Resource::new(id.clone(), caller.project.clone(), body));
    id
}
