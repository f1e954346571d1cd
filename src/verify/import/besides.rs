//! The parts of an exchange in a recording that HAR has no place for.

use serde::{Deserialize, Serialize};

use crate::base::diagnostic::Diagnostic;
use crate::contract::Violation;
use crate::message::response::UpstreamFailure;
use crate::message::{Contents, Flaw};
use crate::recording::{Refused, Unreadable};

/// The parts of an exchange in a recording that HAR has no place for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Besides {
    /// The path and the query as they were sent.
    pub target: String,
    /// See [`Interaction::project`].
    pub project: Option<String>,
    /// See [`Interaction::violations`].
    pub violations: Vec<Violation>,
    /// See [`Interaction::diagnostic`].
    pub diagnostic: Option<Diagnostic>,
    /// See [`Interaction::refusal`].
    pub refusal: Option<Refused>,
    /// See [`RecordedRequest::unreadable`](crate::recording::RecordedRequest::unreadable).
    pub unreadable: Option<Unreadable>,
    /// See [`RecordedRequest::flaw`](crate::recording::RecordedRequest::flaw).
    pub flaw: Option<Flaw>,
    /// See [`RecordedRequest::contents`](crate::recording::RecordedRequest::contents), of request and answer.
    #[serde(default)]
    pub contents: [Option<Contents>; 2],
    /// See [`RecordedResponse::failure`](crate::recording::RecordedResponse::failure).
    #[serde(default)]
    pub failure: Option<UpstreamFailure>,
}
