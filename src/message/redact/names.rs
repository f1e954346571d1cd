//! What looks like a secret by the name of its field, header or parameter. This list knows nothing of the contracts, so that
//! what one of the two forgets is caught by the other.

use std::cell::RefCell;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use foldhash::HashMap;

use super::Kind;

/// Names that hold one of these words, written without case, dashes, underscores and colons, are names of secrets.
const WORDS: [(&str, Kind); 19] = [
    ("passthrough", Kind::Secret),
    ("pass", Kind::Password),
    ("pwd", Kind::Password),
    ("secret", Kind::Secret),
    ("token", Kind::Token),
    ("credential", Kind::Credential),
    ("signature", Kind::Credential),
    ("receipt", Kind::Credential),
    ("cookie", Kind::Credential),
    ("authorization", Kind::Credential),
    ("blob", Kind::Credential),
    ("authkey", Kind::Key),
    ("apikey", Kind::Key),
    ("privatekey", Kind::Key),
    ("accesskey", Kind::Key),
    ("userdata", Kind::UserData),
    ("contents", Kind::UserData),
    ("personality", Kind::UserData),
    ("otp", Kind::Password),
];

static ANY_WORD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(WORDS.map(|(word, _)| word)).ok());

/// Names that hold one of the words, or end with `key`, and are ordinary all the same.
const ORDINARY: [&str; 12] = [
    "passthrough",
    "bypass",
    "compass",
    "publickey",
    "sortkey",
    "hotpluggable",
    "secwebsocketkey",
    "signaturemethod",
    "signatureversion",
    "option",
    "protocoltoken",
    "hotplug",
];

/// Ends of names that tell something about a secret, not the secret.
const ABOUT: [&str; 13] = [
    "type",
    "method",
    "version",
    "uuid",
    "expiresat",
    "expires",
    "name",
    "url",
    "ref",
    "length",
    "format",
    "links",
    "hashmethod",
];

/// Nothing that long is a name.
const LONGEST: usize = 64;

thread_local! {
    /// What names were found to be, as the same ones come up in every request.
    static TOLD: RefCell<HashMap<Box<str>, Option<Kind>>> = RefCell::default();
}

/// The kind of secret that a field, header or parameter called `name` holds, if it looks like one.
pub fn kind_by_name(name: &str) -> Option<Kind> {
    /// So many are remembered; then it starts anew.
    const MOST: usize = 512;
    TOLD.with_borrow_mut(|told| {
        if let Some(kind) = told.get(name) {
            return *kind;
        }
        let kind = kind_of(name);
        if name.len() <= LONGEST {
            if told.len() == MOST {
                told.clear();
            }
            told.insert(name.into(), kind);
        }
        kind
    })
}

fn kind_of(name: &str) -> Option<Kind> {
    let mut letters = [0_u8; LONGEST];
    let mut length = 0;
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        *letters.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let word = std::str::from_utf8(&letters[..length]).ok()?;
    // Most names are none, which is quickly told.
    if !(word.ends_with("key") || ANY_WORD.as_ref().is_none_or(|words| words.is_match(word))) {
        return None;
    }
    let by_word = WORDS.iter().find(|(part, _)| match *part {
        "otp" => word == "otp" || word == "totp",
        // Three letters come up in the random names of temporary folders too: `/tmp/.tmpwdKM86`.
        "pwd" => word.starts_with("pwd") || word.ends_with("pwd"),
        part => word.contains(part),
    });
    let kind = by_word.map(|(_, kind)| *kind).or_else(|| word.ends_with("key").then_some(Kind::Key))?;
    // Limits: maxPersonality, max_key_pairs.
    let is_ordinary = word.starts_with("max")
        || ORDINARY.iter().any(|part| word.contains(part))
        || ABOUT.iter().any(|end| word.ends_with(end));
    (!is_ordinary).then_some(kind)
}

/// Fields below something that looks like a secret that are not: its owner and its purpose.
pub fn is_ordinary_below(name: &str) -> bool {
    const NAMES: [&str; 22] = [
        "id",
        "name",
        "domain",
        "username",
        "user_id",
        "user",
        "project",
        "project_id",
        "tenant",
        "tenantId",
        "tenantName",
        "type",
        "methods",
        "roles",
        "catalog",
        "expires",
        "expires_at",
        "issued_at",
        "audit_ids",
        "is_domain",
        "links",
        "description",
    ];
    NAMES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_about_them() {
        for name in [
            "password",
            "Password",
            "AdminPass",
            "adminPass",
            "admin_pass",
            "OS-KSADM:password",
            "passwd",
            "pwd",
            "db_pwd",
            "secret",
            "secretKey",
            "apiKey",
            "api_key",
            "auth_key",
            "signature",
            "blob",
            "X-Auth-Token",
            "X-Trust-Token",
            "X-Auth-Password",
            "X-Amz-Security-Token",
            "OpenStack-Auth-Receipt",
            "X-Auth-Key",
            "Set-Cookie",
            "token_id",
            "OS-EXT-USER-DATA:user_data",
            "private_key",
            "passcode",
            "Proxy-Authorization",
            "access_token",
            "key",
        ] {
            assert!(kind_by_name(name).is_some(), "{name}");
        }
        for name in [
            "key_name",
            "keypair",
            "keypairs",
            "key_pairs",
            "public_key",
            "sort_key",
            "sort_keys",
            "password_expires_at",
            "name",
            "id",
            "flavorRef",
            "vnc_passthrough",
            "maxTotalKeypairs",
            "imageRef",
            "img_signature_hash_method",
            "options",
            "hotplug",
            "metadata",
            "networks",
            "security_groups",
            "fingerprint",
            "monkeys",
            ".tmpwdKM86",
        ] {
            assert_eq!(kind_by_name(name), None, "{name}");
        }
    }
}
