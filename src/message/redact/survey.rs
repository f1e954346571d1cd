//! Searches an exchange for its secrets.

use std::collections::{BTreeSet, HashSet};

use super::fields::{Place, named};
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
    is_answer_clean: bool,
}

/// What a survey came to.
#[derive(Debug, Default)]
pub struct Surveyed {
    /// The distinct secrets, in the order in which they came up.
    pub secrets: Vec<(String, Kind)>,
    /// Places of values that look like a secret but are not marked as one.
    pub suspects: BTreeSet<String>,
    /// Is there an answer, whose body has no secret by what it is and where it stands?
    pub is_answer_clean: bool,
}

impl<'a> Survey<'a> {
    pub fn new(redactor: &'a Redactor, marks: &'a Marks) -> Survey<'a> {
        Survey { redactor, marks, secrets: Vec::new(), path: Vec::new(), is_touched: false, is_answer_clean: false }
    }

    pub fn request(&mut self, request: &'a Request, body: &'a Body) {
        self.headers(&request.headers);
        let target = request.target();
        let found = self.redactor.secrets_in_target(&target);
        for (range, kind) in found {
            self.add(&percent_decode(&target[range]), kind);
        }
        if let Body::Json(body) = body {
            self.value(body, Place::of_body(self.marks, body), "");
        }
    }

    pub fn response(&mut self, response: &'a Response) {
        self.headers(&response.headers);
        if let Some(body) = &response.body {
            self.is_touched = false;
            self.value(body, Place::Top, "");
            self.is_answer_clean = !self.is_touched;
        }
    }

    /// What it came to; each secret has its number from now on.
    pub fn end(self) -> Surveyed {
        let told = self.secrets.iter().filter(|(.., place)| place.is_none());
        let told: HashSet<&str> = told.map(|(secret, ..)| secret.as_str()).collect();
        let is_new = |secret: &str| !told.contains(secret) && self.redactor.known(secret).is_none();
        let suspects =
            self.secrets.iter().filter(|(secret, ..)| is_new(secret)).filter_map(|(.., place)| place.clone());
        let suspects: BTreeSet<String> = suspects.collect();
        let mut seen = HashSet::new();
        let distinct = self.secrets.iter().filter(|(secret, ..)| seen.insert(secret.as_str()));
        let secrets: Vec<(String, Kind)> = distinct.map(|(secret, kind, _)| (secret.clone(), *kind)).collect();
        for (secret, kind) in &secrets {
            self.redactor.placeholder(*kind, secret);
        }
        Surveyed { secrets, suspects, is_answer_clean: self.is_answer_clean }
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

    fn headers(&mut self, headers: &'a Headers) {
        for (name, value) in &headers.0 {
            let found = self.redactor.secrets_in_header(name, value);
            for (range, kind) in found {
                self.add(&value[range], kind);
            }
        }
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
