//! Links between resources, still relative: they become absolute when they are shown (see [`crate::message::Base`]).

use crate::base::json::{Map, Value, json};

/// Adds to a resource of a Nova-like service its links to itself.
pub fn derive(collection: &str, body: &mut Map) {
    let id = id_of(body);
    body.insert("links", links(collection, &id));
    body.insert("bookmark", bookmark(collection, &id));
}

/// The id in `body`, which has one as soon as it is a resource's.
pub fn id_of(body: &Map) -> String {
    body.text("id").to_owned()
}

/// Where the links of a resource to itself lead, by their relation.
pub fn hrefs(collection: &str, id: &str) -> [(&'static str, String); 2] {
    ["self", "bookmark"].map(|relation| (relation, [relation, ":", collection, "/", id].concat()))
}

/// The links of a resource to itself.
pub fn links(collection: &str, id: &str) -> Value {
    hrefs(collection, id).into_iter().map(|(relation, href)| json!({"rel": relation, "href": href})).collect()
}

/// The link by which one resource names another.
pub fn bookmark(collection: &str, id: &str) -> Value {
    json!([{"rel": "bookmark", "href": format!("bookmark:{collection}/{id}")}])
}
