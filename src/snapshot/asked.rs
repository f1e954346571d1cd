//! A request as a text that is the same in every run.

use std::fmt::Write;

use crate::base::json::Value;
use crate::base::{with_sorted_keys, with_texts};
use crate::message::{Body, Query, Redaction, Request};

/// The headers that belong to what a client means to ask.
const HEADERS: [&str; 3] = ["OpenStack-API-Version", "X-OpenStack-Nova-API-Version", "Content-Type"];

/// A request, with generated ids replaced by what they name and without secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The id of the operation.
    pub operation: String,
    /// The method.
    pub method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Asked {
    /// Captures a request. `name` returns what an id refers to: `server vm1`.
    pub fn capture(
        operation: &str,
        request: &Request,
        body: &Body,
        redaction: &Redaction<'_>,
        name: &mut impl FnMut(&str) -> Option<String>,
    ) -> Asked {
        let mut reference = |text: &str| name(text).map_or_else(|| text.to_owned(), |name| format!("[{name}]"));
        let path: Vec<String> = redaction.told_target(&request.path).split('/').map(&mut reference).collect();
        let mut query: Vec<(String, String)> =
            Query::parse(redaction.told_target(&format!("?{}", request.query)).trim_start_matches('?'))
                .0
                .into_iter()
                .map(|(key, value)| (key, reference(&value)))
                .collect();
        query.sort();
        let header = |name: &&'static str| Some((*name, redaction.text(request.headers.get(name)?).into_owned()));
        let body = match body {
            Body::Json(json) => Some(with_texts(&redaction.told(json), &mut reference)),
            Body::Empty => None,
            Body::Unreadable(_) => Some(Value::from("[unreadable]")),
        };
        Asked {
            operation: operation.to_owned(),
            method: redaction.text(&request.method).into_owned(),
            path: path.join("/"),
            query,
            headers: HEADERS.iter().filter_map(header).collect(),
            body,
        }
    }

    /// The same without secrets that only the answer showed.
    #[must_use]
    pub fn without_secrets(self, redaction: &Redaction<'_>) -> Asked {
        let plain = |text: &str| redaction.text(text).into_owned();
        Asked {
            path: redaction.told_target(&self.path),
            query: self.query.iter().map(|(name, value)| (plain(name), plain(value))).collect(),
            body: self.body.map(|body| with_texts(&body, &mut |text| plain(text))),
            ..self
        }
    }

    /// Does it change nothing, so that asking again is the same?
    pub fn is_reading(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// The body, for masks.
    pub fn body_mut(&mut self) -> Option<&mut Value> {
        self.body.as_mut()
    }

    /// The text: request line, query, headers, an empty line, the body with sorted keys.
    pub fn text(&self) -> String {
        let mut text = format!("{} {}\n", self.method, self.path);
        // Writing to a String cannot fail.
        for (place, (name, value)) in self.query.iter().enumerate() {
            let _ = writeln!(text, "  {} {name}={value}", if place == 0 { '?' } else { '&' });
        }
        for (name, value) in &self.headers {
            let _ = writeln!(text, "{name}: {value}");
        }
        if let Some(body) = &self.body {
            let _ = writeln!(text, "\n{:#}", with_sorted_keys(body));
        }
        text
    }
}
