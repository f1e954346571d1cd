//! Security groups and their rules.

use super::default_security_groups::rules_of_new_group;
use super::networks::NEUTRON;
use super::view;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Key, Resource};
use crate::cloud::verb::{Ask, Missing, ResourceType, Scope, id_of};
use crate::contract::{Code, Dialect};

pub const SECURITY_GROUPS: ResourceType = ResourceType {
    collection: "security_groups",
    missing: &[
        Missing::of(Dialect::Nova, "Security group {id} not found."),
        Missing::any("Security group {id} does not exist").named("SecurityGroupNotFound"),
    ],
    views: &[(Dialect::Nova, view::group_of_nova), (Dialect::Neutron, view::group)],
    complete,
    change: Some(change),
    leave,
    first_revision: Some(1),
    scope,
    ..NEUTRON
};

/// Nova shows an administrator those of all projects if the query has `all_tenants`, whatever its value.
fn scope(ask: &Ask<'_>) -> Result<Scope, Fault> {
    let asks_for_all = ask.service.dialect == Dialect::Nova && ask.query.last("all_tenants").is_some();
    if asks_for_all && ask.is_admin() { Ok(Scope::All) } else { (NEUTRON.scope)(ask) }
}

const DEFAULT: &str = "default";

/// The default group keeps its name, and no other gets it.
fn change(cloud: &mut Cloud, ask: &Ask<'_>, _: &mut Map) -> Result<(), Fault> {
    let Some(name) = ask.fields().get("name").cloned() else { return Ok(()) };
    let is_default =
        cloud.collection("security_groups").get(ask.id()).is_some_and(|group| group.text("name") == DEFAULT);
    if is_default && ask.service.dialect == Dialect::Neutron {
        let message = "Updating default security group not allowed.";
        return Err(Fault::new(Code::State, 409, message).named("SecurityGroupCannotUpdateDefault"));
    }
    if !is_default && name == DEFAULT {
        return Err(there_is_a_default());
    }
    Ok(())
}

fn there_is_a_default() -> Fault {
    let message = "Default security group already exists.";
    Fault::new(Code::State, 409, message).named("SecurityGroupDefaultAlreadyExists")
}

/// A new group lets everything out.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    if body.get("name").and_then(Value::as_str) == Some(DEFAULT) {
        return Err(there_is_a_default());
    }
    body.get_or_insert_with("description", || json!(""));
    for rule in rules_of_new_group(body) {
        let id = id_of(&rule);
        let project = ask.project().map(str::to_owned);
        cloud.collection("security_group_rules").put(Resource::new(id, project, rule));
    }
    Ok(())
}

/// A group that a port has stays, and so does the default; one that goes takes its rules along.
pub fn leave(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let key = Key::Group(id.into());
    let is_default = cloud.collection("security_groups").get(id).is_some_and(|group| group.text("name") == "default");
    if cloud.collection("ports").count(&key) > 0 {
        return Err(in_use(ask, "SecurityGroupInUse", &format!("Security Group {id} in use.")));
    }
    if is_default && !ask.is_admin() {
        const RIGHTS: &str = "Insufficient rights for removing default security group.";
        return Err(in_use(ask, "SecurityGroupCannotRemoveDefault", RIGHTS));
    }
    let rules = cloud.collection("security_group_rules");
    let own: Vec<String> = rules.with(&key).map(|rule| rule.id.clone()).collect();
    own.iter().for_each(|rule| drop(rules.remove(rule)));
    // A rule that lets the members of the group in goes too: it must not become one that lets everybody in.
    rules.retain(|rule| rule.text("remote_group_id") != id);
    Ok(())
}

/// What is a conflict to Neutron, Nova calls a bad request.
pub fn in_use(ask: &Ask<'_>, name: &'static str, message: &str) -> Fault {
    let status = if ask.service.dialect == Dialect::Nova { 400 } else { 409 };
    Fault::new(Code::State, status, message).named(name)
}
