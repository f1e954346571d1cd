//! A request, its answer, and what was said of it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::base::Version;
use crate::contract::{Code, Violation};
use crate::message::{Body, Redactor, Request, Response, scrub, secrets};

/// A request, its answer, and what was said of it.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// Its place in the recording, from 1.
    pub sequence: u64,
    /// When the request was answered.
    pub time: Timestamp,
    /// The name of the service, if one is mounted at the path.
    pub service: Option<String>,
    /// The id of the operation, if the path led to one.
    pub operation: Option<String>,
    /// The version that the request was served under, if its service has microversions.
    pub version: Option<Version>,
    /// What is wrong with the request.
    pub violations: Vec<Violation>,
    /// Why the cloud said no, if it did and the request was right.
    pub refusal: Option<(Code, String)>,
}

/// Takes secrets out of what is written down.
#[derive(Debug, Default)]
pub struct Scrubber {
    redactor: Redactor,
}

impl Scrubber {
    /// The interaction as the object of a recording's line.
    pub fn line(&mut self, interaction: &Interaction, request: &Request, body: &Body, response: &Response) -> Value {
        let mut line = Map::new();
        line.insert("sequence".into(), interaction.sequence.into());
        line.insert("time".into(), interaction.time.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string().into());
        line.insert("service".into(), interaction.service.clone().into());
        line.insert("operation".into(), interaction.operation.clone().into());
        line.insert("microversion".into(), interaction.version.map(|version| version.to_string()).into());
        line.insert("request".into(), self.request(request, body));
        line.insert("response".into(), self.response(body, response));
        line.insert("violations".into(), interaction.violations.iter().map(violation).collect());
        let refusal = interaction.refusal.as_ref().map(|(code, message)| json!({"code": code.row().name, "message": message}));
        line.insert("refusal".into(), refusal.into());
        Value::Object(line)
    }

    fn request(&mut self, request: &Request, body: &Body) -> Value {
        let headers = self.redactor.headers(&request.headers).to_json();
        let mut kept = Map::new();
        kept.insert("method".into(), request.method.clone().into());
        kept.insert("target".into(), self.redactor.target(&request.target()).into());
        kept.insert("headers".into(), headers);
        match body {
            Body::Empty => kept.insert("body".into(), Value::Null),
            Body::Json(body) => kept.insert("body".into(), self.redactor.body(body)),
            // What cannot be read cannot be redacted either, so only its size is kept.
            Body::NotUtf8 => kept.insert("unreadable".into(), unreadable("it is no UTF-8", request)),
            Body::NotJson(why) => kept.insert("unreadable".into(), unreadable(why, request)),
        };
        if let Some(flaw) = request.flaw {
            kept.insert("flaw".into(), flaw.name().into());
        }
        Value::Object(kept)
    }

    fn response(&mut self, asked: &Body, response: &Response) -> Value {
        let secrets = match asked {
            Body::Json(body) => secrets(body),
            _ => Vec::new(),
        };
        let body = response.body.as_ref().map(|body| scrub(self.redactor.body(body), &secrets));
        json!({"status": response.status, "headers": self.redactor.headers(&response.headers).to_json(), "body": body})
    }
}

fn unreadable(why: &str, request: &Request) -> Value {
    json!({"because": why, "bytes": request.body.len()})
}

fn violation(violation: &Violation) -> Value {
    json!({
        "code": violation.code.row().name,
        "part": violation.part.name(),
        "pointer": violation.pointer.to_string(),
        "expected": violation.expected,
        "found": violation.found,
        "rule": violation.rule.as_ref().map(|place| place.short()),
    })
}
