//! Routers: their gateways and interfaces, which are ports. Source: neutron/db/l3_db.py.

use super::addresses::{free_address, overlap};
use super::networks::NEUTRON;
use super::server_ports::mac_address;
use crate::base::json::{Map, Value, json, object};
use crate::base::truth;
use crate::cloud::store::{Cloud, Collection, Fault, Key, Resource};
use crate::cloud::verb::{Answer, Ask, Missing, ResourceType, id_of, links, visible};
use crate::contract::Code;

/// Who owns the port of an interface, and that of a gateway.
const INTERFACE: &str = "network:router_interface";
const GATEWAY: &str = "network:router_gateway";

pub const ROUTERS: ResourceType = ResourceType {
    collection: "routers",
    missing: &[Missing::any("Router {id} could not be found").named("RouterNotFound")],
    complete,
    change: Some(change),
    leave,
    first_revision: Some(1),
    ..NEUTRON
};

fn bad(message: &str) -> Fault {
    Fault::new(Code::Rule, 400, format!("Bad router request: {message}")).named("BadRequest")
}

fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    body.get_or_insert_with("name", || json!(""));
    let id = id_of(body);
    let info = gateway(cloud, ask, &id, &body["external_gateway_info"])?;
    body.insert("external_gateway_info", info);
    Ok(())
}

fn change(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    stays_as_built(cloud, ask)?;
    let Some(info) = ask.fields().remove("external_gateway_info") else { return Ok(()) };
    let info = gateway(cloud, ask, ask.id(), &info)?;
    body.insert("external_gateway_info", info);
    Ok(())
}

/// Refuses to distribute a router, or to make it highly available, while it is up (neutron/db/l3_dvr_db.py, l3_hamode_db.py).
fn stays_as_built(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    let fields = ask.fields();
    let router = &cloud.collection("routers").get(ask.id()).ok_or_else(|| ask.not_found())?.body;
    let is_set = |body: &Map, field: &str| body.get(field).and_then(truth_of) == Some(true);
    let is_up = router.get("admin_state_up") != Some(&Value::Bool(false));
    for (field, what) in [("distributed", "the 'distributed' attribute"), ("ha", "HA attribute")] {
        if is_up && fields.contains_key(field) && is_set(&fields, field) != is_set(router, field) {
            let why = "Please set router admin_state_up to False prior to upgrade.";
            return Err(bad(&format!("Cannot change {what} of active routers. {why}")));
        }
    }
    Ok(())
}

fn truth_of(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| truth(value.as_str()?.trim()))
}

/// The gateway that `info` asks for, which is a port on an external network; it takes the place of the one before.
fn gateway(cloud: &mut Cloud, ask: &Ask<'_>, router: &str, info: &Value) -> Result<Value, Fault> {
    let asked = info.get("network_id").and_then(Value::as_str);
    if let Some(network) = asked {
        let found = cloud.collection("networks").get(network);
        let found = found.filter(|found| ask.sees(found));
        let found = found.ok_or_else(|| ask.not_found_in("networks", network))?;
        if found.body.get("router:external") != Some(&Value::Bool(true)) {
            return Err(bad(&format!("Network {network} is not an external network.")));
        }
    }
    let mut floating = cloud.collections.get("floatingips").into_iter().flat_map(Collection::iter);
    let before = ports_of(cloud, router, GATEWAY).first().map(|port| port.text("network_id").to_owned());
    if let Some(before) = before.filter(|before| Some(before.as_str()) != asked)
        && floating.any(|address| address.text("router_id") == router)
    {
        let why = format!("since a gateway to external network {before} is required by one or more floating IPs.");
        let message = format!("Gateway cannot be updated for router {router}, {why}");
        return Err(Fault::new(Code::State, 409, message).named("RouterExternalGatewayInUseByFloatingIp"));
    }
    drop(floating);
    ports_of(cloud, router, GATEWAY).iter().for_each(|port| drop(cloud.collection("ports").remove(&port.id)));
    let Some(network) = asked else { return Ok(Value::Null) };
    let wanted = &info["external_fixed_ips"][0];
    let word = |key: &str| wanted.get(key).and_then(Value::as_str);
    let fixed: Value = free_address(cloud, network, word("subnet_id"), word("ip_address"))?.into_iter().collect();
    put_port(cloud, router, None, network, GATEWAY, &fixed);
    let snat = info.get("enable_snat").cloned().unwrap_or(Value::Bool(true));
    Ok(json!({"network_id": network, "enable_snat": snat, "external_fixed_ips": fixed}))
}

