//! What a subnet has beside its range: pools, name servers, routes. Source: neutron/db/ipam_backend_mixin.py.

use super::addresses::pools;
use crate::base::cidr::{address, number, range};
use crate::base::json::{Map, Value};
use crate::base::{python_repr, python_str};
use crate::cloud::store::{Fault, Resource};
use crate::contract::Code;

/// What is kept in place of nothing, as Neutron's converters have it.
pub fn nothing_is_empty(body: &mut Map, fields: &[&'static str]) {
    for field in fields {
        if body.get(field).is_some_and(Value::is_null) {
            body.insert(*field, Value::Array(Vec::new()));
        }
    }
}

/// Refuses more than `[DEFAULT] max_dns_nameservers` and `max_subnet_host_routes` allow.
pub fn check_lists(body: &mut Map) -> Result<(), Fault> {
    nothing_is_empty(body, &["dns_nameservers", "host_routes"]);
    let id = body.get("id").map(python_str).unwrap_or_else(|| "new subnet".to_owned());
    let limits = [
        ("dns_nameservers", 5, "DNS nameservers", "DNSNameServersExhausted"),
        ("host_routes", 20, "host routes", "HostRoutesExhausted"),
    ];
    for (field, most, what, class) in limits {
        if body.get(field).and_then(Value::as_array).is_some_and(|own| own.len() > most) {
            let why = format!("The number of {what} exceeds the limit {most}.");
            return Err(refused(400, class, format!("Unable to complete operation for {id}. {why}")));
        }
    }
    Ok(())
}

/// Refuses pools that are upside down, outside of the subnet, on top of each other, or that have the gateway.
pub fn check_pools(body: &Map) -> Result<(), Fault> {
    let own = body.list("allocation_pools");
    let cidr = body.text("cidr");
    let Some(ranges) = pools(&Resource::new(String::new(), None, body.clone())).filter(|_| !own.is_empty()) else {
        return Ok(());
    };
    let Some((first, last)) = range(cidr) else { return Ok(()) };
    let named = |(start, end): &(u128, u128)| format!("{}-{}", address(first, *start), address(first, *end));
    let is_wrong = |(_, (start, end)): &(&Value, &(u128, u128))| start > end;
    if let Some((pool, _)) = own.iter().zip(&ranges).find(is_wrong) {
        let message = format!("The allocation pool {} is not valid.", python_repr(pool));
        return Err(refused(400, "InvalidAllocationPool", message));
    }
    let is_outside = |(start, end): &&(u128, u128)| *start < number(first) || *end > number(last);
    if let Some(pool) = ranges.iter().find(is_outside) {
        let message = format!("The allocation pool {} spans beyond the subnet cidr {cidr}.", named(pool));
        return Err(refused(400, "OutOfBoundsAllocationPool", message));
    }
    for (place, pool) in ranges.iter().enumerate() {
        if let Some(other) = ranges[place + 1..].iter().find(|other| other.0 <= pool.1 && pool.0 <= other.1) {
            let which = format!("{} {} for subnet {cidr}", named(pool), named(other));
            return Err(refused(
                409,
                "OverlappingAllocationPools",
                format!("Found overlapping allocation pools: {which}."),
            ));
        }
    }
    let gateway = body.get("gateway_ip").and_then(|gateway| gateway.as_str()?.parse().ok()).map(number);
    let has = |pool: &&(u128, u128)| gateway.is_some_and(|gateway| (pool.0..=pool.1).contains(&gateway));
    match ranges.iter().find(has) {
        None => Ok(()),
        Some(pool) => {
            let gateway = python_str(&body["gateway_ip"]);
            let message = format!("Gateway ip {gateway} conflicts with allocation pool {}.", named(pool));
            Err(refused(409, "GatewayConflictWithAllocationPools", message))
        }
    }
}

fn refused(status: u16, name: &'static str, message: String) -> Fault {
    let code = if status == 400 { Code::Rule } else { Code::State };
    Fault::new(code, status, message).named(name)
}
