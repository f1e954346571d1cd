//! A request, its answer, and what was said of it.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::shape::shape;
use crate::base::{Diagnostic, Version, parse_lifetime};
use crate::contract::{Code, Violation};
use crate::message::{Body, Redaction, Request};

/// A request, its answer, and what was said of it: all that a verdict needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Interaction {
    /// Its place in the recording, from 1.
    pub sequence: u64,
    /// When the request was answered.
    pub time: Timestamp,
    /// The name of the service, if one is mounted at the path.
    pub service: Option<String>,
    /// The id of the operation, if the path led to one.
    pub operation: Option<Arc<str>>,
    /// The version that the request was served under, if its service has microversions.
    pub version: Option<Version>,
    /// The name of the project of its token, if it had one.
    pub project: Option<String>,
    /// Is the operation one that needs no token: a login, a version document?
    pub unauthenticated: bool,
    /// What the request looks like, without its values: two of the same shape are one case to a report.
    pub shape: Arc<str>,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong with the request.
    pub violations: Vec<Violation>,
    /// The violations as they are told, with what would make the request right.
    pub diagnostic: Option<Diagnostic>,
    /// Why the cloud said no, if it did and the request was right.
    pub refusal: Option<(Code, String)>,
}

impl Interaction {
    /// An interaction of which only the request is known.
    pub fn new(sequence: u64, time: Timestamp, request: &Request, body: &Body) -> Interaction {
        Interaction {
            sequence,
            time,
            service: None,
            operation: None,
            version: None,
            project: None,
            unauthenticated: false,
            shape: shape(request, body).into(),
            status: 0,
            violations: Vec::new(),
            diagnostic: None,
            refusal: None,
        }
    }

    /// Leaves out the secrets of the exchange that it is about.
    pub fn redact(&mut self, redaction: &Redaction<'_>) {
        if let Cow::Owned(shape) = redaction.text(&self.shape) {
            self.shape = shape.into();
        }
        self.violations.iter_mut().for_each(|violation| violation.redact(redaction));
        if let Some(diagnostic) = &mut self.diagnostic {
            let (target, rest) = diagnostic.headline.split_once("   ").unwrap_or((&diagnostic.headline, ""));
            let headline =
                [redaction.told_target(target).as_str(), if rest.is_empty() { "" } else { "   " }, rest].concat();
            diagnostic.headline = headline;
            for row in &mut diagnostic.rows {
                row.label = redaction.text(&row.label).into_owned();
                row.text = redaction.text(&row.text).into_owned();
            }
        }
        if let Some((_, message)) = &mut self.refusal {
            *message = redaction.text(message).into_owned();
        }
    }

    /// Reads a line of a recording back; `None` if it is no such line.
    pub fn from_line(line: &Value) -> Option<Interaction> {
        let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Interaction {
            sequence: line.get("sequence")?.as_u64()?,
            time: text("time")?.parse().ok()?,
            service: text("service"),
            operation: text("operation").map(Arc::from),
            version: text("microversion").and_then(|version| parse_lifetime(&version).ok()?.iter().next()),
            project: text("project"),
            unauthenticated: line.get("unauthenticated").is_some_and(|it| it == true),
            shape: text("shape")?.into(),
            status: u16::try_from(line.get("status")?.as_u64()?).ok()?,
            violations: line.get("violations")?.as_array()?.iter().map(Violation::from_json).collect::<Option<_>>()?,
            diagnostic: optional(line.get("diagnostic"), read_diagnostic)?,
            refusal: optional(line.get("refusal"), read_refusal)?,
        })
    }
}

/// What may be null: `Some(None)` if it is, `None` if it is something that cannot be read.
fn optional<T>(value: Option<&Value>, read: fn(&Value) -> Option<T>) -> Option<Option<T>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(value) => read(value).map(Some),
    }
}

fn read_diagnostic(line: &Value) -> Option<Diagnostic> {
    let diagnostic = Diagnostic::new(line.get("headline")?.as_str()?);
    line.get("rows")?
        .as_array()?
        .iter()
        .try_fold(diagnostic, |diagnostic, row| Some(diagnostic.row(row.get(0)?.as_str()?, row.get(1)?.as_str()?)))
}

fn read_refusal(line: &Value) -> Option<(Code, String)> {
    Some((line.get("code")?.as_str()?.parse().ok()?, line.get("message")?.as_str()?.to_owned()))
}
