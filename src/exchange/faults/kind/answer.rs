//! Another answer than that of the cloud: before it has done anything, or after.

use std::borrow::Cow;
use std::time::Duration;

use super::site::{Expectation, Site, id_told};
use crate::base::json::Value;
use crate::base::{Diagnostic, Node};
use crate::cloud::{Fault, manner};
use crate::contract::{Code, Dialect};
use crate::exchange::answered::Answered;
use crate::message::Response;

/// Another answer than that of the cloud.
#[derive(Clone, Debug)]
pub struct AnswerFault {
    status: u16,
    headers: Vec<(String, String)>,
    content: Content,
    served: bool,
}

/// What the answer contains.
#[derive(Clone, Debug)]
enum Content {
    /// A sentence in the service's own form.
    Message(String),
    /// This body: a text as it is, anything else as JSON.
    Body(Value),
    /// What the service says of that status.
    Usual,
    /// What the cloud answered.
    Same,
}

impl AnswerFault {
    /// Reads `{status: 503, headers: {Retry-After: "1"}, message: TEXT | body: JSON | same: true, served: true}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<AnswerFault, Diagnostic> {
        node.only(&["status", "headers", "message", "body", "same", "served"])?;
        let status = node.required("status")?;
        let number = u16::try_from(status.integer()?).ok().filter(|status| (200..600).contains(status));
        let mut headers = Vec::new();
        for (name, _, value) in node.get("headers").map_or(Ok(&[][..]), Node::entries)? {
            headers.push((name.to_string(), value.text()?.to_owned()));
        }
        let status = number.ok_or_else(|| status.expected("an HTTP status from 200 to 599"))?;
        let is_true = |key: &str| node.get(key).map_or(Ok(false), Node::boolean);
        let content = match (node.optional("message")?, node.get("body"), is_true("same")?) {
            (Some(message), None, false) => Content::Message(message),
            (None, Some(body), false) => Content::Body(body.to_json()),
            (None, None, true) => Content::Same,
            (None, None, false) => Content::Usual,
            _ => return Err(node.expected("one of message, body and same")),
        };
        let served = is_true("served")? || matches!(content, Content::Same);
        Ok(AnswerFault { status, headers, content, served })
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        if !self.served {
            return (site.instead(self.response(site, None)), self.retry());
        }
        let served = site.served();
        let made = id_told(&served).filter(|_| site.is_create());
        let response = self.response(site, Some(&served.response));
        let expectation = match made {
            Some(id) if self.status >= 400 => Expectation::NoSecond(id),
            _ => Expectation::Nothing,
        };
        (Answered { response, contents: None, ..served }, expectation)
    }

    /// What passes is worth another attempt.
    fn retry(&self) -> Expectation {
        let after = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Retry-After"));
        let after = after.and_then(|(_, value)| value.parse().ok()).map(Duration::from_secs);
        match (self.status, after) {
            (429 | 500..=599, after) | (_, after @ Some(_)) => Expectation::Retry(after),
            _ => Expectation::Nothing,
        }
    }

    fn response(&self, site: &Site<'_, '_>, served: Option<&Response>) -> Response {
        let response = match &self.content {
            Content::Same => Response { status: self.status, ..served.cloned().unwrap_or_default() },
            Content::Message(text) => self.refusal(site, text),
            Content::Usual => self.refusal(site, usual_message(site.dialect(), self.status)),
            Content::Body(Value::String(text)) => Response::typed(self.status, text.as_str(), media(text)),
            Content::Body(body) => Response::json(self.status, body.clone()),
        };
        let lines = self.headers.iter().cloned();
        lines.fold(response, |response, (name, value)| response.with(Cow::Owned(name), value))
    }

    fn refusal(&self, site: &Site<'_, '_>, text: &str) -> Response {
        Fault::new(Code::State, self.status, text).render(site.dialect(), site.call.accept())
    }
}

/// What a service says of a failure of its own; of others, what the proxy before it says.
fn usual_message(dialect: Dialect, status: u16) -> &'static str {
    match status {
        429 => "This request was rate-limited.",
        500 => manner(dialect).crash.message,
        502 => "Bad Gateway",
        503 => "Service is unavailable at this time. Please try again later.",
        504 => "Gateway Timeout",
        _ => "The server could not comply with the request.",
    }
}

/// The type of a body that is a text: a page, as a proxy sends it, or plain.
fn media(text: &str) -> &'static str {
    match text.trim_start().starts_with('<') {
        true => "text/html",
        false => "text/plain; charset=UTF-8",
    }
}
