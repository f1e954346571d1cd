//! Keystone's types of resources, a row each.

use super::accounts::{application_credential, in_domain};
use super::catalog;
use super::links::derive;
use crate::cloud::verb::{Identifier, Missing, Owner, ResourceType};
use crate::contract::Dialect;

/// What all of Keystone's types share.
const PLAIN: ResourceType =
    ResourceType { owner: Owner::Cloud, id: Identifier::Hex, home: Dialect::Keystone, derive, ..ResourceType::PLAIN };

pub const PROJECTS: ResourceType = ResourceType {
    collection: "projects",
    unique: &[(
        "name",
        "Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is {name}, project id {id}.",
    )],
    missing: &[Missing::any("Could not find project: {id}.")],
    complete: in_domain,
    follow: |cloud, id| cloud.follow_identity("projects", id),
    ..PLAIN
};

pub const USERS: ResourceType = ResourceType {
    collection: "users",
    unique: &[(
        "name",
        "Conflict occurred attempting to store user - Duplicate entry found with name {name} at domain ID {domain_id}.",
    )],
    missing: &[Missing::any("Could not find user: {id}.")],
    complete: in_domain,
    follow: |cloud, id| cloud.follow_identity("users", id),
    ..PLAIN
};

pub const ROLES: ResourceType = ResourceType {
    collection: "roles",
    id: Identifier::OfName,
    unique: &[("name", "Conflict occurred attempting to store role - Duplicate entry found with name {name}.")],
    missing: &[Missing::any("Could not find role: {id}.")],
    ..PLAIN
};

pub const DOMAINS: ResourceType = ResourceType {
    collection: "domains",
    unique: &[("name", "Conflict occurred attempting to store domain - Duplicate entry found with name {name}.")],
    missing: &[Missing::any("Could not find domain: {id}.")],
    // Whoever has a project may look at a domain, not at all of them.
    owns: |ask, caller| caller.project.is_some() && ask.parameters.len() == 1,
    ..PLAIN
};

pub const REGIONS: ResourceType = ResourceType {
    collection: "regions",
    id: Identifier::Asked,
    unique: &[("id", "Conflict occurred attempting to store region - Duplicate ID, {id}.")],
    missing: &[Missing::any("Could not find region: {id}.")],
    ..PLAIN
};

pub const SERVICES: ResourceType = ResourceType {
    collection: "identity.services",
    missing: &[Missing::any("Could not find service: {id}.")],
    refresh: catalog::refresh,
    ..PLAIN
};

pub const ENDPOINTS: ResourceType = ResourceType {
    collection: "endpoints",
    missing: &[Missing::any("Could not find endpoint: {id}.")],
    refresh: catalog::refresh,
    ..PLAIN
};

pub const APPLICATION_CREDENTIALS: ResourceType = ResourceType {
    collection: "application_credentials",
    owner: Owner::User,
    unique: &[(
        "name",
        "Conflict occurred attempting to store application_credential - Duplicate entry found with name {name}.",
    )],
    missing: &[Missing::any("Could not find Application Credential: {id}.")],
    complete: application_credential,
    follow: |cloud, id| cloud.follow_identity("application_credentials", id),
    ..PLAIN
};
