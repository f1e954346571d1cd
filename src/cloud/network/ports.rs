//! Ports.

use super::addresses::free_address;
use super::networks::NEUTRON;
use super::port_details;
use super::server_ports::{default_group, mac_address};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Key};
use crate::cloud::verb::{Ask, Missing, ResourceType};
use crate::contract::{Code, Dialect};

pub const PORTS: ResourceType = ResourceType {
    collection: "ports",
    missing: &[
        Missing::of(Dialect::Nova, "Port id {id} could not be found."),
        Missing::any("Port {id} could not be found.").named("PortNotFound"),
    ],
    complete,
    change: Some(change),
    leave,
    first_revision: Some(1),
    ..NEUTRON
};

/// Creates a port on an existing network, with the requested addresses, or one of the first subnet.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let network = ask.required("network_id")?;
    let found = cloud.collection("networks").get(&network);
    if !found.is_some_and(|found| ask.sees(found)) {
        return Err(ask.not_found_in("networks", &network));
    }
    check_names(cloud, ask)?;
    check_mac(cloud, ask.fields().get("mac_address").and_then(Value::as_str), &network)?;
    let fixed = fixed_ips(cloud, &network, body.get("fixed_ips"))?;
    body.insert("fixed_ips", fixed);
    if !body.contains_key("security_groups") {
        // A port that is the cloud's has no group, nor has one of the network itself, which is not secured.
        let is_of_network =
            body.get("device_owner").and_then(Value::as_str).is_some_and(|owner| owner.starts_with("network:"));
        if is_of_network {
            body.get_or_insert_with("port_security_enabled", || json!(false));
        }
        let project = body.get("project_id").and_then(Value::as_str).filter(|_| !is_of_network);
        let group = project.and_then(|project| default_group(cloud, project));
        body.insert("security_groups", group.into_iter().collect());
    }
    let mac = mac_address(cloud);
    body.get_or_insert_with("mac_address", || json!(mac));
    body.get_or_insert_with("status", || json!("DOWN"));
    port_details::complete(body, &ask.fields(), None);
    Ok(())
}

/// The security groups, subnets and addresses that a port is told to have.
fn check_names(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    let fields = ask.fields();
    let texts = |field: &str| fields.get(field).and_then(Value::as_array).cloned().unwrap_or_else(Vec::new);
    for group in texts("security_groups").iter().filter_map(Value::as_str) {
        if uuid::Uuid::try_parse(group).is_err() {
            return Err(invalid("security_groups", &format!("'{group}' is not a valid UUID")));
        }
        let found = cloud.collection("security_groups").get(group);
        if !found.is_some_and(|found| ask.sees(found)) {
            let message = format!("Security group {group} does not exist");
            return Err(Fault::new(Code::Reference, 404, message).named("SecurityGroupNotFound"));
        }
    }
    Ok(())
}

fn check_mac(cloud: &mut Cloud, asked: Option<&str>, network: &str) -> Result<(), Fault> {
    let Some(mac) = asked else { return Ok(()) };
    let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_hexdigit());
    if mac.split(':').count() != 6 || !mac.split(':').all(is_pair) {
        return Err(invalid("mac_address", &format!("'{mac}' is not a valid MAC address")));
    }
    let key = Key::Network(network.into());
    if cloud.collection("ports").with(&key).any(|port| port.text("mac_address") == mac) {
        let message = format!("Unable to complete operation for network {network}. The mac address {mac} is in use.");
        return Err(Fault::new(Code::State, 409, message).named("MacAddressInUse"));
    }
    Ok(())
}

fn invalid(field: &str, why: &str) -> Fault {
    Fault::new(Code::Format, 400, format!("Invalid input for {field}. Reason: {why}.")).named("HTTPBadRequest")
}

/// New addresses of a port.
pub fn change(cloud: &mut Cloud, ask: &Ask<'_>, changed: &mut Map) -> Result<(), Fault> {
    check_names(cloud, ask)?;
    let before = cloud.collection("ports").get(ask.id()).map(|port| port.body.clone());
    port_details::complete(changed, &ask.fields(), before.as_ref());
    if !ask.fields().contains_key("fixed_ips") {
        return Ok(());
    }
    let port = cloud.collection("ports").get_mut(ask.id());
    let before = port.and_then(|mut port| Some((port.text("network_id").to_owned(), port.body.remove("fixed_ips")?)));
    let Some((network, before)) = before else { return Ok(()) };
    let fixed = fixed_ips(cloud, &network, changed.get("fixed_ips"));
    if let (Err(_), Some(mut port)) = (&fixed, cloud.collection("ports").get_mut(ask.id())) {
        port.set("fixed_ips", before);
    }
    changed.insert("fixed_ips", fixed?);
    Ok(())
}

fn fixed_ips(cloud: &mut Cloud, network: &str, asked: Option<&Value>) -> Result<Value, Fault> {
    let Some(asked) = asked.and_then(Value::as_array) else {
        return Ok(free_address(cloud, network, None, None)?.into_iter().collect());
    };
    let mut fixed: Vec<Value> = Vec::new();
    for wish in asked {
        let word = |key: &str| wish.get(key).and_then(Value::as_str);
        fixed.extend(free_address(cloud, network, word("subnet_id"), word("ip_address"))?);
    }
    Ok(Value::Array(fixed))
}

/// Who owns the ports of routers (neutron/db/l3_db.py, `router_device_owners`).
const INTERFACES: [&str; 3] =
    ["network:router_interface", "network:router_gateway", "network:ha_router_replicated_interface"];

/// The addresses that floated to a port are free again. A port that a server has may go.
pub fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    cloud.collection("floatingips").for_each_mut(|address| {
        if address.text("port_id") == id {
            let free = [
                ("port_id", Value::Null),
                ("fixed_ip_address", Value::Null),
                ("router_id", Value::Null),
                ("status", json!("DOWN")),
            ];
            free.into_iter().for_each(|(field, value)| address.set(field, value));
        }
    });
    let Some(port) = cloud.collection("ports").get(id) else { return Ok(()) };
    let (owner, device) = (port.text("device_owner").to_owned(), port.text("device_id").to_owned());
    let is_interface = INTERFACES.contains(&owner.as_str()) && cloud.collection("routers").get(&device).is_some();
    if is_interface || owner == "network:floatingip" {
        let message = format!("Port {id} cannot be deleted directly via the port API: has device owner {owner}.");
        return Err(Fault::new(Code::State, 409, message).named("ServicePortInUse"));
    }
    Ok(())
}
