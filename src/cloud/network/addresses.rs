//! Addresses: which are free on a network, and which a subnet has.

use std::net::IpAddr;

use foldhash::HashMap;

use crate::base::cidr::{address, number, range};
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Collections, Fault, Key, Resource};
use crate::contract::Code;

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
    let fits = |other: &&Resource| subnet.is_none_or(|id| other.id == id) && asked.is_none_or(|ip| holds(other, ip));
    let key = Key::Network(network.into());
    let Cloud { collections, last_addresses, .. } = cloud;
    let Some(subnet) = collections.get("subnets").and_then(|subnets| subnets.with(&key).find(fits)) else {
        return match asked {
            Some(ip) => Err(refused(400, "InvalidIpForNetwork", format!("IP address {ip} is {ON_NO_SUBNET}"))),
            None => Ok(None),
        };
    };
    let address = match asked {
        Some(ip) if ip.parse().is_ok_and(|ip| is_taken(collections, ip)) => {
            let message = format!("IP address {ip} already allocated in subnet {}", subnet.id);
            return Err(refused(409, "IpAddressAlreadyAllocated", message));
        }
        Some(ip) => ip.to_owned(),
        None => free(collections, last_addresses, subnet).map(|ip| ip.to_string()).ok_or_else(|| {
            let message = format!("No more IP addresses available on network {network}.");
            refused(409, "IpAddressGenerationFailure", message)
        })?,
    };
    Ok(Some(json!({"subnet_id": subnet.id, "ip_address": address})))
}

/// Has `network` a subnet that the address belongs to?
pub fn is_on(cloud: &Cloud, network: &str, ip: &str) -> bool {
    let key = Key::Network(network.into());
    cloud.collections.get("subnets").is_some_and(|subnets| subnets.with(&key).any(|subnet| holds(subnet, ip)))
}

const ON_NO_SUBNET: &str = "not a valid IP for any of the subnets on the specified network.";

fn refused(status: u16, name: &'static str, message: String) -> Fault {
    Fault::new(Code::State, status, message).named(name)
}

/// Has a port the address, or does it float?
fn is_taken(collections: &Collections, ip: IpAddr) -> bool {
    let key = Key::Address(ip);
    let has = |collection: &str| collections.get(collection).is_some_and(|all| all.with(&key).next().is_some());
    has("ports") || has("floatingips")
}

/// The next free address of the subnet's pools; without pools, of the subnet behind its gateway. As Neutron does, addresses that
/// were given back come up again only once the others are used up.
fn free(collections: &Collections, last_addresses: &mut HashMap<String, u128>, subnet: &Resource) -> Option<IpAddr> {
    let like = range(subnet.text("cidr"))?.0;
    let pools = pools(subnet)?;
    // Before the first address that is given stands none.
    let last = last_addresses.get(&subnet.id).copied().unwrap_or(0);
    let all = || pools.iter().flat_map(|(start, end)| *start..=*end);
    // Subnets of IPv6 are too large to be walked.
    let later = pools.iter().flat_map(|(start, end)| last.saturating_add(1).max(*start)..=*end);
    let number =
        later.chain(all().take_while(|number| *number <= last)).find(|n| !is_taken(collections, address(like, *n)))?;
    match last_addresses.get_mut(&subnet.id) {
        Some(last) => *last = number,
        None => drop(last_addresses.insert(subnet.id.clone(), number)),
    }
    Some(address(like, number))
}

/// The first and the last number of each pool of a subnet.
pub fn pools(subnet: &Resource) -> Option<Vec<(u128, u128)>> {
    let own = subnet.body.get("allocation_pools").and_then(Value::as_array).filter(|pools| !pools.is_empty());
    let bound = |pool: &Value, end: &str| pool[end].as_str()?.parse().ok().map(number);
    match own {
        Some(pools) => {
            Some(pools.iter().filter_map(|pool| Some((bound(pool, "start")?, bound(pool, "end")?))).collect())
        }
        None => {
            let (_, [_, first, last]) = numbers(subnet.text("cidr"))?;
            Some(vec![(first, last)])
        }
    }
}

/// Is the address one of the subnet?
pub fn holds(subnet: &Resource, ip: &str) -> bool {
    let (Some((first, last)), Ok(ip)) = (range(subnet.text("cidr")), ip.parse::<IpAddr>()) else { return false };
    first.is_ipv4() == ip.is_ipv4() && (first..=last).contains(&ip)
}

/// The gateway of a new subnet and the ends of its pool.
pub fn address_range(cidr: &str) -> Option<[String; 3]> {
    let (network, numbers) = numbers(cidr)?;
    Some(numbers.map(|number| address(network, number).to_string()))
}

/// The network, and the numbers of its gateway and of the ends of its pool.
fn numbers(cidr: &str) -> Option<(IpAddr, [u128; 3])> {
    let (network, last) = range(cidr)?;
    // The last address of an IPv4 subnet is for broadcasts.
    let end = if network.is_ipv4() { number(last).checked_sub(1)? } else { number(last) };
    Some((network, [number(network) + 1, number(network) + 2, end]))
}

/// The network that a prefix names, as `10.0.0.0/8`; an address alone is one of a single address.
pub fn network_of(prefix: &str) -> Option<String> {
    let ip: IpAddr = prefix.split('/').next()?.parse().ok()?;
    let bits = if ip.is_ipv4() { 32 } else { 128 };
    let length: u32 = prefix.split_once('/').map_or(Some(bits), |(_, length)| length.parse().ok())?;
    let free = bits.checked_sub(length)?;
    let host = 1u128.checked_shl(free).map_or(u128::MAX, |most| most - 1);
    Some(format!("{}/{length}", address(ip, number(ip) & !host)))
}

/// Have two ranges an address in common?
pub fn overlap(a: &str, b: &str) -> bool {
    let (Some((a_first, a_last)), Some((b_first, b_last))) = (range(a), range(b)) else { return false };
    a_first.is_ipv4() == b_first.is_ipv4() && a_first <= b_last && b_first <= a_last
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

    fn subnet(body: &Value) -> Resource {
        let body = body.as_object().unwrap().clone();
        Resource { public: true, ..Resource::new("s", None, body) }
    }

    #[test]
    fn addresses_come_from_the_pools_and_end_with_them() {
        let fixture = std::sync::Arc::new(crate::cloud::Fixture::base().unwrap());
        let mut cloud = Cloud::new(fixture, 1, crate::base::Clock::Wall);
        let pools = json!({"cidr": "10.1.0.0/24", "allocation_pools": [{"start": "10.1.0.5", "end": "10.1.0.6"}]});
        let Cloud { collections, last_addresses, .. } = &mut cloud;
        let mut next = |body: &Value| free(collections, last_addresses, &subnet(body)).map(|ip| ip.to_string());
        let given: Vec<Option<String>> = (0..3).map(|_| next(&pools)).collect();
        // Nobody took the first: it comes up again once the last was given.
        assert_eq!(given, ["10.1.0.5", "10.1.0.6", "10.1.0.5"].map(|ip| Some(ip.to_owned())));
        assert_eq!(next(&json!({"cidr": "10.2.0.0/24"})).as_deref(), Some("10.2.0.2"));
        assert_eq!(next(&json!({"cidr": "fd00::/64"})).as_deref(), Some("fd00::2"));
        let whole = subnet(&json!({"cidr": "10.0.0.0/24"}));
        assert!(holds(&whole, "10.0.0.9") && !holds(&whole, "10.0.1.9") && !holds(&whole, "::1"));
    }
}
