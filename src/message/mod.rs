//! Floor 1: HTTP as data, without sockets. Requests as they arrived, responses before they leave, URLs in parts, and the
//! rules that keep secrets out of everything that is written down.

mod headers;
mod json;
mod redact;
pub mod request;
pub mod response;
mod url;

pub use headers::Headers;
pub use json::Json;
pub use redact::{Decisions, Kind, Mark, Marks, Node, Redaction, Redactor, Safe, SafeHeaders, kind_by_name};
pub use request::{Body, Contents, Flaw, Intake, Request};
pub use response::{Response, UpstreamFailure};
pub use url::{Base, Query, percent_decode};
