//! Floating IPs that Nova gives to a server and takes from it.

use crate::base::json::{Value, json};
use crate::cloud::network::ports_of;
use crate::cloud::store::{Cloud, Fault, Key, Resource};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// The address that the body names floats to a fixed one of the server: the one that it names, or the first.
pub fn add(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let fields = ask.fields();
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    let server = visible(cloud, ask, false)?.id.clone();
    let (port, fixed) = fixed_address(cloud, &server, text("fixed_address"))?;
    let found = find(cloud, ask, &ask.required("address")?).ok_or_else(nothing)?;
    let (address, network) = (found.id.clone(), found.text("floating_network_id").to_owned());
    let name = found.text("floating_ip_address").to_owned();
    let floats = |other: &Resource| {
        other.id != address && other.text("port_id") == port && other.text("fixed_ip_address") == fixed
    };
    if cloud.collection("floatingips").iter().any(floats) {
        // Neutron's refusal, with the id of Nova's request to it.
        let request = cloud.request_id();
        let message = format!(
            "Cannot associate floating IP {name} ({address}) with port {port} using fixed IP {fixed}, as that fixed IP already \
             has a floating IP on external network {network}.\nNeutron server returns request_ids: ['{request}']"
        );
        return Err(Fault::new(Code::State, 400, message));
    }
    float(cloud, &address, json!(port), json!(fixed), "ACTIVE");
    Ok(ask.bare(ask.status()))
}

/// The port and the address of the server to which one may float.
fn fixed_address(cloud: &Cloud, server: &str, asked: Option<&str>) -> Result<(String, String), Fault> {
    let fixed = |port: &Resource| -> Vec<(String, String)> {
        let all = port.body.list("fixed_ips").iter();
        all.filter_map(|ip| Some((port.id.clone(), ip["ip_address"].as_str()?.to_owned()))).collect()
    };
    let all: Vec<(String, String)> = ports_of(cloud, server).flat_map(fixed).collect();
    let refused = |sentence: &str| Err(Fault::new(Code::Rule, 400, sentence));
    match (asked, all.first()) {
        (_, None) if ports_of(cloud, server).next().is_none() => refused("Instance network is not ready yet"),
        (_, None) => refused("No fixed IPs associated to instance"),
        (Some(asked), _) => match all.iter().find(|(_, ip)| ip == asked) {
            Some(found) => Ok(found.clone()),
            None => refused("Specified fixed address not assigned to instance"),
        },
        (None, Some(first)) => Ok(all.iter().find(|(_, ip)| !ip.contains(':')).unwrap_or(first).clone()),
    }
}

/// The address that the body names no longer floats to the server.
pub fn remove(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let wanted = ask.required("address")?;
    let missing = || Fault::not_found(format!("Floating IP not found for address {wanted}."));
    let address = find(cloud, ask, &wanted).ok_or_else(missing)?;
    let port = address.text("port_id").to_owned();
    // What floats to no server is nobody's to take away but an administrator's.
    let is_afloat = cloud.collections.get("ports").and_then(|ports| ports.get(&port)).is_some_and(is_of_server);
    if !is_afloat && !ask.is_admin() {
        return Err(Fault::policy("os_compute_api:os-floating-ips:remove"));
    }
    if !ports_of(cloud, ask.id()).any(|own| own.id == port) {
        let message = format!("Floating IP {wanted} is not associated with instance {}.", ask.id());
        return Err(Fault::new(Code::State, 409, message));
    }
    let id = address.id.clone();
    float(cloud, &id, Value::Null, Value::Null, "DOWN");
    Ok(ask.bare(ask.status()))
}

fn is_of_server(port: &Resource) -> bool {
    !port.text("device_id").is_empty()
}

fn float(cloud: &mut Cloud, address: &str, port: Value, fixed: Value, status: &str) {
    if let Some(mut address) = cloud.collection("floatingips").get_mut(address) {
        let fields = [("port_id", port), ("fixed_ip_address", fixed), ("status", json!(status))];
        fields.into_iter().for_each(|(field, value)| address.set(field, value));
    }
}

fn find<'c>(cloud: &'c Cloud, ask: &Ask<'_>, address: &str) -> Option<&'c Resource> {
    let key = Key::Address(address.parse().ok()?);
    let is_seen = |ip: &&Resource| ask.sees(ip);
    cloud.collections.get("floatingips")?.with(&key).find(is_seen)
}

fn nothing() -> Fault {
    Fault::not_found("floating IP not found")
}
