//! Glance: images and their content.

pub mod content;
pub mod headers_v1;
pub mod images;
pub mod record;
pub mod view;

pub use record::{Image, ImageStatus};
pub use view::{properties, properties_of_server, set_properties};