/// A router with interfaces stays; its gateway goes with it.
fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let interfaces = ports_of(cloud, id, INTERFACE);
    if !interfaces.is_empty() {
        let ports: Vec<&str> = interfaces.iter().map(|port| port.id.as_str()).collect();
        let message = format!("Router {id} has ports still attached: {}", ports.join(", "));
        return Err(Fault::new(Code::State, 409, message).named("RouterInUse"));
    }
    ports_of(cloud, id, GATEWAY).iter().for_each(|port| drop(cloud.collection("ports").remove(&port.id)));
    Ok(())
}

/// The ports that a router has of one kind.
fn ports_of(cloud: &Cloud, router: &str, owner: &str) -> Vec<Resource> {
    let key = Key::Device(router.into());
    let all = cloud.collections.get("ports").into_iter().flat_map(|ports| ports.with(&key));
    all.filter(|port| port.text("device_owner") == owner).cloned().collect()
}

fn put_port(
    cloud: &mut Cloud,
    router: &str,
    project: Option<String>,
    network: &str,
    owner: &str,
    fixed: &Value,
) -> String {
    let (id, mac) = (cloud.ids.uuid().to_string(), mac_address(cloud));
    let now = NEUTRON.time(cloud);
    let owned_by = project.clone().unwrap_or_default();
    let mut body = object!({
        "id": id, "name": "", "network_id": network, "tenant_id": owned_by, "project_id": owned_by, "mac_address": mac,
        "device_id": router, "device_owner": owner, "fixed_ips": fixed, "status": "ACTIVE", "security_groups": [],
        "port_security_enabled": false, "created_at": now, "updated_at": now,
    });
    body.insert("links", links("ports", &id));
    cloud.collection("ports").put(Resource::new(id.clone(), project, body));
    id
}

/// A subnet or a port becomes an interface of the router.
pub fn add_interface(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let router = visible(cloud, ask, false)?.clone();
    let word = |key: &str| ask.body.get(key).and_then(Value::as_str);
    let (subnet, port) = match (word("subnet_id"), word("port_id")) {
        (None, None) => return Err(bad("Either subnet_id or port_id must be specified.")),
        (Some(_), Some(_)) => return Err(bad("Cannot specify both subnet-id and port-id.")),
        (Some(id), None) => {
            let subnet = cloud.collection("subnets").get(id).cloned();
            (subnet.ok_or_else(|| ask.not_found_in("subnets", id))?, None)
        }
        (None, Some(id)) => {
            let port = cloud.collection("ports").get(id).cloned().ok_or_else(|| ask.not_found_in("ports", id))?;
            let device = port.text("device_id");
            if !device.is_empty() && device != router.id {
                let network = port.text("network_id");
                let why = format!("Port already has an attached device {device}.");
                let message = format!("Unable to complete operation on port {id} for network {network}. {why}");
                return Err(Fault::new(Code::State, 409, message).named("PortInUse"));
            }
            let subnet = subnet_of(&port).and_then(|id| cloud.collection("subnets").get(&id).cloned());
            (subnet.ok_or_else(|| bad("Port must have at least one fixed IP"))?, Some(port))
        }
    };
    let id = subnet.id.clone();
    let others: Vec<String> = ports_of(cloud, &router.id, INTERFACE).iter().filter_map(subnet_of).collect();
    if others.contains(&id) {
        return Err(bad(&format!("Router already has a port on subnet {id}.")));
    }
    for other in others {
        let Some(range) = cloud.collection("subnets").get(&other).map(|own| own.text("cidr")) else { continue };
        if overlap(range, subnet.text("cidr")) {
            let own = subnet.text("cidr");
            return Err(bad(&format!("Cidr {own} of subnet {id} overlaps with cidr {range} of subnet {other}.")));
        }
    }
    let port = match port {
        Some(port) => {
            if let Some(mut port) = cloud.collection("ports").get_mut(&port.id) {
                port.set("device_id", router.id.clone());
                port.set("device_owner", INTERFACE);
            }
            port.id
        }
        None => {
            let address = subnet.text("gateway_ip");
            if address.is_empty() {
                return Err(bad("Subnet for router interface must have a gateway IP"));
            }
            let fixed = json!([{"subnet_id": id, "ip_address": address}]);
            put_port(cloud, &router.id, router.project.clone(), subnet.text("network_id"), INTERFACE, &fixed)
        }
    };
    told(ask, &router, &subnet, &port)
}

