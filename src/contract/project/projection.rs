//! The response schema as the serializer: a stored resource holds every form of every field, the answer is its
//! projection at a version.

use std::sync::Arc;

use crate::base::json::{Map, Name, Value};
use crate::base::{Place, Version};
use crate::contract::schema::{Keyword, Schema, SchemaId, Schemas};
use crate::message::Base;

/// For whom, when and from where a resource is shown.
#[derive(Clone, Copy, Debug)]
pub struct Projection<'c> {
    /// The schemas of the service.
    pub schemas: &'c Schemas,
    /// The version of the answer.
    pub version: Version,
    /// Does an administrator ask?
    pub admin: bool,
    /// Where links lead.
    pub base: &'c Base<'c>,
}

/// A field that is shown.
type Shown = (Name, Value);

/// The parts of a schema may name the same field: the last one counts. Of the first part all names are new.
fn set(shown: &mut Vec<Shown>, is_first: bool, name: &str, own: impl FnOnce() -> Name, value: Value) {
    let is_it = |(own, _): &&mut Shown| own == name;
    match if is_first { None } else { shown.iter_mut().find(is_it) } {
        Some((_, own)) => *own = value,
        None => shown.push((own(), value)),
    }
}

/// Is a field `name` shown? It is looked for `from` the place after the last one that was found: most lists have one order.
fn is_shown(shown: &[Shown], name: &str, from: &mut usize) -> bool {
    let (before, after) = shown.split_at(*from);
    let place = |fields: &[Shown]| fields.iter().position(|(own, _)| own == name);
    let found = place(after).map(|place| *from + place).or_else(|| place(before));
    *from = found.map_or(*from, |place| place + 1);
    found.is_some()
}

/// A required field that the stored resource does not have: a defect of the cloud or of its fixture.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the stored resource has no {field:?}, which {place} requires")]
pub struct MissingField {
    /// The field.
    pub field: String,
    /// The schema that requires it.
    pub place: Place,
}

impl Projection<'_> {
    /// `stored` as the schema shows it.
    ///
    /// # Errors
    /// A required field is not there.
    pub fn project(&self, id: SchemaId, stored: &Value) -> Result<Value, MissingField> {
        self.shown(self.schemas.get(id), stored)
    }

    fn shown(&self, schema: &Schema, stored: &Value) -> Result<Value, MissingField> {
        if let Some(choice) = schema.choice() {
            let has_field = stored.get(&*choice.field).is_some();
            return self.project(if has_field { choice.with } else { choice.without }, stored);
        }
        match stored {
            Value::Object(fields) => self.object(schema, fields),
            Value::Array(items) => self.array(schema, items),
            leaf => match leaf.as_str().filter(|_| schema.notes.link) {
                Some(link) => Ok(self.base.resolve(link).into()),
                None => Ok(leaf.clone()),
            },
        }
    }

    fn array(&self, schema: &Schema, items: &[Value]) -> Result<Value, MissingField> {
        match self.parts(schema).find_map(|part| part.items_at(self.version)) {
            None => Ok(items.to_vec().into()),
            Some(id) => {
                let schema = self.schemas.get(id);
                items.iter().map(|item| self.shown(schema, item)).collect::<Result<_, _>>().map(Value::Array)
            }
        }
    }

    /// The fields that are shown, in the order of the schema; an object without a list of fields is shown whole.
    fn object(&self, schema: &Schema, stored: &Map) -> Result<Value, MissingField> {
        if self.parts(schema).all(|part| part.properties.is_empty() && part.others_at(self.version).is_none()) {
            return Ok(Value::Object(stored.clone()));
        }
        let mut shown = Vec::with_capacity(schema.properties.len());
        for part in self.parts(schema) {
            self.fields(part, stored, &mut shown)?;
        }
        Ok(Value::Object(Map::of_distinct(shown)))
    }

    fn fields(&self, schema: &Schema, stored: &Map, shown: &mut Vec<Shown>) -> Result<(), MissingField> {
        let is_first = shown.is_empty();
        for property in &schema.properties {
            if let Some(id) = property.form_at(self.version)
                && let Some(value) = self.field(&property.name, id, stored)?
            {
                set(shown, is_first, &property.name, || Arc::clone(&property.name).into(), value);
            }
        }
        self.refuse_missing(schema, shown)?;
        if let Some(id) = schema.others_at(self.version) {
            for (key, value) in stored.iter().filter(|(key, _)| !schema.index.contains_key(key.as_str())) {
                let value = self.project(id, value)?;
                set(shown, is_first, key, || key.clone(), value);
            }
        }
        Ok(())
    }

    fn field(&self, name: &str, id: SchemaId, stored: &Map) -> Result<Option<Value>, MissingField> {
        let schema = self.schemas.get(id);
        let notes = &schema.notes;
        let hidden = notes.admin_only.contains(self.version) && !self.admin;
        let status = || stored.text("status");
        let out_of_state = !notes.shown_while.is_empty() && !notes.shown_while.iter().any(|state| state == status());
        if hidden || out_of_state {
            return Ok(None);
        }
        match stored.get(notes.from.as_deref().unwrap_or(name)) {
            Some(value) => self.shown(schema, value).map(Some),
            None => Ok(notes.default.clone()),
        }
    }

    fn refuse_missing(&self, schema: &Schema, shown: &[Shown]) -> Result<(), MissingField> {
        for keyword in schema.keywords_at(self.version) {
            let Keyword::Required(required) = keyword else { continue };
            let mut from = 0;
            let lacking = required
                .iter()
                .find(|(name, lifetime)| lifetime.contains(self.version) && !is_shown(shown, name, &mut from));
            if let Some((field, _)) = lacking {
                return Err(MissingField { field: field.clone(), place: schema.place.clone() });
            }
        }
        Ok(())
    }

    /// The schema and all that it is composed of at this version, in order.
    fn parts<'s>(&'s self, schema: &'s Schema) -> impl Iterator<Item = &'s Schema> {
        let composed = schema.keywords.iter().filter_map(|(versions, keyword)| match keyword {
            Keyword::AllOf(ids) | Keyword::OneOf(ids) | Keyword::AnyOf(ids) => Some((versions, ids)),
            _ => None,
        });
        let all = composed.flat_map(|(versions, ids)| ids.iter().map(|(lifetime, id)| (*versions & *lifetime, *id)));
        let live = all.filter(|(versions, _)| versions.contains(self.version));
        // Boxed, as it calls itself.
        let within = move |(_, id)| Box::new(self.parts(self.schemas.get(id))) as Box<dyn Iterator<Item = &'s Schema>>;
        std::iter::once(schema).chain(live.flat_map(within))
    }
}
