//! Looks through an exchange for its secrets.

use serde_json::Value;

use super::fields::{Node, Place, telling_name};
use super::redaction::{secrets_in_header, secrets_in_target};
use super::shape::{Found, secrets_in};
use super::{Kind, Marks, Redactor};
use crate::base::python_repr;
use crate::message::{Body, Headers, Request, Response, percent_decode};

/// The secrets that were found so far.
pub struct Survey<'a> {
    redactor: &'a Redactor,
    marks: &'a Marks,
    secrets: Vec<(String, Kind)>,
}

impl<'a> Survey<'a> {
    pub fn new(redactor: &'a Redactor, marks: &'a Marks) -> Survey<'a> {
        Survey { redactor, marks, secrets: Vec::new() }
    }

    pub fn request(&mut self, request: &'a Request, body: &'a Body) {
        self.headers(&request.headers);
        let target = request.target();
        let found = secrets_in_target(&target, &|word| self.redactor.known(word));
        for (range, kind) in found {
            self.add(&percent_decode(&target[range]), kind);
        }
        if let Body::Json(body) = body {
            self.node(body.into(), Place::of_body(self.marks, body), "");
        }
    }

    pub fn response(&mut self, response: &'a Response) {
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

    fn add(&mut self, secret: &str, kind: Kind) {
        self.secrets.push((secret.to_owned(), kind));
    }

    fn headers(&mut self, headers: &'a Headers) {
        for (name, value) in &headers.0 {
            let found = secrets_in_header(name, value, &|word| self.redactor.known(word));
            for (range, kind) in found {
                self.add(&value[range], kind);
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
                    self.field(place, name, telling_name(map, key), value.into());
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
        self.node(node, place.field(self.marks, parent, name, node), name);
    }

    fn text(&mut self, text: &str, is_open: bool) {
        let known = |word: &str| self.redactor.known(word);
        // The path of a step of a JSON patch.
        let mut found: Vec<Found> = secrets_in(text, is_open, &known);
        if text.starts_with('/') {
            found.extend(secrets_in_target(text, &known));
        }
        for (range, kind) in found {
            self.add(&text[range], kind);
        }
    }

    /// A secret of another type than text: all that it holds.
    fn whole(&mut self, node: Node<'a>, kind: Kind) {
        match node {
            Node::Value(Value::String(text)) => self.add(text, kind),
            Node::Value(number @ Value::Number(_)) => self.add(&python_repr(number), kind),
            Node::Value(Value::Array(items)) => items.iter().for_each(|item| self.whole(item.into(), kind)),
            Node::Value(Value::Object(map)) => {
                map.values().for_each(|value| self.whole(value.into(), kind));
                map.keys().for_each(|key| self.text(key, true));
            }
            _ => {}
        }
    }
}
