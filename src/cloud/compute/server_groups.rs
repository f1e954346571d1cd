//! Groups of servers.

use serde_json::{Value, json};

use crate::base::FieldMap;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// Keeps the policy in both forms: a list of one until 2.63, then a text with rules.
pub fn complete(_: &mut Cloud, _: &Ask<'_>, group: &mut FieldMap) -> Result<(), Fault> {
    let listed = group.get("policies").and_then(|policies| policies.get(0)).cloned();
    let policy = group.get("policy").cloned().or(listed).unwrap_or(Value::Null);
    let has_rules = group.get("rules").and_then(Value::as_object).is_some_and(|rules| !rules.is_empty());
    if has_rules && policy != "anti-affinity" {
        return Err(Fault::new(Code::Rule, 400, "Only anti-affinity policy supports rules."));
    }
    if let Some(most) = group.get_mut("rules").and_then(|rules| rules.get_mut("max_server_per_host")) {
        // Digits are a number to Nova.
        *most = most.as_str().and_then(|text| text.parse::<u64>().ok()).map_or(most.take(), Value::from);
    }
    group.insert("policies".to_owned(), json!([policy]));
    group.insert("policy".to_owned(), policy);
    Ok(())
}
