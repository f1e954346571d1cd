//! JSON values derived from others.

use super::{Map, Name, Value};

/// `value` with `change` made to each of its texts; keys stay.
pub fn with_texts(value: &Value, change: &mut impl FnMut(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(items) => items.iter().map(|item| with_texts(item, change)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), with_texts(value, change))).collect(),
        other => other.clone(),
    }
}

/// `value` with the keys of its objects in order.
pub fn with_sorted_keys(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(&Name, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let sorted = entries.into_iter().map(|(key, value)| (key.clone(), with_sorted_keys(value)));
            Value::Object(sorted.collect::<Map>())
        }
        Value::Array(items) => items.iter().map(with_sorted_keys).collect(),
        other => other.clone(),
    }
}
