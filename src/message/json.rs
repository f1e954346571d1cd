//! JSON that is put together to be written once.

use std::sync::Arc;

use crate::base::json::Value;
use serde::{Serialize, Serializer};

/// A JSON value whose objects are lists of fields: cheaper to make than maps, where nobody looks anything up.
#[derive(Clone, Debug)]
pub enum Json {
    /// A value that was there already.
    Value(Value),
    /// A list.
    Array(Vec<Json>),
    /// Fields in order; no two have the same name.
    Object(Vec<(Arc<str>, Json)>),
}

impl Json {
    /// The same as a value.
    pub fn into_value(self) -> Value {
        match self {
            Json::Value(value) => value,
            Json::Array(items) => items.into_iter().map(Json::into_value).collect(),
            Json::Object(fields) => {
                fields.into_iter().map(|(name, value)| (name.as_ref().to_owned(), value.into_value())).collect()
            }
        }
    }

    /// A copy as a value.
    pub fn to_value(&self) -> Value {
        self.clone().into_value()
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Json {
        Json::Value(value)
    }
}

/// Equal where it is written alike.
impl PartialEq for Json {
    fn eq(&self, other: &Json) -> bool {
        self.to_value() == other.to_value()
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Value(value) => value.serialize(serializer),
            Json::Array(items) => serializer.collect_seq(items),
            Json::Object(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name.as_ref(), value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;

    #[test]
    fn it_is_written_as_the_value_that_it_stands_for() {
        let list = Json::Array(vec![json!({"rel": "self"}).into(), Json::Object(vec![("n".into(), json!(1).into())])]);
        let whole = Json::Object(vec![("links".into(), list), ("id".into(), json!("1").into())]);
        let expected = json!({"links": [{"rel": "self"}, {"n": 1}], "id": "1"});
        assert_eq!(crate::base::json::to_string(&whole).unwrap(), expected.to_string());
        assert_eq!(whole.to_value(), expected);
        assert_eq!(whole, Json::from(expected));
    }
}
