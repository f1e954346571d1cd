//! The network interfaces that a boot asks for. Source: `_ports_needed_per_instance` of nova/network/neutron.py, as answers of
//! nova 34.0.0 show it.

use std::net::IpAddr;

use super::addresses::is_on;
use crate::base::json::Value;
use crate::base::{Pointer, Segment};
use crate::cloud::store::{Caller, Cloud, Fault, Key, Resource};
use crate::contract::Code;

/// One network interface that a boot asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The network.
    pub network: String,
    /// The port, if there is one already.
    pub port: Option<String>,
    /// The address that it should have.
    pub address: Option<String>,
}

/// What the `networks` of a boot body mean.
///
/// # Errors
/// A network or port that does not exist or that no server can have, or no word on networks where there is more than one to
/// choose from.
pub fn wanted(cloud: &Cloud, caller: &Caller, networks: Option<&Value>) -> Result<Vec<Wanted>, Fault> {
    match networks {
        Some(Value::String(word)) if word == "none" => Ok(Vec::new()),
        Some(Value::Array(list)) if !list.is_empty() => wanted_by_name(cloud, caller, list),
        Some(Value::String(_)) => wanted_automatically(cloud, caller, true),
        _ => wanted_automatically(cloud, caller, false),
    }
}

/// The networks that a server is put on where it names none: the project's own and shared ones.
fn available<'c>(cloud: &'c Cloud, caller: &Caller) -> impl Iterator<Item = &'c Resource> {
    let networks = cloud.collections.get("networks").into_iter().flat_map(|networks| networks.iter());
    networks.filter(|network| network.is_owned_by(caller) || is_shared(network))
}

/// Is the network everybody's to be on? One of a fixture that belongs to no project is, unless it leads out of the cloud.
fn is_shared(network: &Resource) -> bool {
    match network.body.get("shared") {
        Some(shared) => *shared == true,
        None => network.public && !is_external(network),
    }
}

/// Only administrators put servers on a network that leads out of the cloud, unless it is shared.
fn is_forbidden(network: &Resource, caller: &Caller) -> bool {
    is_external(network) && !is_shared(network) && !caller.admin
}

/// Can a server that runs be put on `network`?
///
/// # Errors
/// It leads out of the cloud, or has no subnet.
pub fn joinable(cloud: &Cloud, caller: &Caller, network: &str) -> Result<(), Fault> {
    let Some(network) = find(cloud, "networks", network) else { return Ok(()) };
    if is_forbidden(network, caller) {
        let message = format!("It is not allowed to create an interface on external network {}", network.id);
        return Err(Fault::forbidden_by("network:attach_external_network", message));
    }
    match has_subnet(cloud, network) {
        true => Ok(()),
        false => Err(Fault::new(Code::Rule, 400, NO_SUBNET)),
    }
}

const NO_SUBNET: &str =
    "Network requires port_security_enabled and subnet associated in order to apply security groups.";

/// Does the network lead out of the cloud?
fn is_external(network: &Resource) -> bool {
    network.body.get("router:external") == Some(&Value::Bool(true))
}

fn wanted_automatically(cloud: &Cloud, caller: &Caller, makes_one: bool) -> Result<Vec<Wanted>, Fault> {
    let at = || Pointer::default().key("server").key("networks");
    let mut networks = available(cloud, caller);
    match (networks.next(), networks.next()) {
        (Some(network), None) => Ok(vec![Wanted { network: network.id.clone(), port: None, address: None }]),
        (None, _) if makes_one => {
            // Python's word for none.
            let project = caller.project.as_deref().unwrap_or("None");
            let message = format!("Unable to automatically allocate a network for project {project}");
            Err(Fault::reference(400, at(), message))
        }
        (None, _) => Ok(Vec::new()),
        _ => {
            // The cloud has enough of them: it is the request that has to say which.
            let message = "Multiple possible networks found, use a Network ID to be more specific.";
            Err(Fault { at: Some(at()), ..Fault::new(Code::Rule, 409, message) })
        }
    }
}

