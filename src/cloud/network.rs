//! The networks that a server is put on, its ports and its addresses.

use std::collections::HashSet;
use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::collection::Collection;
use super::fault::Fault;
use super::resource::Resource;
use super::state::Cloud;
use super::token::Caller;
use crate::base::{Pointer, Segment};
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
    let id = word("uuid").unwrap_or_default();
    if !cloud.collection("networks").get(id).is_some_and(|network| network.is_visible_to(caller)) {
        return Err(Fault::reference(400, at("uuid"), format!("Network {id} could not be found.")));
    }
    Ok(Wanted { network: id.to_owned(), port: None, address: word("fixed_ip").map(str::to_owned) })
}

/// Makes or takes the ports of `server` and gives its `addresses`.
pub fn attach(cloud: &mut Cloud, server: &str, project: Option<&String>, wanted: &[Wanted]) -> Value {
    let ports: Vec<Resource> = wanted.iter().filter_map(|wish| plug(cloud, server, project, wish)).collect();
    Value::Object(addresses(cloud, &ports))
}

/// Makes or takes one port of `server`.
pub fn plug(cloud: &mut Cloud, server: &str, project: Option<&String>, wish: &Wanted) -> Option<Resource> {
    let id = wish.port.clone().unwrap_or_else(|| new_port(cloud, project, wish));
    let port = cloud.collection("ports").get_mut(&id)?;
    port.set("device_id", server);
    port.set("device_owner", "compute:nova");
    port.set("status", "ACTIVE");
    Some(port.clone())
}

/// Brings the `addresses` of `server` up to date with its ports.
pub fn readdress(cloud: &mut Cloud, server: &str) {
    let ports: Vec<Resource> = ports_of(cloud, server).cloned().collect();
    let addresses = addresses(cloud, &ports);
    if let Some(server) = cloud.collection("servers").get_mut(server) {
        server.set("addresses", addresses);
    }
}

/// The ports that `server` has, the oldest first.
pub fn ports_of<'c>(cloud: &'c Cloud, server: &'c str) -> impl Iterator<Item = &'c Resource> {
    let ports = cloud.collections.get("ports").into_iter().flat_map(Collection::iter);
    ports.filter(move |port| port.text("device_id") == server)
}

/// The addresses of `ports` by the names of their networks, as Nova shows them.
fn addresses(cloud: &Cloud, ports: &[Resource]) -> Map<String, Value> {
    let mut addresses: Map<String, Value> = Map::new();
    for port in ports {
        let network = cloud.collections.get("networks").and_then(|networks| networks.get(port.text("network_id")));
        let name = network.map(|network| network.text("name").to_owned()).unwrap_or_default();
        let fixed = port.body.get("fixed_ips").and_then(Value::as_array).into_iter().flatten();
        for ip in fixed.filter_map(|ip| ip["ip_address"].as_str()) {
            if let Value::Array(list) = addresses.entry(name.clone()).or_insert_with(|| json!([])) {
                list.push(address_of_server(ip, "fixed", port.text("mac_address")));
            }
        }
    }
    addresses
}

/// One address of a server, as Nova shows it.
pub fn address_of_server(ip: &str, kind: &str, mac: &str) -> Value {
    let version = if ip.contains(':') { 6 } else { 4 };
    json!({"version": version, "addr": ip, "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": mac})
}

/// The mark of a port that was made for its server and goes with it; no contract shows it.
const MADE_BY_NOVA: &str = "made by nova";

/// Takes the ports away that were made for `server`, and lets the others go.
pub fn detach(cloud: &mut Cloud, server: &str) {
    let ports: Vec<String> = ports_of(cloud, server).map(|port| port.id.clone()).collect();
    ports.iter().for_each(|id| unplug(cloud, id));
}

/// Takes one port away that was made for its server, or lets it go.
pub fn unplug(cloud: &mut Cloud, port: &str) {
    match cloud.collection("ports").get_mut(port) {
        Some(port) if !port.body.contains_key(MADE_BY_NOVA) => {
            let free = [("device_id", ""), ("device_owner", ""), ("status", "DOWN")];
            free.into_iter().for_each(|(field, value)| port.set(field, value));
        }
        _ => drop(cloud.collection("ports").remove(port)),
    }
}

