//! The block devices of a server: what a boot asks for, and the volumes that it takes or makes. Source: nova/block_device.py
//! and the checks of nova/compute/api.py, as answers of nova 34.0.0 show them.

use super::boot_image::BootImage;
use crate::base::json::{Map, Value};
use crate::base::{Pointer, truth};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::volume::{Snapshot, Volume};
use crate::contract::Code;

/// Where the content of a device comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An image.
    Image,
    /// An existing volume.
    Volume,
    /// A snapshot of one.
    Snapshot,
    /// Nowhere.
    Blank,
}

/// A block device that a boot asks for.
#[derive(Clone, Debug)]
pub struct Device<'b> {
    pub(in crate::cloud) source: Source,
    /// Is it a volume, or on the disk of the host?
    pub(in crate::cloud) volume: bool,
    pub(in crate::cloud) id: &'b str,
    pub(in crate::cloud) boot_index: Option<i64>,
    /// GiB.
    pub size: Option<u64>,
    pub(in crate::cloud) name: &'b str,
    pub(in crate::cloud) kind: &'b str,
    pub(in crate::cloud) format: &'b str,
    pub(in crate::cloud) tag: &'b Value,
    /// Does it go with the server?
    pub(in crate::cloud) goes: bool,
}

/// The block devices as the body has them.
#[derive(Debug)]
pub struct Devices<'b> {
    listed: Vec<Device<'b>>,
    /// The form that was there before v2: it does not say which one is booted.
    legacy: bool,
    /// Does one of the old form name nothing?
    strange: bool,
}

static NO_TAG: Value = Value::Null;

/// The image that the body names; the empty text names none.
pub fn image_ref(body: &Map) -> Option<&str> {
    body.get("imageRef")?.as_str().filter(|id| !id.is_empty())
}

impl Device<'_> {
    /// Is the server booted from it?
    pub fn is_root(&self) -> bool {
        self.boot_index == Some(0)
    }

    /// Is it a volume?
    pub fn is_volume(&self) -> bool {
        self.volume
    }

    pub(in crate::cloud) fn bare_name(&self) -> &str {
        self.name.strip_prefix("/dev/").unwrap_or(self.name)
    }
}

/// Is the server that has these booted from a volume?
pub fn boots_from_volume(devices: &[Device<'_>]) -> bool {
    devices.iter().any(|device| device.is_root() && device.volume)
}

/// The name of the device that is booted.
pub fn root_name(devices: &[Device<'_>]) -> String {
    let root = devices.iter().find(|device| device.is_root()).map(Device::bare_name).filter(|name| !name.is_empty());
    format!("/dev/{}", root.unwrap_or("vda"))
}

fn number(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    }
}

fn flag(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => truth(text).unwrap_or(!text.is_empty()),
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        _ => false,
    }
}

fn today(item: &Value) -> Option<Device<'_>> {
    let source = match item.text("source_type") {
        "image" => Source::Image,
        "volume" => Source::Volume,
        "snapshot" => Source::Snapshot,
        _ => Source::Blank,
    };
    Some(Device {
        source,
        volume: item.text("destination_type") == "volume" || matches!(source, Source::Volume | Source::Snapshot),
        id: item.text("uuid"),
        boot_index: number(item.get("boot_index")).filter(|index| *index >= 0),
        size: number(item.get("volume_size")).and_then(|size| u64::try_from(size).ok()),
        name: item.text("device_name"),
        kind: item.text("volume_type"),
        format: item.text("guest_format"),
        tag: item.get("tag").unwrap_or(&NO_TAG),
        goes: flag(item.get("delete_on_termination")),
    })
    .filter(|_| !flag(item.get("no_device")))
}

fn legacy(item: &Value) -> Option<Device<'_>> {
    let own_disk = ["swap", "ephemeral"].into_iter().find(|name| item.text("virtual_name").starts_with(name));
    let (source, id) = match (own_disk, item.text("snapshot_id"), item.text("volume_id")) {
        (Some(_), _, _) => (Source::Blank, ""),
        (None, "", "") => return None,
        (None, "", volume) => (Source::Volume, volume),
        (None, snapshot, _) => (Source::Snapshot, snapshot),
    };
    let format = if own_disk == Some("swap") { "swap" } else { "" };
    Some(Device {
        source,
        volume: source != Source::Blank,
        id,
        boot_index: None,
        size: number(item.get("volume_size")).and_then(|size| u64::try_from(size).ok()),
        name: item.text("device_name"),
        kind: "",
        format,
        tag: &NO_TAG,
        goes: flag(item.get("delete_on_termination")),
    })
}

pub fn at(key: &str) -> Pointer {
    Pointer::default().key("server").key(key)
}

