//! Volumes and their snapshots.

use super::attachment::tell_growth;
use super::groups;
use super::messages::tell_no_backend;
use super::quotas::{self, allow_growth};
use super::record::{Snapshot, Volume, VolumeStatus, number};
use super::refusals::{invalid, invalid_input};
use super::scheduler::has_place;
use super::{types, view};
use crate::base::json::{Map, Value, json, object};
use crate::base::{is_true, last_segment, truth};
use crate::cloud::image::{Image, ImageStatus};
use crate::cloud::store::{Cloud, Fault, Resource, stored_time};
use crate::cloud::verb::{Ask, Listed, Missing, ResourceType, as_it_is, id_of, visible_resources};
use crate::contract::{Code, Dialect};

pub const VOLUMES: ResourceType = ResourceType {
    collection: "volumes",
    missing: &[Missing::any("Volume {id} could not be found.")],
    views: &[(Dialect::Nova, view::of_nova), (Dialect::Cinder, view::of_cinder)],
    complete,
    change: Some(change),
    leave,
    list,
    ..CINDER
};

pub const SNAPSHOTS: ResourceType = ResourceType {
    collection: "snapshots",
    missing: &[Missing::any("Snapshot {id} could not be found.")],
    complete: complete_snapshot,
    leave: leave_snapshot,
    list,
    change: Some(as_it_is),
    ..CINDER
};

/// What all of Cinder's types share.
const CINDER: ResourceType =
    ResourceType { home: Dialect::Cinder, status_of_new: Some("creating"), ..ResourceType::PLAIN };

fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    if ask.service.dialect == Dialect::Cinder {
        sortable(ask)?;
        let marker = ask.query.last("marker").filter(|marker| !marker.is_empty());
        if let Some(marker) = marker.filter(|marker| seen(cloud, ask, ask.collection(), marker).is_none()) {
            return Err(ask.not_found_in(ask.collection(), marker));
        }
    }
    visible_resources(cloud, ask)
}

/// Keys and directions by which Cinder sorts (cinder/api/common.py, cinder/db/sqlalchemy/api.py).
fn sortable(ask: &Ask<'_>) -> Result<(), Fault> {
    const KEYS: [&str; 14] = [
        "id",
        "name",
        "display_name",
        "status",
        "size",
        "created_at",
        "updated_at",
        "availability_zone",
        "bootable",
        "volume_id",
        "project_id",
        "user_id",
        "host",
        "volume_type_id",
    ];
    let (keys, directions) = sorted_by(ask);
    if directions.iter().any(|direction| !["asc", "desc"].contains(&direction.trim())) {
        return Err(invalid_input("Unknown sort direction, must be 'desc' or 'asc'."));
    }
    if keys.iter().any(|key| !KEYS.contains(&key.trim())) {
        return Err(invalid_input("Invalid sort key"));
    }
    Ok(())
}

/// The keys and the directions by which a list is to be sorted.
pub fn sorted_by<'a>(ask: &'a Ask<'_>) -> (Vec<&'a str>, Vec<&'a str>) {
    let pairs = ask.query.all("sort").flat_map(|sort| sort.split(','));
    let (mut keys, mut directions): (Vec<&str>, Vec<&str>) =
        pairs.map(|pair| pair.split_once(':').unwrap_or((pair, "desc"))).unzip();
    keys.extend(ask.query.all("sort_key"));
    directions.extend(ask.query.all("sort_dir"));
    (keys, directions)
}

/// Where a volume's contents and its size come from.
#[derive(Default)]
struct Origin {
    size: Option<u64>,
    bootable: bool,
    image: Option<Value>,
    volume_type: Option<String>,
}

/// Creates a volume: empty, or from an image, a snapshot or another volume.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let origin = origin(cloud, ask, body)?;
    let size = body.get("size").and_then(number).or(origin.size);
    let size = size.ok_or_else(|| invalid_input("Volume size 'None' must be an integer and greater than 0"))?;
    if let Some(least) = origin.size.filter(|least| *least > size) {
        return Err(invalid_input(&too_small(body, size, least)));
    }
    if let Some(image) = &origin.image {
        fits_image(image, size)?;
    }
    if body.remove("multiattach").as_ref().is_some_and(is_true) {
        return Err(Fault::new(Code::Rule, 400, NO_MULTIATTACH));
    }
    groups::check_volume(cloud, ask, body)?;
    let volume_type = volume_type(cloud, ask, body, origin.volume_type)?;
    let zone = zone(cloud, body)?;
    quotas::allow_volume(cloud, ask.project(), size)?;
    let status = schedule(cloud, ask, body, &volume_type);
    body.extend(object!({
        "size": size,
        "status": status.name(),
        "bootable": origin.bootable,
        "volume_type": volume_type["name"],
        "volume_type_id": volume_type["id"],
        "availability_zone": zone,
        "multiattach": types::is_multiattach(&volume_type),
        "attachments": [],
        "updated_at": stored_time(cloud.clock.now()),
        "created_at": stored_time(cloud.clock.now()),
    }));
    let project = json!(body.get("tenant_id"));
    body.insert("os-vol-tenant-attr:tenant_id", project);
    body.extend(origin.image.map(|image| ("volume_image_metadata".to_owned(), image)));
    let metadata = body.get("metadata").cloned().filter(|metadata| !metadata.is_null());
    body.insert("metadata", metadata.unwrap_or_else(|| json!({})));
    Ok(())
}

