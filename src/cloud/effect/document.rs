//! A literal document of the contract.

use serde_json::Value;

use super::{Answer, Ask};
use crate::message::Response;

/// The row's document, with its links made absolute and the service's microversions put in.
pub fn document(ask: &Ask<'_>) -> Answer {
    let document = ask.operation.document.as_ref().map_or(Value::Null, |document| resolve(ask, document));
    let status = ask.operation.responses.first().map_or(200, |row| row.status);
    let response = Response::json(status, document);
    match status {
        // Keystone sends a client that asks for its versions on to the newest.
        300 if ask.service.name == "identity" => {
            response.with("Location", format!("{}{}{}/", ask.base.origin, ask.service.mount, ask.service.root))
        }
        _ => response,
    }
}

fn resolve(ask: &Ask<'_>, value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), resolve(ask, value))).collect(),
        Value::Array(items) => items.iter().map(|item| resolve(ask, item)).collect(),
        Value::String(text) => Value::from(match (text.as_str(), &ask.service.microversions) {
            ("$minimum", Some(microversions)) => microversions.minimum.to_string(),
            ("$maximum", Some(microversions)) => microversions.maximum.to_string(),
            _ => ask.base.resolve(text),
        }),
        other => other.clone(),
    }
}
