//! Rules of security groups as Nova checks them before it asks Neutron. Source: nova/network/security_group_api.py.

use super::addresses::network_of;
use crate::cloud::store::Fault;
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// Refuses what Nova does not take, in its words and its order.
pub fn right(ask: &Ask<'_>) -> Result<(), Fault> {
    let rule = ask.body.as_object().and_then(|body| body.values().next());
    let text = |field: &str| {
        let value = rule.and_then(|rule| rule.get(field)).filter(|value| !value.is_null())?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)).filter(|text| !text.is_empty())
    };
    let has_group = text("group_id").is_some();
    if let Some(cidr) = text("cidr").filter(|cidr| !has_group && network_of(cidr).is_none()) {
        return refuse(format!("{cidr} is not a valid IP network."));
    }
    let (Some(protocol), Some(from), Some(to)) = (text("ip_protocol"), text("from_port"), text("to_port")) else {
        return if has_group { Ok(()) } else { refuse("Not enough parameters to build a valid rule.".to_owned()) };
    };
    let (Ok(first), Ok(last)) = (from.parse::<i64>(), to.parse::<i64>()) else {
        return refuse("Invalid input received: To and From ports must be integers".to_owned());
    };
    let kind = protocol.to_uppercase();
    let ports = 1..=65_535;
    let codes = -1..=255;
    let why = match kind.as_str() {
        "TCP" | "UDP" if first > last => "Former value cannot be greater than the later".to_owned(),
        "TCP" | "UDP" if !(ports.contains(&first) && ports.contains(&last)) => {
            format!("Valid {kind} ports should be between 1-65535")
        }
        "ICMP" if !(codes.contains(&first) && codes.contains(&last)) => {
            "For ICMP, the type:code must be valid".to_owned()
        }
        "TCP" | "UDP" | "ICMP" => return Ok(()),
        _ => return refuse(format!("Invalid IP protocol {protocol}.")),
    };
    refuse(format!("Invalid port range {first}:{last}. {why}"))
}

fn refuse(message: String) -> Result<(), Fault> {
    Err(Fault::new(Code::Rule, 400, message))
}