fn new_port(cloud: &mut Cloud, project: Option<&String>, wish: &Wanted) -> String {
    let id = cloud.ids.uuid().to_string();
    let mac = mac_address(cloud);
    // What a boot asks for has been looked up before.
    let fixed_ips: Vec<Value> =
        free_address(cloud, &wish.network, None, wish.address.as_deref()).ok().flatten().into_iter().collect();
    let owner = project.cloned().unwrap_or_default();
    let groups: Vec<String> = default_group(cloud, &owner).into_iter().collect();
    let now = super::lifecycle::nova_time(&cloud.clock);
    let body = json!({
        "id": id, "name": "", "network_id": wish.network, "tenant_id": owner, "project_id": owner,
        "mac_address": mac, "admin_state_up": true, "status": "DOWN", "security_groups": groups,
        "device_id": "", "device_owner": "", "fixed_ips": fixed_ips, "created_at": now, "updated_at": now,
        MADE_BY_NOVA: true,
    });
    let Value::Object(body) = body else { return id };
    cloud.collection("ports").put(Resource {
        id: id.clone(),
        project: project.cloned(),
        public: false,
        body,
        pending: None,
    });
    id
}

/// A new hardware address, of the maker that Neutron poses as.
pub fn mac_address(cloud: &mut Cloud) -> String {
    let digits = cloud.ids.text(b"0123456789abcdef", 6);
    format!("fa:16:3e:{}:{}:{}", &digits[..2], &digits[2..4], &digits[4..])
}

/// The id of the group that a port of `project` has where none is named.
pub fn default_group(cloud: &mut Cloud, project: &str) -> Option<String> {
    let is_it = |group: &&Resource| group.text("name") == "default" && group.project.as_deref() == Some(project);
    cloud.collection("security_groups").iter().find(is_it).map(|group| group.id.clone())
}

/// An address on `network`: the one that was asked for, or the first free one of a subnet, of that one if it is named.
/// `None`: the network has no such subnet.
///
/// # Errors
/// The address is taken or on no subnet, or none is free.
pub fn free_address(
    cloud: &mut Cloud,
    network: &str,
    subnet: Option<&str>,
    asked: Option<&str>,
) -> Result<Option<Value>, Fault> {
    let taken = taken(cloud);
    let mut subnets = cloud.collection("subnets").iter().filter(|other| other.text("network_id") == network);
    let fits = |other: &&Resource| subnet.is_none_or(|id| other.id == id) && asked.is_none_or(|ip| holds(other, ip));
    let Some(subnet) = subnets.find(fits) else {
        return match asked {
            Some(ip) => Err(refused(400, "InvalidIpForNetwork", format!("IP address {ip} is {ON_NO_SUBNET}"))),
            None => Ok(None),
        };
    };
    let address = match asked {
        Some(ip) if ip.parse().is_ok_and(|ip: IpAddr| taken.contains(&ip)) => {
            let message = format!("IP address {ip} already allocated in subnet {}", subnet.id);
            return Err(refused(409, "IpAddressAlreadyAllocated", message));
        }
        Some(ip) => ip.to_owned(),
        None => free(subnet, &taken).map(|ip| ip.to_string()).ok_or_else(|| {
            let message = format!("No more IP addresses available on network {network}.");
            refused(409, "IpAddressGenerationFailure", message)
        })?,
    };
    Ok(Some(json!({"subnet_id": subnet.id, "ip_address": address})))
}

const ON_NO_SUBNET: &str = "not a valid IP for any of the subnets on the specified network.";

fn refused(status: u16, name: &'static str, message: String) -> Fault {
    Fault::new(Code::State, status, message).named(name)
}

fn taken(cloud: &mut Cloud) -> HashSet<IpAddr> {
    let mut taken: HashSet<IpAddr> = HashSet::new();
    for port in cloud.collection("ports").iter() {
        let fixed = port.body.get("fixed_ips").and_then(Value::as_array).into_iter().flatten();
        taken.extend(fixed.filter_map(|ip| ip["ip_address"].as_str()?.parse::<IpAddr>().ok()));
    }
    let floating = cloud.collection("floatingips").iter().map(|ip| ip.text("floating_ip_address"));
    taken.extend(floating.filter_map(|ip| ip.parse::<IpAddr>().ok()));
    taken
}

