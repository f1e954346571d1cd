//! Neutron's sentences for what its attributes refuse. Source: answers of neutron 29.0.0, neutron_lib/api/attributes.py.

use serde_json::Value;

use super::finding::{Finding, Kind, Subject};
use crate::base::{Version, python_str};

/// The sentence of the refusal.
pub fn message(finding: &Finding, document: &Value, version: Version) -> String {
    let value = finding.pointer.find(document).unwrap_or(&Value::Null);
    let field = finding.pointer.last().unwrap_or_default();
    let reason = match &finding.kind {
        Kind::Unexpected { .. } => {
            let keys: Vec<&str> = finding.unexpected(version).collect();
            return format!("Unrecognized attribute(s) '{}'", keys.join(", "));
        }
        Kind::Missing { key, .. } if finding.pointer.0.is_empty() => {
            return format!("Unable to find '{key}' in request body");
        }
        Kind::Missing { key, .. } => {
            return format!("Failed to parse request. Required attribute '{key}' not specified");
        }
        Kind::MaxLength(most) => format!("'{}' exceeds maximum length of {most}", python_str(value)),
        Kind::Format(_) => format!("'{}' is not a valid UUID", python_str(value)),
        Kind::Enum(values) => {
            let texts: Vec<String> = values.iter().map(|(value, _)| format!("'{}'", python_str(value))).collect();
            format!("'{}' is not in [{}]", python_str(value), texts.join(", "))
        }
        Kind::Type(types) if types.iter().any(|kind| kind.name() == "array") => {
            format!("'{}' is not a list", python_str(value))
        }
        Kind::Type(_) => format!("'{}' is not a valid string", python_str(value)),
        _ => return finding.message(document, Subject::Body, version),
    };
    format!("Invalid input for {field}. Reason: {reason}.")
}
