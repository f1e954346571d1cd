//! Neutron's sentences for what its attributes refuse. Source: answers of neutron 29.0.0, neutron_lib/api/attributes.py.

use crate::base::json::Value;
use crate::base::{Pointer, Segment, Version, python_str};
use crate::contract::finding::{Finding, Kind, Subject};
use crate::contract::schema::{Format, JsonType, Objection};
use crate::contract::table::Operation;

/// The sentence of the refusal, and the class of the exception that it is the text of.
pub fn message(operation: &Operation, finding: &Finding, document: &Value, version: Version) -> (String, &'static str) {
    let value = finding.pointer.find(document).unwrap_or(&Value::Null);
    let class = match &finding.kind {
        // What fails to be converted is refused by another class than what fails to be validated.
        kind if unconverted(kind).is_some() => "InvalidInput",
        Kind::Objection(Objection::Own(class, _)) => class,
        _ => "HTTPBadRequest",
    };
    (sentence(operation, finding, value, (document, version)), class)
}

/// What a value is not that Neutron converts first (neutron_lib/api/converters.py).
fn unconverted(kind: &Kind) -> Option<&'static str> {
    const A_BOOLEAN: &str = "cannot be converted to boolean";
    const AN_INTEGER: &str = "is not an integer";
    match kind {
        Kind::Minimum(_) | Kind::Maximum(_) | Kind::Format(Format::BooleanText) => Some(A_BOOLEAN),
        Kind::Format(Format::IntegerText) => Some(AN_INTEGER),
        Kind::Type(types) if types.contains(&JsonType::Boolean) => Some(A_BOOLEAN),
        Kind::Type(types) if types.contains(&JsonType::Integer) => Some(AN_INTEGER),
        _ => None,
    }
}

fn sentence(operation: &Operation, finding: &Finding, value: &Value, (document, version): (&Value, Version)) -> String {
    let field = finding.pointer.last().unwrap_or_default();
    if let Some(sentence) = of_query(finding, value) {
        return sentence;
    }
    if let Some(what) = unconverted(&finding.kind) {
        return format!("Invalid input for operation: '{}' {what}.", python_str(value));
    }
    let reason = match &finding.kind {
        Kind::Objection(Objection::Own(_, message)) => return message.clone(),
        Kind::Objection(Objection::Reason(reason)) => reason.clone(),
        Kind::Unexpected { key, read_only, .. } => return unexpected(operation, finding, (key, *read_only), version),
        Kind::Missing { key, .. } if finding.pointer.0.is_empty() => {
            return match document.get(format!("{key}s")) {
                Some(_) => "Bulk operation not supported".to_owned(),
                None => format!("Unable to find '{key}' in request body"),
            };
        }
        Kind::Missing { key, .. } => {
            return format!("Failed to parse request. Required attribute '{key}' not specified");
        }
        Kind::MinItems(_) if is_list(&finding.pointer) => return NOTHING_ASKED.to_owned(),
        Kind::Type(types) if is_list(&finding.pointer) && types.contains(&JsonType::Array) => {
            return not_a_list(field.trim_end_matches('s'), value);
        }
        Kind::Type(types) if *types == [JsonType::Object] => return no_resource(&finding.pointer, value),
        Kind::MaxLength(most) => format!("'{}' exceeds maximum length of {most}", python_str(value)),
        Kind::Format(Format::IpAddress) => format!("'{}' is not a valid IP address", python_str(value)),
        Kind::Format(Format::MacAddress) => format!("'{}' is not a valid MAC address", python_str(value)),
        Kind::Format(_) => format!("'{}' is not a valid UUID", python_str(value)),
        // It says so word for word.
        Kind::Enum(_) => format!("{} is not in valid_values", python_str(value)),
        Kind::Type(types) if types.iter().any(|kind| kind.name() == "array") => {
            format!("'{}' is not a list", python_str(value))
        }
        Kind::Type(types) if types.contains(&JsonType::Object) => {
            format!("'{}' is not a dictionary", python_str(value))
        }
        Kind::Type(_) => format!("'{}' is not a valid string", python_str(value)),
        _ => return finding.message(document, Subject::Body, version),
    };
    format!("Invalid input for {field}. Reason: {reason}.")
}

/// What is said of attributes that a request must not have (neutron_lib/api/attributes.py).
fn unexpected(operation: &Operation, finding: &Finding, (key, read_only): (&str, bool), version: Version) -> String {
    // It keeps the name that the attribute had before Keystone v3.
    let key = if key == "project_id" { "tenant_id" } else { key };
    match (read_only, operation.method.as_str()) {
        (true, "POST") => format!("Attribute '{key}' not allowed in POST"),
        (true, _) => format!("Cannot update read-only attribute {key}"),
        (false, _) => {
            let keys: Vec<&str> = finding.unexpected(version).collect();
            format!("Unrecognized attribute(s) '{}'", keys.join(", "))
        }
    }
}

/// What is said of a parameter of a list (neutron/api/api_common.py).
fn of_query(finding: &Finding, value: &Value) -> Option<String> {
    let [Segment::Key(name), Segment::Index(_)] = finding.pointer.0.as_slice() else { return None };
    let value = python_str(value);
    match name.as_str() {
        "limit" => Some(format!("Bad limit request: Limit must be an integer 0 or greater and not '{value}'.")),
        "sort_dir" => Some(format!("['{value}'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'")),
        _ => None,
    }
}

const NOTHING_ASKED: &str = "Resources required";
const UNREADABLE: &str = "Body contains invalid data";

/// Is it the place of the list in the bulk form of a body?
fn is_list(pointer: &Pointer) -> bool {
    pointer.0.len() == 1
}

/// What Neutron's code, in Python, comes across in place of a list of resources.
fn not_a_list(resource: &str, value: &Value) -> String {
    let is_empty = match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    };
    match value {
        _ if is_empty => NOTHING_ASKED.to_owned(),
        // What it walks over are texts: characters or keys.
        Value::String(_) | Value::Object(_) => invalid(resource),
        _ => UNREADABLE.to_owned(),
    }
}

/// What it says of something in place of a resource, or of the whole body.
fn no_resource(pointer: &Pointer, value: &Value) -> String {
    match (pointer.0.as_slice(), value) {
        ([.., Segment::Key(resource)], Value::Null) => format!("Unable to find '{resource}' in request body"),
        ([.., Segment::Key(resource)], _) => invalid(resource),
        ([Segment::Key(list), Segment::Index(_)], Value::String(_) | Value::Array(_)) => {
            invalid(list.trim_end_matches('s'))
        }
        _ => UNREADABLE.to_owned(),
    }
}

fn invalid(resource: &str) -> String {
    format!("Object '{resource}' contains invalid data")
}
