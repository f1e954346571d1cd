//! The block devices of a server: what a boot asks for, and the volumes that it takes or makes. Source: nova/block_device.py
//! and the checks of nova/compute/api.py, as answers of nova 34.0.0 show them.

mod boot_image;
mod check;
mod connect;
mod device;

pub use crate::cloud::compute::servers::block_device::boot_image::BootImage;
pub use crate::cloud::compute::servers::block_device::check::check;
pub use crate::cloud::compute::servers::block_device::connect::connect;
pub use crate::cloud::compute::servers::block_device::device::{
    Device, Devices, boots_from_volume, image_ref, root_name,
};
