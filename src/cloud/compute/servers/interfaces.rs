//! Network interfaces of a server: its ports.

use super::at_rest;
use crate::base::json::{Value, json};

use crate::base::Pointer;
use crate::cloud::network::{Wanted, free_address, joinable, plug, ports_of, readdress, unplug};
use crate::cloud::store::{Cloud, Fault, Port, Record, Resource, VmState};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// The states of a server to which interfaces come and from which they go.
const AT_REST: [VmState; 3] = [VmState::Active, VmState::Paused, VmState::Stopped];

/// All interfaces of the server.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let server = visible(cloud, ask, false)?.id.clone();
    let shown: Value = ports_of(cloud, &server).map(interface).collect();
    ask.answer(Some(json!({"interfaceAttachments": shown})))
}

/// The interface that the path names.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let server = visible(cloud, ask, false)?.id.clone();
    let port = cloud.collection("ports").get(ask.item()).ok_or_else(|| ask.not_found_in("ports", ask.item()))?;
    if port.text("device_id") != server {
        return Err(Fault::not_found(format!("Instance {server} does not have a port with id {}", port.id)));
    }
    ask.answer(Some(json!({"interfaceAttachment": interface(port)})))
}

fn interface(port: &Resource) -> Value {
    json!({
        "net_id": port.text("network_id"),
        "port_id": port.id,
        "mac_addr": port.text("mac_address"),
        "port_state": port.text("status"),
        "fixed_ips": port.body.get("fixed_ips"),
        "tag": port.record.port().and_then(|own| own.tag.as_deref()),
    })
}

/// Attaches a port: the one in the body, a new one on the network in the body, or on the only network.
pub fn attach(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let fields = ask.fields();
    let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
    let address = fields.get("fixed_ips").and_then(|fixed| fixed[0]["ip_address"].as_str().map(str::to_owned));
    let server = visible(cloud, ask, false)?.clone();
    let (network, port) = (text("net_id"), text("port_id"));
    let both = [(network.is_some() && port.is_some(), BOTH), (network.is_none() && address.is_some(), ONLY_ADDRESS)];
    if let Some((_, sentence)) = both.iter().find(|(is_so, _)| *is_so) {
        return Err(Fault::new(Code::Rule, 400, *sentence));
    }
    at_rest::at_rest(ask, &server, "attach_interface", &AT_REST)?;
    let wish = match port {
        Some(port) => wanted_port(cloud, ask, &server, port)?,
        None => Wanted { network: network_for(cloud, ask, network)?, port: None, address },
    };
    if let Some(caller) = ask.caller {
        joinable(cloud, caller, &wish.network)?;
    }
    check_address(cloud, &wish)?;
    let port = plug(cloud, &server.id, server.project.as_deref(), &wish);
    if let (Some(mut port), Some(tag)) = (cloud.collection("ports").get_mut(&port), text("tag")) {
        let made_by_nova = port.record.port().is_some_and(|own| own.made_by_nova);
        port.record = Record::Port(Box::new(Port { made_by_nova, tag: Some(tag) }));
    }
    readdress(cloud, &server.id);
    cloud.record_action(ask, &server.id, ("attach_interface", "compute_attach_interface"));
    let port = cloud.collection("ports").get(&port);
    ask.answer(port.map(|port| json!({"interfaceAttachment": interface(port)})))
}

const BOTH: &str = "Must not input both network_id and port_id";
const ONLY_ADDRESS: &str = "Must input network_id when request IP address";

fn wanted_port(cloud: &mut Cloud, ask: &Ask<'_>, server: &Resource, id: String) -> Result<Wanted, Fault> {
    let at = Pointer::default().key("interfaceAttachment").key("port_id");
    let port = cloud.collection("ports").get(&id);
    let port = port.filter(|port| ask.sees(port));
    let port = port.ok_or_else(|| Fault::reference(404, at, format!("Port id {id} could not be found.")))?;
    if port.project != server.project {
        let message = format!("Port {id} not usable for instance {}.", server.id);
        return Err(Fault::new(Code::State, 400, message));
    }
    if !port.text("device_id").is_empty() {
        return Err(Fault::new(Code::State, 409, format!("Port {id} is still in use.")));
    }
    Ok(Wanted { network: port.text("network_id").to_owned(), port: Some(id), address: None })
}

