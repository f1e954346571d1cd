//! What a document may have at a version: every named field below a schema, and the limits of its values.

use std::collections::BTreeMap;

use super::number::{compare, number_of};
use super::schema::{Keyword, Schema, SchemaId};
use super::schemas::Schemas;
use crate::base::json::Value;
use crate::base::{Version, Versions};

/// A field, or the items of a list, in any document that a schema describes.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Has it a name of its own? Items and fields of any name have none.
    pub is_named: bool,
    /// The versions in which it exists.
    pub lifetime: Versions,
    /// Its limits, by their texts: `maxLength 255`.
    pub limits: BTreeMap<String, Limit>,
}

impl Default for Reached {
    fn default() -> Reached {
        Reached { is_named: false, lifetime: Versions::NONE, limits: BTreeMap::new() }
    }
}

/// A limit of a value.
#[derive(Clone, Debug)]
pub enum Limit {
    /// So many characters, items or fields.
    Count(u64),
    /// That number.
    Number(Value),
}

impl Limit {
    /// Is `value` exactly at the limit?
    pub fn is_reached_by(&self, value: &Value) -> bool {
        match (self, value) {
            (Limit::Count(count), Value::String(text)) => text.chars().count() as u64 == *count,
            (Limit::Count(count), Value::Array(items)) => items.len() as u64 == *count,
            (Limit::Count(count), Value::Object(map)) => map.len() as u64 == *count,
            (Limit::Number(limit), value) => number_of(value).is_some_and(|number| {
                number_of(limit).is_some_and(|limit| compare(&number, &limit) == std::cmp::Ordering::Equal)
            }),
            _ => false,
        }
    }
}

impl Schemas {
    /// What a document of the schema `id` may have at `version`, by pointers in which `*` stands for items and for any name; the
    /// parameters of a query are `?limit`.
    pub fn reach(&self, id: SchemaId, version: Version, is_query: bool) -> BTreeMap<String, Reached> {
        let mut walk = Walk { schemas: self, version, is_query, open: Vec::new(), found: BTreeMap::new() };
        walk.schema(id, "");
        walk.found
    }
}

struct Walk<'s> {
    schemas: &'s Schemas,
    version: Version,
    is_query: bool,
    /// The schemas on the way, as some contain themselves.
    open: Vec<SchemaId>,
    found: BTreeMap<String, Reached>,
}

impl<'s> Walk<'s> {
    fn schema(&mut self, id: SchemaId, at: &str) {
        if self.open.contains(&id) {
            return;
        }
        self.open.push(id);
        let schema: &'s Schema = self.schemas.get(id);
        schema.keywords_at(self.version).for_each(|keyword| self.keyword(keyword, at));
        for property in &schema.properties {
            let Some(form) = property.form_at(self.version) else { continue };
            let child = if self.is_query { format!("?{}", property.name) } else { format!("{at}/{}", property.name) };
            let own = self.found.entry(child.clone()).or_default();
            (own.is_named, own.lifetime) = (true, own.lifetime | property.lifetime);
            self.schema(form, &child);
        }
        schema.patterns.iter().for_each(|(_, form)| self.inner(*form, at));
        self.open.pop();
    }

    fn keyword(&mut self, keyword: &Keyword, at: &str) {
        match keyword {
            Keyword::Items(id) | Keyword::AdditionalProperties(id) => self.inner(*id, at),
            Keyword::PrefixItems(all) => self.living(all).for_each(|id| self.inner(id, at)),
            Keyword::OneOf(all) | Keyword::AnyOf(all) | Keyword::AllOf(all) => {
                self.living(all).for_each(|id| self.schema(id, at));
            }
            Keyword::Choice(choice) => [choice.with, choice.without].into_iter().for_each(|id| self.schema(id, at)),
            other => self.limit(other, at),
        }
    }

    fn living(&self, all: &[(Versions, SchemaId)]) -> impl Iterator<Item = SchemaId> + use<> {
        let living: Vec<SchemaId> =
            all.iter().filter(|(versions, _)| versions.contains(self.version)).map(|(_, id)| *id).collect();
        living.into_iter()
    }

    /// Items, or fields of any name. A parameter of a query is a list of its values.
    fn inner(&mut self, id: SchemaId, at: &str) {
        match self.is_query {
            true if at.is_empty() => {}
            true => self.schema(id, at),
            false => self.schema(id, &format!("{at}/*")),
        }
    }

    fn limit(&mut self, keyword: &Keyword, at: &str) {
        let (name, limit) = match keyword {
            Keyword::MinLength(count) => ("minLength", Limit::Count(*count)),
            Keyword::MaxLength(count) => ("maxLength", Limit::Count(*count)),
            Keyword::MinItems(count) => ("minItems", Limit::Count(*count)),
            Keyword::MaxItems(count) => ("maxItems", Limit::Count(*count)),
            Keyword::MaxProperties(count) => ("maxProperties", Limit::Count(*count)),
            Keyword::Minimum(number) => ("minimum", Limit::Number(number.clone())),
            Keyword::Maximum(number) => ("maximum", Limit::Number(number.clone())),
            _ => return,
        };
        let told = match &limit {
            Limit::Count(count) => format!("{name} {count}"),
            Limit::Number(number) => format!("{name} {number}"),
        };
        self.found.entry(at.to_owned()).or_default().limits.insert(told, limit);
    }
}
