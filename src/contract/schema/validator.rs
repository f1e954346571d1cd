//! Neutron's validators of attributes: what they have against a value is told in their own words, whatever its type.
//! Source: neutron_lib/api/validators, neutron_lib/api/converters.py.

use std::net::{IpAddr, Ipv4Addr};

use foldhash::HashSet;

use super::formats::Format;
use super::number::{Equal, first_repeated};
use super::objection::Objection;
use crate::base::json::{Map, Value};
use crate::base::python_str;

/// A validator of Neutron's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validator {
    /// A UUID.
    Uuid,
    /// The same, or nothing.
    UuidOrNone,
    /// An address, or nothing.
    IpAddressOrNone,
    /// Networks in CIDR notation.
    SubnetList,
    /// Addresses of a port.
    FixedIps,
    /// Ranges of addresses.
    IpPools,
    /// Addresses of name servers.
    Nameservers,
    /// Routes of a subnet or a router.
    Hostroutes,
    /// Addresses that a port may use besides its own.
    AllowedAddressPairs,
    /// DHCP options of a port.
    ExtraDhcpOpts,
    /// The device owners that get addresses of a subnet.
    SubnetServiceTypes,
    /// The gateway of a router.
    ExternalGateway,
}

type Valid<E = Objection> = Result<(), E>;

impl Validator {
    /// Every validator, by the name that contracts use.
    pub const ALL: [(&'static str, Validator); 12] = [
        ("uuid", Validator::Uuid),
        ("uuid-or-none", Validator::UuidOrNone),
        ("ip-address-or-none", Validator::IpAddressOrNone),
        ("subnet-list", Validator::SubnetList),
        ("fixed-ips", Validator::FixedIps),
        ("ip-pools", Validator::IpPools),
        ("nameservers", Validator::Nameservers),
        ("hostroutes", Validator::Hostroutes),
        ("allowed-address-pairs", Validator::AllowedAddressPairs),
        ("extra-dhcp-opts", Validator::ExtraDhcpOpts),
        ("subnet-service-types", Validator::SubnetServiceTypes),
        ("external-gateway", Validator::ExternalGateway),
    ];

    /// What `value` is refused with.
    pub fn object(self, value: &Value) -> Option<Objection> {
        let reason = |valid: Valid<String>| valid.map_err(Objection::Reason);
        match self {
            _ if value.is_null() && !self.takes_something_alone() => Ok(()),
            Validator::Uuid | Validator::UuidOrNone => reason(uuid(value)),
            Validator::IpAddressOrNone => reason(ip_address(value)),
            Validator::SubnetList => reason(subnet_list(value)),
            Validator::FixedIps => reason(fixed_ips(value)),
            Validator::IpPools => ip_pools(value),
            Validator::Nameservers => reason(nameservers(value)),
            Validator::Hostroutes => reason(hostroutes(value)),
            Validator::AllowedAddressPairs => address_pairs(value),
            Validator::ExtraDhcpOpts => dhcp_options(value),
            Validator::SubnetServiceTypes => service_types(value),
            Validator::ExternalGateway => reason(gateway(value)),
        }
        .err()
    }

    /// Is nothing no value that it takes? The others convert it, or let it pass.
    pub fn takes_something_alone(self) -> bool {
        matches!(self, Validator::Uuid | Validator::SubnetList | Validator::FixedIps)
    }

    /// A value that it takes, where a schema does not say how one is made.
    pub fn example(self) -> Value {
        match self {
            Validator::ExternalGateway => Value::Null,
            _ => Value::Array(Vec::new()),
        }
    }
}

fn bad(message: impl Into<String>) -> Objection {
    Objection::Own("HTTPBadRequest", message.into())
}

fn invalid_input(what: &str) -> Objection {
    Objection::Own("InvalidInput", format!("Invalid input for operation: {what}."))
}

fn not(value: &Value, what: &str) -> String {
    format!("'{}' is not {what}", python_str(value))
}

fn list(value: &Value, otherwise: impl Fn(&Value) -> String) -> Result<&[Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| otherwise(value))
}

