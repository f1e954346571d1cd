//! Which addresses a new subnet has: those that it asks for, or some of a subnet pool (neutron/ipam/subnet_alloc.py).

use std::net::IpAddr;

use super::addresses::{network_of, overlap};
use crate::base::cidr::{address, number, range};
use crate::base::json::{Map, Value};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::contract::Code;

/// The range of the subnet that `body` asks for.
///
/// # Errors
/// It fits neither the version nor the pool, or the pool has no room.
pub fn cidr(cloud: &Cloud, body: &Map) -> Result<String, Fault> {
    let asked = body.get("cidr").and_then(Value::as_str).filter(|cidr| !cidr.is_empty());
    let version = body.get("ip_version").and_then(Value::as_u64).unwrap_or(4);
    if let Some(cidr) = asked.filter(|cidr| range(cidr).is_some() && cidr.contains(':') != (version == 6)) {
        let why = format!("cidr '{cidr}' does not match the ip_version '{version}'.");
        return Err(refused("InvalidInput", &format!("Invalid input for operation: {why}")));
    }
    match (body.get("subnetpool_id").and_then(Value::as_str), asked) {
        (None, Some(cidr)) => Ok(cidr.to_owned()),
        (None, None) => {
            let why = "a subnetpool must be specified in the absence of a cidr.";
            Err(refused("BadRequest", &format!("Bad subnets request: {why}")))
        }
        (Some(pool), asked) => {
            let missing = || Fault::not_found(format!("Subnet pool {pool} could not be found."));
            let found = cloud.collections.get("subnetpools").and_then(|pools| pools.get(pool));
            of_pool(cloud, found.ok_or_else(|| missing().named("SubnetPoolNotFound"))?, body, version, asked)
        }
    }
}

fn refused(name: &'static str, message: &str) -> Fault {
    Fault::new(Code::Rule, 400, message).named(name)
}

fn of_pool(cloud: &Cloud, pool: &Resource, body: &Map, version: u64, asked: Option<&str>) -> Result<String, Fault> {
    let own = pool.body.get("ip_version").and_then(Value::as_u64).unwrap_or(4);
    if own != version {
        let why = format!("Cannot allocate IPv{version} subnet from IPv{own} subnet pool.");
        return Err(refused("BadRequest", &format!("Bad subnets request: {why}")));
    }
    let bound = |field: &str| pool.text(field).parse::<u32>().ok();
    let length = body.get("prefixlen").and_then(length).or_else(|| bound("default_prefixlen"));
    if let (Some(length), Some(least)) = (length.filter(|_| asked.is_none()), bound("min_prefixlen"))
        && length < least
    {
        let message =
            format!("Unable to allocate subnet with prefix length {length}, minimum allowed prefix is {least}.");
        return Err(refused("MinPrefixSubnetAllocationError", &message));
    }
    if let (Some(length), Some(most)) = (length.filter(|_| asked.is_none()), bound("max_prefixlen"))
        && length > most
    {
        let message =
            format!("Unable to allocate subnet with prefix length {length}, maximum allowed prefix is {most}.");
        return Err(refused("MaxPrefixSubnetAllocationError", &message));
    }
    let taken: Vec<&str> = allocated(cloud, &pool.id).map(|subnet| subnet.text("cidr")).collect();
    let prefixes = pool.body.list("prefixes").iter().filter_map(Value::as_str);
    let mut prefixes = prefixes;
    let found = match asked {
        Some(cidr) => prefixes.any(|prefix| is_within(cidr, prefix)).then(|| cidr.to_owned()),
        None => length.and_then(|length| prefixes.find_map(|prefix| first_free(prefix, length, &taken))),
    };
    let free = found.filter(|cidr| !taken.iter().any(|other| overlap(cidr, other)));
    free.ok_or_else(|| {
        let why = if asked.is_some() {
            "Cannot allocate requested subnet from the available set of prefixes."
        } else {
            "Insufficient prefix space to allocate subnet size."
        };
        let message = format!("Failed to allocate subnet: {why}");
        Fault::new(Code::State, 500, message).named("SubnetAllocationError")
    })
}

/// A number, or a text that spells one.
fn length(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|length| u32::try_from(length).ok()).or_else(|| value.as_str()?.parse().ok())
}

/// The subnets that a pool has given out.
pub fn allocated<'c>(cloud: &'c Cloud, pool: &'c str) -> impl Iterator<Item = &'c Resource> {
    let subnets = cloud.collections.get("subnets").into_iter().flat_map(|subnets| subnets.iter());
    subnets.filter(move |subnet| subnet.text("subnetpool_id") == pool)
}

fn is_within(cidr: &str, prefix: &str) -> bool {
    let (Some((first, last)), Some((start, end))) = (range(cidr), range(prefix)) else { return false };
    first.is_ipv4() == start.is_ipv4() && start <= first && last <= end
}

/// The first range of that length in `prefix` that overlaps nothing that is taken.
fn first_free(prefix: &str, length: u32, taken: &[&str]) -> Option<String> {
    let (start, end) = range(&network_of(prefix)?)?;
    let bits: u32 = if start.is_ipv4() { 32 } else { 128 };
    let size = 1u128.checked_shl(bits.checked_sub(length)?)?;
    let mut next = number(start);
    while next.checked_add(size - 1)? <= number(end) {
        let cidr = format!("{}/{length}", address(start, next));
        // What is taken is stepped over whole: a pool of IPv6 is too large to be walked.
        match taken.iter().filter(|other| overlap(&cidr, other)).filter_map(|other| range(other)).next() {
            None => return Some(cidr),
            Some((_, last)) => next = after(last, size)?,
        }
    }
    None
}

/// The next multiple of `size` behind an address.
fn after(last: IpAddr, size: u128) -> Option<u128> {
    number(last).checked_div(size)?.checked_add(1)?.checked_mul(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_gives_its_first_free_range() {
        assert_eq!(first_free("10.50.0.0/16", 24, &[]).as_deref(), Some("10.50.0.0/24"));
        assert_eq!(first_free("10.50.0.0/16", 26, &["10.50.0.0/24"]).as_deref(), Some("10.50.1.0/26"));
        assert_eq!(first_free("10.50.0.0/16", 24, &["10.50.0.0/26"]).as_deref(), Some("10.50.1.0/24"));
        assert_eq!(first_free("10.50.0.0/24", 24, &["10.50.0.0/26"]), None);
        assert_eq!(first_free("fd00::/48", 64, &["fd00::/64"]).as_deref(), Some("fd00:0:0:1::/64"));
    }
}
