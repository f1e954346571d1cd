//! Key pairs: imported or generated, each with its fingerprint.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fingerprint::{of_certificate, of_key};
use super::keys::{certificate, key_pair};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Ask, Identifier, Missing, Order, Owner, ResourceType, links};
use crate::contract::{Code, Dialect, Service};

pub const KEYPAIRS: ResourceType = ResourceType {
    collection: "keypairs",
    owner: Owner::User,
    id: Identifier::Name,
    unique: &[("name", "Key pair '{name}' already exists.")],
    missing: &[Missing::any("Keypair {id} not found for user {user}")],
    quota: Some("key_pairs"),
    views: &[(Dialect::Nova, view)],
    derive,
    complete,
    order: |_| Order::By("name"),
    marker: |pair| pair.text("name"),
    ..ResourceType::PLAIN
};

/// Nova's list of key pairs wraps each of them.
fn view(_: &Cloud, _: &Service, _: &Resource, body: &mut Map) {
    let pair = Value::Object(body.clone());
    body.insert("keypair", pair);
}

fn derive(collection: &str, pair: &mut Map) {
    links::derive(collection, pair);
    if !pair.contains_key("public_key") {
        let key = some_key(pair.text("name"));
        pair.insert("public_key", json!(key));
    }
    // A fixture may have what is no key: it has no fingerprint.
    let key = pair.get("public_key").and_then(Value::as_str);
    let fingerprint = key.and_then(|key| of_key(key).or_else(|| of_certificate(key)));
    pair.insert("fingerprint", json!(fingerprint.unwrap_or_default()));
}

/// A key of the form of Ed25519's, always the same for `name`.
fn some_key(name: &str) -> String {
    let halves =
        ["a", "b"].map(|half| uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, format!("{half} {name}").as_bytes()));
    let key = [b"\0\0\0\x0bssh-ed25519\0\0\0\x20", &halves[0].as_bytes()[..], &halves[1].as_bytes()[..]].concat();
    format!("ssh-ed25519 {} {name}", STANDARD.encode(key))
}

/// Takes the fingerprint of the key that is imported, or makes a key.
pub fn complete(cloud: &mut Cloud, _: &Ask<'_>, pair: &mut Map) -> Result<(), Fault> {
    let is_certificate = pair.get("type").is_some_and(|kind| kind == "x509");
    pair.get_or_insert_with("type", || json!("ssh"));
    if !pair.contains_key("public_key") {
        let made = if is_certificate { certificate(&mut cloud.ids) } else { key_pair(&mut cloud.ids) };
        pair.insert("public_key", json!(made.public));
        pair.insert("private_key", json!(made.private));
    }
    let public = pair.get("public_key").and_then(Value::as_str);
    let fingerprint = public.and_then(if is_certificate { of_certificate } else { of_key });
    let fingerprint = fingerprint.ok_or_else(|| Fault::new(Code::Rule, 400, INVALID))?;
    pair.insert("fingerprint", json!(fingerprint));
    Ok(())
}

const INVALID: &str = "Keypair data is invalid: failed to generate fingerprint";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_has_a_fingerprint() {
        let made = key_pair(&mut crate::base::Ids::new(1));
        assert!(of_key(&made.public).is_some_and(|fingerprint| fingerprint.len() == 47));
        let made = certificate(&mut crate::base::Ids::new(1));
        assert!(of_certificate(&made.public).is_some_and(|fingerprint| fingerprint.len() == 59));
    }
}
