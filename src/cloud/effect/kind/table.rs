//! The kinds of resources that clients may add to the cloud, a row each.

use super::{Identifier, Kind, Owner, address, group, image, network, port, volume};
use crate::base::FieldMap;
use crate::cloud::default_groups;
use crate::cloud::effect::{Ask, aggregate, flavor, identity, keypair, server_group, service};
use crate::cloud::fault::Fault;
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;
use crate::contract::Dialect;

/// A kind of which nothing is particular.
const PLAIN: Kind = Kind {
    collection: "",
    owner: Owner::Project,
    id: Identifier::Uuid,
    unique: &[],
    missing: "",
    quota: None,
    complete: as_it_is,
    change: None,
    agree: whatever_they_are,
    arrive: alone,
    leave: nothing_else,
    status_of_new: None,
    home: Dialect::Nova,
};

const OF_CINDER: Kind =
    Kind { change: Some(as_it_is), home: Dialect::Cinder, status_of_new: Some("creating"), ..PLAIN };
const OF_NEUTRON: Kind = Kind { change: Some(as_it_is), home: Dialect::Neutron, ..PLAIN };

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind {
        collection: "flavors",
        owner: Owner::Cloud,
        id: Identifier::Asked,
        unique: &[("name", "Flavor with name {name} already exists."), ("id", "Flavor with ID {id} already exists.")],
        missing: "Flavor {id} could not be found.",
        complete: flavor::complete,
        ..PLAIN
    },
    Kind {
        collection: "keypairs",
        owner: Owner::User,
        id: Identifier::Name,
        unique: &[("name", "Key pair '{name}' already exists.")],
        missing: "Keypair {id} not found for user {user}",
        quota: Some("key_pairs"),
        complete: keypair::complete,
        ..PLAIN
    },
    Kind {
        collection: "server_groups",
        owner: Owner::Project,
        id: Identifier::Uuid,
        unique: &[],
        missing: "Instance group {id} could not be found.",
        quota: Some("server_groups"),
        complete: server_group::complete,
        ..PLAIN
    },
    Kind {
        collection: "aggregates",
        owner: Owner::Cloud,
        id: Identifier::Number,
        unique: &[("name", "Aggregate {name} already exists.")],
        missing: "Aggregate {id} could not be found.",
        complete: aggregate::complete,
        leave: aggregate::refuse_full,
        ..PLAIN
    },
    Kind {
        collection: "volumes",
        complete: volume::complete,
        change: Some(volume::change),
        leave: volume::leave,
        ..OF_CINDER
    },
    Kind { collection: "snapshots", complete: volume::complete_snapshot, ..OF_CINDER },
    Kind {
        collection: "projects",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[(
            "name",
            "Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is {name}, project id {id}.",
        )],
        missing: "Could not find project: {id}.",
        complete: identity::in_domain,
        arrive: default_groups::give,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "users",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[(
            "name",
            "Conflict occurred attempting to store user - Duplicate entry found with name {name} at domain ID {domain_id}.",
        )],
        missing: "Could not find user: {id}.",
        complete: identity::in_domain,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "roles",
        owner: Owner::Cloud,
        id: Identifier::OfName,
        unique: &[("name", "Conflict occurred attempting to store role - Duplicate entry found with name {name}.")],
        missing: "Could not find role: {id}.",
        complete: identity::as_asked,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "domains",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[("name", "Conflict occurred attempting to store domain - Duplicate entry found with name {name}.")],
        missing: "Could not find domain: {id}.",
        complete: identity::as_asked,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "regions",
        owner: Owner::Cloud,
        id: Identifier::Asked,
        unique: &[("id", "Conflict occurred attempting to store region - Duplicate ID, {id}.")],
        missing: "Could not find region: {id}.",
        complete: identity::as_asked,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "identity.services",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[],
        missing: "Could not find service: {id}.",
        complete: identity::as_asked,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "endpoints",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[],
        missing: "Could not find endpoint: {id}.",
        complete: identity::as_asked,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "application_credentials",
        owner: Owner::User,
        id: Identifier::Hex,
        unique: &[(
            "name",
            "Conflict occurred attempting to store application_credential - Duplicate entry found with name {name}.",
        )],
        missing: "Could not find Application Credential: {id}.",
        complete: identity::application_credential,
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind { collection: "services", owner: Owner::Cloud, leave: service::refuse_busy, ..PLAIN },
    Kind {
        collection: "networks",
        owner: Owner::Shared,
        complete: network::complete,
        leave: network::leave,
        ..OF_NEUTRON
    },
    Kind {
        collection: "subnets",
        owner: Owner::Shared,
        complete: network::complete_subnet,
        leave: network::subnet_leaves,
        ..OF_NEUTRON
    },
    Kind {
        collection: "ports",
        complete: port::complete,
        change: Some(port::change),
        leave: port::leave,
        ..OF_NEUTRON
    },
    Kind { collection: "floatingips", complete: address::complete, change: Some(address::change), ..OF_NEUTRON },
    Kind { collection: "security_groups", complete: group::complete, leave: group::leave, ..OF_NEUTRON },
    Kind {
        collection: "security_group_rules",
        complete: group::complete_rule,
        agree: group::rules_agree,
        ..OF_NEUTRON
    },
    Kind {
        collection: "images",
        owner: Owner::Shared,
        id: Identifier::Asked,
        complete: image::complete,
        leave: image::leave,
        home: Dialect::Glance,
        change: Some(as_it_is),
        ..PLAIN
    },
];

fn as_it_is(_: &mut Cloud, _: &Ask<'_>, _: &mut FieldMap) -> Result<(), Fault> {
    Ok(())
}

fn nothing_else(_: &mut Cloud, _: &Ask<'_>, _: &str) -> Result<(), Fault> {
    Ok(())
}

fn whatever_they_are(_: &[Ask<'_>]) -> Result<(), Fault> {
    Ok(())
}

fn alone(_: &mut Cloud, _: &Resource) {}
