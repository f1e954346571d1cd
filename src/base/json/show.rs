//! Gives values to serializers of any format.

use serde::{Serialize, Serializer};

use super::{Map, Name, Number, Value, from_str};

/// The name under which a number is given as it is written. Other formats do not know it, and get what they have for numbers.
pub(super) const AS_WRITTEN: &str = "$mockstack::json::Number";

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(bool) => serializer.serialize_bool(*bool),
            Value::Number(number) => number.serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(items) => serializer.collect_seq(items),
            Value::Object(map) => map.serialize(serializer),
        }
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.digits(), self.as_i64(), self.as_u64()) {
            (Some(digits), ..) => serializer.serialize_newtype_struct(AS_WRITTEN, &Digits(digits)),
            (None, Some(number), _) => serializer.serialize_i64(number),
            (None, None, number) => serializer.serialize_u64(number.unwrap_or_default()),
        }
    }
}

/// A value that was written before, by `Display` of [`Value`] or [`to_string`](super::to_string): it is taken as it is.
///
/// ```
/// use mockstack::base::json::{Written, json, to_string};
/// let list = json!([1, "a"]).to_string();
/// assert_eq!(to_string(&[Written(&list)]).unwrap(), r#"[[1,"a"]]"#);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Written<'t>(pub &'t str);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(AS_WRITTEN, &AsItIs(self.0))
    }
}

/// The text of a value, for our own writer. Others know nothing of that, and get the value.
struct AsItIs<'t>(&'t str);

impl Serialize for AsItIs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            false => serializer.serialize_str(self.0),
            true => from_str::<Value>(self.0).map_err(serde::ser::Error::custom)?.serialize(serializer),
        }
    }
}

/// A number that does not fit into 64 bits.
struct Digits<'n>(&'n str);

impl Serialize for Digits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Digits(digits) = *self;
        match (serializer.is_human_readable(), digits.parse(), digits.parse()) {
            // Our own writer, which says so where it wants the digits; and what is no text anyway.
            (false, ..) => serializer.serialize_str(digits),
            (true, Ok(number), _) => serializer.serialize_i128(number),
            (true, Err(_), Ok(number)) => serializer.serialize_u128(number),
            (true, Err(_), Err(_)) => serializer.serialize_f64(digits.parse().unwrap_or(f64::NAN)),
        }
    }
}
