//! Texts by their form: generated values differ in each run without being a difference.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::Ipv6Addr;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::message::Kind;

/// What a cloud makes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Where a service is: `http://HOST:PORT`.
    Origin,
    /// A point in time.
    Time,
    /// An address of a port or a host, of a network, or of hardware.
    Address,
    /// An id, a digest, or the placeholder of a secret. Equal ones are equal everywhere.
    Id,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'t> {
    Plain(&'t str),
    MadeUp(Form, &'t str),
}

/// Each form is a group of its own, in this order.
const FORMS: [Form; 6] = [Form::Origin, Form::Id, Form::Time, Form::Address, Form::Address, Form::Id];

static MADE_UP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let secrets = Kind::ALL.map(Kind::name).join("|");
    let uuid = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}";
    let time = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?";
    let dotted = r"\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?\b";
    // Of hardware; fingerprints of keys are as long as they are; IPv6 is looked at once more.
    let colons = r"\b[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5,31}\b|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:/\d{1,3})?";
    // Keystone's audit ids are 16 bytes in base64.
    let words = r"\b[0-9a-f]{16,128}\b|\b[A-Za-z0-9_-]{22}\b";
    Regex::new(&format!(
        r#"(https?://[^/\s"'<>]+)|({uuid}|\[(?:{secrets}) \d+\])|({time})|({dotted})|({colons})|({words})"#
    ))
    .ok()
});

/// What is made up in `text`.
fn made_up(text: &str) -> Vec<(Range<usize>, Form)> {
    let Some(regex) = MADE_UP.as_ref() else { return Vec::new() };
    let form = |found: &Captures<'_>| {
        let (group, place) = (1..=FORMS.len()).find_map(|group| Some((group, found.get(group)?)))?;
        let is = match group {
            5 => is_colons(place.as_str()),
            6 => is_random(place.as_str()),
            _ => true,
        };
        is.then(|| (place.range(), FORMS[group - 1]))
    };
    regex.captures_iter(text).filter_map(|found| form(&found)).collect()
}

fn is_colons(text: &str) -> bool {
    let is_bytes = text.split(':').all(|byte| byte.len() == 2) && text.len() >= 17;
    is_bytes || text.split('/').next().is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}

/// A word of 22 letters and digits is an ordinary one unless it has some of each.
fn is_random(text: &str) -> bool {
    let has = |kind: fn(u8) -> bool| text.bytes().any(kind);
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (is_hexadecimal && has(|byte| byte.is_ascii_digit()))
        || (has(|byte| byte.is_ascii_lowercase())
            && has(|byte| byte.is_ascii_uppercase())
            && has(|byte| byte.is_ascii_digit()))
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut done) = (Vec::new(), 0);
    for (range, form) in made_up(text) {
        pieces.push(Piece::Plain(&text[done..range.start]));
        pieces.push(Piece::MadeUp(form, &text[range.clone()]));
        done = range.end;
    }
    pieces.push(Piece::Plain(&text[done..]));
    pieces
}

/// Which of two recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

/// Which id of one recording is which of the other.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    to_b: BTreeMap<String, String>,
    to_a: BTreeMap<String, String>,
}

impl Ids {
    /// Are the texts of `a` and `b` the same, except for generated values? The ids in them are taken for each other from
    /// now on; one that was taken for another before is a difference.
    pub fn same(&mut self, a: &str, b: &str) -> bool {
        if a == b && made_up(a).is_empty() {
            return true;
        }
        let (a, b) = (pieces(a), pieces(b));
        let alike = |one: &Piece<'_>, other: &Piece<'_>| match (one, other) {
            (Piece::Plain(one), Piece::Plain(other)) => one == other,
            (Piece::MadeUp(Form::Id, one), Piece::MadeUp(Form::Id, other)) => form_of_id(one) == form_of_id(other),
            (Piece::MadeUp(one, _), Piece::MadeUp(other, _)) => one == other,
            _ => false,
        };
        let is_alike = a.len() == b.len() && a.iter().zip(&b).all(|(one, other)| alike(one, other));
        is_alike
            && a.iter().zip(&b).all(|pair| match pair {
                (Piece::MadeUp(Form::Id, one), Piece::MadeUp(Form::Id, other)) => self.pair(one, other),
                _ => true,
            })
    }

