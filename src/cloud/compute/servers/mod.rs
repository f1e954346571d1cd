//! Servers: their boot, their life, and what they have.

mod access_address;
pub mod action;
pub mod advance;
pub mod affliction;
pub mod at_rest;
pub mod block_device;
pub mod boot;
pub mod classic;
mod classic_listing;
pub mod consoles;
pub mod diagnostics;
pub mod external_events;
pub mod floating_ips;
pub mod instance_actions;
pub mod interfaces;
pub mod items;
pub mod lifecycle;
pub mod listing;
pub mod live_migrations;
pub mod recorded;
pub mod removal;
pub mod security_groups;
pub mod server_type;
pub mod state_filter;
pub mod transition;
pub mod update;
pub mod volume_attachments;
