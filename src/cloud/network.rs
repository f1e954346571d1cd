//! The networks that a server is put on, its ports and its addresses.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::lookup::Key;
use super::resource::Resource;
use super::state::Cloud;
use super::token::Caller;
use crate::base::{FieldMap, Pointer, Segment};
use crate::contract::Code;

/// One network interface that a boot asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    network: String,
    port: Option<String>,
    address: Option<String>,
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
pub fn attach(cloud: &mut Cloud, server: &str, project: Option<&str>, wanted: &[Wanted]) -> Value {
    let mut addresses: Map<String, Value> = Map::new();
    for wish in wanted {
        let id = match &wish.port {
            Some(id) => {
                if let Some(mut port) = cloud.collection("ports").get_mut(id) {
                    port.set("device_id", server);
                    port.set("device_owner", OWNER);
                    port.set("status", "ACTIVE");
                }
                Cow::Borrowed(id.as_str())
            }
            None => Cow::Owned(new_port(cloud, server, project, wish)),
        };
        let name = cloud.collection("networks").get(&wish.network).map(|n| n.text("name")).unwrap_or_default();
        let name = name.to_owned();
        let Some(port) = cloud.collection("ports").get(&id) else { continue };
        if let Value::Array(list) = addresses.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            list.extend(shown_addresses(port));
        }
    }
    addresses.retain(|_, list| list.as_array().is_some_and(|list| !list.is_empty()));
    Value::Object(addresses)
}

/// Neutron's word for ports of servers.
const OWNER: &str = "compute:nova";

/// The addresses of a port as its server shows them.
fn shown_addresses(port: &Resource) -> impl Iterator<Item = Value> {
    let fixed = port.body.get("fixed_ips").and_then(Value::as_array).into_iter().flatten();
    fixed.filter_map(|ip| ip["ip_address"].as_str()).map(|ip| {
        let version = if ip.contains(':') { 6 } else { 4 };
        let mac = port.text("mac_address");
        json!({"version": version, "addr": ip, "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": mac})
    })
}

/// The mark of a port that was made for its server and goes with it; no contract shows it.
const MADE_BY_NOVA: &str = "made by nova";

/// Takes the ports away that were made for `server`, and lets the others go.
pub fn detach(cloud: &mut Cloud, server: &str) {
    let ports = cloud.collection("ports");
    let of_server = |port: &Resource| (port.id.clone(), port.body.contains_key(MADE_BY_NOVA));
    for (id, made_by_nova) in ports.with(&Key::Device(server.into())).map(of_server).collect::<Vec<_>>() {
        if made_by_nova {
            ports.remove(&id);
        } else if let Some(mut port) = ports.get_mut(&id) {
            let free = [("device_id", ""), ("device_owner", ""), ("status", "DOWN")];
            free.into_iter().for_each(|(field, value)| port.set(field, value));
        }
    }
}

/// Makes the port of `server` that is wanted; gives its id.
fn new_port(cloud: &mut Cloud, server: &str, project: Option<&str>, wish: &Wanted) -> String {
    let id = cloud.ids.uuid().to_string();
    let mac = mac_address(&cloud.ids.text(b"0123456789abcdef", 6));
    let fixed_ips: Vec<Value> = fixed_ip(cloud, wish).into_iter().collect();
    let now = super::lifecycle::nova_time(&cloud.clock);
    let mut body = FieldMap::like(&NEW_PORT, 12);
    let mut set = |name: &'static str, value: Value| drop(body.insert(name, value));
    set("id", id.as_str().into());
    set("network_id", wish.network.as_str().into());
    set("tenant_id", project.unwrap_or_default().into());
    set("project_id", project.unwrap_or_default().into());
    set("mac_address", mac.into());
    set("device_id", server.into());
    set("fixed_ips", fixed_ips.into());
    set("created_at", now.as_str().into());
    set("updated_at", now.into());
    let (own, project) = (id.clone(), project.map(str::to_owned));
    cloud.collection("ports").put(Resource { id: own, project, public: false, body, pending: None });
    id
}

