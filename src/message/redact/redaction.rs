//! One exchange without its secrets.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use serde::{Serialize, Serializer};

use super::fields::{Place, named};
use super::kind::Found;
use super::redactor::Redactor;
use super::shape::merged;
use super::survey::Seen;
use super::values::Values;
use super::{Kind, Marks, Told};
use crate::base::json::{Value, Written, to_value};
use crate::message::{Body, Request, Response, percent_decode};

/// What is known of the secrets of one exchange. Everything that is written down of it goes through here.
#[derive(Debug)]
pub struct Redaction<'r> {
    pub(super) redactor: &'r Redactor,
    pub(super) marks: Arc<Marks>,
    pub(super) values: Values,
    /// Places in the bodies at which a value looks like a secret but is not marked as one. It is left out all the
    /// same.
    pub suspects: BTreeSet<String>,
    /// What the search came upon: header lines and the path are not searched again.
    pub(super) seen: Seen,
}

impl<'r> Redaction<'r> {
    /// `text` for messages: `[password]`, the same for every password, so that equal complaints stay equal.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replaced(text, false, |kind, _| format!("[{kind}]"))
    }

    /// The value of `field`, for messages.
    pub fn value(&self, parent: &str, field: &str, value: &Value) -> Value {
        let place = Place::Top.field(self.marks.told(parent, field), parent, field, value);
        to_value(&Safe { redaction: self, value, place, name: field, is_numbered: false, sent: None })
            .unwrap_or_default()
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
        Safe { redaction: self, value: body, place: Place::Top, name: "", is_numbered: true, sent: None }
    }

    /// The JSON of the body of `response`, the answer of this exchange, if a recording keeps it as it is sent: it has no secret by
    /// itself, and none of the exchange's in any form.
    pub fn as_sent(&self, response: &Response) -> Option<String> {
        response.body.as_ref().filter(|_| self.seen.is_answer_clean).and_then(|body| self.as_it_is(body))
    }

    /// The same for the body of the request.
    pub fn as_asked(&self, body: &Body) -> Option<String> {
        match body {
            Body::Json(body) if self.seen.is_request_clean => self.as_it_is(body),
            _ => None,
        }
    }

    /// The JSON of `body`, which has no secret by itself, if it has none of the exchange's.
    fn as_it_is(&self, body: &Value) -> Option<String> {
        let text = (!body.is_string()).then(|| body.written())?;
        // What escapes spell is looked for text by text.
        let is_plain = memchr::memchr2(b'%', b'\\', text.as_bytes()).is_none();
        (is_plain && !self.values.start_in(&text)).then_some(text)
    }

    /// The path of the request with its query, for recordings.
    pub fn target(&self, request: &Request) -> String {
        let target = request.target();
        let found = self.seen.target.clone().unwrap_or_else(|| self.redactor.secrets_in_target(&target));
        self.url(&target, found, |kind, secret| self.redactor.written(kind, secret))
    }

    /// A path with its query, for messages.
    pub fn told_target(&self, target: &str) -> String {
        self.url(target, self.redactor.secrets_in_target(target), |kind, _| format!("[{kind}]"))
    }

    fn url(&self, target: &str, mut found: Vec<Found>, placeholder: impl Fn(Kind, &str) -> String) -> String {
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

/// `text` with placeholders for what was `found`, which is in order and disjoint.
pub(super) fn replace<'t>(
    text: &'t str,
    found: Vec<Found>,
    placeholder: impl Fn(Kind, &str) -> String,
) -> Cow<'t, str> {
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
    /// How it is written, if it has no secret: [`Redaction::as_sent`].
    sent: Option<&'a str>,
}

