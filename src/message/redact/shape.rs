//! What looks like a secret by its form, wherever it is.

use std::cell::Cell;
use std::ops::Range;

use super::encoded::decoded;
use super::escapes::Unescaped;
use super::kind::{Found, placeholders};
use super::words::{has_id, is_id, is_in_word, is_uuid, looks_random};
use super::{Kind, named};

/// Which of the bytes are in a text without which a secret has no form.
#[derive(Clone, Copy)]
struct Bytes(u8);

impl Bytes {
    const SPACE: u8 = 1;
    const AT: u8 = 2;
    const ASSIGNS: u8 = 4;
    const ESCAPES: u8 = 8;
    const SLASH: u8 = 16;
    const CLASSES: [u8; 256] = {
        let mut classes = [0; 256];
        classes[b' ' as usize] = Bytes::SPACE;
        classes[b'@' as usize] = Bytes::AT;
        classes[b'=' as usize] = Bytes::ASSIGNS;
        classes[b':' as usize] = Bytes::ASSIGNS;
        classes[b'%' as usize] = Bytes::ESCAPES;
        classes[b'\\' as usize] = Bytes::ESCAPES;
        classes[b'/' as usize] = Bytes::SLASH;
        classes
    };

    fn of(text: &str) -> Bytes {
        Bytes(text.bytes().fold(0, |all, byte| all | Bytes::CLASSES[usize::from(byte)]))
    }

    fn have(self, any: u8) -> bool {
        self.0 & any != 0
    }
}

/// How a text is looked through.
#[derive(Clone, Copy)]
struct Look<'k> {
    /// Nobody says what stands here, so that what looks random is taken for a secret too.
    is_open: bool,
    /// Tells whether a word was a secret before.
    known: &'k dyn Fn(&str) -> Option<Kind>,
    /// So many encodings may lie in each other.
    depth: usize,
    /// Set if the text spells another one, in escapes, base64 or hexadecimal digits.
    spells: &'k Cell<bool>,
}

/// What a text was found to hold.
pub struct Looked {
    /// Its secrets, in order and disjoint.
    pub found: Vec<Found>,
    /// Does it spell another text, in escapes, base64 or hexadecimal digits?
    pub is_encoded: bool,
}

/// Looks for the secrets in `text`. `is_open`: nothing says what the text is, so a random-looking word is taken for a secret too.
/// `known` says whether a word was a secret before.
pub fn secrets_in(text: &str, is_open: bool, known: &dyn Fn(&str) -> Option<Kind>) -> Looked {
    let (mut found, spells) = (Vec::new(), Cell::new(false));
    look_through(text, Look { is_open, known, depth: 2, spells: &spells }, &mut found);
    Looked { found: new_ones(text, merged(found)), is_encoded: spells.get() }
}

/// Those of `found` that are not part of a placeholder: `password=[password 1]` was redacted before.
pub fn new_ones(text: &str, mut found: Vec<Found>) -> Vec<Found> {
    if !found.is_empty() {
        for old in placeholders(text) {
            let is_piece = |range: &Range<usize>| old.start <= range.start && range.end <= old.end && *range != old;
            found.retain(|(range, _)| !is_piece(range));
        }
    }
    found
}

/// No shorter text has a form.
pub const SHORTEST: usize = 4;

fn look_through(text: &str, look: Look<'_>, found: &mut Vec<Found>) {
    if text.len() < SHORTEST {
        return;
    }
    let bytes = Bytes::of(text);
    if bytes.have(Bytes::SPACE) {
        blocks(text, found);
    }
    if bytes.have(Bytes::AT) {
        users(text, found);
    }
    if bytes.have(Bytes::ASSIGNS | Bytes::ESCAPES) {
        named::parameters(text, found);
    }
    if bytes.have(Bytes::SLASH) {
        named::segments(text, found);
    }
    words(text, look, found);
    if look.depth > 0
        && bytes.have(Bytes::ESCAPES)
        && let Some(plain) = Unescaped::new(text)
    {
        look.spells.set(true);
        let mut inner = Vec::new();
        look_through(&plain.text, Look { depth: look.depth - 1, ..look }, &mut inner);
        found.extend(inner.into_iter().map(|(range, kind)| (plain.place(&range), kind)));
    }
}

/// Ranges in order; those that overlap become one, of the kind of the first.
pub fn merged(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut apart: Vec<Found> = Vec::with_capacity(found.len());
    for (range, kind) in found {
        match apart.last_mut() {
            Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push((range, kind)),
        }
    }
    apart
}

