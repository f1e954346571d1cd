//! What never reaches a file, a report or a terminal.
//!
//! Two independent lists define what is a secret: the contracts mark fields (`secret: true`, [`Marks`]), and names
//! and forms look like one (`names`, `shape`). What either finds in an exchange is also replaced everywhere else in what
//! is written of that exchange, in any encoding (`values`).

mod clean;
mod encoded;
mod escapes;
mod fields;
mod kind;
mod known;
mod marks;
mod named;
mod names;
mod redaction;
mod redactor;
mod safe_headers;
mod search;
mod shape;
mod survey;
mod values;
mod words;

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::redact::shape::secrets_in;
use super::redact::survey::{Seen, Survey, Surveyed};
use super::redact::values::Values;
use crate::base::json::Value;

pub use super::redact::kind::Kind;
pub use super::redact::marks::{Mark, Marks, Told};
pub use super::redact::names::kind_by_name;
pub use super::redact::redaction::{Redaction, Safe};
pub use super::redact::redactor::{Decisions, Redactor};
pub use super::redact::safe_headers::SafeHeaders;
pub use super::redact::words::looks_random;

use super::{Body, Request, Response};
use crate::base::Patterns;

impl Redactor {
    /// A redactor that goes by `decisions`.
    pub fn new(decisions: Decisions) -> Redactor {
        Redactor { decisions, ..Redactor::default() }
    }

    /// The decisions that were about nothing, a line each.
    pub fn unused(&self) -> Vec<String> {
        let Decisions { redact, keep } = &self.decisions;
        let of = |key: &'static str, patterns: &Patterns| -> Vec<String> {
            patterns.unused().map(|pattern| format!("{key} {pattern}")).collect()
        };
        [of("redact", redact), of("keep", keep)].concat()
    }

    /// Finds the secrets of an exchange; `marks` are those of its contract, `None` if it has none.
    pub fn inspect(
        &self,
        marks: Option<Arc<Marks>>,
        request: &Request,
        body: &Body,
        response: Option<&Response>,
    ) -> Redaction<'_> {
        let marks = marks.unwrap_or_default();
        let mut survey = Survey::new(self, &marks);
        survey.request(request, body);
        if let Some(response) = response {
            survey.response(response);
        }
        let Surveyed { secrets, suspects, seen } = survey.end();
        let values = self.prepared.lock().unwrap_or_else(PoisonError::into_inner).values(&secrets);
        Redaction { redactor: self, marks, values, suspects, seen }
    }

    /// Finds secrets without an exchange: by their form.
    pub fn of_no_exchange(&self) -> Redaction<'_> {
        Redaction {
            redactor: self,
            marks: Arc::default(),
            values: Values::default(),
            suspects: BTreeSet::new(),
            seen: Seen::default(),
        }
    }

    /// Redacts a text that belongs to no exchange, such as an error message.
    pub fn text(&self, text: &str) -> String {
        self.of_no_exchange().text(text).into_owned()
    }

    /// Redacts the texts of `value`, which belongs to no exchange.
    pub fn texts(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(items) => items.iter().map(|item| self.texts(item)).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (self.text(key), self.texts(value))).collect(),
            other => other.clone(),
        }
    }

    /// The texts of `value`, which clients chose and which belong to no exchange; a text that encodes another, in escapes, base64 or
    /// hexadecimal digits, is left out, as it is no longer known whether that was a secret.
    pub fn names(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if secrets_in(text, false, &|_| None).is_encoded => {
                format!("[{}]", Kind::Secret).into()
            }
            Value::Array(items) => items.iter().map(|item| self.names(item)).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (self.text(key), self.names(value))).collect(),
            other => self.texts(other),
        }
    }

    /// What was left out: `3 tokens, 1 password, in 14 places`; `None` if nothing was.
    pub fn summary(&self) -> Option<String> {
        let places = self.places.load(Ordering::Relaxed);
        let counts = self.known.lock().unwrap_or_else(PoisonError::into_inner).counts();
        let told = counts.into_iter().map(|(kind, count)| match (count, kind) {
            (1, _) | (_, Kind::UserData) => format!("{count} {kind}"),
            _ => format!("{count} {kind}s"),
        });
        let kinds = told.collect::<Vec<_>>().join(", ");
        let end = if places == 1 { "place" } else { "places" };
        (places > 0).then(|| format!("{kinds}, in {places} {end}"))
    }
}
