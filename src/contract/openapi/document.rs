//! The document: paths, what they share, and what the tools have to know of tokens and versions.

use std::collections::BTreeMap;

use super::api::Api;
use super::formats::{Formats, schema_of};
use super::row::{Rows, parameter_names};
use crate::base::Diagnostic;
use crate::base::json::{Map, Value, json};
use crate::contract::schema::Format;
use crate::contract::table::{Dialect, Operation, PathSegment};

/// A path with `{}` for its values, their names, and its rows by method.
type PathRows<'c> = (String, Vec<String>, BTreeMap<String, Vec<&'c Operation>>);

/// The rows that the document has, by path and method. Paths that differ in nothing but the names of their values are one.
fn rows_by_path<'c>(api: &Api<'c>) -> Vec<PathRows<'c>> {
    let mut all: Vec<PathRows<'c>> = Vec::new();
    for row in api.table.operations.iter().filter(|row| row.lifetime.meets(api.versions) && !row.only_routed) {
        let shape = shape(row);
        let root = if row.at_mount { "" } else { &api.contract.service.root };
        let path = format!("{}{root}{shape}", api.contract.service.mount);
        let at = all.iter().position(|(known, ..)| *known == path).unwrap_or_else(|| {
            all.push((path, unique(parameter_names(row)), BTreeMap::new()));
            all.len() - 1
        });
        all[at].2.entry(row.method.to_lowercase()).or_default().push(row);
    }
    all
}

/// The path of a row with `{}` for its values.
fn shape(row: &Operation) -> String {
    let text = |segment: &PathSegment| match segment {
        PathSegment::Fixed(text) => format!("/{text}"),
        PathSegment::Parameter(_) => "/{}".to_owned(),
    };
    row.path.iter().map(text).collect()
}

/// Names of which none is there twice.
fn unique(names: Vec<&str>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        let name =
            if all.iter().any(|known| known == name) { format!("{name}_{}", all.len()) } else { name.to_owned() };
        all.push(name);
    }
    all
}

/// The document of `apis`, at `server`.
///
/// # Errors
/// None of them has an operation.
pub fn openapi(apis: &[Api<'_>], server: &str) -> Result<Value, Diagnostic> {
    let mut formats = Formats::new();
    let mut paths = Map::new();
    for api in apis {
        for (shape, names, methods) in rows_by_path(api) {
            let path = names.iter().fold(shape, |path, name| path.replacen("{}", &format!("{{{name}}}"), 1));
            let mut item = Map::new();
            for (method, rows) in methods {
                item.insert(method, Rows { api, rows }.operation(&names, &mut formats));
            }
            paths.insert(if path.is_empty() { "/".to_owned() } else { path }, Value::Object(item));
        }
    }
    if paths.is_empty() {
        return Err(Diagnostic::new("no operation is left to export"));
    }
    let versions: Vec<String> = apis.iter().map(version_text).collect();
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "OpenStack",
            "version": versions.join(", "),
            "description": "Made from the contracts of mockstack: what each operation takes and answers, as the services check it.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": Value::Object(paths),
        "components": components(apis, &formats)
    }))
}

/// `compute 2.37`, `compute 2.1 to 2.104`, `image`
fn version_text(api: &Api<'_>) -> String {
    let name = &api.contract.service.name;
    match (api.contract.service.told_apart(), api.versions.iter().next()) {
        (Some(_), Some(first)) if first == api.version => format!("{name} {first}"),
        (Some(_), Some(first)) => format!("{name} {first} to {}", api.version),
        _ => name.clone(),
    }
}

fn components(apis: &[Api<'_>], formats: &Formats) -> Value {
    let named = |name: &&str| {
        let (_, format) = Format::ALL.iter().find(|(own, _)| own == name)?;
        Some((format!("format-{name}"), schema_of(*format)?))
    };
    let schemas: Map = formats.iter().filter_map(named).collect();
    let faults: Map = apis.iter().map(|api| (api.fault_name(), fault(api.contract.service.dialect))).collect();
    json!({
        "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}},
        "schemas": Value::Object(schemas),
        "responses": Value::Object(faults)
    })
}

/// How a service refuses. Some of what stands before a service answers in a form of its own: a token that does not do, a path
/// that leads nowhere.
fn fault(dialect: Dialect) -> Value {
    let explained = json!({
        "type": "object",
        "properties": {"code": {"type": "integer"}, "message": {"type": "string"}, "title": {"type": "string"}},
        "required": ["message"]
    });
    let named = json!({"type": "object", "minProperties": 1, "additionalProperties": explained});
    let listed = json!({"type": "object", "properties": {"errors": {"type": "array"}}, "required": ["errors"]});
    let said = json!({"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]});
    let neutron = json!({
        "type": "object",
        "properties": {"NeutronError": {"type": ["object", "string"]}},
        "required": ["NeutronError"]
    });
    let forms = match dialect {
        Dialect::Neutron => json!([neutron, named, said]),
        _ => json!([named, listed, said]),
    };
    json!({
        "description": "the request is refused",
        "content": {
            "application/json": {"schema": {"anyOf": forms}},
            "text/html": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}}
        }
    })
}
