//! Keystone's types of resources, a row each.

use super::accounts::{
    application_credential, change_user, in_domain, keep_access_rules, refuse_restricted, spelled, user,
};
use super::directory::HIDDEN;
use super::groups::forget_member;
use super::links::derive;
use super::{catalog, catalog_entries, options, projects};
use crate::base::json::{Map, Value};
use crate::base::python_repr;
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Ask, Fixed, Identifier, Listed, Missing, Owner, ResourceType, visible_resources};
use crate::contract::{Code, Dialect, Service};

/// What all of Keystone's types share.
const PLAIN: ResourceType = ResourceType {
    owner: Owner::Cloud,
    id: Identifier::Hex,
    home: Dialect::Keystone,
    derive,
    fixed: &[options::ID],
    views: &[(Dialect::Keystone, hide)],
    ..ResourceType::PLAIN
};

/// Passwords and the like are shown to nobody, and no default project is not shown as a null.
fn hide(_: &Cloud, _: &Service, _: &Resource, body: &mut Map) {
    body.retain(|field, value| {
        !HIDDEN.contains(&field.as_str()) && (field != "default_project_id" || !value.is_null())
    });
}

pub const PROJECTS: ResourceType = ResourceType {
    collection: "projects",
    unique: &[(
        "name",
        "Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is {name}, project id {id}.",
    )],
    unique_within: Some("domain_id"),
    missing: &[Missing::any("Could not find project: {id}.")],
    views: &[(Dialect::Keystone, projects::as_project)],
    list: projects::list,
    complete: projects::complete,
    change: Some(projects::change),
    tell_change: options::tell_project,
    leave: projects::leave,
    follow: |cloud, _| cloud.follow_roles(),
    ..PLAIN
};

pub const USERS: ResourceType = ResourceType {
    collection: "users",
    unique: &[(
        "name",
        "Conflict occurred attempting to store user - Duplicate entry found with name {name} at domain ID {domain_id}.",
    )],
    unique_within: Some("domain_id"),
    missing: &[Missing::any("Could not find user: {id}.")],
    fixed: &[options::ID, options::DOMAIN],
    complete: user,
    change: Some(change_user),
    tell_change: options::tell_user,
    leave: user_leaves,
    follow: |cloud, _| cloud.follow_roles(),
    ..PLAIN
};

/// A user takes along all that is its own.
fn user_leaves(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    cloud.grants.forget(id);
    forget_member(cloud, id);
    for collection in ["credentials", "application_credentials", "access_rules"] {
        cloud.collection(collection).retain(|own| own.text("user_id") != id);
    }
    Ok(())
}

pub const GROUPS: ResourceType = ResourceType {
    collection: "groups",
    unique: &[(
        "name",
        "Conflict occurred attempting to store group - Duplicate entry found with name {name} at domain ID {domain_id}.",
    )],
    unique_within: Some("domain_id"),
    missing: &[Missing::any("Could not find group: {id}.")],
    fixed: &[options::ID, options::DOMAIN],
    complete: in_domain,
    leave: forget_grants,
    follow: |cloud, _| cloud.follow_roles(),
    ..PLAIN
};

fn forget_grants(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    cloud.grants.forget(id);
    Ok(())
}

pub const ROLES: ResourceType = ResourceType {
    collection: "roles",
    unique: &[("name", "Conflict occurred attempting to store role - Duplicate entry found with name {name}.")],
    unique_within: Some("domain_id"),
    missing: &[Missing::any("Could not find role: {id}.")],
    list: global_roles,
    fixed: &[options::ID, Fixed { message: "Update of `domain_id` is not allowed.", ..options::DOMAIN }],
    change: Some(|cloud, ask, fields| options::change(cloud, ask, fields, "role")),
    leave: role_leaves,
    follow: |cloud, _| cloud.follow_roles(),
    ..PLAIN
};

/// The roles of a domain are listed to those who ask for them.
fn global_roles<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let mut listed = visible_resources(cloud, ask)?;
    if ask.query.last("domain_id").is_none() {
        listed.resources.retain(|role| role.text("domain_id").is_empty());
    }
    Ok(listed)
}

