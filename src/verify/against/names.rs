//! The counterparts in another cloud of the ids and names of a recording.

use foldhash::{HashMap, HashSet};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::cloud::inner;
use crate::base::json::{Map, Value};
use crate::contract::{Operation, PathSegment};
use crate::message::percent_decode;

/// The counterparts in another cloud of the ids and names of a recording.
#[derive(Clone, Debug, Default)]
pub struct Names {
    ids: HashMap<String, String>,
    names: HashMap<String, String>,
    /// Ids of what the recording shows as made, and the run did not make.
    unmade: HashSet<String>,
}

/// Not encoded in a segment of a path or a value of a query.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

impl Names {
    /// `recorded` is `real` here.
    pub fn put_id(&mut self, recorded: &str, real: &str) {
        self.ids.insert(recorded.to_owned(), real.to_owned());
    }

    /// What was called `recorded` is called `real` here.
    pub fn put_name(&mut self, recorded: &str, real: &str) {
        self.names.insert(recorded.to_owned(), real.to_owned());
    }

    /// The resource in `recorded` was not created here.
    pub fn put_unmade(&mut self, recorded: &Value) {
        match recorded {
            Value::String(text) if is_id(text) && !self.ids.contains_key(text) => {
                self.unmade.insert(text.clone());
            }
            Value::Array(items) => items.iter().for_each(|item| self.put_unmade(item)),
            Value::Object(map) => map.values().for_each(|item| self.put_unmade(item)),
            _ => {}
        }
    }

    /// Is it the id of something that was not requested here?
    pub fn is_unmade(&self, id: &str) -> bool {
        self.unmade.contains(id)
    }

    /// Learns from two answers to one request which ids correspond. Items of a list are paired by id, by name, or because there
    /// is only one.
    pub fn learn(&mut self, recorded: &Value, real: &Value) {
        self.pair("", recorded, real);
    }

    fn pair(&mut self, key: &str, recorded: &Value, real: &Value) {
        match (recorded, real) {
            (Value::Object(own), Value::Object(other)) => {
                for (key, value) in own {
                    if let Some(real) = other.get(key) {
                        self.pair(key, value, real);
                    }
                }
            }
            (Value::Array(own), Value::Array(other)) => {
                for item in own {
                    let alone = || other.first().filter(|_| own.len() == 1 && other.len() == 1);
                    if let Some(real) = other.iter().find(|real| self.are_one(item, real)).or_else(alone) {
                        self.pair(key, item, real);
                    }
                }
            }
            (Value::String(own), Value::String(other)) if holds_id(key) || is_id(own) => {
                self.ids.entry(own.clone()).or_insert_with(|| other.clone());
            }
            _ => {}
        }
    }

    /// Do two items of lists tell of one resource?
    fn are_one(&self, recorded: &Value, real: &Value) -> bool {
        // Key pairs are wrapped each.
        let (recorded, real) = (inner(recorded), inner(real));
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let same = |key: &str, own: &HashMap<String, String>| match (text(recorded, key), text(real, key)) {
            (Some(recorded), Some(real)) => Some(own.get(&recorded).unwrap_or(&recorded) == &real),
            _ => None,
        };
        same("id", &self.ids).filter(|same| *same).or_else(|| same("name", &self.names)).unwrap_or(false)
    }

    /// What stands for `text` where an id or a name is expected.
    fn named<'t>(&'t self, text: &'t str) -> &'t str {
        self.ids.get(text).or_else(|| self.names.get(text)).map_or(text, String::as_str)
    }

    /// What stands for a text that stands below `key` in a body.
    fn text<'t>(&'t self, key: &str, text: &'t str) -> &'t str {
        let id = self.ids.get(text).filter(|_| holds_id(key) || is_id(text));
        id.or_else(|| self.names.get(text)).map_or(text, String::as_str)
    }

    /// The body with its ids and names replaced.
    pub fn body(&self, body: &Value) -> Value {
        self.below("", body)
    }

