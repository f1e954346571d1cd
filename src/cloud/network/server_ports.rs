//! The networks that a server is put on, its ports and its addresses.

use crate::base::json::{Map, Name, Value, json};
use std::borrow::Cow;
use std::sync::LazyLock;

use super::addresses::free_address;
use crate::base::{Pointer, Segment};
use crate::cloud::store::{Caller, Cloud, Fault, Key, Port, Record, Resource, nova_time};
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
/// A network or port that does not exist, or no word on networks where there is more than one to choose from.
pub fn wanted(cloud: &mut Cloud, caller: &Caller, networks: Option<&Value>) -> Result<Vec<Wanted>, Fault> {
    match networks {
        Some(Value::String(word)) if word == "none" => Ok(Vec::new()),
        Some(Value::Array(list)) if !list.is_empty() => {
            list.iter().enumerate().map(|(place, item)| wanted_item(cloud, caller, place, item)).collect()
        }
        _ => wanted_automatically(cloud, caller),
    }
}

fn wanted_automatically(cloud: &mut Cloud, caller: &Caller) -> Result<Vec<Wanted>, Fault> {
    let usable = |network: &&Resource| {
        (network.public || network.is_owned_by(caller))
            && network.body.get("router:external") != Some(&Value::Bool(true))
    };
    let networks: Vec<String> =
        cloud.collection("networks").iter().filter(usable).map(|network| network.id.clone()).collect();
    match networks.as_slice() {
        [] => Ok(Vec::new()),
        [network] => Ok(vec![Wanted { network: network.clone(), port: None, address: None }]),
        _ => {
            let message = "Multiple possible networks found, use a Network ID to be more specific.";
            Err(Fault::reference(409, Pointer::default().key("server").key("networks"), message))
        }
    }
}

fn wanted_item(cloud: &mut Cloud, caller: &Caller, place: usize, item: &Value) -> Result<Wanted, Fault> {
    let word = |key: &str| item.get(key).and_then(Value::as_str);
    let at = |key: &str| {
        let mut pointer = Pointer::default().key("server").key("networks");
        pointer.0.push(Segment::Index(place));
        pointer.key(key)
    };
    if let Some(id) = word("port").filter(|id| !id.is_empty()) {
        let port = cloud.collection("ports").get(id).filter(|port| port.is_visible_to(caller));
        let Some(port) = port else {
            return Err(Fault::reference(400, at("port"), format!("Port id {id} could not be found.")));
        };
        if !port.text("device_id").is_empty() {
            return Err(Fault::new(Code::State, 409, format!("Port {id} is still in use.")));
        }
        return Ok(Wanted { network: port.text("network_id").to_owned(), port: Some(id.to_owned()), address: None });
    }
    // Whatever names neither a port nor a network names no network.
    let id = word("uuid").unwrap_or("");
    if !cloud.collection("networks").get(id).is_some_and(|network| network.is_visible_to(caller)) {
        return Err(Fault::reference(400, at("uuid"), format!("Network {id} could not be found.")));
    }
    Ok(Wanted { network: id.to_owned(), port: None, address: word("fixed_ip").map(str::to_owned) })
}

/// Makes or takes the ports of `server`, which has their addresses once it is launched.
pub fn attach(cloud: &mut Cloud, server: &str, project: Option<&str>, wanted: &[Wanted]) {
    for wish in wanted {
        plug(cloud, server, project, wish);
    }
}

/// Makes or takes one port of `server`; its id.
pub fn plug<'w>(cloud: &mut Cloud, server: &str, project: Option<&str>, wish: &'w Wanted) -> Cow<'w, str> {
    let Some(id) = &wish.port else { return Cow::Owned(new_port(cloud, server, project, wish)) };
    if let Some(mut port) = cloud.collection("ports").get_mut(id) {
        port.set("device_id", server);
        port.set("device_owner", OWNER);
        port.set("status", "ACTIVE");
    }
    Cow::Borrowed(id)
}

/// Gives the ports that were made for `server` these security groups instead of the default; none: leaves them.
pub fn protect(cloud: &mut Cloud, server: &str, groups: &[String]) {
    if groups.is_empty() {
        return;
    }
    let made = ports_of(cloud, server).filter(|port| port.record.port().is_some_and(|own| own.made_by_nova));
    for id in made.map(|port| port.id.clone()).collect::<Vec<_>>() {
        if let Some(mut port) = cloud.collection("ports").get_mut(&id) {
            port.set("security_groups", groups.to_vec());
        }
    }
}

/// Brings the `addresses` of `server` up to date with its ports.
pub fn readdress(cloud: &mut Cloud, server: &str) {
    let mut addresses: Map = Map::new();
    let ports: Vec<String> = ports_of(cloud, server).map(|port| port.id.clone()).collect();
    ports.iter().for_each(|port| show_port(cloud, port, &mut addresses));
    if let Some(mut server) = cloud.collection("servers").get_mut(server) {
        server.set("addresses", addresses);
    }
}