fn role_leaves(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(), Fault> {
    options::refuse_to_delete(cloud, "roles", id, "role")?;
    forget_grants(cloud, ask, id)
}

pub const DOMAINS: ResourceType = ResourceType {
    collection: "domains",
    unique: &[(
        "name",
        "Conflict occurred attempting to store project - it is not permitted to have two projects acting as domains with the same name: {name}.",
    )],
    missing: &[Missing::any("Could not find domain: {id}.")],
    views: &[(Dialect::Keystone, projects::as_domain)],
    complete: projects::complete_domain,
    change: Some(projects::change),
    leave: projects::domain_leaves,
    follow: |cloud, _| cloud.follow_roles(),
    // Whoever has a project may look at a domain, not at all of them.
    owns: |ask, caller| caller.project.is_some() && ask.parameters.len() == 1,
    ..PLAIN
};

pub const REGIONS: ResourceType = ResourceType {
    collection: "regions",
    id: Identifier::Asked,
    complete: catalog_entries::new_region,
    change: Some(catalog_entries::region),
    unique: &[("id", "Conflict occurred attempting to store region - Duplicate ID, {id}..")],
    missing: &[Missing::any("Could not find region: {id}.")],
    leave: catalog_entries::region_leaves,
    ..PLAIN
};

pub const SERVICES: ResourceType = ResourceType {
    collection: catalog::SERVICES,
    missing: &[Missing::any("Could not find service: {id}.")],
    complete: spelled,
    leave: catalog_entries::service_leaves,
    refresh: catalog::refresh,
    ..PLAIN
};

pub const ENDPOINTS: ResourceType = ResourceType {
    collection: "endpoints",
    missing: &[Missing::any("Could not find endpoint: {id}.")],
    complete: catalog_entries::new_endpoint,
    change: Some(catalog_entries::endpoint),
    refresh: catalog::refresh,
    ..PLAIN
};

pub const CREDENTIALS: ResourceType = ResourceType {
    collection: "credentials",
    missing: &[Missing::any("Could not find credential: {id}.")],
    permit: |_, ask, before| match before {
        None => own_credential(ask, ask.fields().get("user_id").and_then(Value::as_str)),
        Some(_) => Ok(()),
    },
    locate: |cloud, ask| {
        let found = cloud.collection("credentials").get(ask.id()).map(|own| own.text("user_id").to_owned());
        own_credential(ask, found.as_deref()).map(|()| ask.key())
    },
    list: |cloud, ask| {
        let mut listed = visible_resources(cloud, ask)?;
        listed.resources.retain(|own| own_credential(ask, Some(own.text("user_id"))).is_ok());
        Ok(listed)
    },
    complete: credential,
    ..PLAIN
};

/// Users have to do with their own, administrators with all: of others, nobody learns whether there are any.
fn own_credential(ask: &Ask<'_>, user: Option<&str>) -> Result<(), Fault> {
    if ask.is_admin() || ask.caller.is_some_and(|caller| Some(caller.user.as_str()) == user) {
        return Ok(());
    }
    let verb = match ask.operation.method.as_str() {
        "POST" => "create",
        "PATCH" => "update",
        "DELETE" => "delete",
        _ => "get",
    };
    let rule = format!("identity:{verb}_credential");
    Err(Fault::forbidden_by(&rule, (ask.manner().policy)(&rule)))
}

/// EC2 credentials are of a project.
fn credential(_: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let is_ec2 = fields.get("type").and_then(Value::as_str) == Some("ec2");
    if is_ec2 && !fields.contains_key("project_id") {
        let value = python_repr(&ask.body["credential"]);
        let message = format!(
            "Invalid input for field/attribute credential. Value: {value}. 'project_id' is a required property"
        );
        return Err(Fault::new(Code::Missing, 400, message));
    }
    fields.get_or_insert_with("project_id", || Value::Null);
    Ok(())
}

pub const APPLICATION_CREDENTIALS: ResourceType = ResourceType {
    collection: "application_credentials",
    owner: Owner::User,
    unique: &[(
        "name",
        "Conflict occurred attempting to store application_credential - Duplicate entry found with name {name}.",
    )],
    missing: &[Missing::any("Could not find Application Credential: {id}.")],
    complete: application_credential,
    arrive: keep_access_rules,
    leave: |cloud, ask, _| refuse_restricted(cloud, ask),
    follow: |cloud, _| cloud.follow_roles(),
    ..PLAIN
};

pub const ACCESS_RULES: ResourceType = ResourceType {
    collection: "access_rules",
    owner: Owner::User,
    missing: &[Missing::any("Could not find Access Rule: {id}.")],
    leave: access_rule_leaves,
    ..PLAIN
};

/// A rule that an application credential has stays.
fn access_rule_leaves(cloud: &mut Cloud, _: &Ask<'_>, key: &str) -> Result<(), Fault> {
    let id = key.rsplit_once('/').map_or(key, |(_, id)| id);
    let has = |credential: &Resource| {
        let rules = credential.body.get("access_rules").and_then(Value::as_array);
        rules.is_some_and(|rules| rules.iter().any(|rule| rule["id"] == id))
    };
    match cloud.collection("application_credentials").iter().any(has) {
        true => Err(Fault::new(Code::State, 403, "May not delete access rule in use")),
        false => Ok(()),
    }
}
