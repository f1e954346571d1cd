//! A response as data.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Contents, Delivery, Headers};
use crate::base::json::Value;

/// Why the answer of another cloud is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpstreamFailure {
    /// No connection: nothing listens, the name has no address, or the certificate is not trusted.
    #[serde(rename = "unreachable")]
    Unreachable,
    /// The connection ended before the answer began.
    #[serde(rename = "reset")]
    Reset,
    /// No data arrived for too long, at the start or later.
    #[serde(rename = "too slow")]
    Slow,
    /// The answer is not HTTP.
    #[serde(rename = "malformed")]
    Malformed,
    /// The connection ended before the body did.
    #[serde(rename = "truncated")]
    Truncated,
    /// The client left, or the run ended, before the answer was there.
    #[serde(rename = "abandoned")]
    Abandoned,
}

impl UpstreamFailure {
    /// What it is to somebody who reads of it.
    pub fn told(self) -> &'static str {
        match self {
            UpstreamFailure::Unreachable => "the cloud cannot be reached",
            UpstreamFailure::Reset => "the cloud closed the connection without an answer",
            UpstreamFailure::Slow => "the cloud did not answer in time",
            UpstreamFailure::Malformed => "the cloud answered with something that is not HTTP",
            UpstreamFailure::Truncated => "the answer of the cloud is incomplete",
            UpstreamFailure::Abandoned => "the client did not wait for the answer of the cloud",
        }
    }
}

/// A response before it leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header lines, without those of the connection (Content-Length, Date).
    pub headers: Headers,
    /// The body; `None` is an empty one. A string is sent unchanged, anything else as JSON.
    pub body: Option<Value>,
    /// Contents that are sent in place of the body.
    pub contents: Option<Box<Contents>>,
    /// How it travels, where that is not as usual.
    pub delivery: Option<Box<Delivery>>,
}

impl Response {
    /// A response with a JSON body and its content type.
    pub fn json(status: u16, body: impl Into<Value>) -> Response {
        Response::typed(status, body, "application/json")
    }

    /// A response with a body of another content type.
    pub fn typed(status: u16, body: impl Into<Value>, media: impl Into<String>) -> Response {
        Response { status, body: Some(body.into()), ..Response::default() }.with("Content-Type", media)
    }

    /// A response without a body.
    pub fn empty(status: u16) -> Response {
        Response { status, ..Response::default() }
    }

    /// Adds a header line at the end.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Response {
        self.headers.push(name, value);
        self
    }

    /// The bytes of the body.
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(contents) = &self.contents {
            return contents.kept.as_deref().unwrap_or_default().to_vec();
        }
        match &self.body {
            None => Vec::new(),
            Some(Value::String(text)) => text.clone().into_bytes(),
            Some(json) => json.written().into_bytes(),
        }
    }

    /// The same. A text is moved out and not copied.
    pub(crate) fn take_bytes(&mut self) -> Vec<u8> {
        match (&self.contents, &mut self.body) {
            (None, Some(Value::String(text))) => std::mem::take(text).into_bytes(),
            _ => self.bytes(),
        }
    }
}
