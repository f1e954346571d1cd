//! How each service says that something is not there.

use super::resource_type::Kind;
use crate::cloud::store::{Fault, WEBOB};
use crate::contract::{Dialect, Service};

/// The value that the sentence of a refusal names.
const ID: &str = "{}";

/// How a service says that a collection has nothing of that id, and Neutron's name for it.
const NOT_FOUND: [(Option<Dialect>, &str, &str, &str); 19] = [
    (Some(Dialect::Neutron), "extensions", "Extension with alias {} does not exist", WEBOB),
    (None, "servers", "Instance {} could not be found.", ""),
    (None, "hypervisors", "Hypervisor with ID '{}' could not be found.", ""),
    (None, "services", "Service {} could not be found.", ""),
    (Some(Dialect::Nova), "images", "Image not found.", ""),
    (None, "images", "No image found with ID {}", ""),
    (Some(Dialect::Nova), "networks", "Network not found", ""),
    (None, "networks", "Network {} could not be found.", "NetworkNotFound"),
    (None, "subnets", "Subnet {} could not be found.", "SubnetNotFound"),
    (Some(Dialect::Nova), "ports", "Port id {} could not be found.", ""),
    (None, "ports", "Port {} could not be found.", "PortNotFound"),
    (Some(Dialect::Nova), "security_groups", "Security group {} not found.", ""),
    (None, "security_groups", "Security group {} does not exist", "SecurityGroupNotFound"),
    (None, "security_group_rules", "Security group rule {} does not exist", "SecurityGroupRuleNotFound"),
    (Some(Dialect::Nova), "floatingips", "Floating IP not found for ID {}", ""),
    (None, "floatingips", "Floating IP {} could not be found", "FloatingIPNotFound"),
    (None, "volumes", "Volume {} could not be found.", ""),
    (None, "snapshots", "Snapshot {} could not be found.", ""),
    (None, "volume_types", "Volume type {} could not be found.", ""),
];

/// The refusal of an `id` that names nothing; `user` is whose it would be.
pub fn not_found(service: &Service, collection: &str, id: &str, user: &str) -> Fault {
    let dialect = service.dialect;
    if collection == "servers" && service.name == "compute-v2" {
        return Fault::not_found("Instance could not be found");
    }
    let is_it =
        |row: &&(Option<Dialect>, &str, &str, &str)| row.0.is_none_or(|of| of == dialect) && row.1 == collection;
    match NOT_FOUND.iter().find(is_it) {
        Some((.., sentence, "")) => Fault::not_found(sentence.replace(ID, id)),
        Some((.., sentence, name)) => Fault::not_found(sentence.replace(ID, id)).named(name),
        None => Fault::not_found(match Kind::of(collection).map(|kind| kind.missing) {
            Some(missing) if !missing.is_empty() => missing.replace("{id}", id).replace("{user}", user),
            _ => "The resource could not be found.".to_owned(),
        }),
    }
}