/// A volume for which there is no place ends in an error, on no host.
fn schedule(cloud: &mut Cloud, ask: &Ask<'_>, volume: &mut Map, kind: &Value) -> VolumeStatus {
    if has_place(cloud, kind) {
        return VolumeStatus::Available;
    }
    volume.insert("os-vol-host-attr:host", Value::Null);
    tell_no_backend(cloud, ask, &id_of(volume));
    VolumeStatus::Error
}

const NO_MULTIATTACH: &str = "multiattach parameter has been removed. The default behavior is to use multiattach enabled volume \
    types. Contact your administrator to create a multiattach enabled volume type and use it to create multiattach volumes.";

/// The image must fit, by its length and by what it says of itself.
fn fits_image(image: &Value, size: u64) -> Result<(), Fault> {
    const GIB: u64 = 1 << 30;
    let field = |name: &str| image.get(name).and_then(number).unwrap_or(0);
    let (length, least) = (field("size").div_ceil(GIB), field("min_disk"));
    match () {
        () if length > size => {
            Err(invalid_input(&format!("Size of specified image {length}GB is larger than volume size {size}GB.")))
        }
        () if least > size => Err(invalid_input(&format!(
            "Volume size {size}GB cannot be smaller than the image minDisk size {least}GB."
        ))),
        () => Ok(()),
    }
}

fn too_small(body: &Map, size: u64, least: u64) -> String {
    let (of, what) = match body.get("snapshot_id").is_some_and(Value::is_string) {
        true => (format!("the snapshot size {least}"), "snapshot"),
        false => (format!("original volume size  {least}"), "volume"),
    };
    format!("Volume size '{size}'GB cannot be smaller than {of}GB. They must be >= original {what} size.")
}

fn origin(cloud: &Cloud, ask: &Ask<'_>, body: &Map) -> Result<Origin, Fault> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let find =
        |collection: &str, id: &str| seen(cloud, ask, collection, id).ok_or_else(|| ask.not_found_in(collection, id));
    if let Some(id) = text("snapshot_id") {
        let snapshot = Snapshot::of(&find("snapshots", id)?.body);
        let volume = snapshot.volume().and_then(|volume| seen(cloud, ask, "volumes", volume));
        let of_volume = volume.map_or_else(Origin::default, |volume| of_volume(Volume::of(&volume.body)));
        return Ok(Origin { size: snapshot.size(), ..of_volume });
    }
    if let Some(id) = text("source_volid") {
        return Ok(of_volume(Volume::of(&find("volumes", id)?.body)));
    }
    match text("imageRef") {
        Some(image) => of_image(cloud, ask, image),
        None => Ok(Origin::default()),
    }
}

fn of_volume(volume: Volume<'_>) -> Origin {
    Origin {
        size: volume.size(),
        bootable: volume.is_bootable().unwrap_or(false),
        image: volume.image_metadata().cloned(),
        volume_type: volume.volume_type().map(str::to_owned),
    }
}

