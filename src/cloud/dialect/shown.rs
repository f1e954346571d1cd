//! Filters that compare a field as answers show it.

use crate::base::json::{Map, Value};
use crate::base::truth;

/// Has the field `name` the value? A field that the resource does not have narrows nothing.
pub fn field_passes(shown: &Map, name: &str, value: &str) -> bool {
    shown.get(name).is_none_or(|own| is(own, value))
}

/// The same for any of several values.
pub fn any_passes(shown: &Map, name: &str, values: &[&str]) -> bool {
    values.iter().any(|value| field_passes(shown, name, value))
}

/// Have the tags of `shown` what one of the four filters of tags asks for? `None`: it is none of these.
pub fn tags_pass(shown: &Map, name: &str, value: &str) -> Option<bool> {
    let own = shown.get("tags").and_then(Value::as_array);
    let has = |tag: &str| own.is_some_and(|own| own.iter().any(|known| known == tag));
    let mut wanted = value.split(',');
    Some(match name {
        "tags" => wanted.all(has),
        "tags-any" => wanted.any(has),
        "not-tags" => !wanted.all(has),
        "not-tags-any" => !wanted.any(has),
        _ => return None,
    })
}

/// Is `own` what a query spells as `value`?
pub fn is(own: &Value, value: &str) -> bool {
    match own {
        Value::String(text) => text == value,
        Value::Bool(bool) => truth(value) == Some(*bool),
        Value::Null => value.is_empty(),
        other => *other == crate::base::json::from_str::<Value>(value).unwrap_or(Value::Null),
    }
}