/// PEM (RFC 7468): from BEGIN to END, or to the end of the text. What is public stays.
fn blocks(text: &str, found: &mut Vec<Found>) {
    const BEGIN: &str = "-----BEGIN ";
    if text.len() < BEGIN.len() {
        return;
    }
    let mut from = 0;
    while let Some(start) = text[from..].find(BEGIN).map(|start| from + start) {
        let label = text[start + BEGIN.len()..].split('-').next().unwrap_or_default();
        let end = text[start..].find("-----END ").map(|end| start + end);
        let end = end.map_or(text.len(), |end| {
            let rest = &text[end + 9..];
            end + 9 + rest.find("-----").map_or(rest.len(), |dashes| dashes + 5)
        });
        if !(label.contains("PUBLIC") || label.starts_with("CERTIFICATE")) {
            found.push((start..end, Kind::Key));
        }
        from = end;
    }
}

/// The user's part of URLs: `http://USER:PASSWORD@host`.
fn users(text: &str, found: &mut Vec<Found>) {
    if !text.as_bytes().contains(&b'@') {
        return;
    }
    let mut from = 0;
    while let Some(start) = text[from..].find("://").map(|start| from + start + 3) {
        let ends = |c: char| matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | ',') || c.is_whitespace();
        let length = text[start..].find(ends).unwrap_or(text.len() - start);
        if let Some(at) = text[start..start + length].rfind('@').filter(|at| *at > 0) {
            found.push((start..start + at, Kind::Credential));
        }
        from = start;
    }
}

/// Words of the alphabets of base64: known ones, tokens by their form, what holds a secret when it is decoded, what looks random.
fn words(text: &str, look: Look<'_>, found: &mut Vec<Found>) {
    const SHORTEST: usize = 8;
    // A secret that is more than one word is known as a whole.
    const LONGEST: usize = 256;
    let bytes = text.as_bytes();
    if (SHORTEST..=LONGEST).contains(&text.len())
        && !bytes.iter().copied().all(is_in_word)
        && let Some(kind) = (look.known)(text)
    {
        return found.push((0..text.len(), kind));
    }
    let mut start = 0;
    while start < bytes.len() {
        let length = bytes[start..].iter().take_while(|byte| is_in_word(**byte)).count();
        if length >= SHORTEST {
            word(text, start..start + length, look, found);
        }
        start += length + 1;
    }
}

