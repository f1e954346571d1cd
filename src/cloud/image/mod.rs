//! Glance: images and their content.

pub mod data;
pub mod headers_v1;
pub mod images;
pub mod members;
pub mod members_v1;
pub mod metadef_parts;
pub mod metadefs;
pub mod outside;
pub mod owned;
pub mod patch;
pub mod record;
pub mod saving;
pub mod tags;
pub mod tasks;
pub mod view;

pub use record::{Image, ImageStatus};
pub use saving::{save, saved};
pub use view::{is_usual, properties, properties_of_server, set_properties};
