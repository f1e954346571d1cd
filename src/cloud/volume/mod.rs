//! Cinder: volumes, snapshots, attachments.

pub mod attachment;
pub mod view;
pub mod volumes;

pub use attachment::{ATTACHED, Attachment, attachment, take};
