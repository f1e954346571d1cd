//! Fields that count as empty where they are absent.

use super::{Map, Value};

static NO_FIELDS: Map = Map::new();

impl Map {
    /// The text in `name`; empty if there is none, or something else.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The items of the list in `name`; none if there is no list.
    pub fn list(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// The object in `name`; one without fields if there is none.
    pub fn object(&self, name: &str) -> &Map {
        self.get(name).and_then(Value::as_object).unwrap_or(&NO_FIELDS)
    }
}

impl Value {
    fn fields(&self) -> &Map {
        self.as_object().unwrap_or(&NO_FIELDS)
    }

    /// As [`Map::text`], of its fields.
    pub fn text(&self, name: &str) -> &str {
        self.fields().text(name)
    }

    /// As [`Map::list`], of its fields.
    pub fn list(&self, name: &str) -> &[Value] {
        self.fields().list(name)
    }

    /// As [`Map::object`], of its fields.
    pub fn object(&self, name: &str) -> &Map {
        self.fields().object(name)
    }
}
