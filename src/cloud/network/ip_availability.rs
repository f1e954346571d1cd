//! How many addresses networks have left. Source: neutron/db/network_ip_availability_db.py.

use std::net::IpAddr;

use super::addresses::{holds, pools};
use super::networks::NEUTRON;
use crate::base::cidr::{number, range};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Key, Resource};
use crate::cloud::verb::{Ask, Missing, ResourceType};

/// Administrators see them; to others there are none.
pub const IP_AVAILABILITIES: ResourceType = ResourceType {
    collection: "network_ip_availabilities",
    missing: &[Missing::any("Network {id} could not be found.").named("NetworkNotFound")],
    refresh,
    locate,
    derive: |_, _| {},
    ..NEUTRON
};

fn locate(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<String, Fault> {
    refresh(cloud, ask);
    if ask.is_admin() { Ok(ask.id().to_owned()) } else { Err(Fault::no_resource()) }
}

fn refresh(cloud: &mut Cloud, ask: &Ask<'_>) {
    let version = ask.query.last("ip_version").and_then(|version| version.parse::<u64>().ok());
    let networks = cloud.collections.get("networks").into_iter().flat_map(|networks| networks.iter());
    let all: Vec<Resource> =
        networks.filter(|_| ask.is_admin()).filter_map(|network| availability(cloud, network, version)).collect();
    let own = cloud.collection(IP_AVAILABILITIES.collection);
    own.retain(|_| false);
    all.into_iter().for_each(|availability| own.put(availability));
}

/// What a network has; `None`: no subnet of that version.
fn availability(cloud: &Cloud, network: &Resource, version: Option<u64>) -> Option<Resource> {
    let key = Key::Network(network.id.as_str().into());
    let subnets = cloud.collections.get("subnets").into_iter().flat_map(|subnets| subnets.with(&key));
    let is_meant = |subnet: &&Resource| {
        version.is_none_or(|version| subnet.body.get("ip_version").and_then(Value::as_u64) == Some(version))
    };
    let shown: Vec<Counts> = subnets.filter(is_meant).map(|subnet| Counts::of(cloud, subnet)).collect();
    if shown.is_empty() && version.is_some() {
        return None;
    }
    let total = shown.iter().fold(Counts::default(), Counts::plus);
    let mut body = total.numbers();
    for (field, value) in [
        ("network_id", json!(network.id)),
        ("network_name", json!(network.text("name"))),
        ("tenant_id", json!(network.project)),
        ("project_id", json!(network.project)),
        ("subnet_ip_availability", shown.into_iter().map(|one| Value::Object(one.shown())).collect()),
    ] {
        body.insert(field, value);
    }
    Some(Resource { public: true, ..Resource::new(network.id.clone(), network.project.clone(), body) })
}

/// How many addresses there are, in the pools and at all.
#[derive(Default)]
struct Counts {
    subnet: Map,
    in_pools: u128,
    in_subnet: u128,
    used: u128,
    used_in_pools: u128,
}

impl Counts {
    fn of(cloud: &Cloud, subnet: &Resource) -> Counts {
        let ranges = pools(subnet).unwrap_or_default();
        let used = used(cloud, subnet);
        let is_pooled = |ip: &&IpAddr| ranges.iter().any(|(start, end)| (*start..=*end).contains(&number(**ip)));
        let shown = [("subnet_id", json!(subnet.id)), ("subnet_name", json!(subnet.text("name")))];
        let shown = shown.into_iter().chain(["cidr", "ip_version"].map(|name| (name, subnet.body[name].clone())));
        Counts {
            subnet: shown.map(|(name, value)| (name.to_owned(), value)).collect(),
            in_pools: ranges.iter().map(|(start, end)| end - start + 1).sum(),
            // Neither the network's own address nor that of all.
            in_subnet: range(subnet.text("cidr"))
                .map_or(0, |(first, last)| (number(last) - number(first)).saturating_sub(1)),
            used: used.len() as u128,
            used_in_pools: used.iter().filter(is_pooled).count() as u128,
        }
    }

    fn plus(self, other: &Counts) -> Counts {
        Counts {
            subnet: self.subnet,
            in_pools: self.in_pools + other.in_pools,
            in_subnet: self.in_subnet + other.in_subnet,
            used: self.used + other.used,
            used_in_pools: self.used_in_pools + other.used_in_pools,
        }
    }

    fn numbers(&self) -> Map {
        let Counts { in_pools, in_subnet, used, used_in_pools, .. } = self;
        let number = |number: &u128| u64::try_from(*number).map_or(json!(number.to_string()), |number| json!(number));
        let details = json!({
            "total_ips_in_subnet": number(in_subnet), "total_ips_in_allocation_pool": number(in_pools),
            "used_ips_in_subnet": number(used), "used_ips_in_allocation_pool": number(used_in_pools),
        });
        let fields =
            [("used_ips", number(used)), ("total_ips", number(in_pools)), ("ip_availability_details", details)];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn shown(self) -> Map {
        let numbers = self.numbers();
        self.subnet.into_iter().chain(numbers).collect()
    }
}

/// The addresses of a subnet that ports have, or that float.
fn used(cloud: &Cloud, subnet: &Resource) -> Vec<IpAddr> {
    let key = Key::Subnet(subnet.id.as_str().into());
    let ports = cloud.collections.get("ports").into_iter().flat_map(|ports| ports.with(&key));
    let of_ports = ports.flat_map(|port| port.body.list("fixed_ips").iter());
    let own = of_ports.filter(|ip| ip["subnet_id"] == subnet.id.as_str()).filter_map(|ip| ip["ip_address"].as_str());
    let network = subnet.text("network_id");
    let floating = cloud.collections.get("floatingips").into_iter().flat_map(|all| all.iter());
    let floating = floating
        .filter(|ip| ip.text("floating_network_id") == network)
        .map(|ip| ip.text("floating_ip_address"))
        .filter(|ip| holds(subnet, ip));
    own.chain(floating).filter_map(|ip| ip.parse().ok()).collect()
}
