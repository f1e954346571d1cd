//! How Nova finds the action that a body asks for (nova/api/openstack/wsgi.py).

use super::service::Dialect;
use crate::base::json::Value;
use crate::contract::finding::{NO_RESOURCE, Refusal};

/// The only key of `body`.
///
/// # Errors
/// Nova's answers to bodies without an action: 404 for an empty one or a single item that is not a key, 400 otherwise.
pub fn action_name(body: &Value) -> Result<&str, Refusal> {
    let length = match body {
        Value::Object(map) => map.len(),
        Value::Array(items) => items.len(),
        Value::String(text) => text.chars().count(),
        _ => return Err(not_found()),
    };
    match body.as_object().and_then(|map| map.keys().next()) {
        _ if length != 1 => Err(Refusal::new(400, "Malformed request body".to_owned())),
        Some(name) => Ok(name),
        None => Err(not_found()),
    }
}

/// The answer to an unknown action.
pub fn no_such_action(name: &str, dialect: Dialect) -> Refusal {
    const OF_CINDER: &str = ". Verify the request body and Content-Type header and try again.";
    let more = if dialect == Dialect::Cinder { OF_CINDER } else { "" };
    Refusal::new(400, format!("There is no such action: {name}{more}"))
}

fn not_found() -> Refusal {
    Refusal::new(404, NO_RESOURCE.to_owned())
}
