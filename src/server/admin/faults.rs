//! `/__mockstack/faults`: what goes wrong on purpose, while the cloud runs.

use super::told::told;
use crate::base::json::{Value, json, to_value};
use crate::base::{Diagnostic, parse_yaml};
use crate::exchange::{CatalogueRow, Exchange, Session, catalogue, fault};
use crate::message::{Request, Response};
use crate::recording::FaultReport;

/// The answer to a request for the faults of `project`, or of all.
pub fn answer(exchange: &Exchange, request: &Request, project: Option<&str>) -> Response {
    match request.method.as_str() {
        "GET" => Response::json(200, json!({"faults": list(exchange, project), "named": named()})),
        "POST" => add(exchange, request).unwrap_or_else(|why| told(400, why.to_string().trim_end())),
        "DELETE" => end(&exchange.session_of(project), request, project),
        _ => told(405, "faults take GET, POST and DELETE"),
    }
}

/// The faults of `project`, or of all, each with its number.
pub fn list(exchange: &Exchange, project: Option<&str>) -> Vec<Value> {
    let session = exchange.session_of(project);
    let rows = session.faults.list(in_own(&session, project)).into_iter();
    rows.map(|(id, is_over, report)| row(id, is_over, &report)).collect()
}

/// Those that have a name, to choose from.
fn named() -> Vec<Value> {
    let row = |CatalogueRow { name, summary, operation, .. }| json!({"fault": name, "summary": summary, "operation": operation});
    // What cannot be read is told to who asks for a fault.
    catalogue().map(|rows| rows.into_iter().map(row).collect()).unwrap_or_default()
}

/// Adds the fault of the body: an object as a fixture has it.
fn add(exchange: &Exchange, request: &Request) -> Result<Response, Diagnostic> {
    let text = String::from_utf8_lossy(&request.body);
    let node = parse_yaml("the body of the request", &text)?;
    let fault = fault(exchange.contracts(), &node)?;
    let (session, id) = exchange.add_fault(fault);
    let added = session.faults.list(None).into_iter().find(|(own, ..)| *own == id);
    let added = added.map(|(id, is_over, report)| row(id, is_over, &report));
    Ok(Response::json(201, json!({"fault": added})))
}

/// The project to look for among the faults of a session: all that a project's own session has are the project's.
fn in_own<'p>(session: &Session, project: Option<&'p str>) -> Option<&'p str> {
    project.filter(|_| session.owner.is_none())
}

/// Ends the fault that `id` numbers, or all, of the project if one is named.
fn end(session: &Session, request: &Request, project: Option<&str>) -> Response {
    let query = request.query();
    let asked = query.last("id");
    let id = asked.and_then(|id| id.parse().ok());
    match session.faults.end(id, in_own(session, project)) {
        _ if asked.is_some() && id.is_none() => not_found(),
        0 if id.is_some() => not_found(),
        _ => Response::empty(204),
    }
}

fn not_found() -> Response {
    told(404, "there is no fault of that number that has not ended")
}

fn row(id: u64, is_over: bool, report: &FaultReport) -> Value {
    let mut row = json!({"id": id, "over": is_over});
    if let (Some(fields), Ok(Value::Object(report))) = (row.as_object_mut(), to_value(report)) {
        fields.extend(report);
    }
    row
}