/// Refuses the second of two equal items.
fn distinct<'v>(items: &'v [Value], otherwise: impl Fn(&'v Value) -> String) -> Valid<String> {
    first_repeated(items).map_or(Ok(()), |item| Err(otherwise(item)))
}

fn uuid(value: &Value) -> Valid<String> {
    match value.as_str().is_some_and(|text| Format::Uuid.holds(text)) {
        true => Ok(()),
        false => Err(not(value, "a valid UUID")),
    }
}

fn ip_address(value: &Value) -> Valid<String> {
    let wrong = || not(value, "a valid IP address");
    let text = value.as_str().ok_or_else(wrong)?;
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    let bytes: Option<Vec<u8>> = text.split('.').map(|part| part.parse().ok()).collect();
    let bytes: [u8; 4] = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)?;
    Err(format!("'{text}' is not an accepted IP address, '{}' is recommended", Ipv4Addr::from(bytes)))
}

/// The address and the length of `ADDRESS/LENGTH`.
fn prefix(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = text.split_once('/')?;
    let (address, length) = (address.parse::<IpAddr>().ok()?, length.parse().ok()?);
    (length <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, length))
}

/// Is nothing set behind the prefix?
fn is_network((address, length): (IpAddr, u32)) -> bool {
    match address {
        IpAddr::V4(address) => u32::from(address).checked_shl(length).unwrap_or(0) == 0,
        IpAddr::V6(address) => u128::from(address).checked_shl(length).unwrap_or(0) == 0,
    }
}

fn subnet(value: &Value) -> Valid<String> {
    match value.as_str().and_then(prefix) {
        Some(_) => Ok(()),
        None => Err(not(value, "a valid IP subnet")),
    }
}

fn subnet_list(value: &Value) -> Valid<String> {
    let items = list(value, |value| not(value, "a list"))?;
    distinct(items, |item| format!("Duplicate items in the list: '{}'", python_str(item)))?;
    items.iter().try_for_each(subnet)
}

fn route(value: &Value) -> Valid<String> {
    let network = value.as_str().and_then(prefix).filter(|network| is_network(*network));
    match network {
        None => Err(not(value, "a valid CIDR")),
        Some((address, _)) if address.is_loopback() => Err(not(value, "a routable CIDR")),
        Some(_) => Ok(()),
    }
}

/// Refuses anything but an object with these keys and no other.
fn keys<'v>(value: &'v Value, expected: &[&str]) -> Result<&'v Map, String> {
    let quoted = |names: &[&str]| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    let map = value.as_object().ok_or_else(|| {
        let names = quoted(expected);
        format!("Invalid input. '{}' must be a dictionary with keys: [{names}]", python_str(value))
    })?;
    let provided: Vec<&str> = map.keys().map(|key| key.as_str()).collect();
    match provided.len() == expected.len() && expected.iter().all(|name| map.contains_key(name)) {
        true => Ok(map),
        false => Err(format!(
            "Validation of dictionary's keys failed. Expected keys: {{{}}} Provided keys: {}",
            quoted(expected),
            set(&quoted(&provided)),
        )),
    }
}

/// A set as Python prints it.
fn set(items: &str) -> String {
    if items.is_empty() { "set()".to_owned() } else { format!("{{{items}}}") }
}

fn fixed_ips(value: &Value) -> Valid<String> {
    let unlike = |value: &Value| format!("Invalid data format for fixed IP: '{}'", python_str(value));
    let (mut known, items) = (HashSet::default(), list(value, unlike)?);
    for item in items {
        let item = item.as_object().ok_or_else(|| unlike(item))?;
        if let Some(address) = item.get("ip_address") {
            if !known.insert(Equal(address)) {
                return Err(format!("Duplicate IP address '{}'", python_str(address)));
            }
            ip_address(address)?;
        }
        item.get("subnet_id").map_or(Ok(()), uuid)?;
    }
    Ok(())
}

