//! Fields that follow from others, so that no fixture and no effect has to write them.

use serde_json::{Map, Value, json};

/// Adds to `body`, a resource of `collection`, what follows from its id and its other fields.
pub fn derive(collection: &str, body: &mut Map<String, Value>) {
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if collection != "images" {
        // Glance shows whatever an image has, and has no such links.
        body.insert("links".to_owned(), links(collection, &id));
        body.insert("bookmark".to_owned(), bookmark(collection, &id));
    }
    match collection {
        "flavors" => {
            // Until 2.74 no swap is the empty text.
            let swap = body.get("swap").cloned().filter(|swap| *swap != json!(0)).unwrap_or_else(|| json!(""));
            body.insert("swap_or_blank".to_owned(), swap);
        }
        "images" => {
            body.insert("self".to_owned(), json!(format!("/v2/images/{id}")));
            body.insert("file".to_owned(), json!(format!("/v2/images/{id}/file")));
        }
        _ => {}
    }
}

/// The links of a resource to itself, to be made absolute when it is shown.
pub fn links(collection: &str, id: &str) -> Value {
    json!([
        {"rel": "self", "href": format!("self:{collection}/{id}")},
        {"rel": "bookmark", "href": format!("bookmark:{collection}/{id}")},
    ])
}

/// The link by which one resource names another.
pub fn bookmark(collection: &str, id: &str) -> Value {
    json!([{"rel": "bookmark", "href": format!("bookmark:{collection}/{id}")}])
}
