//! How Glance words a refusal: its code checks queries and patches by hand, and other bodies by their schema.

use crate::base::json::Value;
use crate::base::{Version, python_str};
use crate::contract::finding::{Finding, Kind, Subject};
use crate::contract::table::Operation;

/// Glance's sentence (glance/api/v2/images.py, glance/schema.py). What the schema itself says after it is left out.
pub fn message(
    operation: &Operation,
    finding: &Finding,
    document: &Value,
    subject: Subject,
    version: Version,
) -> String {
    let value = finding.pointer.find(document).unwrap_or(&Value::Null);
    let reason = finding.jsonschema_text(value, version);
    match subject {
        _ if matches!(finding.kind, Kind::Checked { .. }) => reason,
        Subject::Query => of_query(finding, value).unwrap_or(reason),
        Subject::Body if operation.method == "PATCH" => of_patch(finding, value).unwrap_or(reason),
        Subject::Body => by_hand(operation, finding)
            .unwrap_or_else(|| format!("Provided object does not match schema '{}': {reason}", schema(operation))),
    }
}

fn of_query(finding: &Finding, value: &Value) -> Option<String> {
    let shown = python_str(value);
    let all = |kind: &Kind| match kind {
        Kind::Enum(values) => values.iter().map(|(value, _)| python_str(value)).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    Some(match finding.pointer.first()?.as_str() {
        "visibility" => format!("Invalid visibility value: {shown}"),
        "member_status" => format!("Invalid status: {shown}"),
        "sort_dir" => format!("Invalid sort direction: {shown}"),
        "sort_key" => {
            format!("Invalid sort key: {shown}. It must be one of the following: {}.", all(&finding.kind))
        }
        "changes-since" => "The \"changes-since\" filter is no longer available on v2.".to_owned(),
        "limit" => of_limit(&shown).to_owned(),
        name @ ("protected" | "os_hidden") => {
            format!("Invalid value '{shown}' for '{name}' filter. Valid values are 'true' or 'false'.")
        }
        _ => return None,
    })
}

/// What Glance and Cinder say of a wrong limit.
pub fn of_limit(shown: &str) -> &'static str {
    match shown.parse::<i64>() {
        Ok(_) => "limit param must be positive",
        Err(_) => "limit param must be an integer",
    }
}

const OPERATIONS: &str = "It must be one of the following: add, remove, replace.";

fn of_patch(finding: &Finding, value: &Value) -> Option<String> {
    Some(match (finding.pointer.0.len(), &finding.kind) {
        (0, Kind::Type(_)) => "Request body must be a JSON array of operation objects.".to_owned(),
        (1, Kind::Type(_)) => "Operations must be JSON objects.".to_owned(),
        (_, Kind::Missing { key, .. }) if key == "op" => {
            format!("Unable to find `op` in JSON Schema change. {OPERATIONS}")
        }
        (_, Kind::Missing { key, .. }) => format!("Unable to find '{key}' in JSON Schema change"),
        (_, Kind::Enum(_)) => format!("Invalid operation: `{}`. {OPERATIONS}", python_str(value)),
        (_, Kind::NoAlternative(_)) => {
            "Operation objects must contain exactly one member named \"add\", \"remove\", or \"replace\".".to_owned()
        }
        _ => return None,
    })
}

/// What code looks for in bodies that have no schema.
fn by_hand(operation: &Operation, finding: &Finding) -> Option<String> {
    let key = match &finding.kind {
        Kind::Missing { key, .. } => key.as_str(),
        Kind::MinLength(_) if finding.pointer.last().is_some_and(|last| last == "member") => {
            return Some("Member can't be empty".to_owned());
        }
        _ => return None,
    };
    Some(match (operation.name(), key) {
        ("members.create", _) => "Member to be added not specified".to_owned(),
        ("members.update", _) => "Status not specified".to_owned(),
        _ => return None,
    })
}

/// The name of the schema: of one of the resources that the operation is about, or of the part that it makes.
fn schema(operation: &Operation) -> &str {
    const OF_PARTS: [(&str, &str); 4] = [
        ("_objects", "object"),
        ("_properties", "property"),
        ("update_tags", "tag"),
        ("_resource_type_associations", "resource_type_association"),
    ];
    if operation.name() == "metadefs.create_tags" {
        return "tags";
    }
    if let Some((_, name)) = OF_PARTS.iter().find(|(end, _)| operation.name().ends_with(end)) {
        return name;
    }
    let collection = operation.collection.as_deref().unwrap_or_default().rsplit('.').next().unwrap_or_default();
    match collection {
        "properties" => "property",
        "resource_types" => "resource_type_association",
        plural => plural.trim_end_matches('s'),
    }
}
