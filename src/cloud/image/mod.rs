//! Glance: images and their content.

pub mod content;
pub mod headers_v1;
pub mod images;
pub mod view;

pub use view::{properties, properties_of_server, set_properties};
