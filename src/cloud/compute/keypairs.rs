//! Key pairs: imported or made, each with the fingerprint by which Nova tells them apart.

use serde_json::{Value, json};

use super::fingerprint::{of_certificate, of_key};
use super::keys::{certificate, key_pair};
use crate::base::FieldMap;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// Takes the fingerprint of the key that is imported, or makes a key.
pub fn complete(cloud: &mut Cloud, _: &Ask<'_>, pair: &mut FieldMap) -> Result<(), Fault> {
    let is_certificate = pair.get("type").is_some_and(|kind| kind == "x509");
    pair.get_or_insert_with("type", || json!("ssh"));
    if !pair.contains_key("public_key") {
        let made = if is_certificate { certificate(&mut cloud.ids) } else { key_pair(&mut cloud.ids) };
        pair.insert("public_key".to_owned(), json!(made.public));
        pair.insert("private_key".to_owned(), json!(made.private));
    }
    let public = pair.get("public_key").and_then(Value::as_str).unwrap_or_default();
    let fingerprint = if is_certificate { of_certificate(public) } else { of_key(public) };
    let fingerprint = fingerprint.ok_or_else(|| Fault::new(Code::Rule, 400, INVALID))?;
    pair.insert("fingerprint".to_owned(), json!(fingerprint));
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
