//! Secrets that follow their names, in parameters and in paths.

use std::ops::Range;

use super::Kind;
use super::kind::Found;
use super::names::kind_by_name;

fn is_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Values after names of secrets: `password=S`, `token%3DS`, `"adminPass": "S"`.
pub fn parameters(text: &str, found: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let mut place = 0;
    while let Some(step) = bytes[place..].iter().position(|byte| matches!(byte, b'=' | b':' | b'%')) {
        let mark = place + step;
        place = mark + 1;
        let (begin, is_encoded) = match bytes[mark] {
            b'%' if bytes[mark..].starts_with(b"%3D") || bytes[mark..].starts_with(b"%3d") => (mark + 3, true),
            b'%' => continue,
            _ => (mark + 1, false),
        };
        let mut end_of_name = mark;
        while end_of_name > 0 && matches!(bytes[end_of_name - 1], b'\'' | b'"' | b'\\' | b' ') {
            end_of_name -= 1;
        }
        // A name is short, so that a long text costs no more for each of its marks.
        let start_of_name = (0..end_of_name).rev().take(64).take_while(|at| is_in_name(bytes[*at])).last();
        let Some(start_of_name) = start_of_name else { continue };
        let name = &text[start_of_name..end_of_name];
        // `contracts/identity/v3/tokens.yaml:42` is a place.
        let is_file = bytes[mark] == b':' && [".yaml", ".yml", ".jsonl", ".json"].iter().any(|end| name.ends_with(end));
        let Some(kind) = kind_by_name(name).filter(|_| !is_file) else { continue };
        if let Some(value) = value_at(text, begin, is_encoded) {
            place = place.max(value.end);
            found.push((value, kind));
        }
    }
}

/// What Keystone has below its tokens beside them, and the fields of its logins, which pointers into their bodies name:
/// `/auth/identity/password/user`. https://docs.openstack.org/api-ref/identity/v3/
const NO_SECRETS: [&str; 6] = ["OS-PKI", "revoked", "user", "username", "userId", "id"];

/// What follows the name of a secret in a path: `/tokens/TOKEN`, `/os-console-auth-tokens/TOKEN`, `/password/SECRET`.
pub fn segments(text: &str, found: &mut Vec<Found>) {
    // A text that is a path has nothing around it, so that whatever stands in a segment belongs to it.
    let is_path = text.starts_with('/');
    let ends = |c: char| {
        let is_around = || matches!(c, '#' | '&' | '"' | '\'' | '<' | '>' | ',' | '\\') || c.is_whitespace();
        matches!(c, '/' | '?') || (!is_path && is_around())
    };
    // The kind that the segment before tells of.
    let mut told: Option<Kind> = None;
    for (slash, _) in text.match_indices('/') {
        let rest = &text[slash + 1..];
        let segment = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let own = slash + 1..slash + 1 + segment.len();
        let is_ordinary = segment.is_empty() || is_template(segment) || NO_SECRETS.contains(&segment);
        match told.take() {
            Some(kind) if !is_ordinary => found.push((own, kind)),
            _ if is_ordinary || !text[own.end..].starts_with('/') => {}
            _ => told = kind_by_name(segment).filter(|kind| matches!(kind, Kind::Token | Kind::Password)),
        }
    }
}

fn is_template(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// The value that starts at `begin`: up to the closing quote if it is quoted, else up to what ends a parameter.
fn value_at(text: &str, begin: usize, is_encoded: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_pair = begin > 0 && bytes[begin - 1] == b':';
    let mut start = begin;
    while is_pair && bytes.get(start) == Some(&b' ') {
        start += 1;
    }
    let slashes = bytes[start..].iter().take_while(|byte| **byte == b'\\').count();
    let quote = bytes.get(start + slashes).copied().filter(|byte| matches!(byte, b'\'' | b'"'));
    let (start, end) = match quote {
        Some(quote) => {
            let start = start + slashes + 1;
            let mut end = start;
            while end < bytes.len() && bytes[end] != quote {
                end += if bytes[end] == b'\\' && slashes == 0 { 2 } else { 1 };
            }
            (start, end.min(bytes.len()))
        }
        // A pair of a name and a word is a sentence as often as not.
        None if is_pair && bytes.get(start).is_none_or(|byte| *byte == b'{') => return None,
        // A placeholder, or a list; it is not looked through to its end for each of many.
        None if bytes.get(start) == Some(&b'[') => return None,
        None => {
            let ends = |byte: &u8| {
                matches!(byte, b'&' | b';' | b'"' | b'\'' | b',' | b')' | b'}' | b']' | b'#')
                    || byte.is_ascii_whitespace()
                    || (is_encoded && *byte == b'%')
            };
            (start, start + bytes[start..].iter().position(ends).unwrap_or(bytes.len() - start))
        }
    };
    let end = (start..=end).rev().find(|end| text.is_char_boundary(*end))?;
    let start = (start..=end).find(|start| text.is_char_boundary(*start))?;
    let says_nothing = matches!(&text[start..end], "" | "None" | "null" | "True" | "False" | "true" | "false");
    (!says_nothing && !text[start..end].starts_with('[')).then_some(start..end)
}
