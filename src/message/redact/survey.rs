//! Searches an exchange for its secrets.

use std::collections::BTreeSet;

use foldhash::HashSet;

use super::fields::{Place, named};
use super::kind::Found;
use super::redactor::{Decisions, Redactor};
use super::{Kind, Marks};
use crate::base::json::Value;
use crate::base::python_repr;
use crate::message::{Body, Headers, Request, Response, percent_decode};

/// The secrets that were found so far.
pub struct Survey<'a> {
    redactor: &'a Redactor,
    marks: &'a Marks,
    /// Each with its place, if it is one in a body of which nothing says that a secret stands there.
    secrets: Vec<(String, Kind, Option<String>)>,
    /// The way to the value that is looked at; items of lists are `*`.
    path: Vec<&'a str>,
    /// Did a body have a secret so far, or what looks like one?
    is_touched: bool,
    seen: Seen,
}

/// Secrets in header lines, each with the place of its line, in order.
pub type InLines = Vec<(usize, Found)>;

/// The secrets of an exchange that tell themselves by what they are and where they stand; `None` where nothing was searched.
#[derive(Debug, Default)]
pub struct Seen {
    /// Those of the path and the query.
    pub target: Option<Vec<Found>>,
    /// Those of the header lines of the request.
    pub asked: Option<InLines>,
    /// Those of the header lines of the answer.
    pub answered: Option<InLines>,
    /// Is the body of the request JSON in which there are none?
    pub is_request_clean: bool,
    /// Is there an answer, in whose body there are none?
    pub is_answer_clean: bool,
}

/// What a survey came to.
#[derive(Debug, Default)]
pub struct Surveyed {
    /// The distinct secrets, in the order in which they came up.
    pub secrets: Vec<(String, Kind)>,
    /// Places of values that look like a secret but are not marked as one.
    pub suspects: BTreeSet<String>,
    /// The places that need not be searched again.
    pub seen: Seen,
}

impl<'a> Survey<'a> {
    pub fn new(redactor: &'a Redactor, marks: &'a Marks) -> Survey<'a> {
        Survey { redactor, marks, secrets: Vec::new(), path: Vec::new(), is_touched: false, seen: Seen::default() }
    }

    pub fn request(&mut self, request: &'a Request, body: &'a Body) {
        self.seen.asked = Some(self.headers(&request.headers));
        let target = request.target();
        let found = self.redactor.secrets_in_target(&target);
        for (range, kind) in &found {
            self.add(&percent_decode(&target[range.clone()]), *kind);
        }
        self.seen.target = Some(found);
        if let Body::Json(body) = body {
            self.seen.is_request_clean = self.body(body, Place::of_body(self.marks, body));
        }
    }

    pub fn response(&mut self, response: &'a Response) {
        self.seen.answered = Some(self.headers(&response.headers));
        if let Some(body) = &response.body {
            self.seen.is_answer_clean = self.body(body, Place::Top);
        }
    }

    /// Has `body` no secret?
    fn body(&mut self, body: &'a Value, place: Place) -> bool {
        self.is_touched = false;
        self.value(body, place, "");
        !self.is_touched
    }

    /// What it came to; each secret has its number from now on.
    pub fn end(self) -> Surveyed {
        let told = self.secrets.iter().filter(|(.., place)| place.is_none());
        let told: HashSet<&str> = told.map(|(secret, ..)| secret.as_str()).collect();
        let is_new = |secret: &str| !told.contains(secret) && self.redactor.known(secret).is_none();
        let placed = self.secrets.iter().filter_map(|(secret, _, place)| Some((secret, place.clone()?)));
        let suspects: BTreeSet<String> = placed.filter(|(secret, _)| is_new(secret)).map(|(_, place)| place).collect();
        let mut seen = HashSet::default();
        let distinct = self.secrets.iter().filter(|(secret, ..)| seen.insert(secret.as_str()));
        let secrets: Vec<(String, Kind)> = distinct.map(|(secret, kind, _)| (secret.clone(), *kind)).collect();
        for (secret, kind) in &secrets {
            self.redactor.placeholder(*kind, secret);
        }
        Surveyed { secrets, suspects, seen: self.seen }
    }

    fn add(&mut self, secret: &str, kind: Kind) {
        if !self.redactor.is_kept(secret) {
            self.secrets.push((secret.to_owned(), kind, None));
        }
    }

    /// Takes note of what looks like a secret and stands where nothing says so.
    fn suspect(&mut self, secret: &str, kind: Kind) {
        let Decisions { redact, keep } = &self.redactor.decisions;
        let (is_secret, is_none) = (redact.cover(self.path.iter()), keep.cover(self.path.iter()));
        if is_none {
            self.redactor.keep(secret);
        } else if !self.redactor.is_kept(secret) {
            let place = (!is_secret).then(|| self.place());
            self.secrets.push((secret.to_owned(), kind, place));
        }
    }

    /// The place that is looked at, as a pattern has it.
    fn place(&self) -> String {
        self.path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
    }

    fn headers(&mut self, headers: &'a Headers) -> InLines {
        let mut all = Vec::new();
        for (place, (name, value)) in headers.0.iter().enumerate() {
            for (range, kind) in self.redactor.secrets_in_header(name, value) {
                self.add(&value[range.clone()], kind);
                all.push((place, (range, kind)));
            }
        }
        all
    }

    fn value(&mut self, value: &'a Value, place: Place, name: &str) {
        if let Place::Secret(kind) = place {
            self.is_touched = true;
            return self.whole(value, kind);
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let (of_key, telling, told) = named(self.marks, name, map, key);
                    if of_key.mark.is_none() {
                        self.text(key, true);
                    }
                    self.path.push(telling);
                    self.value(value, place.field(told, name, telling, value), telling);
                    self.path.pop();
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.item(place, item, name)),
            Value::String(text) => self.text(text, place.is_open()),
            _ => {}
        }
    }

    fn item(&mut self, place: Place, value: &'a Value, name: &str) {
        self.path.push("*");
        self.value(value, place.item(value), name);
        self.path.pop();
    }

    fn text(&mut self, text: &str, is_open: bool) {
        for (range, kind) in self.redactor.secrets_in(text, is_open) {
            self.is_touched = true;
            self.suspect(&text[range], kind);
        }
    }

    /// A secret of another type than text: all that it holds.
    fn whole(&mut self, value: &'a Value, kind: Kind) {
        match value {
            Value::String(text) => self.add(text, kind),
            Value::Number(_) => self.add(&python_repr(value), kind),
            Value::Array(items) => items.iter().for_each(|item| self.whole(item, kind)),
            Value::Object(map) => {
                map.values().for_each(|value| self.whole(value, kind));
                map.keys().for_each(|key| self.text(key, true));
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}