/// The ports that `server` has, the oldest first.
pub fn ports_of<'c>(cloud: &'c Cloud, server: &str) -> impl Iterator<Item = &'c Resource> + use<'c> {
    let key = Key::Device(server.into());
    cloud.collections.get("ports").into_iter().flat_map(move |ports| ports.with(&key))
}

/// Adds the addresses of a port to those of its server, below the name of its network.
fn show_port(cloud: &Cloud, port: &str, addresses: &mut Map) {
    let Some(port) = cloud.collections.get("ports").and_then(|ports| ports.get(port)) else { return };
    let mut shown = shown_addresses(port).peekable();
    if shown.peek().is_none() {
        return;
    }
    let Some(network) = cloud.collections.get("networks").and_then(|networks| networks.get(port.text("network_id")))
    else {
        return;
    };
    let name = network.text("name");
    if let Value::Array(list) = addresses.get_or_insert_with(Name::copy_of(name), || Value::Array(Vec::new())) {
        list.extend(shown);
    }
}

/// Neutron's word for ports of servers.
const OWNER: &str = "compute:nova";

/// The addresses of a port as its server shows them.
fn shown_addresses(port: &Resource) -> impl Iterator<Item = Value> {
    let fixed = port.body.get("fixed_ips").and_then(Value::as_array).into_iter().flatten();
    fixed.filter_map(|ip| ip["ip_address"].as_str()).map(|ip| address_of_server(ip, "fixed", port.text("mac_address")))
}

/// One address of a server, as Nova shows it.
pub fn address_of_server(ip: &str, kind: &str, mac: &str) -> Value {
    let version = if ip.contains(':') { 6 } else { 4 };
    json!({"version": version, "addr": ip, "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": mac})
}

/// Takes the ports away that were made for `server`, and lets the others go.
pub fn detach(cloud: &mut Cloud, server: &str) {
    let ports: Vec<String> = ports_of(cloud, server).map(|port| port.id.clone()).collect();
    ports.iter().for_each(|id| unplug(cloud, id));
}

/// Takes one port away that was made for its server, or lets it go.
pub fn unplug(cloud: &mut Cloud, port: &str) {
    let ports = cloud.collection("ports");
    if ports.get(port).is_some_and(|port| port.record.port().is_some_and(|own| own.made_by_nova)) {
        ports.remove(port);
    } else if let Some(mut port) = ports.get_mut(port) {
        let free = [("device_id", ""), ("device_owner", ""), ("status", "DOWN")];
        free.into_iter().for_each(|(field, value)| port.set(field, value));
    }
}

/// Makes the port of `server` that is wanted; gives its id.
fn new_port(cloud: &mut Cloud, server: &str, project: Option<&str>, wish: &Wanted) -> String {
    let id = cloud.ids.uuid().to_string();
    let mac = mac_address(cloud);
    // What a boot asks for has been looked up before.
    let fixed = free_address(cloud, &wish.network, None, wish.address.as_deref());
    let fixed_ips: Vec<Value> = fixed.ok().flatten().into_iter().collect();
    let groups: Vec<String> = project.and_then(|project| default_group(cloud, project)).into_iter().collect();
    let now = nova_time(&cloud.clock);
    let mut body = Map::over(&NEW_PORT, 10);
    let mut set = |name: &'static str, value: Value| body.push(name, value);
    set("id", id.as_str().into());
    set("network_id", wish.network.as_str().into());
    // Neutron shows the empty text where no project owns a port.
    set("tenant_id", project.unwrap_or("").into());
    set("project_id", project.unwrap_or("").into());
    set("mac_address", mac.into());
    set("device_id", server.into());
    set("fixed_ips", fixed_ips.into());
    set("security_groups", groups.into());
    set("created_at", now.as_str().into());
    set("updated_at", now.into());
    let (own, project) = (id.clone(), project.map(str::to_owned));
    let record = Record::Port(Box::new(Port { made_by_nova: true, tag: None }));
    cloud.collection("ports").put(Resource { record, ..Resource::new(own, project, body) });
    id
}

/// What a port has that is made for a server.
static NEW_PORT: LazyLock<Map> = LazyLock::new(|| {
    [("name", json!("")), ("admin_state_up", json!(true)), ("status", json!("ACTIVE")), ("device_owner", json!(OWNER))]
        .into_iter()
        .collect()
});

/// A new hardware address: Neutron's base and six digits.
pub fn mac_address(cloud: &mut Cloud) -> String {
    let digits = cloud.ids.text(b"0123456789abcdef", 6);
    ["fa:16:3e:", &digits[..2], ":", &digits[2..4], ":", &digits[4..]].concat()
}

/// The id of the group that a port of `project` has where none is named.
pub fn default_group(cloud: &Cloud, project: &str) -> Option<String> {
    group_called(cloud, "default", Some(project)).map(|group| group.id.clone())
}

/// The security group of `project` with that id or name.
pub fn group_called<'c>(cloud: &'c Cloud, name: &str, project: Option<&str>) -> Option<&'c Resource> {
    let groups = cloud.collections.get("security_groups")?;
    let is_own = |group: &&Resource| group.project.is_some() && group.project.as_deref() == project;
    groups.get(name).filter(is_own).or_else(|| groups.with(&Key::Name(name.into())).find(is_own))
}
