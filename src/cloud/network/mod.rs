//! Neutron: networks, ports, addresses, security groups.

mod addresses;
mod allocation;
mod attribute_policies;
pub mod default_security_groups;
pub mod floating_ips;
pub mod ip_availability;
pub mod networks;
mod nova_rules;
pub mod pools;
mod port_details;
pub mod ports;
pub mod quotas;
pub mod routers;
pub mod security_group_rules;
pub mod security_groups;
mod server_ports;
mod subnet_details;
pub mod view;
mod wanted;

pub use addresses::free_address;
pub use server_ports::{attach, detach, group_called, groups_of, plug, ports_of, protect, readdress, unplug};
pub use wanted::{Wanted, joinable, refused_later, wanted};
