//! What is done to an answer to make it awkward: a form for each kind of change.

use crate::base::json::{Map, Value};
use crate::base::{Diagnostic, Node, split_origin};
use crate::message::{Query, Response};

/// What is done to an answer.
#[derive(Clone, Debug)]
pub enum Change {
    /// What is at these places has another value.
    Set(Places, Value),
    /// What is at these places is not there.
    Drop(Places),
    /// The objects at these places have more fields.
    Add(Places, Map),
    /// The lists at these places have one more item: like the first, with these values of its fields.
    Append(Places, Map),
    /// The lists and objects at these places are in the opposite order.
    Reverse(Places),
    /// The URLs at these places lead to another host.
    Host(Places, String),
    /// The URLs at these places have another scheme.
    Scheme(Places, String),
    /// There is a page of HTML instead.
    Html,
    /// Lists come in pages of so many items.
    Page(u64),
    /// All objects have their keys in the opposite order.
    ReverseKeys,
    /// The type of the body is told in other words.
    Media(String),
    /// The names of header lines are lower-case.
    LowerCaseHeaders,
}

/// Places in a body, each as steps of which `*` is any.
#[derive(Clone, Debug)]
pub struct Places {
    paths: Vec<Vec<String>>,
    /// Only inside of what has this status.
    status: Option<String>,
}

/// What a proxy answers of its own.
const PAGE: &str = "<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n";

/// What a row says besides its change.
const TEXTS: [&str; 4] = ["summary", "because", "operation", "alone"];

impl Change {
    /// Reads the keys of a row that say what is changed.
    ///
    /// # Errors
    /// There is not exactly one change, or it has another form.
    pub fn read(row: &Node) -> Result<Change, Diagnostic> {
        let kinds =
            ["set", "drop", "add", "append", "reverse", "host", "scheme", "html", "page", "keys", "media", "headers"];
        row.only(&[&TEXTS[..], &kinds, &["at", "while"]].concat())?;
        let mut given = row.entries()?.iter().filter(|(key, ..)| kinds.contains(&key.as_ref()));
        let (Some((kind, _, value)), None) = (given.next(), given.next()) else {
            return Err(row.expected(
                "exactly one of set, drop, add, append, reverse, host, scheme, html, page, keys, media and headers",
            ));
        };
        let fields = || match value.to_json() {
            Value::Object(fields) => Ok(fields),
            _ => Err(value.expected("a mapping of fields")),
        };
        Ok(match kind.as_ref() {
            "set" => Change::Set(Places::read(row)?, value.to_json()),
            "drop" => Change::Drop(Places::read(row)?),
            "add" => Change::Add(Places::read(row)?, fields()?),
            "append" => Change::Append(Places::read(row)?, fields()?),
            "reverse" => Change::Reverse(Places::read(row)?),
            "host" => Change::Host(Places::read(row)?, value.text()?.to_owned()),
            "scheme" => Change::Scheme(Places::read(row)?, value.text()?.to_owned()),
            "html" => Change::Html,
            "page" => Change::Page(value.integer()?),
            "keys" => Change::ReverseKeys,
            "media" => Change::Media(value.text()?.to_owned()),
            _ => Change::LowerCaseHeaders,
        })
    }

    /// Changes `response` to a request with that query; returns whether it is another one then.
    pub fn apply(&self, query: &Query, response: &mut Response) -> bool {
        match self {
            Change::Page(_) => false,
            Change::LowerCaseHeaders => true,
            Change::Html => {
                *response = Response::typed(response.status, PAGE, "text/html");
                true
            }
            Change::Media(media) => {
                let own = response.headers.0.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("Content-Type"));
                let json = own.filter(|(_, value)| value == "application/json");
                json.map(|(_, value)| value.clone_from(media)).is_some()
            }
            in_body => response.body.as_mut().is_some_and(|body| in_body.change(query, body)),
        }
    }

    fn change(&self, query: &Query, body: &mut Value) -> bool {
        match self {
            Change::Set(places, to) => places.each(body, &mut |own, key| match get_mut(own, key) {
                Some(value) if value != to => {
                    *value = to.clone();
                    true
                }
                _ => false,
            }),
            Change::Drop(places) => places.each(body, &mut |own, key| match own {
                Value::Object(map) => map.remove(key).is_some(),
                _ => false,
            }),
            Change::Add(places, fields) => places.each(body, &mut |own, key| match get_mut(own, key) {
                Some(Value::Object(map)) => add(map, fields),
                _ => false,
            }),
            Change::Append(places, fields) => places.each(body, &mut |own, key| match get_mut(own, key) {
                Some(Value::Array(items)) => append(items, fields, query),
                _ => false,
            }),
            Change::Reverse(places) => places.each(body, &mut |own, key| get_mut(own, key).is_some_and(reverse)),
            Change::Host(places, host) => {
                places.each(body, &mut |own, key| get_mut(own, key).is_some_and(|url| lead_to(url, host)))
            }
            Change::Scheme(places, scheme) => {
                places.each(body, &mut |own, key| get_mut(own, key).is_some_and(|url| lead_by(url, scheme)))
            }
            Change::ReverseKeys => reverse_keys(body),
            Change::Html | Change::Page(_) | Change::Media(_) | Change::LowerCaseHeaders => false,
        }
    }
}