pub fn invalid<T>(message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { at: Some(at("block_device_mapping_v2")), ..Fault::new(Code::Rule, 400, message) })
}

/// A device that names nothing.
pub fn lost<T>(what: &str, id: &str) -> Result<T, Fault> {
    let message = format!("Block Device Mapping is Invalid: failed to get {what} {id}.");
    Err(Fault::reference(400, at("block_device_mapping_v2"), message))
}

impl<'b> Devices<'b> {
    /// The devices that the body of a boot lists.
    pub fn read(body: &'b Map) -> Devices<'b> {
        let mapping = body.list("block_device_mapping_v2");
        if !mapping.is_empty() {
            return Devices { listed: mapping.iter().filter_map(today).collect(), legacy: false, strange: false };
        }
        let items = body.list("block_device_mapping");
        let strange = items.iter().any(|item| legacy(item).is_none() && !flag(item.get("no_device")));
        let kept = items.iter().filter(|item| !flag(item.get("no_device")));
        Devices { listed: kept.filter_map(legacy).collect(), legacy: true, strange }
    }

    /// What the server is booted from; without an image, the device that comes first says so. Signatures are for images.
    pub fn boot_image(&self, cloud: &Cloud, body: &Map) -> Result<Option<BootImage>, Fault> {
        if let Some(id) = image_ref(body) {
            return Ok(cloud.collections.get("images").and_then(|images| images.get(id)).map(BootImage::of_image));
        }
        let certificates = body.get("trusted_image_certificates").and_then(Value::as_array);
        if certificates.is_some_and(|list| !list.is_empty()) {
            return invalid("Image certificate validation is not supported when booting from volume");
        }
        let is_root = |device: &&Device<'_>| match self.legacy {
            true => device.bare_name().trim_end_matches(|c: char| c.is_ascii_digit()).ends_with('a'),
            false => device.is_root(),
        };
        let Some(root) = self.listed.iter().find(is_root) else { return Ok(None) };
        match (root.source, find(cloud, root)) {
            (Source::Blank, _) => Ok(None),
            (Source::Image, Some(image)) => Ok(Some(BootImage::of_image(image))),
            (Source::Volume, Some(volume)) => of_volume(volume).map(Some),
            (Source::Snapshot, Some(snapshot)) => {
                let volume = Snapshot::of(&snapshot.body).volume();
                // A snapshot of a fixture may name no volume that is there.
                let volume = volume.and_then(|id| cloud.collections.get("volumes")?.get(id));
                volume.map(of_volume).transpose()
            }
            (source, None) => lost(kind_of(source), root.id),
        }
    }

    /// The devices as Nova stores them: those of the old form are marked with the one that is booted, and the image is one of them.
    pub fn settled(self, body: &'b Map, count: u64) -> Result<Vec<Device<'b>>, Fault> {
        const ROOT: &str = "vda";
        let image = image_ref(body);
        let takes_root = |device: &&Device<'_>| device.volume && device.bare_name() == ROOT;
        if image.is_some() && !self.legacy && self.listed.iter().any(|device| takes_root(&device)) {
            return invalid(format!("The volume cannot be assigned the same device name as the root device {ROOT}"));
        }
        if self.strange {
            return invalid("Block Device Mapping is Invalid: Unrecognized legacy format.");
        }
        let mut devices = self.listed;
        if self.legacy {
            devices.iter_mut().filter(|device| takes_root(&&**device)).for_each(|device| device.boot_index = Some(0));
            if let Some(image) = image.filter(|_| !devices.iter().any(Device::is_root)) {
                devices.insert(0, of_image(image));
            }
        }
        if count > 1 && devices.iter().any(|device| device.source == Source::Volume) {
            return invalid("Cannot attach one or more volumes to multiple instances");
        }
        Ok(devices)
    }
}

fn of_volume(volume: &Resource) -> Result<BootImage, Fault> {
    match Volume::of(&volume.body).is_bootable() {
        Some(false) => invalid(format!("Block Device {} is not bootable.", volume.id)),
        _ => Ok(BootImage::of_volume(volume)),
    }
}

/// The disk that an image is copied to.
fn of_image(id: &str) -> Device<'_> {
    Device {
        source: Source::Image,
        volume: false,
        id,
        boot_index: Some(0),
        size: None,
        name: "",
        kind: "",
        format: "",
        tag: &NO_TAG,
        goes: true,
    }
}

pub fn kind_of(source: Source) -> &'static str {
    match source {
        Source::Image => "image",
        Source::Volume => "volume",
        Source::Snapshot => "snapshot",
        Source::Blank => "",
    }
}

pub fn find<'c>(cloud: &'c Cloud, device: &Device<'_>) -> Option<&'c Resource> {
    let collection = format!("{}s", kind_of(device.source));
    cloud.collections.get(&collection)?.get(device.id)
}