fn ip_pools(value: &Value) -> Valid {
    let unlike = || invalid_input("Invalid data format for allocation pools");
    let items: &[Value] = match value {
        Value::Array(items) if items.iter().all(Value::is_object) => items,
        _ if is_empty(value) => &[],
        _ => return Err(unlike()),
    };
    for item in items {
        let pool = keys(item, &["start", "end"])?;
        pool.get("start").into_iter().chain(pool.get("end")).try_for_each(ip_address)?;
    }
    Ok(())
}

fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_object().is_some_and(|map| map.is_empty())
}

/// What Python walks over: items, characters, or keys.
fn walked(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items.clone()),
        Value::String(text) => Some(text.chars().map(|one| Value::from(one.to_string())).collect()),
        Value::Object(map) => Some(map.keys().map(|key| Value::from(key.as_str())).collect()),
        _ => None,
    }
}

fn nameservers(value: &Value) -> Valid<String> {
    let unlike = || format!("Invalid data format for nameserver: '{}'", python_str(value));
    let hosts = walked(value).ok_or_else(unlike)?;
    let named = |host: &Value| ip_address(host).map_err(|why| format!("{}. {why}", not(host, "a valid nameserver")));
    hosts.iter().try_for_each(named)?;
    distinct(&hosts, |host| format!("Duplicate nameserver '{}'", python_str(host)))
}

fn hostroutes(value: &Value) -> Valid<String> {
    let items = list(value, |value| format!("Invalid data format for hostroute: '{}'", python_str(value)))?;
    for item in items {
        let found = keys(item, &["destination", "nexthop"])?;
        found.get("destination").map_or(Ok(()), route)?;
        found.get("nexthop").map_or(Ok(()), ip_address)?;
    }
    distinct(items, |item| format!("Duplicate hostroute '{}'", python_str(item)))
}

/// `[DEFAULT] max_allowed_address_pair`.
const MOST_PAIRS: usize = 10;

fn address_pairs(value: &Value) -> Valid {
    let items = value.as_array().ok_or_else(|| bad("Allowed address pairs must be a list."))?;
    if items.len() > MOST_PAIRS {
        let why = format!("The number of allowed address pair exceeds the maximum {MOST_PAIRS}.");
        return Err(Objection::Own("AllowedAddressPairExhausted", why));
    }
    let mut known = Vec::new();
    for item in items {
        let pair = item.as_object().ok_or_else(|| not(item, "a dictionary"))?;
        let (mac, ip) = (pair.get("mac_address"), pair.get("ip_address"));
        if let Some(mac) = mac.filter(|mac| !mac.as_str().is_some_and(|mac| Format::MacAddress.holds(mac))) {
            return Err(bad(not(mac, "a valid MAC address")));
        }
        let missing = "AllowedAddressPair must contain ip_address";
        let ip = ip.ok_or_else(|| Objection::Own("AllowedAddressPairsMissingIP", missing.to_owned()))?;
        if known.contains(&(mac, ip)) {
            return Err(twice(mac, ip));
        }
        known.push((mac, ip));
        if let Some(other) = pair.keys().find(|key| !["mac_address", "ip_address"].contains(&key.as_str())) {
            return Err(bad(format!("Unrecognized attribute(s) '{other}'")));
        }
        address_of_pair(ip, mac).map_err(bad)?;
    }
    Ok(())
}

fn twice(mac: Option<&Value>, ip: &Value) -> Objection {
    let (mac, ip) = (python_str(mac.unwrap_or(&Value::Null)), python_str(ip));
    let why = format!("Request contains duplicate address pair: mac_address {mac} ip_address {ip}.");
    Objection::Own("DuplicateAddressPairInRequest", why)
}

