//! An interaction as a line of a recording. It is written straight from what is at hand, so that nothing is copied first.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::interaction::Interaction;
use crate::base::Diagnostic;
use crate::contract::Violation;
use crate::message::{Body, Redaction, Request, Response, Safe, SafeHeaders};

/// The line of `interaction`, with its newline. It has no secrets: what is one never gets further than the redactor.
pub fn line(
    redaction: &Redaction<'_>,
    interaction: &Interaction,
    request: &Request,
    body: &Body,
    response: &Response,
) -> Vec<u8> {
    let Interaction { sequence, time, service, operation, version, project, shape, status, .. } = interaction;
    let line = Line {
        sequence: *sequence,
        time: format!("{time:.6}"),
        service: service.as_deref(),
        operation: operation.as_deref(),
        microversion: version.map(|version| version.to_string()),
        project: project.as_deref(),
        unauthenticated: interaction.unauthenticated.then_some(true),
        shape,
        status: *status,
        violations: interaction.violations.iter().map(Violation::to_json).collect(),
        diagnostic: interaction.diagnostic.as_ref().map(diagnostic),
        refusal: interaction.refusal.as_ref().map(|(code, message)| Refused { code: code.row().name, message }),
        request: Sent { redaction, request, body },
        response: Given {
            status: response.status,
            headers: redaction.headers(&response.headers),
            body: response.body.as_ref().map(|body| redaction.body(body)),
        },
    };
    let mut text = Vec::with_capacity(2048);
    // Writing to a Vec cannot fail, and neither can JSON.
    let _ = serde_json::to_writer(&mut text, &line);
    text.push(b'\n');
    text
}

#[derive(Serialize)]
struct Line<'a> {
    sequence: u64,
    time: String,
    service: Option<&'a str>,
    operation: Option<&'a str>,
    microversion: Option<String>,
    project: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unauthenticated: Option<bool>,
    shape: &'a str,
    status: u16,
    violations: Vec<Value>,
    diagnostic: Option<Value>,
    refusal: Option<Refused<'a>>,
    request: Sent<'a>,
    response: Given<'a>,
}

#[derive(Serialize)]
struct Refused<'a> {
    code: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Given<'a> {
    status: u16,
    headers: SafeHeaders<'a>,
    body: Option<Safe<'a>>,
}

struct Sent<'a> {
    redaction: &'a Redaction<'a>,
    request: &'a Request,
    body: &'a Body,
}

impl Serialize for Sent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Sent { redaction, request, body } = *self;
        let mut sent = serializer.serialize_map(None)?;
        sent.serialize_entry("method", &request.method)?;
        sent.serialize_entry("target", &redaction.target(&request.target()))?;
        sent.serialize_entry("headers", &redaction.headers(&request.headers))?;
        match body {
            Body::Empty => sent.serialize_entry("body", &Value::Null)?,
            Body::Json(body) => sent.serialize_entry("body", &redaction.request_body(body))?,
            // What cannot be read cannot be redacted either, so only its size is kept.
            Body::NotUtf8 => sent.serialize_entry("unreadable", &unreadable("it is no UTF-8", request))?,
            Body::NotJson(why) => sent.serialize_entry("unreadable", &unreadable(why, request))?,
        }
        if let Some(flaw) = request.flaw {
            sent.serialize_entry("flaw", flaw.name())?;
        }
        sent.end()
    }
}

fn unreadable(why: &str, request: &Request) -> Value {
    json!({"because": why, "bytes": request.body.len()})
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    let rows: Value = diagnostic.rows.iter().map(|row| json!([row.label, row.text])).collect();
    json!({"headline": diagnostic.headline, "rows": rows})
}
