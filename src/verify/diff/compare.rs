//! Where two values differ.

use std::collections::BTreeSet;

use super::forms::Ids;
use crate::base::json::{Name, Value};
use crate::base::python_repr;

/// The longest value that is told, in characters.
const LONGEST: usize = 60;

/// A place at which two documents differ, and what each has there; `None` if it has nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A JSON pointer.
    pub pointer: String,
    /// What the first has.
    pub a: Option<String>,
    /// What the second has.
    pub b: Option<String>,
}

/// Compares documents, and learns which id is which.
#[derive(Debug)]
pub struct Comparison<'i> {
    ids: &'i mut Ids,
    pointer: String,
    places: Vec<Place>,
}

/// Where `a` and `b` differ.
pub fn compare(ids: &mut Ids, a: Option<&Value>, b: Option<&Value>) -> Vec<Place> {
    let mut comparison = Comparison { ids, pointer: String::new(), places: Vec::new() };
    comparison.values(a, b);
    comparison.places
}

impl Comparison<'_> {
    fn values(&mut self, a: Option<&Value>, b: Option<&Value>) {
        match (a, b) {
            (Some(Value::Object(one)), Some(Value::Object(other))) => {
                let keys: Vec<&Name> = one.keys().chain(other.keys().filter(|key| !one.contains_key(key))).collect();
                keys.into_iter().for_each(|key| self.below(key, one.get(key), other.get(key)));
            }
            (Some(Value::Array(one)), Some(Value::Array(other))) => self.lists(one, other),
            (Some(Value::String(one)), Some(Value::String(other))) => {
                if !self.ids.same(one, other) {
                    self.differ(a, b);
                }
            }
            (a, b) if a == b => {}
            (a, b) => self.differ(a, b),
        }
    }

    /// Lists of what has names are compared by name, as clouds list in any order; others by place.
    fn lists(&mut self, one: &[Value], other: &[Value]) {
        match names(one).zip(names(other)) {
            Some((own, others)) => {
                let find = |list: &'_ [Value], name: &str| list.iter().position(|item| name_of(item) == Some(name));
                for name in own.union(&others) {
                    let (a, b) = (find(one, name), find(other, name));
                    let place = a.or(b).unwrap_or_default().to_string();
                    self.below(&place, a.map(|at| &one[at]), b.map(|at| &other[at]));
                }
            }
            None => {
                for place in 0..one.len().max(other.len()) {
                    self.below(&place.to_string(), one.get(place), other.get(place));
                }
            }
        }
    }

    fn below(&mut self, key: &str, a: Option<&Value>, b: Option<&Value>) {
        let parent = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        self.values(a, b);
        self.pointer.truncate(parent);
    }

    fn differ(&mut self, a: Option<&Value>, b: Option<&Value>) {
        let both = a.zip(b).filter(|(a, b)| kind(a) != kind(b));
        let (a, b) = match both {
            // What of another type it is does not matter then.
            Some((a, b)) => (Some(kind(a).to_owned()), Some(kind(b).to_owned())),
            None => (a.map(told), b.map(told)),
        };
        self.places.push(Place { pointer: self.pointer.clone(), a, b });
    }
}

/// The name of an item: what people call it, or what it is in its kind.
fn name_of(item: &Value) -> Option<&str> {
    ["name", "rel"].iter().find_map(|key| item.get(key)).and_then(Value::as_str)
}

/// The names of the items, if each has one of its own.
fn names(list: &[Value]) -> Option<BTreeSet<&str>> {
    let names: BTreeSet<&str> = list.iter().filter_map(name_of).collect();
    (names.len() == list.len()).then_some(names)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// The start of a long value.
fn told(value: &Value) -> String {
    let text = python_repr(value);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    #[test]
    fn differences_are_told_by_their_pointers() {
        let a = json!({"server": {"name": "vm1", "ram": 1, "tags": ["x"], "nets": [{"name": "n1", "mtu": 1}, {"name": "n2"}]}});
        let b = json!({"server": {"name": "vm2", "ram": "1", "tags": ["x", "y"], "nets": [{"name": "n2"}, {"name": "n1", "mtu": 2}], "new": null}});
        let found = compare(&mut Ids::default(), Some(&a), Some(&b));
        let told: Vec<String> = found
            .iter()
            .map(|place| {
                format!("{} {} {}", place.pointer, place.a.as_deref().unwrap_or("-"), place.b.as_deref().unwrap_or("-"))
            })
            .collect();
        assert_eq!(
            told,
            [
                "/server/name 'vm1' 'vm2'",
                "/server/ram integer text",
                "/server/tags/1 - 'y'",
                "/server/nets/0/mtu 1 2",
                "/server/new - None"
            ]
        );
    }
}