impl<'a> Safe<'a> {
    /// The same, which is written as `text` if there is one: [`Redaction::as_sent`].
    #[must_use]
    pub fn as_sent(self, text: Option<&'a str>) -> Safe<'a> {
        Safe { sent: text, ..self }
    }

    fn field(self, told: Told, name: &'a str, value: &'a Value) -> Safe<'a> {
        let place = self.place.field(told, self.name, name, value);
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
        if let Some(text) = self.sent {
            return Written(text).serialize(serializer);
        }
        if let Place::Secret(kind) = self.place {
            return serializer.serialize_str(&self.placeholder(kind));
        }
        match self.value {
            Value::Object(map) => serializer.collect_map(map.iter().map(|(key, value)| {
                let (of_key, name, told) = named(&self.redaction.marks, self.name, map, key);
                // What the contract calls its fields is no secret.
                let is_known = of_key.mark.is_some();
                (if is_known { key.as_str().into() } else { self.text(key, true) }, self.field(told, name, value))
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
    pub(super) fn leave_kept(&self, text: &str, found: &mut Vec<Found>) {
        found.retain(|(range, _)| !self.is_kept(&text[range.clone()]));
    }

    /// The same, which is written down now.
    pub(super) fn written(&self, kind: Kind, secret: &str) -> String {
        self.places.fetch_add(1, Ordering::Relaxed);
        self.placeholder(kind, secret)
    }

    pub(super) fn known(&self, word: &str) -> Option<Kind> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).kind(word)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::json::{Map, to_string};

    const TOKEN: &str = "gAAAAABnVG9rZW5PZlRoZVRlc3Q-_x";
    const PASSWORD: &str = "1234";

    /// Texts, some of which hold a secret of the request in one form or another, or look like one.
    fn texts() -> impl Strategy<Value = String> {
        let token = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
        let pieces = proptest::sample::select(vec![
            "a8a63b4d-63a0-4aed-820d-0f5f249e07d9".to_owned(),
            TOKEN.to_owned(),
            TOKEN[..14].to_owned(),
            PASSWORD.to_owned(),
            token,
            "x8Kq2LmZ7Rt4Wv9PbN3sYc".to_owned(),
            "\"".to_owned(),
            "\\".to_owned(),
            "%41".to_owned(),
            "é ".to_owned(),
            "vm".to_owned(),
            ": ".to_owned(),
            "http://".to_owned(),
        ]);
        proptest::collection::vec(pieces, 0..3).prop_map(|pieces| pieces.concat())
    }

    fn bodies() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            2 => texts().prop_map(Value::from),
            1 => any::<i32>().prop_map(Value::from),
            1 => any::<bool>().prop_map(Value::from),
        ];
        let names = || prop_oneof![3 => Just("name".to_owned()), 1 => Just("adminPass".to_owned()), 1 => texts()];
        leaf.prop_recursive(3, 12, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::vec((names(), inner), 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map>())),
            ]
        })
    }

    proptest! {
        /// What is taken as it is sent is what the search through its texts comes to.
        #[test]
        fn what_is_kept_as_it_is_sent_has_no_secret(
            asked in bodies(), answer in bodies(), with_password in any::<bool>()
        ) {
            let mut request = Request { method: "GET".into(), ..Request::default() };
            request.headers.push("X-Auth-Token", TOKEN);
            if with_password {
                request.headers.push("X-Password", PASSWORD);
            }
            let redactor = Redactor::default();
            let response = Response::json(200, answer);
            let asked = Body::Json(asked);
            let redaction = redactor.inspect(None, &request, &asked, Some(&response));
            if let Some(sent) = redaction.as_sent(&response) {
                let body = response.body.as_ref().unwrap();
                prop_assert_eq!(&sent, &to_string(&redaction.body(body)).unwrap());
                prop_assert!(!sent.contains(&TOKEN[..14]));
            }
            if let (Some(sent), Body::Json(body)) = (redaction.as_asked(&asked), &asked) {
                prop_assert_eq!(&sent, &to_string(&redaction.request_body(body)).unwrap());
                prop_assert!(!sent.contains(&TOKEN[..14]));
            }
        }
    }

    /// Header lines and the path are kept the same whether the search's findings are used or they are searched again.
    #[test]
    fn what_was_found_is_not_searched_again() {
        let mut request = Request { method: "GET".into(), path: format!("/v2/{TOKEN}"), ..Request::default() };
        request.query = format!("password={PASSWORD}&name=vm");
        for (name, value) in [("X-Auth-Token", TOKEN), ("Host", "demo:geheim@h"), ("X-Note", TOKEN), ("Accept", "*/*")]
        {
            request.headers.push(name, value);
        }
        let mut response = Response::json(200, Value::Null);
        response.headers.push("Location", format!("http://h/?token={TOKEN}"));
        let redactor = Redactor::default();
        let mut redaction = redactor.inspect(None, &request, &Body::Empty, Some(&response));
        let kept = |redaction: &Redaction<'_>| {
            let lines = [
                to_string(&redaction.asked_headers(&request)).unwrap(),
                to_string(&redaction.answered_headers(&response)).unwrap(),
            ];
            (lines, redaction.target(&request))
        };
        let (lines, target) = kept(&redaction);
        assert_eq!(target, "/v2/[token 1]?password=[password 1]&name=vm");
        assert_eq!(
            lines[0],
            r#"[["X-Auth-Token","[token 1]"],["Host","[credential 1]@h"],["X-Note","[token 1]"],["Accept","*/*"]]"#
        );
        assert!(!lines[1].contains(TOKEN) && lines[1].contains("[token 1]"), "{}", lines[1]);
        redaction.seen = Seen::default();
        assert_eq!(kept(&redaction), (lines, target));
    }

    #[test]
    fn most_answers_are_kept_as_they_are_sent() {
        let mut request = Request { method: "GET".into(), ..Request::default() };
        request.headers.push("X-Auth-Token", TOKEN);
        let redactor = Redactor::default();
        let is_sent = |body: &str| {
            let response = Response::json(200, body.parse::<Value>().unwrap());
            redactor.inspect(None, &request, &Body::Empty, Some(&response)).as_sent(&response).is_some()
        };
        assert!(is_sent(r#"{"server": {"name": "vm", "id": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9", "tags": []}}"#));
        assert!(!is_sent(r#"{"server": {"adminPass": "x"}}"#));
        assert!(!is_sent(&format!(r#"{{"server": {{"name": "{TOKEN}"}}}}"#)));
    }
}
