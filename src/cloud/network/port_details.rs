//! What a port has beside its addresses: pairs of addresses that it may use, and DHCP options.
//! Sources: neutron/db/allowedaddresspairs_db.py, neutron/db/extradhcpopt_db.py.

use super::subnet_details::nothing_is_empty;
use crate::base::json::{Map, Value, json};

/// Completes what `body` was told to have; `before` are the options that a changed port had.
pub fn complete(body: &mut Map, sent: &Map, before: Option<&Map>) {
    nothing_is_empty(body, &["allowed_address_pairs", "extra_dhcp_opts"]);
    let mac = body["mac_address"].clone();
    for pair in body.get_mut("allowed_address_pairs").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(pair) = pair.as_object_mut() {
            pair.get_or_insert_with("mac_address", || mac.clone());
        }
    }
    if let Some(options) = sent.get("extra_dhcp_opts") {
        let had = before.map_or(&[][..], |before| before.list("extra_dhcp_opts"));
        body.insert("extra_dhcp_opts", merged(had, options));
    }
}

/// An option takes the place of the one of its name and IP version; one without a value removes it.
fn merged(had: &[Value], sent: &Value) -> Value {
    let mut all = had.to_vec();
    for option in sent.as_array().into_iter().flatten() {
        let version = option.get("ip_version").and_then(|own| own.as_u64().or_else(|| own.as_str()?.parse().ok()));
        let new = json!({
            "opt_name": option["opt_name"].clone(), "opt_value": option["opt_value"].clone(), "ip_version": version.unwrap_or(4),
        });
        let is_same = |own: &Value| own["opt_name"] == new["opt_name"] && own["ip_version"] == new["ip_version"];
        match (all.iter_mut().find(|own| is_same(own)), new["opt_value"].is_null()) {
            (Some(own), false) => *own = new,
            (_, true) => all.retain(|own| !is_same(own)),
            (None, false) => all.push(new),
        }
    }
    Value::Array(all)
}
