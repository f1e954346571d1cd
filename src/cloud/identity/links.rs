//! Keystone's resources link to themselves alone.

use crate::base::json::{Map, json};
use crate::cloud::verb::id_of;

/// Adds the link of a resource to itself.
pub fn derive(collection: &str, body: &mut Map) {
    let path = collection.trim_start_matches("identity.");
    let id = id_of(body);
    body.insert("links", json!({"self": format!("self:{path}/{id}")}));
}
