//! What looks like a secret by its form, wherever it is.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::GeneralPurposeConfig;
use base64::engine::{DecodePaddingMode, GeneralPurpose};

use super::escapes::Unescaped;
use super::kind::{Found, placeholders};
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
}

/// The secrets in `text`, in order and disjoint. `is_open`: nothing says what the text is, so a random-looking word is taken for a
/// secret too. `known` says whether a word was a secret before.
pub fn secrets_in(text: &str, is_open: bool, known: &dyn Fn(&str) -> Option<Kind>) -> Vec<Found> {
    let mut found = Vec::new();
    look_through(text, Look { is_open, known, depth: 2 }, &mut found);
    new_ones(text, merged(found))
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

fn look_through(text: &str, look: Look<'_>, found: &mut Vec<Found>) {
    // Nothing that short has a form.
    if text.len() < 4 {
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

fn is_in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
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
    let holds = || if whole.split('/').any(is_uuid) { None } else { holds_secret(whole, look) };
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
    let kind = (look.known)(part).or_else(|| holds_secret(part, look)).or_else(|| form(text, &range));
    kind.or_else(|| (look.is_open && looks_random(part)).then_some(Kind::Secret))
}

/// Tokens by their form: Fernet (version 0x80 and a time before 2106), JSON Web Tokens.
fn form(text: &str, range: &Range<usize>) -> Option<Kind> {
    let word = &text[range.clone()];
    let fernet = word.find("gAAAAA").is_some_and(|start| word.len() - start >= 24);
    let jwt = word.starts_with("eyJ") && word.len() >= 16 && text.as_bytes().get(range.end) == Some(&b'.');
    // The parts that follow the first of a JSON Web Token.
    let is_part = range.start > 0 && text.as_bytes()[range.start - 1] == b'.' && word.len() >= 20 && looks_random(word);
    (fernet || jwt || is_part).then_some(Kind::Token)
}

/// Is it an id as OpenStack writes it, of a resource or of a request: 8, 4, 4, 4 and 12 hexadecimal digits?
fn is_uuid(word: &str) -> bool {
    let word = word.strip_prefix("req-").unwrap_or(word);
    let is_dash = |place: usize| matches!(place, 8 | 13 | 18 | 23);
    let fits = |(place, byte): (usize, u8)| if is_dash(place) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    word.len() == 36 && word.bytes().enumerate().all(fits)
}

/// Is it an id or a digest: hexadecimal digits in one of their lengths, alone or in groups?
fn is_id(word: &str) -> bool {
    let word = word.strip_prefix("req-").unwrap_or(word);
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let digits = word.bytes().filter(|byte| *byte != b'-').count();
    is_hex && matches!(digits, 32 | 40 | 64 | 96 | 128)
}

/// Does it change between small letters, capitals and digits about as often as chance would? Of random letters and digits
/// six of ten neighbours are of different kinds; in words, also in `CamelCase2`, it is two of ten.
pub fn looks_random(word: &str) -> bool {
    const SHORTEST: usize = 16;
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 4,
        _ => 0,
    };
    // What an id in a name such as vm-a8a63b4d-63a0-4aed-820d-0f5f249e07d9 consists of is not random.
    let is_of_id =
        |part: &&str| matches!(part.len(), 4 | 8 | 12 | 32) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = word.split('-').filter(|part| !is_of_id(part));
    let kinds: Vec<u8> = parts.flat_map(str::bytes).map(kind).filter(|kind| *kind != 0).collect();
    if word.len() < SHORTEST || kinds.len() < SHORTEST || is_id(word) {
        return false;
    }
    let all = kinds.iter().fold(0, |all, kind| all | kind);
    let changes = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let beyond_hex = word.bytes().any(|byte| byte.is_ascii_alphabetic() && !byte.is_ascii_hexdigit());
    match all {
        // The longer a word, the less can chance make of it.
        7 => changes * 100 >= (kinds.len() - 1) * if kinds.len() < 24 { 36 } else { 30 },
        5 | 6 => kinds.len() >= 20 && beyond_hex && changes * 100 >= (kinds.len() - 1) * 34,
        _ => false,
    }
}

const EITHER_PADDING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const LENIENT: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, EITHER_PADDING);

/// Is it base64 or hexadecimal digits of a text that holds a secret? Any of the three alignments of a longer text.
fn holds_secret(word: &str, look: Look<'_>) -> Option<Kind> {
    if look.depth == 0 || is_uuid(word) {
        return None;
    }
    decoded(word).find_map(|text| {
        let mut found = Vec::new();
        // Nobody encodes an ordinary word.
        look_through(&text, Look { is_open: true, depth: look.depth - 1, ..look }, &mut found);
        found.first().map(|(_, kind)| *kind)
    })
}

/// Does `text` contain another text in base64 or hexadecimal digits?
pub fn is_encoded(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii() || !is_in_word(c as u8)).any(|word| decoded(word).next().is_some())
}

/// May `text` contain another in escapes, base64 or hexadecimal digits? It is not decoded for that.
pub fn may_encode(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_escape = |byte: &u8| Bytes::CLASSES[usize::from(*byte)] & Bytes::ESCAPES != 0;
    bytes.iter().any(is_escape) || bytes.split(|byte| !is_in_word(*byte)).any(|word| word.len() >= SHORTEST_ENCODED)
}

/// So many digits of base64 or hexadecimal digits are read as another text.
const SHORTEST_ENCODED: usize = 20;

/// The texts that `word` may spell, in whatever alignment.
fn decoded(word: &str) -> impl Iterator<Item = String> {
    let word = if word.len() < SHORTEST_ENCODED { "" } else { word };
    let hex = of_hex(word).filter(|bytes| !bytes.is_empty());
    let standard = if hex.is_some() { String::new() } else { word.replace('-', "+").replace('_', "/") };
    let of_base64 = move |skip: usize| {
        let part = standard.trim_end_matches('=').get(skip..).filter(|part| !part.is_empty())?;
        LENIENT.decode(&part[..part.len() - usize::from(part.len() % 4 == 1)]).ok()
    };
    hex.into_iter().chain((0..4).filter_map(of_base64)).filter_map(|bytes| {
        let is_printable = |byte: &&u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        let printable = bytes.iter().filter(is_printable).count();
        (printable * 100 >= bytes.len() * 95).then(|| String::from_utf8_lossy(&bytes).into_owned())
    })
}

/// The bytes that hexadecimal digits spell.
fn of_hex(word: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = word.bytes().map(|byte| digit(&byte)).collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_files_are_told() {
        let told = |text: &str| secrets_in(text, false, &|_| None).is_empty();
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
            assert_eq!(secrets_in(text, true, &|_| None), [], "{text}");
        }
    }

    #[test]
    fn a_known_secret_of_several_words_is_found() {
        let secret = "correct horse, \"battery\" staple";
        let known = |word: &str| (word == secret).then_some(Kind::Password);
        assert_eq!(secrets_in(secret, false, &known), [(0..secret.len(), Kind::Password)]);
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
            assert_eq!(secrets_in(text, false, &|_| None).len(), 1, "{text}");
        }
        assert_eq!(secrets_in("x8Kq2LmZ7Rt4Wv9PbN3sYc", true, &|_| None).len(), 1);
    }
}
