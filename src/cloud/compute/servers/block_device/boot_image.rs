//! What a server is booted from, as Nova checks it against the flavor. Source: `get_bdm_image_metadata` of
//! nova/block_device.py.

use crate::cloud::image::{Image, ImageStatus};
use crate::cloud::store::Resource;
use crate::cloud::volume::{Volume, number};

/// An image, or what a volume keeps of the one that it was made of.
#[derive(Debug, Default)]
pub struct BootImage {
    /// The image, if it is not active.
    pub inactive: Option<String>,
    /// MiB of memory that it needs.
    pub min_ram: u64,
    /// GiB of disk that it needs.
    pub min_disk: u64,
    /// The bytes of its contents; `None`: unknown, which limits nothing.
    pub size: Option<u64>,
}

impl BootImage {
    /// An image.
    pub fn of_image(image: &Resource) -> BootImage {
        let fields = Image::of(&image.body);
        BootImage {
            inactive: (fields.status() != ImageStatus::Active).then(|| image.id.clone()),
            min_ram: fields.min_ram(),
            min_disk: fields.min_disk(),
            size: fields.size(),
        }
    }

    /// What a volume keeps of its image. The volume has a size of its own.
    pub fn of_volume(volume: &Resource) -> BootImage {
        let kept = Volume::of(&volume.body).image_metadata();
        let needs = |field: &str| kept.and_then(|kept| number(kept.get(field)?)).unwrap_or(0);
        BootImage { min_ram: needs("min_ram"), min_disk: needs("min_disk"), ..BootImage::default() }
    }
}
