//! Does a fixture hold something that somebody could use?

use crate::message::{Kind, kind_by_name, looks_random};

/// What kind of secret the field `name` holds, if `text` looks like a real one.
pub fn secret(name: &str, text: &str) -> Option<&'static str> {
    // Fernet tokens have at least 180 characters; what is shorter was made up.
    if text.starts_with("gAAAAA") && text.len() >= 160 && looks_random(text) {
        return Some("a token");
    }
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") && text.len() > 400 {
        return Some("a private key");
    }
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    match kind_by_name(name).filter(|_| is_plain && looks_random(text)) {
        Some(Kind::Token) => Some("a token"),
        Some(Kind::Password) => Some("a password"),
        _ => None,
    }
}
