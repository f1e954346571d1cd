//! Floating IPs and security groups as Neutron and Nova show them.

use super::networks::stable_number;
use super::server_ports::{address_of_server, groups_of, ports_of};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Key, Resource, VmState};
use crate::cloud::verb::links;
use crate::contract::Service;

/// Neutron shows the port that has the address.
pub fn floating_ip(cloud: &Cloud, _: &Service, address: &Resource, body: &mut Map) {
    let Some(port) = port_of(cloud, address) else { return };
    let usual = |name: &str| match name {
        "admin_state_up" => json!(true),
        "name" | "device_id" | "device_owner" => json!(""),
        _ => Value::Null,
    };
    let field = |name: &str| port.body.get(name).cloned().unwrap_or_else(|| usual(name));
    let names = ["name", "network_id", "mac_address", "admin_state_up", "status", "device_id", "device_owner"];
    let details: Map = names.iter().map(|name| ((*name).to_owned(), field(name))).collect();
    body.insert("port_details", Value::Object(details));
}

/// Nova names the network and the server.
pub fn floating_ip_of_nova(cloud: &Cloud, _: &Service, address: &Resource, body: &mut Map) {
    let network = find(cloud, "networks", address.text("floating_network_id"));
    body.insert("pool", json!(network.map_or("", |network| network.text("name"))));
    let server = port_of(cloud, address).map(|port| port.text("device_id")).filter(|id| !id.is_empty());
    body.insert("instance_id", json!(server));
}

/// Nova shows the security groups of a server's ports, once there are any, and beside a fixed address the one that floats to it.
pub fn server(cloud: &Cloud, _: &Service, server: &Resource, body: &mut Map) {
    body.insert("links", links("servers", &server.id));
    let name =
        |group: &Resource| json!({"name": if group.text("name").is_empty() { &group.id } else { group.text("name") }});
    let groups: Vec<Value> = groups_of(cloud, &server.id).map(name).collect();
    if !groups.is_empty() && VmState::of(server) != VmState::Building {
        body.insert("security_groups", Value::Array(groups));
    }
    for (port, address) in floating_ips_of(cloud, server) {
        let shown = address_of_server(address.text("floating_ip_address"), "floating", port.text("mac_address"));
        let networks =
            body.get_mut("addresses").and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut());
        let has_fixed = |list: &&mut Vec<Value>| list.iter().any(|ip| ip["addr"] == address.text("fixed_ip_address"));
        if let Some(list) = networks.filter_map(Value::as_array_mut).find(has_fixed) {
            list.push(shown);
        }
    }
}

/// The floating IPs of the ports of `server`.
fn floating_ips_of<'c>(cloud: &'c Cloud, server: &Resource) -> impl Iterator<Item = (&'c Resource, &'c Resource)> {
    let floating = cloud.collections.get("floatingips").filter(|all| all.len() > 0);
    let ports = floating.into_iter().flat_map(|all| ports_of(cloud, &server.id).map(move |port| (all, port)));
    ports.flat_map(|(all, port)| all.with(&Key::Port(port.id.as_str().into())).map(move |address| (port, address)))
}

/// Neutron shows the rules inside the group.
pub fn group(cloud: &Cloud, _: &Service, group: &Resource, body: &mut Map) {
    let shown = |rule: &Resource| {
        let mut shown = rule.body.clone();
        shown.insert("standard_attr_id", json!(stable_number(&rule.body)));
        Value::Object(shown)
    };
    body.insert("security_group_rules", rules_of(cloud, group).map(shown).collect());
}

/// Nova knows only rules for what comes in.
pub fn group_of_nova(cloud: &Cloud, _: &Service, group: &Resource, body: &mut Map) {
    let rules = rules_of(cloud, group).filter(|rule| rule.text("direction") == "ingress");
    body.insert("rules", rules.map(|rule| rule_in_novas_words(cloud, rule)).collect());
}

pub fn rule_of_nova(cloud: &Cloud, _: &Service, rule: &Resource, body: &mut Map) {
    if let Value::Object(fields) = rule_in_novas_words(cloud, rule) {
        body.extend(fields);
    }
}

fn rule_in_novas_words(cloud: &Cloud, rule: &Resource) -> Value {
    let field = |name: &str| rule.body.get(name).filter(|value| !value.is_null());
    let port = |name: &str, whole: i64| match (rule.text("protocol"), field("port_range_min"), field("port_range_max"))
    {
        ("", ..) => json!(field(name)),
        ("tcp" | "udp", None, None) => json!(whole),
        (_, None, None) => json!(-1),
        _ => json!(field(name)),
    };
    let group = find(cloud, "security_groups", rule.text("remote_group_id"));
    let (group, range) = match group {
        Some(group) => (json!({"name": group.text("name"), "tenant_id": group.text("tenant_id")}), json!({})),
        None => (json!({}), json!({"cidr": field("remote_ip_prefix").cloned().unwrap_or_else(|| json!("0.0.0.0/0"))})),
    };
    json!({
        "id": rule.id,
        "parent_group_id": rule.text("security_group_id"),
        "ip_protocol": field("protocol"),
        "from_port": port("port_range_min", 1),
        "to_port": port("port_range_max", 65_535),
        "group": group,
        "ip_range": range,
    })
}

fn rules_of<'c>(cloud: &'c Cloud, group: &'c Resource) -> impl Iterator<Item = &'c Resource> {
    let key = Key::Group(group.id.as_str().into());
    cloud.collections.get("security_group_rules").into_iter().flat_map(move |rules| rules.with(&key))
}

fn port_of<'c>(cloud: &'c Cloud, address: &Resource) -> Option<&'c Resource> {
    find(cloud, "ports", address.text("port_id"))
}

fn find<'c>(cloud: &'c Cloud, collection: &str, id: &str) -> Option<&'c Resource> {
    cloud.collections.get(collection)?.get(id)
}