/// The network that is asked for, or the only one that there is.
fn network_for(cloud: &mut Cloud, ask: &Ask<'_>, asked: Option<String>) -> Result<String, Fault> {
    let is_seen = |network: &&Resource| ask.sees(network);
    let networks = cloud.collection("networks");
    if let Some(asked) = asked {
        let at = Pointer::default().key("interfaceAttachment").key("net_id");
        let message = format!("Network {asked} could not be found.");
        return match networks.get(&asked).filter(is_seen) {
            Some(_) => Ok(asked),
            None => Err(Fault::reference(404, at, message)),
        };
    }
    let is_inside = |network: &&Resource| network.body.get("router:external") != Some(&Value::Bool(true));
    let usable: Vec<&Resource> = networks.iter().filter(is_seen).filter(is_inside).collect();
    let refusal = match usable.as_slice() {
        [network] => return Ok(network.id.clone()),
        [] => {
            // Python's word for none.
            let project = ask.project().unwrap_or("None");
            format!("No specific network was requested and none are available for project '{project}'.")
        }
        _ => "Multiple possible networks found, use a Network ID to be more specific.".to_owned(),
    };
    Err(Fault::new(Code::Rule, 400, refusal))
}

/// Nova's words for an address that Neutron does not give.
fn check_address(cloud: &mut Cloud, wish: &Wanted) -> Result<(), Fault> {
    let Some(address) = wish.address.as_deref().filter(|_| wish.port.is_none()) else { return Ok(()) };
    free_address(cloud, &wish.network, None, Some(address)).map(|_| ()).map_err(|fault| match fault.status {
        409 => Fault::new(Code::State, 409, format!("Fixed IP {address} is already in use.")),
        _ => Fault::new(Code::Rule, 400, format!("Invalid input received: {}", fault.message)),
    })
}

/// Detaches the port in the path. Nova asks the host to detach it and does not wait for the result.
pub fn detach(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let server = visible(cloud, ask, false)?.clone();
    at_rest::at_rest(ask, &server, "detach_interface", &AT_REST)?;
    if cloud.collection("ports").get(ask.item()).is_some_and(|port| port.text("device_id") == server.id) {
        unplug(cloud, ask.item());
        readdress(cloud, &server.id);
    }
    cloud.record_action(ask, &server.id, ("detach_interface", "compute_detach_interface"));
    ask.answer(None)
}

/// Adds an address to the server's port on the network in the body.
pub fn add_address(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let network = ask.required("networkId")?;
    let server = visible(cloud, ask, false)?.id.clone();
    let port = ports_of(cloud, &server).find(|port| port.text("network_id") == network).map(|port| port.id.clone());
    if let Some(port) = port {
        let full = |_| Fault::new(Code::Rule, 400, format!("No fixed IP addresses available for network: {network}"));
        let address = free_address(cloud, &network, None, None).map_err(full)?;
        change_fixed_ips(cloud, &port, |fixed| fixed.extend(address));
        readdress(cloud, &server);
    }
    ask.answer(None)
}

/// Removes the address in the body.
pub fn remove_address(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let address = ask.required("address")?;
    let server = visible(cloud, ask, false)?.id.clone();
    let has = |port: &&Resource| {
        let fixed = port.body.list("fixed_ips").iter();
        fixed.into_iter().any(|fixed| fixed["ip_address"] == address)
    };
    // Nova asks the host to do it and does not wait for the result: an address that the server has not is no refusal.
    let port = ports_of(cloud, &server).find(has).map(|port| port.id.clone());
    if let Some(port) = port {
        change_fixed_ips(cloud, &port, |fixed| fixed.retain(|fixed| fixed["ip_address"] != address));
        readdress(cloud, &server);
    }
    ask.answer(None)
}

fn change_fixed_ips(cloud: &mut Cloud, port: &str, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(mut port) = cloud.collection("ports").get_mut(port)
        && let Some(fixed) = port.body.get_mut("fixed_ips").and_then(Value::as_array_mut)
    {
        change(fixed);
    }
}
