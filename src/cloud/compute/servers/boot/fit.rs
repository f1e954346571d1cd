//! Does the image fit on the flavor, and may it be booted at all?

use crate::base::json::{Map, Value};
use crate::cloud::compute::servers::block_device::{Device, image_ref};
use crate::cloud::image::{Image, ImageStatus};
use crate::cloud::store::{Cloud, Fault, Flavor, Resource};
use crate::contract::Code;

const GIB: u64 = 1 << 30;

/// The image that `body` names against the flavor or the root volume, in Nova's order.
pub fn fits(cloud: &Cloud, body: &Map, flavor: Flavor<'_>, devices: &[Device<'_>]) -> Result<(), Fault> {
    let image = image_ref(body).and_then(|id| cloud.collections.get("images")?.get(id));
    let Some(image) = image else { return Ok(()) };
    let root = devices.iter().find(|device| device.is_root()).filter(|root| root.is_volume());
    refused(image, flavor, root.map(|root| root.size))
        .map_or(Ok(()), |message| Err(Fault::new(Code::Rule, 400, message)))
}

/// Why `image` cannot be booted with `flavor`; on a volume, if `volume` is there, of that size.
pub fn refused(image: &Resource, flavor: Flavor<'_>, volume: Option<Option<u64>>) -> Option<String> {
    let fields = Image::of(&image.body);
    if fields.status() != ImageStatus::Active {
        return Some(format!("Image {} is not active.", image.id));
    }
    if flavor.ram() < fields.min_ram() {
        return Some("Flavor's memory is too small for requested image.".to_owned());
    }
    let (least, disk) = (fields.min_disk() * GIB, flavor.disk() * GIB);
    match volume {
        Some(size) => {
            let size = size.map(|size| size.saturating_mul(GIB)).filter(|size| least > *size)?;
            Some(format!("{VOLUME_TOO_SMALL} Volume size is {size} bytes, minimum size is {least} bytes."))
        }
        None if disk == 0 => None,
        None => match fields.size() {
            Some(size) if size > disk => {
                Some(format!("{DISK_TOO_SMALL} Flavor disk is {disk} bytes, image is {size} bytes."))
            }
            _ if least > disk => {
                Some(format!("{BELOW_MINIMUM} Flavor disk is {disk} bytes, minimum size is {least} bytes."))
            }
            _ => None,
        },
    }
}

const VOLUME_TOO_SMALL: &str = "Volume is smaller than the minimum size specified in image metadata.";
const DISK_TOO_SMALL: &str = "Flavor's disk is too small for requested image.";
const BELOW_MINIMUM: &str = "Flavor's disk is smaller than the minimum size specified in image metadata.";

/// The scheduler's message if no hypervisor is large enough for `flavor`.
pub fn no_host(cloud: &Cloud, flavor: Flavor<'_>) -> Option<String> {
    /// Nova's default of virtual CPUs for each real one.
    const SHARED_BY: u64 = 16;
    let takes = |hypervisor: &Resource| {
        let holds = |has: &str, needed: u64, shared: u64| {
            let has = hypervisor.body.get(has).and_then(Value::as_u64);
            has.is_none_or(|has| has.saturating_mul(shared) >= needed)
        };
        holds("memory_mb", flavor.ram(), 1)
            && holds("vcpus", flavor.vcpus(), SHARED_BY)
            && holds("local_gb", flavor.disk(), 1)
    };
    let mut hypervisors = cloud.collections.get("hypervisors")?.iter().peekable();
    hypervisors.peek()?;
    (!hypervisors.any(takes)).then(|| "No valid host was found. ".to_owned())
}