fn word(text: &str, range: Range<usize>, look: Look<'_>, found: &mut Vec<Found>) {
    let whole = &text[range.clone()];
    if !whole.contains(['/', '=']) {
        return found.extend(part(text, range.clone(), look).map(|kind| (range, kind)));
    }
    // What has an id in it as a part is a path, and no base64 with slashes.
    let holds = || if has_id(whole) { None } else { holds_secret(whole, look) };
    if let Some(kind) = (look.known)(whole.trim_end_matches('=')).or_else(holds) {
        return found.push((range, kind));
    }
    let mut start = range.start;
    for own in whole.split(['/', '=']).map(str::len) {
        let own = start..start + own;
        start = own.end + 1;
        if own.len() >= 8 {
            found.extend(part(text, own.clone(), look).map(|kind| (own, kind)));
        }
    }
    // Random bytes in base64 have slashes too; a path has words or ids between them.
    let is_path = |part: &str| is_id(part) || (part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    if look.is_open
        && whole.len() >= 32
        && whole.contains('/')
        && !whole.starts_with('/')
        && !whole.split('/').any(is_path)
        && looks_random(&whole.replace('/', ""))
    {
        found.push((range, Kind::Secret));
    }
}

/// A word without slashes, or what stands between two.
fn part(text: &str, range: Range<usize>, look: Look<'_>) -> Option<Kind> {
    let part = &text[range.clone()];
    let known = (look.known)(part);
    if known.is_some() || is_uuid(part) {
        return known;
    }
    let kind = holds_secret(part, look).or_else(|| form(text, &range));
    kind.or_else(|| (look.is_open && looks_random(part)).then_some(Kind::Secret))
}

/// Tokens by their form: Fernet (version 0x80 and a time before 2106), JSON Web Tokens.
fn form(text: &str, range: &Range<usize>) -> Option<Kind> {
    let word = &text[range.clone()];
    let fernet = word.len() >= 24 && word.find("gAAAAA").is_some_and(|start| word.len() - start >= 24);
    let jwt = word.starts_with("eyJ") && word.len() >= 16 && text.as_bytes().get(range.end) == Some(&b'.');
    // The parts that follow the first of a JSON Web Token.
    let is_part = range.start > 0 && text.as_bytes()[range.start - 1] == b'.' && word.len() >= 20 && looks_random(word);
    (fernet || jwt || is_part).then_some(Kind::Token)
}

/// Is it base64 or hexadecimal digits of a text that holds a secret? Any of the three alignments of a longer text.
fn holds_secret(word: &str, look: Look<'_>) -> Option<Kind> {
    if look.depth == 0 {
        return None;
    }
    decoded(word).find_map(|text| {
        look.spells.set(true);
        let mut found = Vec::new();
        // Nobody encodes an ordinary word.
        look_through(&text, Look { is_open: true, depth: look.depth - 1, ..look }, &mut found);
        found.first().map(|(_, kind)| *kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_files_are_told() {
        let told = |text: &str| secrets_in(text, false, &|_| None).found.is_empty();
        assert!(told("contracts/identity/v3/tokens.yaml:42:5 and passwords.jsonl:3"));
        assert!(!told("tokens: 'abcdefgh'") && !told("token:42abcdefgh"));
    }

    #[test]
    fn ids_words_and_paths_are_no_secrets() {
        for text in [
            "/compute/v2.1/servers/0f2b5f3e-8a1c-4d7e-9b63-1f4a2c5d6e7f/action",
            "/compute/v2.1/servers?marker=a8a63b4d-63a0-4aed-820d-0f5f249e07d9&limit=5",
            "req-7acbb0dc-0ddb-467f-bbca-ee24e716973b",
            "kubernetes-dynamic-pvc-a8a63b4d-63a0-4aed-820d-0f5f249e07d9",
            "tempest-ServersTestJSON-server-1803456789",
            "openstacksdk/4.0.0 keystoneauth1/5.6.0 python-requests/2.31.0 CPython/3.11.2",
            "d41d8cd98f00b204e9800998ecf8427e",
            "GET /identity/v2.0/tokens/{token_id}/endpoints, contracts/identity/v3/tokens.yaml:1",
            "/auth/identity/password/user/domain",
            "add \"auth/passwordCredentials/username\", or drop /auth/identity/token/id/x",
            "http://127.0.0.1:8774/compute/v2.1/images/detail",
            "Expecting to find domain in user. The server could not comply with the request",
        ] {
            assert_eq!(secrets_in(text, true, &|_| None).found, [], "{text}");
        }
    }

    #[test]
    fn texts_that_spell_others_are_told() {
        let id = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
        for text in [
            "path=%3Ftoken%3Dab-12",
            r"caf\u00e9",
            "bm90ZTogcGFzc3dvcmQ9aHVudGVyMg==",
            &format!("/servers/{id}/bm90ZTogcGFzc3dvcmQ9aHVudGVyMg=="),
            "6e6f74653a2070617373776f72643d68756e74657232",
        ] {
            assert!(secrets_in(text, false, &|_| None).is_encoded, "{text}");
        }
        for text in [&format!("/compute/v2.1/servers/{id}"), &format!("req-{id}"), "X-OpenStack-Nova-API-Version"] {
            assert!(!secrets_in(text, false, &|_| None).is_encoded, "{text}");
        }
    }

    #[test]
    fn a_known_secret_of_several_words_is_found() {
        let secret = "correct horse, \"battery\" staple";
        let known = |word: &str| (word == secret).then_some(Kind::Password);
        assert_eq!(secrets_in(secret, false, &known).found, [(0..secret.len(), Kind::Password)]);
    }

    #[test]
    fn forms_of_secrets_are_found_anywhere() {
        for text in [
            "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b",
            "see http://user:pw@host/x",
            "Value: {'adminPass': 'x y'}. ",
            "path=%3Ftoken%3Dab-12",
            "Invalid JSON pointer for this resource: '/password/rosebud'",
            "see http://h/identity/v2.0/tokens/rosebud/endpoints",
            "gAAAAABnQmFzZTY0RmVybmV0VG9rZW4xMjM0NTY3ODkw",
            "bm90ZTogcGFzc3dvcmQ9aHVudGVyMg==",
        ] {
            assert_eq!(secrets_in(text, false, &|_| None).found.len(), 1, "{text}");
        }
        assert_eq!(secrets_in("x8Kq2LmZ7Rt4Wv9PbN3sYc", true, &|_| None).found.len(), 1);
    }
}
