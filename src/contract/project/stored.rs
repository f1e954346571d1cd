//! What the cloud stores, as a projection reads it: nothing is copied before it is known to be shown.

use crate::base::FieldMap;
use crate::base::json::Value;

/// A stored value, or one that is put together of stored ones for an answer.
#[derive(Clone, Copy, Debug)]
pub enum Stored<'v> {
    /// A stored value, unchanged.
    Value(&'v Value),
    /// Fields for this answer, then those of a resource.
    Fields(&'v [(&'v str, Stored<'v>)], Option<&'v FieldMap>),
    /// A list.
    List(&'v [Stored<'v>]),
    /// A text.
    Text(&'v str),
}

impl<'v> Stored<'v> {
    /// The field `name`.
    pub fn get(self, name: &str) -> Option<Stored<'v>> {
        match self {
            Stored::Value(value) => value.get(name).map(Stored::Value),
            Stored::Fields(first, then) => first
                .iter()
                .find(|(own, _)| *own == name)
                .map(|(_, value)| *value)
                .or_else(|| then?.get(name).map(Stored::Value)),
            Stored::List(_) | Stored::Text(_) => None,
        }
    }

    /// The fields, if it has any.
    pub fn entries(self) -> Box<dyn Iterator<Item = (&'v str, Stored<'v>)> + 'v> {
        match self {
            Stored::Value(Value::Object(map)) => {
                Box::new(map.iter().map(|(key, value)| (key.as_str(), Stored::Value(value))))
            }
            Stored::Fields(first, then) => {
                let is_new = move |(key, _): &(&str, Stored<'v>)| !first.iter().any(|(own, _)| own == key);
                let then = then.into_iter().flat_map(FieldMap::iter).map(|(key, value)| (key, Stored::Value(value)));
                Box::new(first.iter().copied().chain(then.filter(is_new)))
            }
            Stored::Value(_) | Stored::List(_) | Stored::Text(_) => Box::new(std::iter::empty()),
        }
    }

    /// A text, if it is one.
    pub fn as_str(self) -> Option<&'v str> {
        match self {
            Stored::Value(value) => value.as_str(),
            Stored::Text(text) => Some(text),
            _ => None,
        }
    }

    /// All of it.
    pub fn to_value(self) -> Value {
        match self {
            Stored::Value(value) => value.clone(),
            Stored::Fields(..) => {
                Value::Object(self.entries().map(|(key, value)| (key.to_owned(), value.to_value())).collect())
            }
            Stored::List(items) => items.iter().map(|item| item.to_value()).collect(),
            Stored::Text(text) => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;

    #[test]
    fn the_fields_of_an_answer_come_before_those_that_are_stored() {
        let stored: FieldMap = [("id", json!("1")), ("name", json!("old"))].into_iter().collect();
        let new = json!("new");
        let fields = [("name", Stored::Value(&new))];
        let resource = Stored::Fields(&fields, Some(&stored));
        let list = [resource];
        let answer = [("servers", Stored::List(&list))];
        let answer = Stored::Fields(&answer, None);
        assert_eq!(answer.to_value(), json!({"servers": [{"name": "new", "id": "1"}]}));
        assert_eq!(resource.get("name").and_then(Stored::as_str), Some("new"));
        assert_eq!(resource.get("id").and_then(Stored::as_str), Some("1"));
        assert!(resource.get("status").is_none() && answer.get("servers").is_some_and(|list| list.get("id").is_none()));
    }
}
