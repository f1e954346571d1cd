//! Between wiremock's messages and ours.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, StatusCode};
use wiremock::ResponseTemplate;

use crate::message::{Contents, Flaw, Headers, Intake, Peer, Request, Response};

/// A request whose body is read as `intake` says. wiremock passes the path as the `url` crate normalizes it.
pub fn request(request: &wiremock::Request, intake: Intake) -> Request {
    let line =
        |(name, value): (&HeaderName, &HeaderValue)| (name.as_str().to_owned().into(), Headers::text(value.as_bytes()));
    let bytes = &request.body;
    let is_too_large = matches!(intake, Intake::Document(limit) if bytes.len() > limit);
    let contents = (intake == Intake::Contents).then(|| Contents::of(bytes));
    Request {
        method: request.method.as_str().to_owned(),
        path: request.url.path().to_owned(),
        query: request.url.query().unwrap_or_default().to_owned(),
        headers: Headers(request.headers.iter().map(line).collect()),
        body: if is_too_large || contents.is_some() { Vec::new() } else { bytes.clone() },
        contents,
        flaw: is_too_large.then_some(Flaw::TooLarge),
        peer: Peer::default(),
    }
}

/// A response as wiremock sends it; lines that HTTP does not allow are left out.
pub fn response(answer: &Response) -> ResponseTemplate {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let line = |(name, value): &(Cow<'_, str>, String)| {
        Some((HeaderName::try_from(name.as_ref()).ok()?, HeaderValue::try_from(value.as_str()).ok()?))
    };
    // A body without a type: the type is among the header lines.
    let template = ResponseTemplate::new(status).set_body_raw(answer.bytes(), "");
    template.append_headers(answer.headers.0.iter().filter_map(line))
}
