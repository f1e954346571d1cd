//! One exchange without its secrets.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use serde::{Serialize, Serializer};

use super::fields::{Place, telling_name};
use super::kind::Found;
use super::redactor::Redactor;
use super::shape::merged;
use super::values::Values;
use super::{Kind, Marks};
use crate::base::json::{Value, to_value};
use crate::message::{Headers, percent_decode};

/// What is known of the secrets of one exchange. Everything that is written down of it goes through here.
#[derive(Debug)]
pub struct Redaction<'r> {
    pub(super) redactor: &'r Redactor,
    pub(super) marks: Arc<Marks>,
    pub(super) values: Values,
    /// Places in the bodies at which a value looks like a secret but is not marked as one. It is left out all the
    /// same.
    pub suspects: BTreeSet<String>,
}

impl<'r> Redaction<'r> {
    /// `text` for messages: `[password]`, the same for every password, so that equal complaints stay equal.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replaced(text, false, |kind, _| format!("[{kind}]"))
    }

    /// The value of `field`, for messages.
    pub fn value(&self, parent: &str, field: &str, value: &Value) -> Value {
        let place = Place::Top.field(&self.marks, parent, field, value);
        to_value(&Safe { redaction: self, value, place, name: field, is_numbered: false }).unwrap_or_default()
    }

    /// A whole body, for messages.
    pub fn told(&self, body: &Value) -> Value {
        to_value(&Safe { is_numbered: false, ..self.request_body(body) }).unwrap_or_default()
    }

    /// The body of a request, for recordings.
    pub fn request_body<'a>(&'a self, body: &'a Value) -> Safe<'a> {
        Safe { place: Place::of_body(&self.marks, body), ..self.body(body) }
    }

    /// The body of an answer, for recordings: `[password 1]`, the same secret always the same.
    pub fn body<'a>(&'a self, body: &'a Value) -> Safe<'a> {
        Safe { redaction: self, value: body, place: Place::Top, name: "", is_numbered: true }
    }

    /// Header lines as they are kept: lists of `[name, value]`.
    pub fn headers<'a>(&'a self, headers: &'a Headers) -> SafeHeaders<'a> {
        SafeHeaders { redaction: self, headers }
    }

    /// A path with its query, for recordings.
    pub fn target(&self, target: &str) -> String {
        self.url(target, |kind, secret| self.redactor.written(kind, secret))
    }

    /// A path with its query, for messages.
    pub fn told_target(&self, target: &str) -> String {
        self.url(target, |kind, _| format!("[{kind}]"))
    }

    fn url(&self, target: &str, placeholder: impl Fn(Kind, &str) -> String) -> String {
        let mut found = self.redactor.secrets_in_target(target);
        self.values.find(target, &mut found);
        self.redactor.leave_kept(target, &mut found);
        replace(target, merged(found), |kind, secret| placeholder(kind, &percent_decode(secret))).into_owned()
    }

    /// A text, for recordings.
    pub fn kept_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.kept(text, true)
    }

    fn kept<'t>(&self, text: &'t str, is_open: bool) -> Cow<'t, str> {
        self.replaced(text, is_open, |kind, secret| self.redactor.written(kind, secret))
    }

    fn replaced<'t>(&self, text: &'t str, is_open: bool, placeholder: impl Fn(Kind, &str) -> String) -> Cow<'t, str> {
        let mut found = self.redactor.secrets_in(text, is_open);
        self.values.find(text, &mut found);
        self.redactor.leave_kept(text, &mut found);
        if found.is_empty() { text.into() } else { replace(text, merged(found), placeholder) }
    }
}

fn replace<'t>(text: &'t str, found: Vec<Found>, placeholder: impl Fn(Kind, &str) -> String) -> Cow<'t, str> {
    if found.is_empty() {
        return text.into();
    }
    let (mut safe, mut done) = (String::with_capacity(text.len()), 0);
    for (range, kind) in found {
        safe.push_str(&text[done..range.start]);
        safe.push_str(&placeholder(kind, &text[range.clone()]));
        done = range.end;
    }
    safe.push_str(&text[done..]);
    safe.into()
}

