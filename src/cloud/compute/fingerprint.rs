//! The fingerprints of key pairs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The MD5 of the second word, which is the key in base64: `ssh-rsa AAAA… comment`.
pub fn of_key(public: &str) -> Option<String> {
    let (algorithm, rest) = public.trim().split_once(' ')?;
    let key = STANDARD.decode(rest.split_whitespace().next()?).ok()?;
    // The key starts with the length of its algorithm's name, and the name.
    let name = key.get(4..4 + algorithm.len())?;
    (name == algorithm.as_bytes()).then(|| colons(&md5::compute(&key).0))
}

/// The SHA-1 of a certificate.
pub fn of_certificate(public: &str) -> Option<String> {
    let inner = public.trim().strip_prefix("-----BEGIN CERTIFICATE-----")?.split("-----END").next()?;
    let text: String = inner.split_whitespace().collect();
    let certificate = STANDARD.decode(text).ok()?;
    Some(colons(&sha1_smol::Sha1::from(certificate).digest().bytes()))
}

fn colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What nova 34.0.0 answered for this key.
    #[test]
    fn a_fingerprint_is_novas() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOE3GIH6emWcCHFU/HIw4Etdui/Nuj5PHV9tXDEg1+yM demo\n";
        assert_eq!(of_key(key).as_deref(), Some("3f:fe:e7:9c:2f:83:88:12:28:4b:1d:79:11:c0:9a:99"));
    }

    /// Nova says of these that it failed to generate a fingerprint.
    #[test]
    fn what_is_no_key_has_none() {
        for text in ["x", "", "ssh-rsa", "ssh-rsa !!!!", "ssh-rsa AAAA", "ssh-rsa AAAAC3NzaC1lZDI1NTE5"] {
            assert_eq!(of_key(text), None, "{text:?}");
        }
    }
}
