//! Keystone's resources link to themselves alone.

use crate::base::json::{Map, Value, json};
use crate::cloud::verb::id_of;

/// Adds the link of a resource to itself.
pub fn derive(collection: &str, body: &mut Map) {
    let path = match body.get("user_id").and_then(Value::as_str) {
        Some(user) if collection == "application_credentials" => format!("users/{user}/{collection}"),
        _ => collection.trim_start_matches("identity.").to_owned(),
    };
    let id = id_of(body);
    body.insert("links", json!({"self": format!("self:{path}/{id}")}));
}
