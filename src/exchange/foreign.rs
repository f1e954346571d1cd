//! What belongs to another project than the caller's.

use crate::base::json::Value;
use crate::cloud::{Caller, Fault, Manner};
use crate::contract::{Code, Effect, Operation};

/// A project in the URL must be the token's.
pub fn project_in_url(asked: &str, caller: &Caller) -> Option<Fault> {
    let own = caller.project.as_deref().unwrap_or_default();
    let message =
        format!("Malformed request URL: URL's project_id '{asked}' doesn't match Context's project_id '{own}'");
    (asked != own).then(|| Fault::new(Code::Policy, 400, message))
}

/// So must the owners of the resources that a body writes, where the service looks there.
pub fn owner_in_body(manner: &Manner, operation: &Operation, body: &Value, caller: &Caller) -> Option<Fault> {
    let writes = matches!(operation.effect, Some(Effect::Create | Effect::Update));
    let each = body.as_object().filter(|_| writes)?.iter().flat_map(|(name, told)| match told {
        Value::Array(items) => items.iter().map(|item| item.get(name.trim_end_matches('s')).unwrap_or(item)).collect(),
        told => vec![told],
    });
    each.filter_map(Value::as_object).find_map(|resource| (manner.owner_in_body)(resource, caller))
}