/// Nova asks for each port and each address in turn, and then for all networks at once.
fn wanted_by_name(cloud: &Cloud, caller: &Caller, list: &[Value]) -> Result<Vec<Wanted>, Fault> {
    let wishes = list.iter().enumerate().map(|(place, item)| wanted_item(cloud, caller, place, item));
    let wishes = wishes.collect::<Result<Vec<_>, _>>()?;
    let by_network = || wishes.iter().enumerate().filter(|(_, wish)| wish.port.is_none());
    let found = |id: &str| find(cloud, "networks", id).filter(|network| network.is_visible_to(caller));
    if let Some((place, bare)) =
        by_network().find(|(_, wish)| found(&wish.network).is_some_and(|network| !has_subnet(cloud, network)))
    {
        let message = format!("Network {} requires a subnet in order to boot instances on.", bare.network);
        return Err(Fault { at: Some(at(place, "uuid")), ..Fault::new(Code::Rule, 400, message) });
    }
    let mut lost = by_network().filter(|(_, wish)| found(&wish.network).is_none()).peekable();
    if let Some((place, _)) = lost.peek() {
        let place = at(*place, "uuid");
        let ids: Vec<&str> = lost.map(|(_, wish)| wish.network.as_str()).collect();
        return Err(Fault::reference(400, place, format!("Network {} could not be found.", ids.join(", "))));
    }
    Ok(wishes)
}

fn at(place: usize, key: &str) -> Pointer {
    let mut pointer = Pointer::default().key("server").key("networks");
    pointer.0.push(Segment::Index(place));
    pointer.key(key)
}

fn find<'c>(cloud: &'c Cloud, collection: &str, id: &str) -> Option<&'c Resource> {
    cloud.collections.get(collection)?.get(id)
}

/// A fixture may name subnets of which it says nothing.
fn has_subnet(cloud: &Cloud, network: &Resource) -> bool {
    let named = network.body.get("subnets").and_then(Value::as_array).is_some_and(|subnets| !subnets.is_empty());
    let key = Key::Network(network.id.as_str().into());
    named || cloud.collections.get("subnets").is_some_and(|subnets| subnets.with(&key).next().is_some())
}

fn wanted_item(cloud: &Cloud, caller: &Caller, place: usize, item: &Value) -> Result<Wanted, Fault> {
    let word = |key: &str| item.get(key).and_then(Value::as_str);
    if let Some(id) = word("port").filter(|id| !id.is_empty()) {
        let port = find(cloud, "ports", id).filter(|port| port.is_visible_to(caller));
        let Some(port) = port else {
            return Err(Fault::reference(400, at(place, "port"), format!("Port id {id} could not be found.")));
        };
        usable(port)?;
        return Ok(Wanted { network: port.text("network_id").to_owned(), port: Some(id.to_owned()), address: None });
    }
    // Whatever names neither a port nor a network names no network.
    let wish = Wanted {
        network: word("uuid").unwrap_or("").to_owned(),
        port: None,
        address: word("fixed_ip").map(str::to_owned),
    };
    if let Some((ip, port)) =
        wish.address.as_deref().and_then(|ip| Some((ip, holder(cloud, caller, &wish.network, ip)?)))
    {
        let message = format!("Fixed IP address {ip} is already in use on instance {}.", port.text("device_id"));
        return Err(Fault { at: Some(at(place, "fixed_ip")), ..Fault::new(Code::State, 400, message) });
    }
    Ok(wish)
}

/// Can a server get the port?
///
/// # Errors
/// It has one, or it has no address.
fn usable(port: &Resource) -> Result<(), Fault> {
    let id = &port.id;
    if !port.text("device_id").is_empty() {
        return Err(Fault::new(Code::State, 409, format!("Port {id} is still in use.")));
    }
    let has_address = port.body.get("fixed_ips").and_then(Value::as_array).is_none_or(|fixed| !fixed.is_empty());
    if has_address || matches!(port.text("ip_allocation"), "deferred" | "none") {
        return Ok(());
    }
    Err(Fault::new(Code::Rule, 400, format!("Port {id} requires a FixedIP in order to be used.")))
}

/// The port on `network` that has the address, if the caller sees it.
fn holder<'c>(cloud: &'c Cloud, caller: &Caller, network: &str, ip: &str) -> Option<&'c Resource> {
    let key = Key::Address(ip.parse::<IpAddr>().ok()?);
    let mut ports = cloud.collections.get("ports")?.with(&key);
    ports.find(|port| port.text("network_id") == network && port.is_visible_to(caller))
}

/// Why Neutron will refuse one of these interfaces: Nova asks for them once it builds the server, whose build it then gives up.
pub fn refused_later(cloud: &Cloud, caller: &Caller, wishes: &[Wanted]) -> Option<String> {
    wishes.iter().find_map(|wish| {
        let network = find(cloud, "networks", &wish.network)?;
        if is_forbidden(network, caller) {
            return Some("Failed to allocate the network(s), not rescheduling.".to_owned());
        }
        let ip = wish.address.as_deref().filter(|ip| wish.port.is_none() && !is_on(cloud, &network.id, ip))?;
        Some(format!("Invalid input received: Fixed IP {ip} is not a valid ip address for network {}.", network.id))
    })
}
