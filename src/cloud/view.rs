//! The forms in which services show what other services own.

use serde_json::{Map, Value, json};

use super::derived::{bookmark, links};
use super::resource::Resource;
use crate::contract::{Dialect, Service};

/// The fields of `resource` as `service` knows them: those that are stored, and those that only this service has.
pub fn view(service: &Service, collection: &str, resource: &Resource) -> Map<String, Value> {
    let mut body = resource.body.clone();
    match (service.dialect, collection) {
        (Dialect::Nova, "images") => {
            body.insert("links".to_owned(), links(collection, &resource.id));
            body.insert("bookmark".to_owned(), bookmark(collection, &resource.id));
            body.insert("proxied_status".to_owned(), json!(resource.text("status").to_uppercase()));
        }
        (Dialect::Nova, "keypairs") => {
            let pair = Value::Object(body.clone());
            body.insert("keypair".to_owned(), pair);
        }
        _ => {}
    }
    body
}