fn get_mut<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(map) => map.get_mut(key),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    }
}

fn add(map: &mut Map, fields: &Map) -> bool {
    let before = map.len();
    for (name, value) in fields {
        map.get_or_insert_with(name.clone(), || value.clone());
    }
    map.len() > before
}

/// Adds an item like the first, with the values of those `fields` that it has; unless the query asks for others.
fn append(items: &mut Vec<Value>, fields: &Map, query: &Query) -> bool {
    let Some(Value::Object(first)) = items.first() else { return false };
    let mut item = first.clone();
    for (name, value) in fields.iter().filter(|(name, _)| first.contains_key(name.as_str())) {
        item.insert(name.clone(), value.clone());
    }
    let is_asked_for = query.0.iter().all(|(name, value)| passes(&item, name, value));
    if is_asked_for {
        items.push(Value::Object(item));
    }
    is_asked_for
}

/// Does the item pass what a parameter asks for, as far as its fields tell?
fn passes(item: &Map, name: &str, value: &str) -> bool {
    const NO_FILTERS: [&str; 6] = ["limit", "marker", "sort", "sort_key", "sort_dir", "all_tenants"];
    NO_FILTERS.contains(&name) || item.get(name).and_then(Value::as_str) == Some(value)
}

fn reverse(value: &mut Value) -> bool {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.len() > 1
        }
        _ => false,
    }
}

/// Has `url` lead to another host.
fn lead_to(url: &mut Value, host: &str) -> bool {
    let path = url.as_str().filter(|text| text.contains("://")).map(|text| split_origin(text).1.to_owned());
    let led = path.map(|path| format!("http://{host}{path}").into());
    led.map(|led| *url = led).is_some()
}

/// Has `url` another scheme.
fn lead_by(url: &mut Value, scheme: &str) -> bool {
    let rest = url.as_str().and_then(|text| text.split_once("://")).map(|(_, rest)| rest.to_owned());
    let led = rest.map(|rest| format!("{scheme}://{rest}").into());
    led.map(|led| *url = led).is_some()
}

/// Turns the keys of all objects around.
fn reverse_keys(value: &mut Value) -> bool {
    match value {
        Value::Object(map) => {
            let mut changed = map.len() > 1;
            let mut entries: Vec<_> = map.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            entries.iter_mut().for_each(|(_, value)| changed |= reverse_keys(value));
            entries.reverse();
            *map = Map::of_distinct(entries);
            changed
        }
        Value::Array(items) => {
            let mut changed = false;
            items.iter_mut().for_each(|item| changed |= reverse_keys(item));
            changed
        }
        _ => false,
    }
}

impl Places {
    fn read(row: &Node) -> Result<Places, Diagnostic> {
        let path = |node: &Node| match node.text()?.strip_prefix('/') {
            Some(path) => Ok(path.split('/').map(|step| step.replace("~1", "/")).collect()),
            None => Err(node.expected("a JSON pointer in which `*` is any step, such as /servers/*/image")),
        };
        let paths = row.required("at")?.items()?.iter().map(path).collect::<Result<_, _>>()?;
        Ok(Places { paths, status: row.optional("while")? })
    }

    /// Calls `change` for each of the places, with what it is in and its key there; returns whether one of them changed.
    fn each(&self, body: &mut Value, change: &mut dyn FnMut(&mut Value, &str) -> bool) -> bool {
        let mut changed = false;
        for path in &self.paths {
            changed |= self.below(body, path, self.status.is_none(), change);
        }
        changed
    }

    /// The same below `value`; `is_meant`: what has the status was passed.
    fn below(
        &self,
        value: &mut Value,
        path: &[String],
        is_meant: bool,
        change: &mut dyn FnMut(&mut Value, &str) -> bool,
    ) -> bool {
        let Some((step, rest)) = path.split_first() else { return false };
        let status = value.get("status").and_then(Value::as_str);
        let is_meant = is_meant || status.is_some_and(|status| self.status.as_deref() == Some(status));
        let keys: Vec<String> = match value {
            Value::Object(map) if step == "*" => map.keys().map(|key| key.as_str().to_owned()).collect(),
            Value::Array(items) if step == "*" => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => vec![step.clone()],
        };
        let mut changed = false;
        for key in keys {
            changed |= match rest {
                [] => is_meant && change(value, &key),
                rest => get_mut(value, &key).is_some_and(|inner| self.below(inner, rest, is_meant, change)),
            };
        }
        changed
    }
}