/// The first free address of the subnet's pools; without pools, of the subnet behind its gateway.
fn free(subnet: &Resource, taken: &HashSet<IpAddr>) -> Option<IpAddr> {
    let pools = subnet.body.get("allocation_pools").and_then(Value::as_array).filter(|pools| !pools.is_empty());
    let (network, last) = range(subnet.text("cidr"))?;
    let whole = [(number(network) + 2, number(last))];
    let bound = |pool: &Value, end: &str| pool[end].as_str()?.parse().ok().map(number);
    let pools: Vec<(u128, u128)> = match pools {
        Some(pools) => pools.iter().filter_map(|pool| Some((bound(pool, "start")?, bound(pool, "end")?))).collect(),
        None => whole.to_vec(),
    };
    let addresses = pools.into_iter().flat_map(|(start, end)| start..=end);
    addresses.map(|number| address(network, number)).find(|ip| !taken.contains(ip))
}

fn holds(subnet: &Resource, ip: &str) -> bool {
    let (Some((first, last)), Ok(ip)) = (range(subnet.text("cidr")), ip.parse::<IpAddr>()) else { return false };
    first.is_ipv4() == ip.is_ipv4() && (first..=last).contains(&ip)
}

/// The gateway of a new subnet and the ends of its pool.
pub fn address_range(cidr: &str) -> Option<[String; 3]> {
    let (network, last) = range(cidr)?;
    // The last address of an IPv4 subnet is for broadcasts.
    let end = if network.is_ipv4() { number(last).checked_sub(1)? } else { number(last) };
    Some([number(network) + 1, number(network) + 2, end].map(|number| address(network, number).to_string()))
}

/// The first and the last address of `cidr`.
fn range(cidr: &str) -> Option<(IpAddr, IpAddr)> {
    let (network, prefix) = cidr.split_once('/')?;
    let network: IpAddr = network.parse().ok()?;
    let bits = if network.is_ipv4() { 32 } else { 128 };
    let free = bits - prefix.parse::<u32>().ok().filter(|prefix| (1..=bits).contains(prefix))?;
    Some((network, address(network, number(network) | ((1u128 << free) - 1))))
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u32::from(ip).into(),
        IpAddr::V6(ip) => ip.into(),
    }
}

/// The address of that number, of the same version as `like`.
fn address(like: IpAddr, number: u128) -> IpAddr {
    match like {
        IpAddr::V4(_) => std::net::Ipv4Addr::from(number as u32).into(),
        IpAddr::V6(_) => std::net::Ipv6Addr::from(number).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_subnet_has_its_gateway_first_and_its_pool_after_it() {
        let range = |cidr: &str| address_range(cidr).map(|ends| ends.join(" "));
        assert_eq!(range("10.0.0.0/24").as_deref(), Some("10.0.0.1 10.0.0.2 10.0.0.254"));
        assert_eq!(range("10.0.0.0/30").as_deref(), Some("10.0.0.1 10.0.0.2 10.0.0.2"));
        assert_eq!(range("fd00::/64").as_deref(), Some("fd00::1 fd00::2 fd00::ffff:ffff:ffff:ffff"));
        assert_eq!([range("nonsense"), range("10.0.0.0/33"), range("10.0.0.0/0")], [None, None, None]);
    }

    #[test]
    fn addresses_come_from_the_pools_and_end_with_them() {
        let subnet = |body: Value| Resource {
            id: String::new(),
            project: None,
            public: true,
            body: body.as_object().unwrap().clone(),
            pending: None,
        };
        let pools =
            subnet(json!({"cidr": "10.0.0.0/24", "allocation_pools": [{"start": "10.0.0.5", "end": "10.0.0.6"}]}));
        let mut taken = HashSet::new();
        for expected in [Some("10.0.0.5"), Some("10.0.0.6"), None] {
            let next = free(&pools, &taken);
            assert_eq!(next.map(|ip| ip.to_string()).as_deref(), expected);
            taken.extend(next);
        }
        let whole = subnet(json!({"cidr": "10.0.0.0/24"}));
        assert_eq!(free(&whole, &HashSet::new()).map(|ip| ip.to_string()).as_deref(), Some("10.0.0.2"));
        assert!(holds(&whole, "10.0.0.9") && !holds(&whole, "10.0.1.9") && !holds(&whole, "::1"));
    }
}
