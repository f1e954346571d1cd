//! The checks that come last in a boot.

use super::device::{Device, Source, at, find, image_ref, invalid, kind_of, lost};
use crate::base::Version;
use crate::base::json::Map;
use crate::cloud::store::{Cloud, Fault, Flavor, Resource};
use crate::cloud::volume::{Volume, VolumeStatus};
use crate::contract::Code;

/// What Nova checks when everything else is in order.
///
/// # Errors
/// No device or several are booted first, a volume is not there, not free or has no size, or the disks are too large.
pub fn check(
    cloud: &Cloud,
    devices: &[Device<'_>],
    body: &Map,
    flavor: Flavor<'_>,
    version: Version,
) -> Result<(), Fault> {
    let mut order: Vec<i64> = devices.iter().filter_map(|device| device.boot_index).collect();
    order.sort_unstable();
    if order.is_empty() || order.iter().zip(0..).any(|(index, place)| *index != place) {
        return invalid(SEQUENCE);
    }
    let own_image = image_ref(body);
    for device in devices.iter().filter(|device| Some(device.id) != own_image || device.volume) {
        check_one(cloud, device, version)?;
    }
    let local = || devices.iter().filter(|device| device.source == Source::Blank && !device.volume);
    let ephemeral = local().filter(|device| device.format != "swap");
    let ephemeral: u64 = ephemeral.map(|device| device.size.unwrap_or(flavor.ephemeral())).sum();
    if ephemeral > flavor.ephemeral() {
        return invalid(EPHEMERAL);
    }
    let swaps: Vec<&Device<'_>> = local().filter(|device| device.format == "swap").collect();
    match swaps.as_slice() {
        [_, _, ..] => return invalid("Block Device Mapping is Invalid: More than one swap drive requested."),
        [swap] if swap.size.is_some_and(|size| size > flavor.swap()) => {
            return invalid("Swap drive requested is larger than instance type allows.");
        }
        _ => {}
    }
    if devices.iter().filter(|device| !device.volume).count() > MOST_LOCAL {
        return invalid("Block Device Mapping is Invalid: You specified more local devices than the limit allows");
    }
    Ok(())
}

/// Nova's default.
const MOST_LOCAL: usize = 3;
const SEQUENCE: &str = "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not \
    valid.";
const EPHEMERAL: &str = "Ephemeral disks requested are larger than the instance type allows. If no size is given in one block device \
    mapping, flavor ephemeral size will be used.";

fn check_one(cloud: &Cloud, device: &Device<'_>, version: Version) -> Result<(), Fault> {
    if !device.kind.is_empty() {
        let types = cloud.collections.get("volume_types");
        let is_it = |kind: &Resource| kind.id == device.kind || kind.text("name") == device.kind;
        if !types.is_some_and(|types| types.iter().any(is_it)) {
            let message = format!("Volume type {} could not be found.", device.kind);
            return Err(Fault::reference(400, at("block_device_mapping_v2"), message));
        }
    }
    let has_size = device.size.is_some_and(|size| size > 0);
    match (device.source, find(cloud, device)) {
        (Source::Blank, _) if device.volume && !has_size => {
            invalid("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")
        }
        (Source::Blank, _) => Ok(()),
        (source, None) => lost(kind_of(source), device.id),
        (Source::Image, _) if device.volume && !has_size => {
            invalid("Images with destination_type 'volume' need to have a non-zero size specified")
        }
        (Source::Volume, Some(volume)) => check_volume(volume, version),
        _ => Ok(()),
    }
}

fn check_volume(volume: &Resource, version: Version) -> Result<(), Fault> {
    let own = Volume::of(&volume.body);
    let is_shared = own.is_multiattach();
    if is_shared && !version.is_since(2, 60) {
        return invalid("Multiattach volumes are only supported starting with compute API version 2.60.");
    }
    if own.is_available() || (is_shared && own.status() == Some(VolumeStatus::InUse)) {
        return Ok(());
    }
    let (id, status) = (&volume.id, own.status_name());
    let message = format!(
        "Invalid volume: Invalid input received: Invalid volume: Volume {id} status must be available or downloading to reserve, but \
        the current status is {status}. (HTTP 400)"
    );
    Err(Fault::new(Code::State, 400, message))
}
