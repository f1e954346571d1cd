//! Numbers as Python sees them.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use foldhash::HashSet;

use crate::base::json::{Number, Value};

/// Is it an integer to Python's jsonschema? 1.0 and 1e20 are, infinity is not.
pub fn is_integer(number: &Number) -> bool {
    !number.is_f64() || number.as_f64().is_some_and(|float| float.is_finite() && float.fract() == 0.0)
}

/// The number that `value` is or spells: Nova compares texts like `"10"` with `minimum` and `maximum` too.
pub fn number_of(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => python_number(text),
        _ => None,
    }
}

/// What `int(text)`, or failing that `float(text)`, gives.
fn python_number(text: &str) -> Option<Number> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        let digits = digits.trim_start_matches('0');
        let sign = if text.starts_with('-') && !digits.is_empty() { "-" } else { "" };
        return format!("{sign}{}", if digits.is_empty() { "0" } else { digits }).parse().ok();
    }
    let numeric = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    numeric.then(|| text.parse::<f64>().ok()).flatten().and_then(Number::from_f64)
}

/// Compares by value; integers beyond 64 bits by their digits.
pub fn compare(a: &Number, b: &Number) -> Ordering {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        return a.cmp(&b);
    }
    float(a).partial_cmp(&float(b)).unwrap_or(Ordering::Equal)
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

/// Equality as jsonschema has it: 1 equals 1.0, but neither equals `true`.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare(a, b) == Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => a == b,
    }
}

/// A value that equals another as [`equal`] has it.
#[derive(Clone, Copy, Debug)]
pub struct Equal<'v>(pub &'v Value);

impl PartialEq for Equal<'_> {
    fn eq(&self, other: &Self) -> bool {
        equal(self.0, other.0)
    }
}

impl Eq for Equal<'_> {}

impl Hash for Equal<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self.0).hash(state);
        match self.0 {
            // Equal integers are equal floats too; the sum makes one of both zeros.
            Value::Number(number) => (float(number) + 0.0).to_bits().hash(state),
            Value::Array(items) => items.iter().for_each(|item| Equal(item).hash(state)),
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().map(|(key, value)| (key, Equal(value))).collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                entries.hash(state);
            }
            Value::String(text) => text.hash(state),
            Value::Bool(truth) => truth.hash(state),
            Value::Null => {}
        }
    }
}

/// The first item that equals one before it.
pub fn first_repeated(items: &[Value]) -> Option<&Value> {
    let mut seen = HashSet::default();
    items.iter().find(|item| !seen.insert(Equal(item)))
}

/// The items without those that equal one before them: a set, in the order in which it was given.
pub fn distinct(items: &[Value]) -> Vec<Value> {
    let mut seen = HashSet::default();
    items.iter().filter(|item| seen.insert(Equal(item))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;

    #[test]
    fn texts_count_as_the_numbers_they_spell() {
        let text = |t: &str| number_of(&json!(t)).map(|n| n.to_string());
        assert_eq!(text("007"), Some("7".into()));
        assert_eq!(text("-0"), Some("0".into()));
        assert_eq!(text("1.5"), Some("1.5".into()));
        assert_eq!(text("x"), None);
        assert_eq!(text(""), None);
        assert_eq!(text("99999999999999999999999"), Some("99999999999999999999999".into()));
    }

    #[test]
    fn integers_are_those_of_python() {
        let integer = |json: &str| is_integer(&json.parse::<Number>().unwrap());
        assert!(integer("1") && integer("1.0") && integer("1e20") && integer("100000000000000000000"));
        assert!(!integer("1.5") && !integer("1e999"));
        assert!(equal(&json!(1), &json!(1.0)) && !equal(&json!(1), &json!(true)));
    }

    #[test]
    fn equal_values_are_one_in_a_set() {
        let texts = [r#"[1, {"a": 0, "b": -1.0}]"#, r#"[1.0, {"b": -1, "a": -0.0}]"#, r#"[true, {"a": 0, "b": -1}]"#];
        let values = texts.map(|text| text.parse::<Value>().unwrap());
        let set: std::collections::HashSet<Equal<'_>> = values.iter().map(Equal).collect();
        assert_eq!(set.len(), 2);
    }
}
