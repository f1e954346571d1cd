//! Fields that follow from others, so that no fixture and no effect has to write them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::base::FieldMap;
use crate::cloud::compute::{of_certificate, of_key};

/// Adds to `body`, a resource of `collection`, what follows from its id and its other fields.
pub fn derive(collection: &str, body: &mut FieldMap) {
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(path) = keystone_path(collection, body) {
        body.insert("links".to_owned(), json!({"self": format!("self:{path}/{id}")}));
    } else if !matches!(collection, "images" | "compute.extensions" | "servers") {
        // Glance shows whatever an image has, and has no such links; servers get theirs when they are shown.
        body.insert("links".to_owned(), links(collection, &id));
        body.insert("bookmark".to_owned(), bookmark(collection, &id));
    }
    match collection {
        "flavors" => {
            // Until 2.74 no swap is the empty text.
            let swap = body.get("swap").cloned().filter(|swap| *swap != json!(0)).unwrap_or_else(|| json!(""));
            body.insert("swap_or_blank".to_owned(), swap);
        }
        "keypairs" if !body.contains_key("public_key") => {
            let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
            body.insert("public_key".to_owned(), json!(some_key(name)));
            derive(collection, body);
        }
        "keypairs" => {
            let key = body.get("public_key").and_then(Value::as_str).unwrap_or_default();
            let fingerprint = of_key(key).or_else(|| of_certificate(key)).unwrap_or_default();
            body.insert("fingerprint".to_owned(), json!(fingerprint));
        }
        "images" => {
            body.insert("self".to_owned(), json!(format!("/v2/images/{id}")));
            body.insert("file".to_owned(), json!(format!("/v2/images/{id}/file")));
        }
        _ => {}
    }
}

/// What a resource's own fields say of who may see it.
pub fn published(collection: &str, body: &FieldMap) -> Option<bool> {
    match collection {
        "flavors" => body.get("os-flavor-access:is_public")?.as_bool(),
        "images" => body.get("visibility").filter(|seen| *seen == "public" || *seen == "community").map(|_| true),
        "networks" | "subnets" => {
            let is_set = |field: &str| body.get(field) == Some(&Value::Bool(true));
            Some(true).filter(|_| is_set("shared") || is_set("router:external"))
        }
        _ => None,
    }
}

/// A key of the form of Ed25519's, always the same for `name`.
fn some_key(name: &str) -> String {
    let halves =
        ["a", "b"].map(|half| uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, format!("{half} {name}").as_bytes()));
    let key = [b"\0\0\0\x0bssh-ed25519\0\0\0\x20", &halves[0].as_bytes()[..], &halves[1].as_bytes()[..]].concat();
    format!("ssh-ed25519 {} {name}", STANDARD.encode(key))
}

/// Where Keystone has the collection; `None` if it is another service's.
pub fn keystone_path(collection: &str, body: &FieldMap) -> Option<String> {
    match collection {
        "projects" | "users" | "roles" | "domains" | "regions" | "endpoints" => Some(collection.to_owned()),
        "identity.services" => Some("services".to_owned()),
        "application_credentials" => {
            let user = body.get("user_id").and_then(Value::as_str).unwrap_or_default();
            Some(format!("users/{user}/application_credentials"))
        }
        _ => None,
    }
}

/// Where the links of a resource to itself lead, by their relation; to be made absolute when they are shown.
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

/// The rules of a security group from its start: everything may leave; what has the project's own group may come in too.
pub fn rules_of_new_group(group: &FieldMap) -> Vec<FieldMap> {
    let text = |field: &str| group.get(field).and_then(Value::as_str).unwrap_or_default();
    let directions: &[&str] = if text("name") == "default" { &["egress", "ingress"] } else { &["egress"] };
    let kinds = directions.iter().flat_map(|direction| ["IPv4", "IPv6"].map(|version| (*direction, version)));
    let rule = |(direction, version): (&str, &str)| {
        let id =
            uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, format!("{} {direction} {version}", text("id")).as_bytes());
        let source = Some(text("id")).filter(|_| direction == "ingress");
        let rule = json!({
            "id": id.to_string(), "project_id": text("tenant_id"), "tenant_id": text("tenant_id"),
            "security_group_id": text("id"), "direction": direction, "ethertype": version, "remote_group_id": source,
        });
        FieldMap::from(rule.as_object().cloned().unwrap_or_default())
    };
    kinds.map(rule).collect()
}