/// Cinder takes an image by its id, by a URL that ends in one, or by its name.
fn of_image(cloud: &Cloud, ask: &Ask<'_>, image: &str) -> Result<Origin, Fault> {
    const UNKNOWN: &str = "Invalid image identifier or unable to access requested image.";
    let id = last_segment(image);
    let images = cloud.collections.get("images");
    let named = || images?.iter().find(|other| other.text("name") == image);
    let image = seen(cloud, ask, "images", id).or_else(named);
    let image = image.ok_or_else(|| Fault::new(Code::Reference, 400, UNKNOWN))?;
    if Image::of(&image.body).status() != ImageStatus::Active {
        return Err(invalid_input(&format!("Image {} is not active.", image.id)));
    }
    let field = |name: &str| {
        image.body.get(name).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    let names = ["container_format", "min_ram", "disk_format", "checksum", "min_disk", "size"];
    let mut metadata: Map = names.iter().filter_map(|name| Some(((*name).to_owned(), json!(field(name)?)))).collect();
    metadata.insert("image_id", json!(image.id));
    metadata.insert("image_name", json!(image.text("name")));
    Ok(Origin { size: None, bootable: true, image: Some(Value::Object(metadata)), volume_type: None })
}

/// The type that is asked for by name or id, or else the source's, or else the default.
fn volume_type(cloud: &Cloud, ask: &Ask<'_>, body: &Map, of_source: Option<String>) -> Result<Value, Fault> {
    let asked = body.get("volume_type").and_then(Value::as_str).filter(|name| !name.is_empty());
    let of_source = of_source.as_deref().and_then(|name| types::find(cloud, name));
    match (asked, of_source) {
        (Some(name), _) => types::named(cloud, ask, name),
        (None, Some(found)) => Ok(found),
        (None, None) => {
            let default = types::default_of(cloud, ask)?.map(|own| own.body.to_value());
            Ok(default.unwrap_or_else(|| json!({"name": null, "id": null})))
        }
    }
}

fn zone(cloud: &Cloud, body: &Map) -> Result<String, Fault> {
    let zones = &cloud.fixture.availability_zones;
    match body.get("availability_zone").and_then(Value::as_str) {
        // A cloud without zones puts volumes into none.
        None => Ok(zones.first().map_or_else(String::new, String::clone)),
        Some(zone) if zones.iter().any(|known| known == zone) => Ok(zone.to_owned()),
        Some(zone) => Err(Fault::new(Code::Rule, 400, format!("Availability zone '{zone}' is invalid."))),
    }
}

/// A volume only grows; since 3.42 also while servers have it.
pub fn change(cloud: &mut Cloud, ask: &Ask<'_>, changed: &mut Map) -> Result<(), Fault> {
    let Some(volume) = cloud.collections.get("volumes").and_then(|volumes| volumes.get(ask.id())) else {
        return Ok(());
    };
    let Some(new) = ask.fields().get("new_size").and_then(number) else { return Ok(()) };
    let own = Volume::of(&volume.body);
    if let Some(size) = own.size().filter(|size| new <= *size) {
        let why = format!("New size for extend must be greater than current size. (current: {size}, extended: {new}).");
        return Err(invalid_input(&why));
    }
    let is_attached = ask.version.is_since(3, 42) && own.status() == Some(VolumeStatus::InUse);
    if !own.is_available() && !is_attached {
        let (id, status) = (&volume.id, own.status_name());
        let why = format!("Volume {id} status must be '{{'status': 'available'}}' to extend, currently {status}.");
        return Err(invalid("volume", &why));
    }
    allow_growth(cloud, volume, new)?;
    changed.insert("size", json!(new));
    let servers = own.attachments().iter().filter_map(|attached| attached["server_id"].as_str());
    for server in servers.map(str::to_owned).collect::<Vec<_>>() {
        tell_growth(cloud, ask, &server);
    }
    Ok(())
}

/// What is attached or has snapshots stays, unless they are to go with it.
pub fn leave(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(), Fault> {
    if ask.query.last("cascade").and_then(truth) == Some(true) {
        cloud.collection("snapshots").retain(|snapshot| Snapshot::of(&snapshot.body).volume() != Some(id));
    }
    let Some(volume) = cloud.collection("volumes").get(id) else { return Ok(()) };
    let may_go = Volume::of(&volume.body).status().is_some_and(|own| own == VolumeStatus::Available || own.is_error());
    let is_free = volume.text("group_id").is_empty();
    let mut snapshots = cloud.collection("snapshots").iter().map(|snapshot| Snapshot::of(&snapshot.body));
    if !may_go || !is_free || snapshots.any(|snapshot| snapshot.volume() == Some(id)) {
        return Err(Fault::new(Code::State, 400, STAYS));
    }
    Ok(())
}

const STAYS: &str = "Invalid volume: Volume status must be available or error or error_restoring or error_extending or \
    error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be \
    disassociated from snapshots after volume transfer.";

/// A new snapshot of a volume that is free, or of any where that is forced.
pub fn complete_snapshot(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let id = ask.required("volume_id").unwrap_or_else(|_| "None".to_owned());
    let volume = seen(cloud, ask, "volumes", &id).ok_or_else(|| ask.not_found_in("volumes", &id))?;
    let volume = Volume::of(&volume.body);
    let force = body.remove("force").is_some_and(|force| force == true || force == "true" || force == "True");
    if !volume.is_available() && !force {
        let status = volume.status_name();
        let message = format!("Invalid volume: Volume {id} status must be available, but current status is: {status}.");
        return Err(Fault::new(Code::State, 400, message));
    }
    quotas::allow_snapshot(cloud, ask.project(), volume.size().unwrap_or(0))?;
    body.extend(object!({
        "status": "available", "size": volume.size(), "created_at": stored_time(cloud.clock.now()),
        "updated_at": stored_time(cloud.clock.now()),
    }));
    body.get_or_insert_with("metadata", || json!({}));
    Ok(())
}

/// A snapshot goes, or is managed no longer, once it is ready; a part of a snapshot of a group goes with that, also where it is forced.
fn leave_snapshot(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let Some(snapshot) = cloud.collection("snapshots").get(id) else { return Ok(()) };
    let is_forced = ask.operation.action.as_deref() == Some("os-force_delete");
    let own = Snapshot::of(&snapshot.body);
    if own.group_snapshot().is_none() && (is_forced || ["available", "error"].contains(&own.status_name())) {
        return Ok(());
    }
    let states = if is_forced { "" } else { "status must be available or error and" };
    let message = format!("Invalid snapshot: Snapshot {states} must not be part of a group.");
    Err(Fault::new(Code::State, 400, message))
}

/// The resource of that id, if the caller may see it.
pub fn seen<'c>(cloud: &'c Cloud, ask: &Ask<'_>, collection: &str, id: &str) -> Option<&'c Resource> {
    let found = cloud.collections.get(collection)?.get(id)?;
    ask.sees(found).then_some(found)
}
