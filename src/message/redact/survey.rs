//! Looks through an exchange for its secrets.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::fields::{Node, Place};
use super::redaction::{secrets_in_header, secrets_in_target};
use super::shape::{Found, secrets_in};
use super::{Kind, Mark, Marks, Redactor};
use crate::base::python_repr;
use crate::message::{Body, Headers, Request, Response, percent_decode};

/// How many secrets of each kind there were, and in how many places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Distinct secrets.
    pub kinds: BTreeMap<Kind, usize>,
    /// The places in which they stood.
    pub places: usize,
}

impl fmt::Display for Tally {
    /// `3 tokens, 1 password, in 14 places`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in &self.kinds {
            let plural = if *count == 1 || *kind == Kind::UserData { "" } else { "s" };
            write!(f, "{count} {kind}{plural}, ")?;
        }
        write!(f, "in {} place{}", self.places, if self.places == 1 { "" } else { "s" })
    }
}

/// What looks like a secret in a place that the contract does not know as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// `request`, `response`, a header's name or `target`, then a JSON pointer in a body.
    pub place: String,
    /// What it looks like.
    pub kind: Kind,
}

/// The secrets that were found so far.
pub struct Survey<'a> {
    redactor: &'a Redactor,
    marks: &'a Marks,
    secrets: Vec<(String, Kind)>,
    suspects: Vec<Suspect>,
    part: &'static str,
    path: Vec<&'a str>,
}

impl<'a> Survey<'a> {
    pub fn new(redactor: &'a Redactor, marks: &'a Marks) -> Survey<'a> {
        Survey { redactor, marks, secrets: Vec::new(), suspects: Vec::new(), part: "request", path: Vec::new() }
    }

    pub fn request(&mut self, request: &'a Request, body: &'a Body) {
        self.headers(&request.headers);
        let target = request.target();
        let found = secrets_in_target(&target, &|word| self.redactor.known(word));
        for (range, kind) in found {
            self.add(&percent_decode(&target[range]), kind, false);
        }
        if let Body::Json(body) = body {
            self.node(body.into(), Place::of_body(self.marks, body), "");
        }
    }

    pub fn response(&mut self, response: &'a Response) {
        self.part = "response";
        self.headers(&response.headers);
        if let Some(body) = &response.body {
            self.node(body.into(), Place::Top, "");
        }
    }

    /// The distinct secrets, in the order in which they came up; each has its number from now on.
    pub fn into_secrets(mut self) -> Vec<(String, Kind)> {
        let mut seen = std::collections::HashSet::new();
        self.secrets.retain(|(secret, _)| seen.insert(secret.clone()));
        for (secret, kind) in &self.secrets {
            self.redactor.placeholder(*kind, secret);
        }
        self.secrets
    }

    pub fn into_report(self) -> (Tally, Vec<Suspect>) {
        let places = self.secrets.len();
        let distinct: BTreeMap<&String, Kind> = self.secrets.iter().map(|(secret, kind)| (secret, *kind)).collect();
        let mut tally = Tally { places, ..Tally::default() };
        distinct.values().for_each(|kind| *tally.kinds.entry(*kind).or_default() += 1);
        (tally, self.suspects)
    }

    fn add(&mut self, secret: &str, kind: Kind, is_marked: bool) {
        if !is_marked {
            let place = self.path.iter().fold(self.part.to_owned(), |path, name| path + "/" + name);
            self.suspects.push(Suspect { place, kind });
        }
        self.secrets.push((secret.to_owned(), kind));
    }

    fn headers(&mut self, headers: &'a Headers) {
        for (name, value) in &headers.0 {
            let found = secrets_in_header(name, value, &|word| self.redactor.known(word));
            for (range, kind) in found {
                self.path.push(name);
                // What carries tokens everywhere is known as such.
                let is_known = ["x-auth-token", "x-subject-token"].iter().any(|own| name.eq_ignore_ascii_case(own));
                self.add(&value[range], kind, is_known);
                self.path.pop();
            }
        }
    }

    fn node(&mut self, node: Node<'a>, place: Place, name: &str) {
        if let Place::Secret(kind) = place {
            return self.whole(node, kind);
        }
        match node {
            Node::Value(Value::Object(map)) => {
                for (key, value) in map {
                    self.text(key, self.marks.get(name, key).is_none());
                    self.field(place, name, key, value.into());
                }
            }
            Node::Object(fields) => fields.iter().for_each(|(key, json)| self.field(place, name, key, json.into())),
            Node::Value(Value::Array(items)) => {
                items.iter().for_each(|item| self.node(item.into(), place.item(item.into()), name));
            }
            Node::Array(items) => {
                items.iter().for_each(|item| self.node(item.into(), place.item(item.into()), name));
            }
            Node::Value(Value::String(text)) => self.text(text, place.is_open()),
            Node::Value(_) => {}
        }
    }

    fn field(&mut self, place: Place, parent: &str, name: &'a str, node: Node<'a>) {
        let own = place.field(self.marks, parent, name, node);
        let is_marked = matches!(own, Place::Secret(_)) && self.marks.get(parent, name) == Some(Mark::Secret);
        let before = self.suspects.len();
        self.path.push(name);
        self.node(node, own, name);
        self.path.pop();
        if is_marked {
            self.suspects.truncate(before);
        }
    }

    fn text(&mut self, text: &str, is_open: bool) {
        let found: Vec<Found> = secrets_in(text, is_open, &|word| self.redactor.known(word));
        for (range, kind) in found {
            self.add(&text[range], kind, false);
        }
    }

    /// A secret of another type than text: all that it holds.
    fn whole(&mut self, node: Node<'a>, kind: Kind) {
        match node {
            Node::Value(Value::String(text)) => self.add(text, kind, false),
            Node::Value(number @ Value::Number(_)) => self.add(&python_repr(number), kind, false),
            Node::Value(Value::Array(items)) => items.iter().for_each(|item| self.whole(item.into(), kind)),
            Node::Value(Value::Object(map)) => {
                map.values().for_each(|value| self.whole(value.into(), kind));
                map.keys().for_each(|key| self.text(key, true));
            }
            _ => {}
        }
    }
}
