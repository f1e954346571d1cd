//! Cinder: volumes, snapshots, attachments.

pub mod attachment;
pub mod record;
pub mod view;
pub mod volumes;

pub use attachment::{Attachment, take};
pub use record::{ATTACHED, Attached, Snapshot, Volume, VolumeStatus};
