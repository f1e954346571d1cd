//! The ports of a server, and its addresses.

use crate::base::json::{Map, Name, Value, json};
use std::borrow::Cow;
use std::sync::LazyLock;

use super::addresses::free_address;
use super::wanted::Wanted;
use crate::cloud::store::{Cloud, Fault, Key, Port, Record, Resource, nova_time};
use crate::contract::Code;

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
    let fixed = port.body.list("fixed_ips").iter();
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
    group_called(cloud, "default", Some(project)).ok().flatten().map(|group| group.id.clone())
}

/// The security group of `project` with that id or name.
///
/// # Errors
/// Several have the name.
pub fn group_called<'c>(cloud: &'c Cloud, name: &str, project: Option<&str>) -> Result<Option<&'c Resource>, Fault> {
    let Some(groups) = cloud.collections.get("security_groups") else { return Ok(None) };
    let is_own = |group: &&Resource| group.project.is_some() && group.project.as_deref() == project;
    if let Some(group) = groups.get(name).filter(is_own) {
        return Ok(Some(group));
    }
    let key = Key::Name(name.into());
    let mut named = groups.with(&key).filter(is_own);
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => {
            let message =
                format!("Multiple security_group matches found for name '{name}', use an ID to be more specific.");
            Err(Fault::new(Code::State, 409, message))
        }
        (found, _) => Ok(found),
    }
}

/// The security groups of `server`: those of its ports, port by port.
pub fn groups_of<'c>(cloud: &'c Cloud, server: &str) -> impl Iterator<Item = &'c Resource> + use<'c> {
    let all = cloud.collections.get("security_groups");
    let ids = |port: &'c Resource| port.body.list("security_groups").iter();
    let ids = ports_of(cloud, server).flat_map(ids).filter_map(Value::as_str);
    ids.filter_map(move |id| all?.get(id))
}
