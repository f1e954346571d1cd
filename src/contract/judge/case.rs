//! A request as a line of JSON: `{"id", "op", "microversion", "body", "query"}` in, a verdict out.

use super::judgement::Judgement;
use crate::base::json::{Map, Value, json};
use crate::base::{Diagnostic, Microversion, Version};
use crate::contract::finding::{NO_RESOURCE, Refusal, Violation};
use crate::contract::table::{Contracts, Dialect, Operation, ServiceContract};
use crate::message::Query;

/// Judges one case: `{"id", "valid", "status", "message", "path", "code", "microversions"}`. Valid means without a cloud:
/// nothing that the request names is looked up.
///
/// # Errors
/// The case has no `op`, or none that the contracts know.
pub fn judge_case(contracts: &Contracts, case: &Value) -> Result<Value, Diagnostic> {
    let name = case.get("op").and_then(Value::as_str).ok_or_else(|| Diagnostic::new("the case has no \"op\""))?;
    let verdict = match target(contracts, name, case.get("body").unwrap_or(&Value::Null))? {
        Target::Operation(contract, operation) => judge(contract, operation, case)?,
        Target::Refused(refusal) => refused(&refusal, Some("unknown-operation"), Vec::new()),
    };
    let id = case.get("id").map(|id| ("id".into(), id.clone()));
    let verdict = verdict.as_object().cloned().unwrap_or_default();
    Ok(Value::Object(id.into_iter().chain(verdict).collect()))
}

enum Target<'c> {
    Operation(&'c ServiceContract, &'c Operation),
    Refused(Refusal),
}

/// The operation that `name` means; for `servers.action` the body's only key decides.
fn target<'c>(contracts: &'c Contracts, name: &str, body: &Value) -> Result<Target<'c>, Diagnostic> {
    let unknown = || {
        Diagnostic::new(format!("no operation is called {name:?}"))
            .row("fix", "see `mockstack contract list` for their names")
    };
    if let Some((contract, operation)) = contracts.operation(name)? {
        return Ok(Target::Operation(contract, operation));
    }
    if !name.ends_with(".action") {
        return Err(unknown());
    }
    let action = match crate::contract::table::action_name(body) {
        Ok(action) => action,
        Err(refusal) => return Ok(Target::Refused(refusal)),
    };
    match contracts.operation(&format!("{name}.{action}"))? {
        Some((contract, operation)) => Ok(Target::Operation(contract, operation)),
        None => Ok(Target::Refused(crate::contract::table::no_such_action(action, Dialect::Nova))),
    }
}

fn judge(contract: &ServiceContract, operation: &Operation, case: &Value) -> Result<Value, Diagnostic> {
    let table = contract.table()?;
    let body = case.get("body").unwrap_or(&Value::Null);
    let query = query_document(case.get("query").unwrap_or(&Value::Null));
    let api = contract.service.versions();
    let judgement = Judgement::new(operation, &table.schemas, api, Some(&query), body);
    let ranges = judgement.valid().within(api).ranges();
    let asked = case.get("microversion").filter(|asked| !asked.is_null());
    if let Some(asked) = asked.filter(|asked| !asked.is_string()) {
        let told = Diagnostic::new("the \"microversion\" must be a string").row("found", asked.to_string());
        return Err(told.row("fix", "put it in quotes: 2.10 is the number 2.1"));
    }
    let version = match version(contract, asked.and_then(Value::as_str)) {
        Ok(version) => version,
        Err(refusal) => return Ok(refused(&refusal, Some("version"), ranges)),
    };
    if !operation.lifetime.contains(version) {
        let message = NO_RESOURCE.to_owned();
        return Ok(refused(&Refusal::new(404, message), Some("unknown-operation"), ranges));
    }
    Ok(match judgement.refusal(contract.service.dialect, version, &query, body) {
        Some(refusal) => {
            let first =
                judgement.at(version).next().map(|(subject, finding)| Violation::code_of(*subject, finding, version));
            refused(&refusal, first.map(|code| code.row().name), ranges)
        }
        None => {
            let status = operation.success(version).map_or(200, |row| row.status);
            json!({"valid": true, "status": status, "message": null, "path": [], "code": null, "microversions": ranges})
        }
    })
}

fn refused(refusal: &Refusal, code: Option<&str>, ranges: Vec<String>) -> Value {
    let Refusal { status, message, path, .. } = refusal;
    json!({"valid": false, "status": status, "message": message, "path": path.to_json(), "code": code, "microversions": ranges})
}

fn version(contract: &ServiceContract, text: Option<&str>) -> Result<Version, Refusal> {
    let Some(microversions) = &contract.service.microversions else { return Ok(Version::FIRST) };
    match text {
        None => Ok(microversions.place(microversions.minimum).unwrap_or(Version::FIRST)),
        Some("legacy_v2") => Ok(Version::LEGACY_V2),
        Some("latest") => Ok(microversions.place(microversions.maximum).unwrap_or(Version::LAST)),
        Some(text) => {
            let asked: Microversion = text.parse().map_err(|_| crate::contract::table::invalid(text))?;
            microversions.place(asked).ok_or_else(|| crate::contract::table::out_of_range(microversions, asked))
        }
    }
}

/// A query as an object of lists. It may be given as text (`a=1&b=2`), as an object of texts or lists, or as pairs.
fn query_document(query: &Value) -> Value {
    match query {
        Value::String(text) => Query::parse(text).to_document(),
        Value::Object(map) => {
            let listed = |value: &Value| if value.is_array() { value.clone() } else { json!([value]) };
            Value::Object(map.iter().map(|(name, value)| (name.clone(), listed(value))).collect())
        }
        Value::Array(pairs) => {
            let mut document = Map::new();
            for pair in pairs.iter().filter_map(Value::as_array) {
                if let [Value::String(name), value] = pair.as_slice()
                    && let Value::Array(values) = document.get_or_insert_with(name.clone(), || json!([]))
                {
                    values.push(value.clone());
                }
            }
            Value::Object(document)
        }
        _ => Value::Object(Map::new()),
    }
}