    fn pair(&mut self, a: &str, b: &str) -> bool {
        match (self.to_b.get(a), self.to_a.get(b)) {
            (None, None) => {
                self.to_b.insert(a.to_owned(), b.to_owned());
                self.to_a.insert(b.to_owned(), a.to_owned());
                true
            }
            (Some(own), _) => own == b,
            (None, Some(_)) => false,
        }
    }

    /// `text` of a recording with all generated values replaced: equal texts name the same things in both, as far as that is
    /// known.
    pub fn canonical(&self, side: Side, text: &str) -> String {
        let mut canonical = String::with_capacity(text.len());
        for piece in pieces(text) {
            // Writing to a String cannot fail.
            let _ = match piece {
                Piece::Plain(plain) => write!(canonical, "{plain}"),
                Piece::MadeUp(Form::Id, id) => match side {
                    Side::A => write!(canonical, "<{}>", self.to_b.get(id).map_or("id", String::as_str)),
                    Side::B if self.to_a.contains_key(id) => write!(canonical, "<{id}>"),
                    Side::B => write!(canonical, "<id>"),
                },
                Piece::MadeUp(form, _) => write!(canonical, "<{form:?}>"),
            };
        }
        canonical
    }
}

/// `36e1c9b9-…` and `36e1c9b9…` differ, and so do a token and a password.
fn form_of_id(id: &str) -> (usize, Option<Kind>) {
    match Kind::of_placeholder(id) {
        Some((kind, _)) => (0, Some(kind)),
        None => (id.len(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
    const OTHER: &str = "2782bf5e-284c-4e0d-9580-452243e3497a";
    const THIRD: &str = "68fb1ba1-ef51-4b51-9a71-22bd93140054";

    #[test]
    fn what_is_made_up_is_the_same_by_its_form() {
        for (a, b) in [
            ("2026-11-29T09:00:00Z", "2025-01-01T10:20:30Z"),
            ("10.0.0.7", "192.168.100.200"),
            ("10.0.0.0/24", "192.168.1.0/24"),
            ("fe80::1", "2001:db8::2"),
            ("fa:16:3e:00:00:01", "fa:16:3e:aa:bb:cc"),
            ("http://127.0.0.1:8774/v2.1/servers", "https://cloud.example/v2.1/servers"),
            ("[token 1]", "[token 7]"),
            ("lK418OsAT5mxUgWBnU7-0Q", "aK418OsAT5mxUgWBnU7-0Z"),
            (&format!("Instance {ONE} could not be found."), &format!("Instance {OTHER} could not be found.")),
        ] {
            assert!(Ids::default().same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("vm1", "vm2"),
            ("2026-11-29T09:00:00Z", "never"),
            ("10.0.0.7", "fe80::1x"),
            ("[token 1]", "[password 1]"),
            (ONE, &ONE.replace('-', "")),
            ("10:20", "10:21"),
            (&format!("Instance {ONE} could not be found."), &format!("Image {OTHER} could not be found.")),
        ] {
            assert!(!Ids::default().same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn an_id_is_the_same_everywhere() {
        let mut ids = Ids::default();
        assert!(ids.same(ONE, OTHER) && ids.same(&format!("/servers/{ONE}"), &format!("/servers/{OTHER}")));
        assert!(!ids.same(ONE, THIRD) && !ids.same(THIRD, OTHER));
        assert_eq!(ids.canonical(Side::A, &format!("/a/{ONE}")), ids.canonical(Side::B, &format!("/a/{OTHER}")));
        assert_ne!(ids.canonical(Side::A, ONE), ids.canonical(Side::B, THIRD));
    }
}
