//! The schema of one version alone, as plain JSON Schema: for the reader, and for the law that holds the walk against it.

use super::schema::{Choice, JsonType, Keyword, Schema, SchemaId};
use super::schemas::Schemas;
use crate::base::json::{Map, Value, json};
use crate::base::{Version, Versions};

/// The schema at `id` without everything that is not of `version`. References are expanded, except one to an enclosing
/// schema: that would never end. In `legacy_v2` unknown fields are allowed, as Nova drops them.
pub fn prune(schemas: &Schemas, id: SchemaId, version: Version) -> Value {
    Prune { schemas, version, above: &Above { id: None, above: None } }.schema(id)
}

/// The schemas that are being written out around this one.
struct Above<'a> {
    id: Option<SchemaId>,
    above: Option<&'a Above<'a>>,
}

impl Above<'_> {
    fn holds(&self, id: SchemaId) -> bool {
        self.id == Some(id) || self.above.is_some_and(|above| above.holds(id))
    }
}

#[derive(Clone, Copy)]
struct Prune<'a> {
    schemas: &'a Schemas,
    version: Version,
    above: &'a Above<'a>,
}

impl Prune<'_> {
    fn schema(self, id: SchemaId) -> Value {
        if self.above.holds(id) {
            return json!({"$comment": "the enclosing schema"});
        }
        let (schema, above) = (self.schemas.get(id), Above { id: Some(id), above: Some(self.above) });
        let mut pruned = Map::new();
        for (versions, keyword) in schema.keywords.iter().filter(|(versions, _)| versions.contains(self.version)) {
            debug_assert!(!versions.is_empty());
            write_keyword(Prune { above: &above, ..self }, schema, keyword, &mut pruned);
        }
        Value::Object(pruned)
    }
}

fn write_keyword(prune: Prune<'_>, schema: &Schema, keyword: &Keyword, out: &mut Map) {
    let version = prune.version;
    let sub = |id: &SchemaId| prune.schema(*id);
    let (name, value) = match keyword {
        Keyword::Type(types) => ("type", type_names(types)),
        Keyword::Properties => ("properties", properties(prune, schema)),
        Keyword::PatternProperties => {
            let all = schema.patterns.iter().map(|(pattern, id)| (pattern.source.clone(), sub(id)));
            ("patternProperties", Value::Object(all.collect()))
        }
        Keyword::NoAdditionalProperties if version == Version::LEGACY_V2 => return,
        Keyword::NoAdditionalProperties => ("additionalProperties", Value::Bool(false)),
        Keyword::AdditionalProperties(id) => ("additionalProperties", sub(id)),
        Keyword::Required(names) => {
            let live = names
                .iter()
                .filter(|(_, lifetime)| lifetime.contains(version))
                .map(|(name, _)| Value::from(name.as_str()));
            ("required", live.collect())
        }
        Keyword::Items(id) => ("items", sub(id)),
        Keyword::PrefixItems(first) => ("prefixItems", alternatives(prune, first)),
        Keyword::Enum(values) => {
            let live = values.iter().filter(|(_, lifetime)| lifetime.contains(version)).map(|(value, _)| value.clone());
            ("enum", live.collect())
        }
        Keyword::OneOf(all) => ("oneOf", alternatives(prune, all)),
        Keyword::AnyOf(all) => ("anyOf", alternatives(prune, all)),
        Keyword::AllOf(all) => ("allOf", alternatives(prune, all)),
        Keyword::Choice(Choice { field, with, without }) => {
            out.insert("if", json!({"type": "object", "required": [**field]}));
            out.insert("then", sub(with));
            ("else", sub(without))
        }
        _ => match scalar_argument(keyword) {
            Some(said) => said,
            None => return,
        },
    };
    out.insert(name.to_owned(), value);
}

/// The name and the argument of a keyword that limits one value and looks at nothing below it.
pub fn scalar_argument(keyword: &Keyword) -> Option<(&'static str, Value)> {
    Some(match keyword {
        Keyword::MinItems(n) => ("minItems", json!(n)),
        Keyword::MaxItems(n) => ("maxItems", json!(n)),
        Keyword::UniqueItems => ("uniqueItems", Value::Bool(true)),
        Keyword::MinProperties(n) => ("minProperties", json!(n)),
        Keyword::MaxProperties(n) => ("maxProperties", json!(n)),
        Keyword::MinLength(n) => ("minLength", json!(n)),
        Keyword::MaxLength(n) => ("maxLength", json!(n)),
        Keyword::Pattern(pattern) => ("pattern", json!(pattern.source)),
        Keyword::Format(format) => ("format", json!(format.label())),
        Keyword::Minimum(bound) => ("minimum", bound.clone()),
        Keyword::Maximum(bound) => ("maximum", bound.clone()),
        Keyword::ExclusiveMinimum(bound) => ("exclusiveMinimum", bound.clone()),
        _ => return None,
    })
}

fn type_names(types: &[JsonType]) -> Value {
    match types {
        [one] => json!(one.name()),
        many => many.iter().map(|t| Value::from(t.name())).collect(),
    }
}

fn properties(prune: Prune<'_>, schema: &Schema) -> Value {
    let form = |forms: &[(Versions, SchemaId)]| {
        forms.iter().find(|(versions, _)| versions.contains(prune.version)).map(|(_, id)| *id)
    };
    let live = schema
        .properties
        .iter()
        .filter_map(|property| Some((property.name.as_ref().to_owned(), form(&property.forms)?)));
    Value::Object(live.map(|(name, id)| (name, prune.schema(id))).collect())
}

fn alternatives(prune: Prune<'_>, all: &[(Versions, SchemaId)]) -> Value {
    all.iter().filter(|(lifetime, _)| lifetime.contains(prune.version)).map(|(_, id)| prune.schema(*id)).collect()
}
