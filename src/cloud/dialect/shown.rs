//! Filters that compare a field as answers show it.

use crate::base::json::{Map, Value};
use crate::base::truth;

/// Has the field `name` the value? A field that the resource does not have narrows nothing.
pub fn field_passes(shown: &Map, name: &str, value: &str) -> bool {
    shown.get(name).is_none_or(|own| is(own, value))
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
