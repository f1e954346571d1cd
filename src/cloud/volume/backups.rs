//! Backups of volumes (cinder/backup/api.py). They are made at once, and hold no data.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::record::{Volume, VolumeStatus};
use super::volumes;
use crate::base::is_true;
use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Fault, Resource, stored_time};
use crate::cloud::verb::{Answer, Ask, Missing, ResourceType, as_it_is, visible};
use crate::contract::{Code, Dialect};

pub const BACKUPS: ResourceType = ResourceType {
    collection: "backups",
    home: Dialect::Cinder,
    missing: &[Missing::any("Backup {id} could not be found.")],
    complete,
    change: Some(as_it_is),
    leave,
    ..ResourceType::PLAIN
};

/// A backup of a volume that is free, or in use where that is forced.
fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let id = ask.required("volume_id")?;
    let volume = volumes::seen(cloud, ask, "volumes", &id).ok_or_else(|| ask.not_found_in("volumes", &id))?;
    let own = Volume::of(&volume.body);
    let is = |flag: Option<Value>| flag.as_ref().is_some_and(is_true);
    let force = is(body.remove("force"));
    let is_snapshot = body.get("snapshot_id").is_some_and(|id| !id.is_null());
    let in_use = own.status() == Some(VolumeStatus::InUse);
    if !own.is_available() && !in_use && !is_snapshot {
        let status = own.status_name();
        return Err(invalid(format!(
            "Volume to be backed up must be available or in-use, but the current status is \"{status}\"."
        )));
    }
    if in_use && !force && !is_snapshot {
        return Err(invalid("Backing up an in-use volume must use the force flag.".to_owned()));
    }
    let is_incremental = is(body.remove("incremental"));
    let size = own.size();
    if is_incremental && of_volume(cloud, &id).next().is_none() {
        let message = "Invalid backup: No backups available to do an incremental backup.";
        return Err(Fault::new(Code::State, 400, message));
    }
    let now = stored_time(cloud.clock.now());
    body.extend(object!({
        "status": "available", "size": size, "object_count": 0, "is_incremental": is_incremental, "data_timestamp": now,
        "fail_reason": null, "has_dependent_backups": false, "availability_zone": null,
    }));
    if is_incremental {
        cloud.collection("backups").for_each_mut(|backup| {
            if backup.text("volume_id") == id {
                backup.set("has_dependent_backups", true);
            }
        });
    }
    Ok(())
}

fn of_volume<'c>(cloud: &'c Cloud, volume: &'c str) -> impl Iterator<Item = &'c Resource> {
    let all = cloud.collections.get("backups").into_iter().flat_map(|backups| backups.iter());
    all.filter(move |backup| backup.text("volume_id") == volume)
}

fn invalid(why: String) -> Fault {
    Fault::new(Code::State, 400, format!("Invalid volume: {why}"))
}

/// What others build on stays.
fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let Some(own) = cloud.collection("backups").get(id) else { return Ok(()) };
    let is_base = own.body.get("has_dependent_backups") == Some(&Value::Bool(true));
    let volume = own.text("volume_id").to_owned();
    let is_incremental = |backup: &&Resource| backup.body.get("is_incremental") == Some(&Value::Bool(true));
    if is_base && of_volume(cloud, &volume).filter(is_incremental).any(|backup| backup.id != id) {
        let message = "Invalid backup: Incremental backups exist for this backup.";
        return Err(Fault::new(Code::State, 400, message));
    }
    Ok(())
}

/// Writes the backup into the volume that is named, or into a new one.
pub fn restore(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let own = visible(cloud, ask, false)?.clone();
    let asked = ask.body.get("restore").cloned().unwrap_or_else(|| json!({}));
    let named = asked.get("volume_id").and_then(Value::as_str);
    let volume = match named {
        Some(id) => {
            let missing = || ask.not_found_in("volumes", id);
            let found = volumes::seen(cloud, ask, "volumes", id).ok_or_else(missing)?.clone();
            if !Volume::of(&found.body).is_available() {
                let message = "Volume to be restored to must be available".to_owned();
                return Err(invalid(message));
            }
            found
        }
        None => new_volume(cloud, &own, asked.get("name").and_then(Value::as_str)),
    };
    let told = json!({"backup_id": own.id, "volume_id": volume.id, "volume_name": volume.text("name")});
    match named {
        Some(_) => cloud.collection("volumes").put(volume),
        None => cloud.add("volumes", volume),
    }
    ask.answer(Some(json!({"restore": told})))
}

/// A volume like the one that was backed up.
fn new_volume(cloud: &mut Cloud, backup: &Resource, name: Option<&str>) -> Resource {
    let of = cloud.collections.get("volumes").and_then(|volumes| volumes.get(backup.text("volume_id")));
    let mut body = of.map_or_else(Map::new, |of| of.body.clone());
    let id = cloud.ids.uuid().to_string();
    let name = name.map_or_else(|| format!("restore_backup_{}", backup.id), str::to_owned);
    body.extend(object!({
        "id": id, "name": name, "status": "available", "attachments": [], "size": backup.body.get("size"),
        "created_at": stored_time(cloud.clock.now()), "tenant_id": backup.project, "project_id": backup.project,
        "os-vol-tenant-attr:tenant_id": backup.project, "description": "auto-created_from_restore_from_backup",
    }));
    Resource::new(id, backup.project.clone(), body)
}

/// What stores the data of backups, as devstack has it.
const SERVICE: &str = "cinder.backup.drivers.swift.SwiftBackupDriver";

/// What another cloud needs to know of a backup (cinder/objects/backup.py, `encode_record`).
pub fn export(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let own = visible(cloud, ask, false)?.clone();
    let mut record = own.body.clone();
    record.insert("driver_info", json!({}));
    record.insert("project_id", json!(own.project));
    let url = STANDARD.encode(Value::Object(record).to_string());
    ask.answer(Some(json!({"backup-record": {"backup_service": SERVICE, "backup_url": url}})))
}

/// A backup that another cloud has told of; no other service reads it.
pub fn import(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let record = ask.body.object("backup-record");
    if record.text("backup_service") != SERVICE {
        let message = format!("Service {} could not be found.", record.text("backup_service"));
        return Err(Fault::new(Code::NotFound, 503, message));
    }
    let unreadable = || Fault::new(Code::Format, 400, "Invalid input received: Can't decode backup record.");
    let bytes = STANDARD.decode(record.text("backup_url")).map_err(|_| unreadable())?;
    let told: Value = String::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).ok_or_else(unreadable)?;
    let mut body = told.as_object().cloned().ok_or_else(unreadable)?;
    let id = body.get("id").and_then(Value::as_str).map(str::to_owned).ok_or_else(unreadable)?;
    if cloud.collection("backups").get(&id).is_some() {
        let message = "Invalid backup: Backup already exists in database.".to_owned();
        return Err(Fault::new(Code::State, 400, message));
    }
    let project = ask.project().map(str::to_owned);
    body.extend(object!({"id": id, "status": "available", "created_at": stored_time(cloud.clock.now())}));
    let backup = Resource::new(id, project, body);
    let shown = Value::Object(backup.body.clone());
    cloud.add("backups", backup);
    ask.answer(Some(json!({"backup": shown})))
}
