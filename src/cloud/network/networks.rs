//! Networks and subnets.

use super::addresses::address_range;
use super::subnet_details::{check_lists, check_pools};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Key, Name, Range};
use crate::cloud::verb::{Ask, Missing, Owner, ResourceType, id_of, links};
use crate::contract::{Code, Dialect};

pub const NETWORKS: ResourceType = ResourceType {
    collection: "networks",
    missing: &[
        Missing::of(Dialect::Nova, "Network not found"),
        Missing::any("Network {id} could not be found.").named("NetworkNotFound"),
    ],
    published,
    derive: provider,
    first_revision: Some(1),
    complete,
    change: Some(change),
    leave,
    ..SHARED
};

pub const SUBNETS: ResourceType = ResourceType {
    collection: "subnets",
    missing: &[Missing::any("Subnet {id} could not be found.").named("SubnetNotFound")],
    published,
    complete: complete_subnet,
    change: Some(change_subnet),
    leave: subnet_leaves,
    ..SHARED
};

/// A resource that its project may share with all others.
const SHARED: ResourceType = ResourceType { owner: Owner::Shared, ..NEUTRON };

/// What all of Neutron's types share.
pub const NEUTRON: ResourceType = ResourceType {
    home: Dialect::Neutron,
    first_revision: Some(0),
    allow: super::quotas::allow,
    permit: super::attribute_policies::permit,
    ..ResourceType::PLAIN
};

pub const EXTENSIONS: ResourceType = ResourceType {
    collection: "extensions",
    missing: &[Missing {
        name: Name::Webob,
        ..Missing::of(Dialect::Neutron, "Extension with alias {id} does not exist")
    }],
    derive: |_, _| {},
    ..ResourceType::OTHER
};

/// The extension subnet-external-network has a subnet as visible as its network.
fn published(network: &Map) -> Option<bool> {
    let is_set = |field: &str| network.get(field) == Some(&Value::Bool(true));
    Some(true).filter(|_| is_set("shared") || is_set("router:external"))
}

/// A new network has no subnets.
pub fn complete(_: &mut Cloud, _: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    body.insert("subnets", json!([]));
    body.get_or_insert_with("name", || json!(""));
    Ok(())
}

/// The ML2 plugin changes the number of a network alone (neutron/plugins/ml2/plugin.py).
fn change(_: &mut Cloud, ask: &Ask<'_>, _: &mut Map) -> Result<(), Fault> {
    let fields = ask.fields();
    match ["provider:network_type", "provider:physical_network"].iter().any(|field| fields.contains_key(field)) {
        false => Ok(()),
        true => {
            let what = "Plugin does not support updating the following provider network attributes";
            let message =
                format!("Invalid input for operation: {what}: provider:network_type, provider:physical_network.");
            Err(Fault::new(Code::Rule, 400, message).named("InvalidInput"))
        }
    }
}

/// A number that is as stable as an id, and mostly as much its own.
pub fn stable_number(body: &Map) -> u32 {
    id_of(body).bytes().fold(0u32, |all, byte| all.wrapping_mul(31).wrapping_add(byte.into())) % 1000 + 1
}

/// What administrators see of how a network is made: by default a tunnel, whose number is as stable as the network's id.
fn provider(collection: &str, body: &mut Map) {
    links::derive(collection, body);
    let number = stable_number(body);
    if body.get("provider:network_type").is_none_or(Value::is_null) {
        body.insert("provider:network_type", json!("vxlan"));
        body.insert("provider:physical_network", Value::Null);
        body.insert("provider:segmentation_id", json!(number));
    }
}

/// A network with ports stays; one without takes its subnets along.
pub fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let key = Key::Network(id.into());
    let ports: Vec<String> = cloud.collection("ports").with(&key).map(|port| port.id.clone()).collect();
    if !ports.is_empty() {
        let why = "There are one or more ports still in use on the network";
        let which = format!("id for these ports is: {}", ports.join(","));
        let message = format!("Unable to complete operation on network {id}. {why}, {which}.");
        return Err(Fault::new(Code::State, 409, message).named("NetworkInUse"));
    }
    cloud.collection("floatingips").retain(|address| address.text("floating_network_id") != id);
    let subnets = cloud.collection("subnets");
    let own: Vec<String> = subnets.with(&key).map(|subnet| subnet.id.clone()).collect();
    own.iter().for_each(|subnet| drop(subnets.remove(subnet)));
    Ok(())
}

