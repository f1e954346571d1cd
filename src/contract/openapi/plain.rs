//! A schema at one version as JSON Schema that other tools read as Nova does.

use super::digits::{above, below};
use super::formats::Formats;
use crate::base::Version;
use crate::base::json::{Map, Value, json};
use crate::contract::schema::{Format, SchemaId, Schemas, prune};

/// The schema `id` at `version`. What Nova understands in its own way is written out: formats become patterns (references to
/// `#/components/schemas/format-…`, whose names are added to `formats`), limits of texts that spell numbers become patterns too.
pub fn plain_schema(schemas: &Schemas, id: SchemaId, version: Version, formats: &mut Formats) -> Value {
    plain(&prune(schemas, id, version), formats)
}

fn plain(schema: &Value, formats: &mut Formats) -> Value {
    let Some(map) = schema.as_object() else { return schema.clone() };
    let mut out = Map::new();
    let mut besides: Vec<Value> = Vec::new();
    for (keyword, argument) in map {
        match keyword.as_str() {
            "properties" => drop(out.insert("properties", each(argument, formats))),
            "patternProperties" => drop(out.insert("patternProperties", by_pattern(argument, formats))),
            "items" | "additionalProperties" | "if" | "then" | "else" => {
                out.insert(keyword.clone(), plain(argument, formats));
            }
            "oneOf" | "anyOf" | "allOf" | "prefixItems" => {
                let all = argument.as_array().into_iter().flatten().map(|one| plain(one, formats));
                out.insert(keyword.clone(), all.collect());
            }
            "pattern" => drop(out.insert("pattern", pattern(argument))),
            "format" => match format(argument, formats) {
                Some(reference) if map.get("type").and_then(Value::as_str) == Some("string") => {
                    out.insert("$ref", reference);
                }
                // A format says nothing of what is no text.
                Some(reference) => besides.push(json!({"if": {"type": "string"}, "then": {"$ref": reference}})),
                None => {}
            },
            "minimum" | "maximum" => {
                out.insert(keyword.clone(), argument.clone());
                besides.extend(numeric_texts(keyword.as_str(), argument, map));
            }
            "$comment" => {}
            _ => drop(out.insert(keyword.clone(), argument.clone())),
        }
    }
    // Here `items` is said of all items, in JSON Schema of those after the first.
    if let Some(items) = out.get("items").cloned().filter(|_| out.contains_key("prefixItems")) {
        out.remove("items");
        besides.push(json!({"items": items}));
    }
    with(out, besides)
}

/// `out`, and all of `besides`.
fn with(mut out: Map, besides: Vec<Value>) -> Value {
    if !besides.is_empty() {
        let own = out.list("allOf").iter().cloned();
        let all: Value = own.chain(besides).collect();
        out.insert("allOf", all);
    }
    Value::Object(out)
}

fn each(fields: &Value, formats: &mut Formats) -> Value {
    let fields = fields.as_object().into_iter().flatten();
    Value::Object(fields.map(|(name, schema)| (name.clone(), plain(schema, formats))).collect())
}

fn by_pattern(fields: &Value, formats: &mut Formats) -> Value {
    let fields = fields.as_object().into_iter().flatten();
    let named = fields.map(|(source, schema)| (python_dollar(source.as_str()), plain(schema, formats)));
    Value::Object(named.collect())
}

fn pattern(source: &Value) -> Value {
    source.as_str().map_or_else(|| source.clone(), |source| Value::from(python_dollar(source)))
}

/// Python's `$` also matches before one newline at the end.
fn python_dollar(source: &str) -> String {
    match source.strip_suffix('$').filter(|start| !start.ends_with('\\')) {
        Some(start) => format!("{start}\\n?$"),
        None => source.to_owned(),
    }
}

/// The reference to the schema of a format.
fn format(name: &Value, formats: &mut Formats) -> Option<Value> {
    let (name, _) = Format::ALL.iter().find(|(own, _)| name.as_str() == Some(own))?;
    formats.insert(name);
    Some(Value::from(format!("#/components/schemas/format-{name}")))
}

/// The texts that Nova takes for numbers beyond the limit.
fn numeric_texts(keyword: &str, limit: &Value, schema: &Map) -> Option<Value> {
    let takes_texts = match schema.get("type") {
        None => true,
        Some(Value::Array(types)) => types.iter().any(|one| one.as_str() == Some("string")),
        Some(one) => one.as_str() == Some("string"),
    };
    let limit = limit.as_number()?.as_i64().filter(|_| takes_texts)?;
    let pattern = if keyword == "minimum" { below(limit) } else { above(limit) };
    Some(json!({"not": {"type": "string", "pattern": pattern}}))
}
