//! Does what is booted fit on the flavor, and may it be booted at all? Source: `_validate_flavor_image` of nova/compute/api.py.

use crate::cloud::compute::servers::block_device::BootImage;
use crate::cloud::store::{Fault, Flavor};
use crate::contract::Code;

const GIB: u64 = 1 << 30;

/// Where the server will have its root disk.
#[derive(Clone, Copy, Debug)]
pub enum Root {
    /// On a volume of so many GiB, as far as the request says.
    Volume(Option<u64>),
    /// On its host.
    Local,
}

/// `image` against the flavor or the root volume, in Nova's order.
///
/// # Errors
/// It is not active, or too large.
pub fn fits(image: &BootImage, flavor: Flavor<'_>, root: Root) -> Result<(), Fault> {
    refusal(image, flavor, root).map_or(Ok(()), |message| Err(Fault::new(Code::Rule, 400, message)))
}

fn refusal(image: &BootImage, flavor: Flavor<'_>, root: Root) -> Option<String> {
    if let Some(id) = &image.inactive {
        return Some(format!("Image {id} is not active."));
    }
    if flavor.ram() < image.min_ram {
        return Some("Flavor's memory is too small for requested image.".to_owned());
    }
    let (least, disk) = (image.min_disk.saturating_mul(GIB), flavor.disk().saturating_mul(GIB));
    match root {
        Root::Volume(size) => {
            let size = size.map(|size| size.saturating_mul(GIB)).filter(|size| least > *size)?;
            Some(format!("{VOLUME_TOO_SMALL} Volume size is {size} bytes, minimum size is {least} bytes."))
        }
        Root::Local if disk == 0 => None,
        Root::Local => match image.size {
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

/// A flavor without a disk is for servers that have their root disk on a volume. Only administrators may say otherwise.
///
/// # Errors
/// 403.
pub fn needs_volume(flavor: Flavor<'_>, root: Root) -> Result<(), Fault> {
    match root {
        Root::Local if flavor.disk() == 0 => {
            let rule = "os_compute_api:servers:create:zero_disk_flavor";
            let message = "Only volume-backed servers are allowed for flavors with zero disk.";
            Err(Fault::forbidden_by(rule, message.to_owned()))
        }
        _ => Ok(()),
    }
}

const VOLUME_TOO_SMALL: &str = "Volume is smaller than the minimum size specified in image metadata.";
const DISK_TOO_SMALL: &str = "Flavor's disk is too small for requested image.";
const BELOW_MINIMUM: &str = "Flavor's disk is smaller than the minimum size specified in image metadata.";
