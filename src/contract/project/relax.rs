//! What Nova's relaxed form makes of a body before its code sees it: fields that the schema does not know are gone, and names
//! have no blanks around them (nova/api/validation/validators.py, `normalize_name` of nova/api/openstack/common.py).

use crate::base::Version;
use crate::base::json::{Map, Value};
use crate::contract::schema::{Format, Keyword, Schema, SchemaId, Schemas};

impl Schemas {
    /// `body` as the relaxed form passes it on, by the schema `id`.
    pub fn relaxed(&self, id: SchemaId, body: &Value) -> Value {
        let id = self.get(id).choice().map_or(id, |choice| choice.of(body));
        let schema = self.get(id);
        match body {
            Value::Object(map) => Value::Object(self.relaxed_fields(schema, map)),
            Value::Array(items) => match schema.items_at(Version::LEGACY_V2) {
                Some(form) => items.iter().map(|item| self.relaxed(form, item)).collect(),
                None => body.clone(),
            },
            Value::String(text) if is_name(schema) => Value::from(text.trim()),
            other => other.clone(),
        }
    }

    fn relaxed_fields(&self, schema: &Schema, map: &Map) -> Map {
        let keywords = || schema.keywords_at(Version::LEGACY_V2);
        // Beside patterns it drops nothing.
        let drops =
            schema.patterns.is_empty() && keywords().any(|keyword| matches!(keyword, Keyword::NoAdditionalProperties));
        let field = |(name, value): (&crate::base::json::Name, &Value)| {
            let form = schema.property(name).and_then(|property| property.form_at(Version::LEGACY_V2));
            match form {
                Some(form) => Some((name.clone(), self.relaxed(form, value))),
                None => (!drops).then(|| (name.clone(), value.clone())),
            }
        };
        map.iter().filter_map(field).collect()
    }
}

/// Is it the schema of a name that may have blanks around it?
fn is_name(schema: &Schema) -> bool {
    schema.keywords_at(Version::LEGACY_V2).any(|keyword| matches!(keyword, Keyword::Format(Format::NameWithBlanks)))
}
