//! Ranges of addresses, as CIDR notation writes them.

use std::net::IpAddr;

/// The first and the last address of `cidr`.
pub fn range(cidr: &str) -> Option<(IpAddr, IpAddr)> {
    let (network, prefix) = cidr.split_once('/')?;
    let network: IpAddr = network.parse().ok()?;
    let bits = if network.is_ipv4() { 32 } else { 128 };
    let free = bits - prefix.parse::<u32>().ok().filter(|prefix| (1..=bits).contains(prefix))?;
    Some((network, address(network, number(network) | ((1u128 << free) - 1))))
}

/// The number that an address is.
pub fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u32::from(ip).into(),
        IpAddr::V6(ip) => ip.into(),
    }
}

/// The address of that number, of the same version as `like`.
pub fn address(like: IpAddr, number: u128) -> IpAddr {
    match like {
        IpAddr::V4(_) => std::net::Ipv4Addr::from(number as u32).into(),
        IpAddr::V6(_) => std::net::Ipv6Addr::from(number).into(),
    }
}