/// The router that leads from a port to an external network: it has an interface on the port's subnet, and its gateway there. In a
/// project without routers every port is reached from outside, by no router.
///
/// # Errors
/// The project has routers, and none leads there.
pub fn router_between(cloud: &Cloud, port: &Resource, network: &str) -> Result<Option<String>, Fault> {
    let routers = || cloud.collections.get("routers").into_iter().flat_map(Collection::iter);
    let subnet = subnet_of(port).unwrap_or_default();
    let leads = |router: &&Resource| {
        ports_of(cloud, &router.id, GATEWAY).iter().any(|own| own.text("network_id") == network)
            && ports_of(cloud, &router.id, INTERFACE).iter().any(|own| subnet_of(own).as_deref() == Some(&subnet))
    };
    if let Some(router) = routers().find(leads) {
        return Ok(Some(router.id.clone()));
    }
    let has_routers = routers().any(|router| router.project == port.project);
    if !has_routers {
        return Ok(None);
    }
    let what = format!("External network {network} is not reachable from subnet {subnet}.");
    let message = format!("{what}  Therefore, cannot associate Port {} with a Floating IP.", port.id);
    Err(Fault::not_found(message).named("ExternalGatewayForFloatingIPNotFound"))
}

fn subnet_of(port: &Resource) -> Option<String> {
    port.body.get("fixed_ips")?.get(0)?.get("subnet_id")?.as_str().map(str::to_owned)
}

/// An interface of the router goes, and its port with it.
pub fn remove_interface(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let router = visible(cloud, ask, false)?.clone();
    let word = |key: &str| ask.body.get(key).and_then(Value::as_str);
    let (subnet, port) = (word("subnet_id"), word("port_id"));
    let Some(named) = port.or(subnet) else { return Err(bad("Either subnet_id or port_id must be specified.")) };
    let interfaces = ports_of(cloud, &router.id, INTERFACE);
    let is_it = |own: &&Resource| {
        port.is_none_or(|id| own.id == id) && subnet.is_none_or(|id| subnet_of(own).as_deref() == Some(id))
    };
    let found = interfaces.iter().find(is_it).ok_or_else(|| match port {
        Some(_) => Fault::not_found(format!("Router {} does not have an interface with id {named}", router.id))
            .named("RouterInterfaceNotFound"),
        None => Fault::not_found(format!("Router {} has no interface on subnet {named}", router.id))
            .named("RouterInterfaceNotFoundForSubnet"),
    })?;
    let subnet = subnet_of(found).and_then(|id| cloud.collection("subnets").get(&id).cloned());
    let subnet = subnet.ok_or_else(|| ask.not_found())?;
    let floats = |own: &Resource| {
        let port = cloud.collections.get("ports").and_then(|ports| ports.get(own.text("port_id")));
        port.and_then(subnet_of).as_deref() == Some(&subnet.id) && own.text("router_id") == router.id
    };
    if cloud.collections.get("floatingips").into_iter().flat_map(Collection::iter).any(floats) {
        let message = format!(
            "Router interface for subnet {} on router {} cannot be deleted, as it is required by one or more floating IPs.",
            subnet.id, router.id
        );
        return Err(Fault::new(Code::State, 409, message).named("RouterInterfaceInUseByFloatingIP"));
    }
    cloud.collection("ports").remove(&found.id);
    told(ask, &router, &subnet, &found.id)
}

fn told(ask: &Ask<'_>, router: &Resource, subnet: &Resource, port: &str) -> Result<Answer, Fault> {
    ask.answer(Some(json!({
        "id": router.id, "project_id": router.project, "port_id": port, "network_id": subnet.text("network_id"), "subnet_id": subnet.id, "subnet_ids": [subnet.id],
    })))
}