/// Creates a subnet: the first address is the gateway's and the others can be allocated, unless the body says otherwise.
pub fn complete_subnet(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let text = |key: &str| body.text(key).to_owned();
    let (network, cidr) = (text("network_id"), super::allocation::cidr(cloud, body)?);
    let range = address_range(&cidr).ok_or_else(|| invalid_cidr(&cidr))?;
    check_lists(body)?;
    let id = body["id"].clone();
    if Range::new(&network, &cidr).is_some_and(|range| cloud.collection("subnets").overlaps(&range)) {
        let what = format!("Requested subnet with cidr: {cidr} for network: {network} overlaps with another subnet.");
        let message = format!("Invalid input for operation: {what}");
        return Err(Fault::new(Code::Rule, 400, message).named("InvalidInput"));
    }
    let gateway = body.get("gateway_ip").cloned().unwrap_or_else(|| json!(range[0]));
    let mut planned = body.clone();
    planned.extend([("cidr".to_owned(), json!(cidr)), ("gateway_ip".to_owned(), gateway)]);
    check_pools(&planned)?;
    let found = cloud.collection("networks").get_mut(&network);
    let is_seen = found.as_ref().is_some_and(|found| ask.sees(found));
    let mut found = found.filter(|_| is_seen).ok_or_else(|| ask.not_found_in("networks", &network))?;
    if let Some(Value::Array(subnets)) = found.body.get_mut("subnets") {
        subnets.push(id);
    }
    NETWORKS.count_change(&mut found.body);
    // It is seen where its network is: also if that leads outside and is not shared.
    let flags = ["shared", "router:external"].map(|field| (field, found.body.get(field) == Some(&Value::Bool(true))));
    drop(found);
    body.insert("ip_version", json!(if cidr.contains(':') { 6 } else { 4 }));
    body.insert("cidr", json!(cidr));
    body.get_or_insert_with("gateway_ip", || json!(range[0]));
    // The first address is given out where the gateway has another.
    let has_first = body.get("gateway_ip").is_some_and(|gateway| *gateway == range[0]);
    let start = &range[usize::from(has_first)];
    if body.get("allocation_pools").is_none_or(|pools| pools.is_null() || *pools == json!([])) {
        body.insert("allocation_pools", json!([{"start": start, "end": range[2]}]));
    }
    body.get_or_insert_with("name", || json!(""));
    body.extend(flags.map(|(field, is_set)| (field.to_owned(), json!(is_set))));
    Ok(())
}

fn change_subnet(_: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    check_lists(body)?;
    let fields = ask.fields();
    match ["allocation_pools", "gateway_ip"].iter().any(|field| fields.contains_key(field)) {
        true => check_pools(body),
        false => Ok(()),
    }
}

fn invalid_cidr(cidr: &str) -> Fault {
    let message = format!("Invalid input for cidr. Reason: '{cidr}' is not a valid IP subnet.");
    Fault::new(Code::Format, 400, message).named("HTTPBadRequest")
}

/// A subnet with addresses in use cannot be deleted; a deleted one is removed from its network.
pub fn subnet_leaves(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    if cloud.collection("ports").count(&Key::Subnet(id.into())) > 0 {
        let why = "One or more ports have an IP allocation from this subnet";
        let message = format!("Unable to complete operation on subnet {id}: {why}.");
        return Err(Fault::new(Code::State, 409, message).named("SubnetInUse"));
    }
    let network = cloud.collection("subnets").get(id).map(|subnet| subnet.text("network_id").to_owned());
    let mut network = network.and_then(|network| cloud.collection("networks").get_mut(&network));
    if let Some(Value::Array(subnets)) = network.as_mut().and_then(|network| network.body.get_mut("subnets")) {
        subnets.retain(|subnet| subnet != id);
    }
    Ok(())
}
