//! Floating IPs.

use serde_json::{Value, json};

use super::addresses::free_address;
use crate::base::FieldMap;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::Ask;
use crate::contract::{Code, Dialect};

/// A new floating IP: out of a network that leads outside, which Nova calls a pool and names by its name.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut FieldMap) -> Result<(), Fault> {
    let network = pool(cloud, ask, body)?;
    let asked = body.get("floating_ip_address").and_then(Value::as_str).map(str::to_owned);
    let address = free_address(cloud, &network, None, asked.as_deref())?;
    let address = address.map(|address| address["ip_address"].clone()).ok_or_else(|| {
        let message = format!("Unable to find any IP address on external network {network}.");
        Fault::new(Code::Quota, 400, message).named("ExternalIpAddressExhausted")
    })?;
    body.insert("floating_network_id".to_owned(), json!(network));
    body.insert("floating_ip_address".to_owned(), address);
    body.insert("status".to_owned(), json!("DOWN"));
    body.get_or_insert_with("port_id", || Value::Null);
    float(cloud, ask, body)
}

fn pool(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut FieldMap) -> Result<String, Fault> {
    let pool = body.shift_remove("pool").unwrap_or_default();
    let asked = body.get("floating_network_id").or(Some(&pool)).and_then(Value::as_str);
    let is_external = |network: &&crate::cloud::Resource| network.body.get("router:external") == Some(&json!(true));
    let is_asked = |network: &&crate::cloud::Resource| {
        asked.is_none_or(|asked| {
            network.id == asked || (ask.service.dialect == Dialect::Nova && network.text("name") == asked)
        })
    };
    let networks = cloud.collection("networks");
    if let Some(found) = networks.iter().filter(is_external).find(is_asked) {
        return Ok(found.id.clone());
    }
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

/// The address floats to the port that the body names, or to none. Here every port can be reached from outside: the cloud has
/// no routers.
pub fn change(cloud: &mut Cloud, ask: &Ask<'_>, changed: &mut FieldMap) -> Result<(), Fault> {
    let fields = ask.fields();
    if !fields.contains_key("port_id") {
        return Ok(());
    }
    if !fields.contains_key("fixed_ip_address") {
        changed.shift_remove("fixed_ip_address");
    }
    float(cloud, ask, changed)
}

fn float(cloud: &mut Cloud, ask: &Ask<'_>, sent: &mut FieldMap) -> Result<(), Fault> {
    let Some(id) = sent.get("port_id").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned) else {
        sent.insert("fixed_ip_address".to_owned(), Value::Null);
        sent.insert("status".to_owned(), json!("DOWN"));
        return Ok(());
    };
    let port = cloud.collection("ports").get(&id).ok_or_else(|| ask.not_found_in("ports", &id))?;
    let first = port.body.get("fixed_ips").and_then(|fixed| fixed.get(0)?.get("ip_address").cloned());
    let fixed = sent.get("fixed_ip_address").filter(|fixed| !fixed.is_null()).cloned().or(first);
    sent.insert("fixed_ip_address".to_owned(), json!(fixed));
    sent.insert("status".to_owned(), json!("ACTIVE"));
    Ok(())
}