fn address_of_pair(ip: &Value, mac: Option<&Value>) -> Valid<String> {
    match ip.as_str().is_some_and(|ip| ip.contains('/')) {
        true => subnet(ip)?,
        false => ip_address(ip)?,
    }
    let text = ip.as_str().unwrap_or_default();
    if text.parse::<IpAddr>().is_ok_and(|ip| ip.is_multicast()) {
        return Err(format!("IP {text} is a multicast address, which is not supported."));
    }
    let first = mac.and_then(Value::as_str).and_then(|mac| u8::from_str_radix(mac.get(..2)?, 16).ok());
    match first.is_some_and(|first| first & 1 == 1) {
        true => {
            let mac = mac.map(python_str).unwrap_or_default();
            Err(format!("MAC address {mac} is a multicast address, which is not supported."))
        }
        false => Ok(()),
    }
}

fn dhcp_options(value: &Value) -> Valid {
    let items = value.as_array().ok_or_else(|| invalid_input(&not(value, "a list")))?;
    distinct(items, |item| format!("Duplicate items in the list: '{}'", python_str(item)))
        .map_err(|why| invalid_input(&why))?;
    match items.iter().find(|item| !is_dhcp_option(item)) {
        None => Ok(()),
        Some(item) => Err(invalid_input(&format!("No valid key specs matched for: {}", python_str(item)))),
    }
}

fn is_dhcp_option(item: &Value) -> bool {
    let Some(option) = item.as_object() else { return false };
    let known = ["opt_name", "opt_value", "ip_version"];
    let name = option.text("opt_name");
    let may_be_blank = ["router", "classless-static-route"].contains(&name);
    let is_value = |value: &Value| match value.as_str() {
        Some(text) => text.len() <= 255 && (may_be_blank || (!text.trim().is_empty() && text.lines().count() == 1)),
        None => value.is_null(),
    };
    let is_version = |value: &Value| ["4", "6"].contains(&python_str(value).as_str());
    option.keys().all(|key| known.contains(&key.as_str()))
        && (1..=64).contains(&name.trim().len())
        && name.lines().count() == 1
        && option.get("opt_value").is_some_and(is_value)
        && option.get("ip_version").is_none_or(is_version)
}

/// What the owner of a device starts with. Neutron adds `compute:` to its list character by character.
const OWNERS: [&str; 10] = ["network:", "neutron:", "c", "o", "m", "p", "u", "t", "e", ":"];

fn service_types(value: &Value) -> Valid {
    if is_empty(value) {
        return Ok(());
    }
    let items = value.as_array().ok_or_else(|| bad("Subnet service types must be a list."))?;
    for item in items {
        let Some(name) = item.as_str() else {
            let why = format!("Subnet service type {} is not a string.", python_str(item));
            return Err(Objection::Own("InvalidInputSubnetServiceType", why));
        };
        if !OWNERS.iter().any(|owner| name.starts_with(owner)) {
            let why = format!("Subnet service type {name} does not correspond to a valid device owner.");
            return Err(Objection::Own("InvalidSubnetServiceType", why));
        }
    }
    Ok(())
}

fn gateway(value: &Value) -> Valid<String> {
    let is_nothing = matches!(value, Value::Bool(false)) || is_empty(value);
    let known = ["network_id", "enable_snat", "external_fixed_ips", "qos_policy_id"];
    let info = match value {
        _ if is_nothing => return Ok(()),
        Value::Object(info) => info,
        _ => return Err(not(value, "a dictionary")),
    };
    if !info.contains_key("network_id") {
        keys(value, &["network_id"])?;
    }
    let unknown: Vec<&str> = info.keys().map(|key| key.as_str()).filter(|key| !known.contains(key)).collect();
    if !unknown.is_empty() {
        return Err(format!("Unexpected keys supplied: {}", unknown.join(", ")));
    }
    info.get("network_id").map_or(Ok(()), uuid)?;
    info.get("external_fixed_ips").filter(|ips| !ips.is_null()).map_or(Ok(()), fixed_ips)
}
