//! Rules of security groups: what Neutron takes, and what makes two of them one. Source: neutron/db/securitygroups_db.py,
//! neutron/extensions/securitygroup.py.

use std::collections::HashSet;

use super::networks::NEUTRON;
use super::security_groups::in_use;
use super::view;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Key};
use crate::cloud::verb::{Ask, Missing, ResourceType, as_it_is};
use crate::contract::{Code, Dialect};

pub const SECURITY_GROUP_RULES: ResourceType = ResourceType {
    collection: "security_group_rules",
    missing: &[Missing::any("Security group rule {id} does not exist").named("SecurityGroupRuleNotFound")],
    views: &[(Dialect::Nova, view::rule_of_nova)],
    complete: complete_rule,
    change: Some(as_it_is),
    agree: rules_agree,
    ..NEUTRON
};

/// Creates a rule in an existing group, if the group has no equal rule.
pub fn complete_rule(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    normalise(ask, body);
    match ask.service.dialect {
        Dialect::Nova => super::nova_rules::right(ask)?,
        _ => right(body)?,
    }
    let group = body.text("security_group_id");
    let is_default =
        cloud.collection("security_groups").get(group).is_some_and(|group| group.text("name") == "default");
    body.insert("belongs_to_default_sg", json!(is_default));
    body.get_or_insert_with("description", || json!(""));
    for field in ["remote_group_id", "security_group_id"] {
        let Some(id) = body.get(field).and_then(Value::as_str) else { continue };
        let group = cloud.collection("security_groups").get(id);
        if !group.is_some_and(|group| ask.sees(group)) {
            return Err(ask.not_found_in("security_groups", id));
        }
    }
    if let Some(same) = cloud.collection("security_group_rules").with(&Key::of_rule(body)).next() {
        let message = match ask.service.dialect {
            Dialect::Nova => format!("This rule already exists in group {}", same.text("security_group_id")),
            _ => format!("Security group rule already exists. Rule id is {}.", same.id),
        };
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
    body.insert("normalized_cidr", json!(prefix.as_deref().and_then(normal_cidr)));
    let protocol = body.get("protocol").filter(|own| !own.is_null()).map(|own| text_of(own).to_lowercase());
    if let Some(cidr) = prefix.filter(|prefix| !prefix.contains('/')).as_deref().and_then(normal_cidr) {
        body.insert("remote_ip_prefix", json!(cidr));
    }
    let named = protocol.filter(|protocol| !ANY.contains(&protocol.as_str()));
    body.insert("protocol", json!(named));
    for port in ["port_range_min", "port_range_max"] {
        // Nova says -1 where Neutron says nothing, and takes digits.
        let number = body.get(port).and_then(|port| port.as_i64().or_else(|| port.as_str()?.parse().ok()));
        let number = number.filter(|number| *number >= 0 || ask.service.dialect != Dialect::Nova);
        let is_nonsense = body.get(port).and_then(Value::as_str).is_some_and(|text| text.parse::<i64>().is_err());
        if !is_nonsense {
            body.insert(port.to_owned(), json!(number));
        }
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What stands for every protocol.
const ANY: [&str; 2] = ["", "any"];

/// The protocols that have names, with their numbers.
const PROTOCOLS: [(&str, u8); 25] = [
    ("ah", 51),
    ("dccp", 33),
    ("egp", 8),
    ("esp", 50),
    ("gre", 47),
    ("hopopt", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ip", 0),
    ("ipip", 4),
    ("ipv6-encap", 41),
    ("ipv6-frag", 44),
    ("ipv6-icmp", 58),
    ("icmpv6", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("ipv6-route", 43),
    ("ospf", 89),
    ("pgm", 113),
    ("rsvp", 46),
    ("sctp", 132),
    ("tcp", 6),
    ("udp", 17),
    ("udplite", 136),
    ("vrrp", 112),
];

/// The protocols that have ports.
const WITH_PORTS: [u8; 5] = [33, 132, 6, 17, 136];

/// The protocols of IPv6 alone.
const OF_IPV6: [u8; 6] = [41, 44, 58, 59, 60, 43];

fn number_of(protocol: &str) -> Option<u8> {
    let named = PROTOCOLS.iter().find(|(name, _)| *name == protocol).map(|(_, number)| *number);
    named.or_else(|| protocol.parse().ok())
}

/// The network of a prefix: its length is added and the bits of the host go.
fn normal_cidr(prefix: &str) -> Option<String> {
    super::addresses::network_of(prefix)
}

/// Refuses what Neutron does not take, in its order: the fields one by one, then what they are together.
fn right(body: &Map) -> Result<(), Fault> {
    let text = |field: &str| body.get(field).filter(|own| !own.is_null()).map(text_of);
    let protocol = text("protocol");
    let number = protocol.as_deref().map(number_of);
    if let (Some(protocol), Some(None)) = (&protocol, number) {
        let names: Vec<String> = PROTOCOLS.iter().map(|(name, _)| format!("'{name}'")).collect();
        let known = format!("(None, 'any', {})", names.join(", "));
        let message = format!(
            "Security group rule protocol {protocol} not supported. Only protocol values {known} and integer representations [0 to 255] \
             are supported."
        );
        return refuse("SecurityGroupRuleInvalidProtocol", message);
    }
    let ethertype = text_of(&body["ethertype"]);
    if !["IPv4", "IPv6"].contains(&ethertype.as_str()) {
        let message = format!(
            "Security group rule for ethertype '{ethertype}' not supported. Allowed values are ['IPv4', 'IPv6']."
        );
        return refuse("SecurityGroupRuleInvalidEtherType", message);
    }
    let ports = ["port_range_min", "port_range_max"].map(|field| body.get(field).and_then(Value::as_i64));
    let spelled = ["port_range_min", "port_range_max"].map(|field| body.get(field).and_then(Value::as_str));
    if let Some(port) = spelled.iter().flatten().next() {
        return refuse("SecurityGroupInvalidPortValue", format!("Invalid value for port {port}"));
    }
    if let Some(port) = ports.iter().flatten().find(|port| !(0..=65_535).contains(*port)) {
        return refuse("SecurityGroupInvalidPortValue", format!("Invalid value for port {port}"));
    }
    let number = number.flatten();
    match (ports, number) {
        ([None, None], _) => {}
        (_, None) => {
            let message = "Must also specify protocol if port range is given.";
            return refuse("SecurityGroupProtocolRequiredWithPorts", message.to_owned());
        }
        ([first, last], Some(number)) if WITH_PORTS.contains(&number) => match (first, last) {
            _ if first == Some(0) || last == Some(0) => {
                return refuse("SecurityGroupInvalidPortValue", "Invalid value for port 0".to_owned());
            }
            (Some(first), Some(last)) if first <= last => {}
            _ => {
                let message = "For TCP/UDP protocols, port_range_min must be <= port_range_max";
                return refuse("SecurityGroupInvalidPortRange", message.to_owned());
            }
        },
        ([kind, code], Some(1 | 58)) => {
            for (value, what, field) in [(kind, "type", "port_range_min"), (code, "code", "port_range_max")] {
                if let Some(value) = value.filter(|value| !(0..=255).contains(value)) {
                    let message = format!("Invalid value for ICMP {what} ({field}) {value}. It must be 0 to 255.");
                    return refuse("SecurityGroupInvalidIcmpValue", message);
                }
            }
            if let (None, Some(code)) = (kind, code) {
                let message =
                    format!("ICMP code (port-range-max) {code} is provided but ICMP type (port-range-min) is missing.");
                return refuse("SecurityGroupMissingIcmpType", message);
            }
        }
        (_, Some(number)) => {
            let known = "DCCP, SCTP, TCP, UDP, UDPLITE";
            let message =
                format!("Ports cannot be specified for protocol {number}. Ports are only supported for {known}.");
            return refuse("SecurityGroupInvalidProtocolForPort", message);
        }
    }
    right_addresses(body, number)
}

fn refuse(name: &'static str, message: String) -> Result<(), Fault> {
    Err(Fault::new(Code::Rule, 400, message).named(name))
}

fn right_addresses(body: &Map, protocol: Option<u8>) -> Result<(), Fault> {
    let text = |field: &str| body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let ethertype = body.text("ethertype");
    if let Some(prefix) = text("remote_ip_prefix") {
        if normal_cidr(prefix).is_none() {
            return refuse("InvalidCIDR", format!("Invalid CIDR {prefix} given as IP prefix."));
        }
        if prefix.contains(':') != (ethertype == "IPv6") {
            let message = format!("Conflicting value ethertype {ethertype} for CIDR {prefix}");
            return refuse("SecurityGroupRuleParameterConflict", message);
        }
    }
    if ethertype == "IPv4" && protocol.is_some_and(|protocol| OF_IPV6.contains(&protocol)) {
        let protocol = body.text("protocol");
        let message = format!("Invalid ethertype {ethertype} for protocol {protocol}.");
        return refuse("SecurityGroupEthertypeConflictWithProtocol", message);
    }
    let remotes = ["remote_ip_prefix", "remote_group_id", "remote_address_group_id"];
    if remotes.iter().filter(|field| text(field).is_some()).count() > 1 {
        let message = "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.";
        return refuse("SecurityGroupMultipleRemoteEntites", message.to_owned());
    }
    Ok(())
}