/// What a port has that is made for a server.
static NEW_PORT: LazyLock<FieldMap> = LazyLock::new(|| {
    [
        ("name", json!("")),
        ("admin_state_up", json!(true)),
        ("status", json!("ACTIVE")),
        ("device_owner", json!(OWNER)),
        (MADE_BY_NOVA, json!(true)),
    ]
    .into_iter()
    .collect()
});

/// `fa:16:3e:` and six digits: Neutron's base for the addresses that it gives.
fn mac_address(digits: &str) -> String {
    format!("fa:16:3e:{}:{}:{}", &digits[..2], &digits[2..4], &digits[4..6])
}

/// The address that was asked for, or the next free one of the network's first subnet.
fn fixed_ip(cloud: &mut Cloud, wish: &Wanted) -> Option<Value> {
    let subnet = cloud.collection("subnets").iter().find(|subnet| subnet.text("network_id") == wish.network)?;
    let (subnet_id, cidr) = (subnet.id.clone(), subnet.text("cidr").to_owned());
    if let Some(address) = &wish.address {
        return Some(json!({"subnet_id": subnet_id, "ip_address": address}));
    }
    let last = cloud.last_offsets.get(&subnet_id).copied().unwrap_or(GATEWAY);
    let ports = cloud.collection("ports");
    let is_free = |offset: &u32| {
        nth_address(&cidr, *offset).is_some_and(|address| ports.with(&Key::Address(address)).next().is_none())
    };
    // As Neutron does, addresses that were given back come up again only once the others are used up.
    let offset = (last + 1..=size(&cidr)).chain(GATEWAY + 1..=last).find(is_free)?;
    let address = nth_address(&cidr, offset)?;
    match cloud.last_offsets.get_mut(&subnet_id) {
        Some(last) => *last = offset,
        None => drop(cloud.last_offsets.insert(subnet_id.clone(), offset)),
    }
    Some(json!({"subnet_id": subnet_id, "ip_address": address.to_string()}))
}

/// The first two addresses of a subnet are its own and its gateway's.
const GATEWAY: u32 = 1;

/// The last offset at which `cidr` has an address for a port.
fn size(cidr: &str) -> u32 {
    const MOST: u32 = 0xffff;
    let bits = cidr.split_once('/').and_then(|(network, prefix)| {
        let width: u32 = if network.contains(':') { 128 } else { 32 };
        width.checked_sub(prefix.parse().ok()?)
    });
    // The last one of IPv4 is for broadcasts.
    bits.map_or(0, |bits| 1u32.checked_shl(bits).unwrap_or(MOST).saturating_sub(2)).min(MOST)
}

/// The address `offset` places into `cidr`; `None` beyond its end.
fn nth_address(cidr: &str, offset: u32) -> Option<IpAddr> {
    let (network, prefix) = cidr.split_once('/')?;
    match network.parse().ok()? {
        IpAddr::V4(network) => {
            let size = 1u64 << (32 - prefix.parse::<u32>().ok().filter(|p| *p <= 32)?);
            (u64::from(offset) + 1 < size).then(|| std::net::Ipv4Addr::from(u32::from(network) + offset).into())
        }
        IpAddr::V6(network) => Some(std::net::Ipv6Addr::from(u128::from(network) + u128::from(offset)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_from_the_subnet_and_end_with_it() {
        assert_eq!(nth_address("10.0.0.0/24", 2).map(|ip| ip.to_string()).as_deref(), Some("10.0.0.2"));
        assert_eq!(nth_address("10.0.0.0/30", 2).map(|ip| ip.to_string()).as_deref(), Some("10.0.0.2"));
        assert_eq!(nth_address("10.0.0.0/30", 3), None);
        assert_eq!(nth_address("fd00::/64", 2).map(|ip| ip.to_string()).as_deref(), Some("fd00::2"));
        assert_eq!(nth_address("nonsense", 2), None);
    }
}
