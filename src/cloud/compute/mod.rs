//! Nova: servers, and what they are booted from and run on.

pub mod aggregates;
pub mod assisted_snapshots;
pub mod availability_zones;
mod by_number;
pub mod extensions;
mod fingerprint;
pub mod flavors;
mod former_policies;
pub mod hosts;
pub mod hypervisors;
pub mod keypairs;
mod keys;
pub mod quota_sets;
pub mod server_groups;
pub mod servers;
pub mod services;
pub mod usage;
pub mod usage_audit;
