//! The forms in which services show what other services own.

use serde_json::{Map, Value, json};

use super::derived::{bookmark, links};
use super::resource::Resource;
use crate::contract::{Dialect, Service};

/// The fields that every image has; the others are its properties.
const USUAL: [&str; 21] = [
    "id",
    "name",
    "disk_format",
    "container_format",
    "visibility",
    "size",
    "virtual_size",
    "status",
    "checksum",
    "protected",
    "min_ram",
    "min_disk",
    "owner",
    "os_hidden",
    "os_hash_algo",
    "os_hash_value",
    "created_at",
    "updated_at",
    "tags",
    "self",
    "file",
];

/// The fields of `resource` as `service` knows them: those that are stored, and those that only this service has.
pub fn view(service: &Service, collection: &str, resource: &Resource) -> Map<String, Value> {
    let mut body = resource.body.to_map();
    match (service.dialect, collection) {
        (Dialect::Nova, "images") => {
            body.insert("metadata".to_owned(), Value::Object(properties(resource)));
            body.insert("links".to_owned(), links(collection, &resource.id));
            body.insert("bookmark".to_owned(), bookmark(collection, &resource.id));
            body.insert("proxied_status".to_owned(), json!(resource.text("status").to_uppercase()));
        }
        (Dialect::Nova, "servers") => drop(body.insert("links".to_owned(), links(collection, &resource.id))),
        (Dialect::Nova, "keypairs") => {
            let pair = Value::Object(body.clone());
            body.insert("keypair".to_owned(), pair);
        }
        (Dialect::Glance, "images") if service.name == "image-v1" => {
            body.insert("is_public".to_owned(), json!(resource.text("visibility") == "public"));
            body.insert("properties".to_owned(), Value::Object(properties(resource)));
            for time in ["created_at", "updated_at"] {
                body.insert(time.to_owned(), json!(resource.text(time).trim_end_matches('Z')));
            }
        }
        _ => {}
    }
    body
}

/// The properties that an image has beyond the fields of every image.
pub fn properties(image: &Resource) -> Map<String, Value> {
    let custom = |(name, _): &(&str, &Value)| !USUAL.contains(name);
    image.body.iter().filter(custom).map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// Gives an image these properties instead of those that it has.
pub fn set_properties(image: &mut Resource, properties: Map<String, Value>) {
    image.body.retain(|name, _| USUAL.contains(&name));
    image.body.extend(properties);
}
