//! Groups of servers.

use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Collection, Fault, Key, Resource};
use crate::cloud::verb::{Ask, Missing, ResourceType, Scope, usual_scope};
use crate::contract::Code;

pub const SERVER_GROUPS: ResourceType = ResourceType {
    collection: "server_groups",
    missing: &[Missing::any("Instance group {id} could not be found.")],
    quota: Some("server_groups"),
    complete,
    refresh,
    scope: |ask| match ask.is_admin() && ask.query.last("all_projects").is_some() {
        true => Ok(Scope::All),
        false => usual_scope(ask),
    },
    ..ResourceType::PLAIN
};

/// The servers that were booted with the hint of a group are its members.
fn refresh(cloud: &mut Cloud, _: &Ask<'_>) {
    let servers = cloud.collections.get("servers");
    let of = |group: &Resource| {
        let members = servers.into_iter().flat_map(|servers| servers.with(&Key::Group(group.id.as_str().into())));
        members.map(|server| json!(server.id)).collect::<Value>()
    };
    let groups = cloud.collections.get("server_groups").into_iter().flat_map(Collection::iter);
    let mut members = groups.map(of).collect::<Vec<_>>().into_iter();
    cloud.collection("server_groups").for_each_mut(|group| group.set("members", members.next()));
}

/// Keeps the policy in both forms: a list of one until 2.63, then a text with rules.
pub fn complete(_: &mut Cloud, _: &Ask<'_>, group: &mut Map) -> Result<(), Fault> {
    let listed = group.get("policies").and_then(|policies| policies.get(0)).cloned();
    let policy = group.get("policy").cloned().or(listed).unwrap_or(Value::Null);
    let has_rules = group.get("rules").and_then(Value::as_object).is_some_and(|rules| !rules.is_empty());
    if has_rules && policy != "anti-affinity" {
        return Err(Fault::new(Code::Rule, 400, "Only anti-affinity policy supports rules."));
    }
    if let Some(most) = group.get_mut("rules").and_then(|rules| rules.get_mut("max_server_per_host")) {
        // Digits are a number to Nova.
        *most = most.as_str().and_then(|text| text.parse::<u64>().ok()).map_or(most.take(), Value::from);
    }
    group.insert("policies", json!([policy]));
    group.insert("policy", policy);
    Ok(())
}