/// A value that leaves its secrets out when it is written.
#[derive(Clone, Copy, Debug)]
pub struct Safe<'a> {
    redaction: &'a Redaction<'a>,
    value: &'a Value,
    place: Place,
    name: &'a str,
    is_numbered: bool,
}

impl<'a> Safe<'a> {
    fn field(self, name: &'a str, value: &'a Value) -> Safe<'a> {
        let place = self.place.field(&self.redaction.marks, self.name, name, value);
        Safe { value, place, name, ..self }
    }

    fn item(self, value: &'a Value) -> Safe<'a> {
        Safe { value, place: self.place.item(value), ..self }
    }

    fn text(&self, text: &'a str, is_open: bool) -> Cow<'a, str> {
        match self.is_numbered {
            true => self.redaction.kept(text, is_open),
            false => self.redaction.replaced(text, is_open, |kind, _| format!("[{kind}]")),
        }
    }

    fn placeholder(&self, kind: Kind) -> String {
        match self.is_numbered {
            true => self.redaction.redactor.written(kind, &secret_of(self.value)),
            false => format!("[{kind}]"),
        }
    }
}

impl Serialize for Safe<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Place::Secret(kind) = self.place {
            return serializer.serialize_str(&self.placeholder(kind));
        }
        match self.value {
            Value::Object(map) => serializer.collect_map(map.iter().map(|(key, value)| {
                let field = self.field(telling_name(map, key), value);
                // What the contract calls its fields is no secret.
                let is_known = self.redaction.marks.get(self.name, key).is_some();
                (if is_known { key.as_str().into() } else { self.text(key, true) }, field)
            })),
            Value::Array(items) => serializer.collect_seq(items.iter().map(|value| self.item(value))),
            Value::String(text) => serializer.serialize_str(&self.text(text, self.place.is_open())),
            other => other.serialize(serializer),
        }
    }
}

/// The secret that `value` is as a whole.
fn secret_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}

/// Header lines that leave their secrets out when they are written, as lists of `[name, value]`.
#[derive(Clone, Copy, Debug)]
pub struct SafeHeaders<'a> {
    redaction: &'a Redaction<'a>,
    headers: &'a Headers,
}

impl Serialize for SafeHeaders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let redaction = self.redaction;
        serializer.collect_seq(self.headers.0.iter().map(|(name, value)| {
            let mut found = redaction.redactor.secrets_in_header(name, value);
            redaction.values.find(value, &mut found);
            redaction.redactor.leave_kept(value, &mut found);
            let safe = replace(value, merged(found), |kind, secret| redaction.redactor.written(kind, secret));
            (name, safe)
        }))
    }
}

impl Redactor {
    /// The placeholder of `secret` in what is kept; what is one already stays.
    pub(super) fn placeholder(&self, kind: Kind, secret: &str) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((kind, number)) = Kind::of_placeholder(secret) {
            known.reserve(kind, number);
            return secret.to_owned();
        }
        if known.kind(secret).is_none() {
            self.clean.lock().unwrap_or_else(PoisonError::into_inner).forget(secret);
        }
        known.placeholder(kind, secret, super::values::is_telling(secret)).to_string()
    }

    /// Keeps `secret`, which the user says is not one.
    pub(super) fn keep(&self, secret: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).keep(secret);
    }

    /// Did the user say that it is not a secret?
    pub(super) fn is_kept(&self, word: &str) -> bool {
        !self.decisions.keep.is_empty() && self.known.lock().unwrap_or_else(PoisonError::into_inner).is_kept(word)
    }

    /// Takes out of `found` what is kept.
    fn leave_kept(&self, text: &str, found: &mut Vec<Found>) {
        found.retain(|(range, _)| !self.is_kept(&text[range.clone()]));
    }

    /// The same, which is written down now.
    fn written(&self, kind: Kind, secret: &str) -> String {
        self.places.fetch_add(1, Ordering::Relaxed);
        self.placeholder(kind, secret)
    }

    pub(super) fn known(&self, word: &str) -> Option<Kind> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).kind(word)
    }
}
