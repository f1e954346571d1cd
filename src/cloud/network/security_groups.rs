//! Security groups and their rules.

use super::default_security_groups::rules_of_new_group;
use super::networks::NEUTRON;
use super::view;
use crate::base::json::{Map, Value, json};
use std::collections::HashSet;

use crate::cloud::store::{Cloud, Fault, Key, Resource};
use crate::cloud::verb::{Ask, Missing, ResourceType, as_it_is, id_of};
use crate::contract::{Code, Dialect};

pub const SECURITY_GROUPS: ResourceType = ResourceType {
    collection: "security_groups",
    missing: &[
        Missing::of(Dialect::Nova, "Security group {id} not found."),
        Missing::any("Security group {id} does not exist").named("SecurityGroupNotFound"),
    ],
    views: &[(Dialect::Nova, view::group_of_nova), (Dialect::Neutron, view::group)],
    complete,
    change: Some(as_it_is),
    leave,
    ..NEUTRON
};

pub const SECURITY_GROUP_RULES: ResourceType = ResourceType {
    collection: "security_group_rules",
    missing: &[Missing::any("Security group rule {id} does not exist").named("SecurityGroupRuleNotFound")],
    views: &[(Dialect::Nova, view::rule_of_nova)],
    complete: complete_rule,
    change: Some(as_it_is),
    agree: rules_agree,
    ..NEUTRON
};

/// A new group lets everything out.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    if body.get("name").and_then(Value::as_str) == Some("default") {
        let message = "Default security group already exists.";
        return Err(Fault::new(Code::State, 409, message).named("SecurityGroupDefaultAlreadyExists"));
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
    Ok(())
}

/// What is a conflict to Neutron, Nova calls a bad request.
fn in_use(ask: &Ask<'_>, name: &'static str, message: &str) -> Fault {
    let status = if ask.service.dialect == Dialect::Nova { 400 } else { 409 };
    Fault::new(Code::State, status, message).named(name)
}

/// Creates a rule in an existing group, if the group has no equal rule.
pub fn complete_rule(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    for field in ["security_group_id", "remote_group_id"] {
        let Some(id) = body.get(field).and_then(Value::as_str) else { continue };
        let group = cloud.collection("security_groups").get(id);
        if !group.is_some_and(|group| ask.caller.is_some_and(|caller| group.is_visible_to(caller))) {
            return Err(ask.not_found_in("security_groups", id));
        }
    }
    normalise(ask, body);
    right_ports(ask, body)?;
    if let Some(same) = cloud.collection("security_group_rules").with(&Key::of_rule(body)).next() {
        let message = format!("Security group rule already exists. Rule id is {}.", same.id);
        return Err(in_use(ask, "SecurityGroupRuleExists", &message));
    }
    Ok(())
}

/// Rules that are made at once are of one group, and no two are one.
pub fn rules_agree(asks: &[Ask<'_>]) -> Result<(), Fault> {
    let (mut groups, mut seen) = (HashSet::new(), HashSet::new());
    for ask in asks {
        let mut rule = ask.fields();
        normalise(ask, &mut rule);
        groups.insert(rule.get("security_group_id").map(Value::to_string));
        let is_new = seen.insert(Key::of_rule(&rule));
        if groups.len() > 1 {
            let message = "Only allowed to update rules for one security profile at a time";
            return Err(Fault::new(Code::Rule, 400, message).named("SecurityGroupNotSingleGroupRules"));
        }
        if !is_new {
            let message = "Duplicate Security Group Rule in POST.";
            return Err(Fault::new(Code::State, 409, message).named("DuplicateSecurityGroupRuleInPost"));
        }
    }
    Ok(())
}

fn normalise(ask: &Ask<'_>, body: &mut Map) {
    let prefix = body.get("remote_ip_prefix").and_then(Value::as_str).map(str::to_owned);
    let six = prefix.as_ref().is_some_and(|prefix| prefix.contains(':'));
    body.get_or_insert_with("ethertype", || json!(if six { "IPv6" } else { "IPv4" }));
    body.get_or_insert_with("direction", || json!("ingress"));
    body.insert("normalized_cidr", json!(prefix));
    if let Some(Value::String(protocol)) = body.get_mut("protocol") {
        protocol.make_ascii_lowercase();
    }
    for port in ["port_range_min", "port_range_max"] {
        // Nova says -1 where Neutron says nothing, and takes digits.
        let number = body.get(port).and_then(|port| port.as_i64().or_else(|| port.as_str()?.parse().ok()));
        let number = number.filter(|number| *number >= 0 || ask.service.dialect != Dialect::Nova);
        body.insert(port.to_owned(), json!(number));
    }
}

fn right_ports(ask: &Ask<'_>, body: &Map) -> Result<(), Fault> {
    let port = |field: &str| body.get(field).and_then(Value::as_i64);
    let has_protocol = body.get("protocol").is_some_and(|protocol| !protocol.is_null());
    let (name, message) = match (port("port_range_min"), port("port_range_max")) {
        (None, None) => return Ok(()),
        _ if !has_protocol => {
            ("SecurityGroupProtocolRequiredWithPorts", "Must also specify protocol if port range is given.")
        }
        (Some(first), Some(last)) if first > last && !body.get("protocol").is_some_and(|p| p == "icmp") => {
            ("SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max")
        }
        _ => return Ok(()),
    };
    let message = if ask.service.dialect == Dialect::Nova {
        format!("Invalid input received: {message}")
    } else {
        message.to_owned()
    };
    Err(Fault::new(Code::Rule, 400, message).named(name))
}
