//! The schema of one version alone, as plain JSON Schema: for the reader, and for the law that holds the walk against it.

use serde_json::{Map, Value, json};

use super::schema::{JsonType, Keyword, Schema, SchemaId, Schemas};
use crate::base::{Version, Versions};

/// The schema at `id` without everything that is not of `version`. References are written out. In `legacy_v2` unknown
/// fields are allowed, as Nova drops them.
pub fn prune(schemas: &Schemas, id: SchemaId, version: Version) -> Value {
    let schema = schemas.get(id);
    let mut pruned = Map::new();
    for (versions, keyword) in schema.keywords.iter().filter(|(versions, _)| versions.contains(version)) {
        debug_assert!(!versions.is_empty());
        write_keyword(schemas, schema, keyword, version, &mut pruned);
    }
    Value::Object(pruned)
}

fn write_keyword(schemas: &Schemas, schema: &Schema, keyword: &Keyword, version: Version, out: &mut Map<String, Value>) {
    let sub = |id: &SchemaId| prune(schemas, *id, version);
    let (name, value) = match keyword {
        Keyword::Type(types) => ("type", type_names(types)),
        Keyword::Properties => ("properties", properties(schemas, schema, version)),
        Keyword::PatternProperties => {
            let all = schema.patterns.iter().map(|(pattern, id)| (pattern.source.clone(), sub(id)));
            ("patternProperties", Value::Object(all.collect()))
        }
        Keyword::NoAdditionalProperties if version == Version::LEGACY_V2 => return,
        Keyword::NoAdditionalProperties => ("additionalProperties", Value::Bool(false)),
        Keyword::AdditionalProperties(id) => ("additionalProperties", sub(id)),
        Keyword::Required(names) => {
            let live = names.iter().filter(|(_, lifetime)| lifetime.contains(version)).map(|(name, _)| Value::from(name.as_str()));
            ("required", live.collect())
        }
        Keyword::Items(id) => ("items", sub(id)),
        Keyword::MinItems(n) => ("minItems", json!(n)),
        Keyword::MaxItems(n) => ("maxItems", json!(n)),
        Keyword::UniqueItems => ("uniqueItems", Value::Bool(true)),
        Keyword::MinProperties(n) => ("minProperties", json!(n)),
        Keyword::MaxProperties(n) => ("maxProperties", json!(n)),
        Keyword::MinLength(n) => ("minLength", json!(n)),
        Keyword::MaxLength(n) => ("maxLength", json!(n)),
        Keyword::Pattern(pattern) => ("pattern", json!(pattern.source)),
        Keyword::Format(format) => ("format", json!(format.label())),
        Keyword::Enum(values) => {
            let live = values.iter().filter(|(_, lifetime)| lifetime.contains(version)).map(|(value, _)| value.clone());
            ("enum", live.collect())
        }
        Keyword::Minimum(bound) => ("minimum", bound.clone()),
        Keyword::Maximum(bound) => ("maximum", bound.clone()),
        Keyword::ExclusiveMinimum(bound) => ("exclusiveMinimum", bound.clone()),
        Keyword::OneOf(all) => ("oneOf", alternatives(schemas, all, version)),
        Keyword::AnyOf(all) => ("anyOf", alternatives(schemas, all, version)),
        Keyword::AllOf(all) => ("allOf", alternatives(schemas, all, version)),
    };
    out.insert(name.to_owned(), value);
}

fn type_names(types: &[JsonType]) -> Value {
    match types {
        [one] => json!(one.name()),
        many => many.iter().map(|t| Value::from(t.name())).collect(),
    }
}

fn properties(schemas: &Schemas, schema: &Schema, version: Version) -> Value {
    let form = |forms: &[(Versions, SchemaId)]| forms.iter().find(|(versions, _)| versions.contains(version)).map(|(_, id)| *id);
    let live = schema.properties.iter().filter_map(|property| Some((property.name.clone(), form(&property.forms)?)));
    Value::Object(live.map(|(name, id)| (name, prune(schemas, id, version))).collect())
}

fn alternatives(schemas: &Schemas, all: &[(Versions, SchemaId)], version: Version) -> Value {
    all.iter().filter(|(lifetime, _)| lifetime.contains(version)).map(|(_, id)| prune(schemas, *id, version)).collect()
}
