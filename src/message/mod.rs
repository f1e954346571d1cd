//! Floor 1: HTTP as data, without sockets. Requests as they arrived, responses before they leave, URLs in parts, and the
//! rules that keep secrets out of everything that is written.

pub mod contents;
mod delivery;
mod headers;
mod redact;
pub mod request;
pub mod response;
mod url;

pub use crate::message::contents::{Contents, ContentsMeter};
pub use crate::message::delivery::{Delivery, Drip, Interruption};
pub use crate::message::headers::Headers;
pub use crate::message::redact::{
    Decisions, Kind, Mark, Marks, Redaction, Redactor, Safe, SafeHeaders, Told, kind_by_name, looks_random,
};
pub use crate::message::request::{Body, BodyError, Flaw, Intake, Peer, Request};
pub use crate::message::response::{Response, UpstreamFailure};
pub use crate::message::url::{Base, Query, percent_decode};
