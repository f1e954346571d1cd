//! Neutron gives every project a security group called `default`, and every new group some rules.

use crate::base::json::{Map, Value, object};
use crate::cloud::verb::{id_of, links};
use std::collections::BTreeMap;

use crate::cloud::store::{Cloud, Fixture, Project, Resource, in_region};

const GROUPS: &str = "security_groups";
const RULES: &str = "security_group_rules";

/// Adds to `fixture` the default groups that it leaves out, and turns the rules inside of groups into resources of
/// their own. Can be repeated after each overlay.
pub fn settle(fixture: &mut Fixture) {
    let projects = fixture.projects.clone();
    let groups = fixture.resources.entry(GROUPS.to_owned()).or_default();
    groups.retain(|group| !is_made_up(group));
    let known: Vec<Resource> = groups.clone();
    let is_default = |project: &Project, group: &Resource| {
        group.text("name") == "default" && group.project.as_ref() == Some(&project.id)
    };
    let lacking = projects.iter().filter(|project| !known.iter().any(|group| is_default(project, group)));
    groups.extend(lacking.map(|project| default_group(&project.id, made_up_id(&project.id))));
    let found: Vec<(Resource, Option<Value>)> =
        groups.iter_mut().map(|group| (group.clone(), group.body.remove(RULES))).collect();
    settle_rules(&mut fixture.resources, found);
}

/// A project that comes later has one, too.
pub fn give(cloud: &mut Cloud, project: &Resource) {
    let group = default_group(&project.id, in_region(&cloud.region, &made_up_id(&project.id)));
    for rule in rules_of_new_group(&group.body) {
        cloud.collection(RULES).put(resource(&group, rule));
    }
    cloud.collection(GROUPS).put(group);
}

fn settle_rules(resources: &mut BTreeMap<String, Vec<Resource>>, groups: Vec<(Resource, Option<Value>)>) {
    let rules = resources.entry(RULES.to_owned()).or_default();
    rules.retain(|rule| groups.iter().any(|(group, _)| group.id == rule.text("security_group_id")));
    for (group, inside) in groups {
        let has_rules = rules.iter().any(|rule| rule.text("security_group_id") == group.id);
        let new: Vec<Map> = match inside {
            Some(Value::Array(inside)) => {
                rules.retain(|rule| rule.text("security_group_id") != group.id);
                inside.iter().enumerate().filter_map(|(place, rule)| complete(&group, place, rule)).collect()
            }
            _ if has_rules => continue,
            _ => rules_of_new_group(&group.body),
        };
        rules.extend(new.into_iter().map(|rule| resource(&group, rule)));
    }
}

fn complete(group: &Resource, place: usize, rule: &Value) -> Option<Map> {
    let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, format!("{} rule {place}", group.id).as_bytes());
    let mut whole = object!({
        "id": id.to_string(), "security_group_id": group.id, "direction": "ingress", "ethertype": "IPv4",
        "tenant_id": group.text("tenant_id"), "project_id": group.text("tenant_id"),
    });
    whole.extend(rule.as_object()?.clone());
    Some(whole)
}

fn resource(group: &Resource, body: Map) -> Resource {
    let id = id_of(&body);
    Resource { public: group.public, ..Resource::new(id, group.project.clone(), body) }
}

fn default_group(project: &str, id: String) -> Resource {
    let mut body = object!({
        "id": id, "name": "default", "description": "Default security group",
        "tenant_id": project, "project_id": project,
    });
    links::derive(GROUPS, &mut body);
    Resource::new(id, Some(project.to_owned()), body)
}

fn made_up_id(project: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, format!("default security group of {project}").as_bytes())
        .to_string()
}

fn is_made_up(group: &Resource) -> bool {
    group.project.as_ref().is_some_and(|project| group.id == made_up_id(project))
}

/// The rules of a security group from its start: everything may leave; what has the project's own group may come in too.
pub fn rules_of_new_group(group: &Map) -> Vec<Map> {
    let directions: &[&str] = if group.text("name") == "default" { &["egress", "ingress"] } else { &["egress"] };
    let kinds = directions.iter().flat_map(|direction| ["IPv4", "IPv6"].map(|version| (*direction, version)));
    let rule = |(direction, version): (&str, &str)| {
        let id = uuid::Uuid::new_v5(
            &uuid::Uuid::NAMESPACE_URL,
            format!("{} {direction} {version}", group.text("id")).as_bytes(),
        );
        let source = Some(group.text("id")).filter(|_| direction == "ingress");
        object!({
            "id": id.to_string(), "project_id": group.text("tenant_id"), "tenant_id": group.text("tenant_id"),
            "security_group_id": group.text("id"), "direction": direction, "ethertype": version,
            "remote_group_id": source, "belongs_to_default_sg": group.text("name") == "default",
        })
    };
    kinds.map(rule).collect()
}