    fn below(&self, key: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(key, text).into(),
            Value::Array(items) => items.iter().map(|item| self.below(key, item)).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), self.below(key, value))).collect(),
            other => other.clone(),
        }
    }

    /// The target with the ids and names replaced in the places that `operation` has for them.
    pub fn target(&self, operation: &Operation, target: &str) -> String {
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let segment = |(row, text): (Option<&PathSegment>, &str)| {
            let decoded = percent_decode(text);
            match row {
                Some(PathSegment::Parameter(_)) => encoded(self.named(&decoded)),
                // The project before the resource.
                None if is_id(&decoded) => encoded(self.named(&decoded)),
                _ => text.to_owned(),
            }
        };
        let path = segments(operation, path).map(segment).collect::<Vec<_>>().join("/");
        match query {
            None => path,
            Some(query) => format!(
                "{path}?{}",
                query.split('&').map(|pair| self.pair_of_query(pair)).collect::<Vec<_>>().join("&")
            ),
        }
    }

    fn pair_of_query(&self, pair: &str) -> String {
        let Some((key, value)) = pair.split_once('=') else { return pair.to_owned() };
        let text = percent_decode(value);
        match self.text(key, &text) {
            same if same == text => pair.to_owned(),
            real => format!("{key}={}", encoded(real)),
        }
    }

    /// An id in the places for ids of a request whose counterpart here is unknown.
    pub fn unknown(&self, operation: &Operation, target: &str, body: &Value) -> Option<String> {
        let in_path = segments(operation, path_of(target))
            .filter(|(row, _)| !matches!(row, Some(PathSegment::Fixed(_))))
            .map(|(_, text)| percent_decode(text))
            .find(|text| self.is_unknown(text));
        in_path.or_else(|| self.unknown_below(body))
    }

    fn unknown_below(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => self.is_unknown(text).then(|| text.clone()),
            Value::Array(items) => items.iter().find_map(|item| self.unknown_below(item)),
            Value::Object(map) => map.values().find_map(|item| self.unknown_below(item)),
            _ => None,
        }
    }

    fn is_unknown(&self, text: &str) -> bool {
        is_id(text) && !self.ids.contains_key(text)
    }

    /// Does the path lead only to what `is_own`? The project before the resource does not count.
    pub fn leads_to(&self, operation: &Operation, target: &str, is_own: impl Fn(&str) -> bool) -> bool {
        let mut parameters =
            segments(operation, path_of(target)).filter(|(row, _)| matches!(row, Some(PathSegment::Parameter(_))));
        // What stands further down belongs to the first.
        parameters.next().is_none_or(|(_, first)| is_own(self.named(&percent_decode(first))))
    }
}

/// A target without its query.
fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

/// The segments of `path`, each with that of the row of `operation` at its place; those before it, a project too, have none.
fn segments<'t>(operation: &'t Operation, path: &'t str) -> impl Iterator<Item = (Option<&'t PathSegment>, &'t str)> {
    let before = path.split('/').count().saturating_sub(operation.path.len());
    let row = move |place: usize| place.checked_sub(before).and_then(|place| operation.path.get(place));
    path.split('/').enumerate().map(move |(place, text)| (row(place), text))
}

/// Gives what a body makes the name that `name` makes of its own.
pub fn rename(body: &mut Value, name: &mut impl FnMut(Option<&str>) -> String) {
    match body {
        Value::Object(map) => rename_in(map, name),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, name)),
        _ => {}
    }
}

fn rename_in(map: &mut Map, name: &mut impl FnMut(Option<&str>) -> String) {
    // `{"server": {…}, "os:scheduler_hints": {…}}`: the first is what is made.
    let is_bare = map.contains_key("name") || !map.values().any(|value| value.is_object() || value.is_array());
    match map.values_mut().find(|value| !is_bare && (value.is_object() || value.is_array())) {
        Some(Value::Object(inner)) => put_name(inner, name),
        Some(list) => list
            .as_array_mut()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
            .for_each(|item| put_name(item, name)),
        None => put_name(map, name),
    }
}

fn put_name(map: &mut Map, name: &mut impl FnMut(Option<&str>) -> String) {
    let new = name(map.get("name").and_then(Value::as_str));
    map.insert("name", new.into());
}

/// Is it a key below which an id stands, whatever the id looks like?
fn holds_id(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["id", "uuid", "ref"].iter().any(|end| key.ends_with(end))
}

/// Is it a UUID, with dashes or without?
pub fn is_id(text: &str) -> bool {
    matches!(text.len(), 32 | 36) && uuid::Uuid::try_parse(text).is_ok()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
}
