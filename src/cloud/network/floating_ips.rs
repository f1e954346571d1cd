//! Floating IPs.

use super::addresses::free_address;
use super::networks::NEUTRON;
use super::routers::router_between;
use super::view;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Missing, ResourceType};
use crate::contract::{Code, Dialect};

pub const FLOATING_IPS: ResourceType = ResourceType {
    collection: "floatingips",
    missing: &[
        Missing::of(Dialect::Nova, "Floating IP not found for ID {id}"),
        Missing::any("Floating IP {id} could not be found").named("FloatingIPNotFound"),
    ],
    views: &[(Dialect::Nova, view::floating_ip_of_nova), (Dialect::Neutron, view::floating_ip)],
    complete,
    change: Some(change),
    ..NEUTRON
};

/// Creates a floating IP on an external network, which Nova calls a pool and identifies by its name.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let network = pool(cloud, ask, body)?;
    let asked = body.get("floating_ip_address").and_then(Value::as_str).map(str::to_owned);
    let address = free_address(cloud, &network, None, asked.as_deref())?;
    let address = address.map(|address| address["ip_address"].clone()).ok_or_else(|| {
        let message = format!("Unable to find any IP address on external network {network}.");
        Fault::new(Code::Quota, 400, message).named("ExternalIpAddressExhausted")
    })?;
    body.insert("floating_network_id", json!(network));
    body.insert("floating_ip_address", address);
    body.insert("status", json!("DOWN"));
    body.get_or_insert_with("port_id", || Value::Null);
    float(cloud, ask, body)
}

/// Nova's pools of floating IPs: the networks that lead outside.
pub fn index_pools(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let pools: Value =
        cloud.collection("networks").iter().filter(is_external).map(|own| Value::Object(own.body.clone())).collect();
    ask.answer(Some(json!({"networks": pools})))
}

fn is_external(network: &&Resource) -> bool {
    network.body.get("router:external") == Some(&Value::Bool(true))
}

fn pool(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<String, Fault> {
    let pool = body.remove("pool");
    let asked = body.get("floating_network_id").or(pool.as_ref()).and_then(Value::as_str);
    let is_asked = |network: &&Resource| {
        asked.is_none_or(|asked| {
            network.id == asked || (ask.service.dialect == Dialect::Nova && network.text("name") == asked)
        })
    };
    let networks = cloud.collection("networks");
    if let Some(found) = networks.iter().filter(is_external).find(is_asked) {
        return Ok(found.id.clone());
    }
    // Neutron requires it, and Nova does not repeat it.
    let asked = asked.unwrap_or_default();
    match (ask.service.dialect, networks.get(asked)) {
        (Dialect::Nova, _) => Err(Fault::not_found("Floating IP pool not found.")),
        (_, Some(_)) => {
            let message = format!("Bad floatingip request: Network {asked} is not a valid external network.");
            Err(Fault::new(Code::Rule, 400, message).named("BadRequest"))
        }
        (_, None) => Err(ask.not_found_in("networks", asked)),
    }
}

/// The address floats to the port that the body names, or to none.
pub fn change(cloud: &mut Cloud, ask: &Ask<'_>, changed: &mut Map) -> Result<(), Fault> {
    let fields = ask.fields();
    // Neutron lets it be sent, and finds the router by the port.
    if fields.contains_key("router_id") {
        let router = cloud.collection("floatingips").get(ask.id()).and_then(|own| own.body.get("router_id").cloned());
        changed.insert("router_id", json!(router));
    }
    if !fields.contains_key("port_id") {
        return Ok(());
    }
    if !fields.contains_key("fixed_ip_address") {
        changed.remove("fixed_ip_address");
    }
    float(cloud, ask, changed)
}

fn float(cloud: &mut Cloud, ask: &Ask<'_>, sent: &mut Map) -> Result<(), Fault> {
    let Some(id) = sent.get("port_id").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned) else {
        for (field, value) in [("fixed_ip_address", Value::Null), ("router_id", Value::Null), ("status", json!("DOWN"))]
        {
            sent.insert(field, value);
        }
        return Ok(());
    };
    let port = cloud.collection("ports").get(&id).cloned().ok_or_else(|| ask.not_found_in("ports", &id))?;
    let network = sent.text("floating_network_id");
    let router = router_between(cloud, &port, network)?;
    sent.insert("router_id", json!(router));
    let first = port.body.get("fixed_ips").and_then(|fixed| fixed.get(0)?.get("ip_address").cloned());
    let fixed = sent.get("fixed_ip_address").filter(|fixed| !fixed.is_null()).cloned().or(first);
    sent.insert("fixed_ip_address", json!(fixed));
    sent.insert("status", json!("ACTIVE"));
    Ok(())
}
