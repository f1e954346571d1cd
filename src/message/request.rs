//! A request as data.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Contents, Headers, Query};
use crate::base::json::{DEEPEST, TOO_DEEP, Value, from_str_within};

/// A request as it arrived.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The method, upper case.
    pub method: String,
    /// The path, still percent-encoded, from the leading slash; without the query.
    pub path: String,
    /// What follows the `?`, still percent-encoded; empty without one.
    pub query: String,
    /// The header lines.
    pub headers: Headers,
    /// The bytes of the body; empty if it is incomplete.
    pub body: Vec<u8>,
    /// What is known of a body that was read and not kept.
    pub contents: Option<Contents>,
    /// Why the body is incomplete.
    pub flaw: Option<Flaw>,
    /// Who is at the other end of the connection.
    pub peer: Peer,
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peer {
    /// Its address, if it has one.
    pub address: Option<IpAddr>,
    /// Is the connection one of TLS?
    pub is_secure: bool,
}

impl Peer {
    /// Where it reached us, if it wrote that `host` in `Host`: `http://HOST:PORT`.
    pub fn origin(self, host: &str) -> String {
        [if self.is_secure { "https://" } else { "http://" }, host].concat()
    }
}

/// How the body of a request is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// As a document of at most so many bytes.
    Document(usize),
    /// As [`Contents`].
    Contents,
    /// Not at all: who forwards it passes it on while it arrives.
    Unread,
}

/// Why a body is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flaw {
    /// It is longer than the service reads.
    #[serde(rename = "too large")]
    TooLarge,
    /// The connection ended, or the framing broke, before the body did.
    #[serde(rename = "truncated")]
    Truncated,
    /// It did not arrive in time.
    #[serde(rename = "too slow")]
    Slow,
}

/// What the bytes of a body are.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// No bytes at all.
    Empty,
    /// JSON.
    Json(Value),
    /// Bytes that are not JSON.
    Unreadable(BodyError),
}

/// Why the bytes of a body are not JSON. Recordings contain its text, and [`BodyError::from`] reads that again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// They are not UTF-8.
    NotUtf8,
    /// The text is not JSON: the reason and its place (`line 1 column 2`).
    NotJson(String),
    /// The text is nested too deeply: the reason and its place.
    TooDeep(String),
}

impl Flaw {
    /// The name in recordings and messages.
    pub fn name(self) -> &'static str {
        match self {
            Flaw::TooLarge => "too large",
            Flaw::Truncated => "truncated",
            Flaw::Slow => "too slow",
        }
    }
}

/// How deep the brackets of a body may go: a line of a recording has it within its own.
const DEEPEST_BODY: usize = DEEPEST - 16;

const NOT_UTF8: &str = "it is no UTF-8";

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BodyError::NotUtf8 => NOT_UTF8,
            BodyError::NotJson(why) | BodyError::TooDeep(why) => why,
        })
    }
}

impl From<&str> for BodyError {
    fn from(why: &str) -> BodyError {
        match why {
            NOT_UTF8 => BodyError::NotUtf8,
            _ if why.starts_with(TOO_DEEP) => BodyError::TooDeep(why.to_owned()),
            _ => BodyError::NotJson(why.to_owned()),
        }
    }
}

impl Body {
    /// Parses `text`, which is not empty.
    pub fn of_text(text: &str) -> Body {
        match from_str_within(text, DEEPEST_BODY) {
            Ok(json) => Body::Json(json),
            Err(error) => Body::Unreadable(BodyError::from(error.to_string().as_str())),
        }
    }
}

impl Request {
    /// The body, read as JSON. The last of two equal keys wins, as in Python.
    pub fn read_body(&self) -> Body {
        if self.body.is_empty() {
            return Body::Empty;
        }
        match std::str::from_utf8(&self.body) {
            Err(_) => Body::Unreadable(BodyError::NotUtf8),
            Ok(text) => Body::of_text(text),
        }
    }

    /// The media type of the body, without its parameters; empty if there is none.
    pub fn media_type(&self) -> &str {
        self.headers.get("Content-Type").and_then(|value| value.split(';').next()).unwrap_or_default().trim()
    }

    /// Where the client reached us, by what it wrote in `Host`: `http://HOST:PORT`.
    pub fn origin(&self) -> String {
        self.peer.origin(self.headers.get("Host").unwrap_or("127.0.0.1"))
    }

    /// The query, decoded.
    pub fn query(&self) -> Query {
        Query::parse(&self.query)
    }

    /// The path with its query, as it stood in the request line.
    pub fn target(&self) -> String {
        match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_is_written_by_its_name() {
        for flaw in [Flaw::TooLarge, Flaw::Truncated, Flaw::Slow] {
            assert_eq!(crate::base::json::to_value(&flaw).unwrap(), flaw.name());
        }
    }
}
