//! The addresses that a server shows for itself.

use std::net::Ipv6Addr;

use crate::base::json::Value;

/// The value of `field` as Nova keeps it: an address of IPv6 in its short form.
pub fn kept(field: &str, value: &Value) -> Value {
    let address =
        Some(value).filter(|_| field == "accessIPv6").and_then(|value| value.as_str()?.parse::<Ipv6Addr>().ok());
    address.map_or_else(|| value.clone(), |address| address.to_string().into())
}
