//! Cinder: volumes, snapshots, attachments.

pub mod actions;
pub mod attachment;
pub mod attachments;
pub mod backends;
pub mod backups;
pub mod clusters;
pub mod default_types;
pub mod encryption;
pub mod extensions;
pub mod group_actions;
pub mod group_snapshots;
pub mod group_types;
pub mod groups;
pub mod groups_from_source;
pub mod log_levels;
pub mod manage;
pub mod messages;
pub mod place;
pub mod qos;
pub mod quotas;
pub mod record;
mod refusals;
pub mod reset_status;
mod scheduler;
pub mod services;
pub mod transfers;
pub mod types;
pub mod view;
pub mod volumes;
pub mod workers;

pub use attachment::{Attachment, take};
pub use record::{ATTACHED, Attached, Snapshot, Volume, VolumeStatus, number};
