//! Between hyper's messages and ours.

use std::borrow::Cow;
use std::cell::RefCell;

use bytes::Bytes;
use foldhash::HashMap;
use http_body_util::{Either, Full};
use hyper::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::{StatusCode, Uri, http::request::Parts};

use super::answered::Answered;
use super::body::Arrived;
use super::interrupted::Faltering;
use super::{Events, Relay, Streamed};
use crate::message::{Headers, Peer, Request, Response};

/// The path of a request's target as it was sent, whatever form the target has.
pub fn path_of(target: &Uri) -> &str {
    match (target.path(), target.authority()) {
        // The form of CONNECT, `host:port`, has no path.
        ("", Some(authority)) => authority.as_str(),
        (path, _) => path,
    }
}

/// A request with its body.
pub fn request(head: &Parts, body: Arrived, peer: Peer) -> Request {
    Request {
        method: head.method.as_str().to_owned(),
        path: path_of(&head.uri).to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers(&head.headers),
        body: body.bytes,
        contents: body.contents,
        flaw: body.flaw,
        peer,
    }
}

/// Names that nearly every request has: they need not be copied.
const USUAL: [&str; 9] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
    "content-type",
    "content-length",
    "x-auth-token",
    "openstack-api-version",
];

/// Header lines.
pub fn headers(lines: &HeaderMap) -> Headers {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = Headers::text(value.as_bytes());
        match USUAL.iter().find(|usual| *name == **usual) {
            Some(usual) => (Cow::Borrowed(*usual), value),
            None => (Cow::Owned(name.as_str().to_owned()), value),
        }
    };
    Headers(lines.iter().map(line).collect())
}

/// The body of an answer.
pub type Body = Either<Full<Bytes>, Longer>;

/// A body that is not there at once.
type Longer = Either<Streamed, Either<Relay, Either<Events, Faltering>>>;

/// An answer as hyper sends it.
pub type Outgoing = hyper::Response<Body>;

/// The same to a request of whose body a part is still `unread`: nothing else can follow on the connection.
pub fn answer_after(answered: Answered, unread: bool) -> Outgoing {
    let mut response = answer(answered);
    if unread {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// An answer as hyper sends it.
pub fn answer(answer: Answered) -> Outgoing {
    match answer {
        Answered::Response(answer) => {
            let delivery = answer.delivery.as_deref().copied();
            response(answer).map(|bytes| match delivery {
                None => Either::Left(Full::new(bytes)),
                Some(delivery) => {
                    Either::Right(Either::Right(Either::Right(Either::Right(Faltering::new(bytes, delivery)))))
                }
            })
        }
        Answered::Recording(lines) => streamed(Either::Left(lines), "application/jsonl"),
        Answered::Events(events) => streamed(Either::Right(Either::Right(Either::Left(events))), "text/event-stream"),
    }
}

fn streamed(body: Longer, kind: &'static str) -> Outgoing {
    let mut response = hyper::Response::new(Either::Right(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A response as hyper sends it. Lines that HTTP does not allow are left out, and so are those about the body's length,
/// which hyper writes itself.
fn response(mut answer: Response) -> hyper::Response<Bytes> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let has_body = !status.is_informational() && status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED;
    let bytes = if has_body { Bytes::from(answer.take_bytes()) } else { Bytes::new() };
    let mut response = hyper::Response::new(bytes);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(answer.headers.0.len());
    for (name, value) in answer.headers.0.into_iter().filter_map(|(name, value)| header(name, &value)) {
        headers.append(name, value);
    }
    response
}

fn header(name: Cow<'static, str>, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = match name {
        Cow::Borrowed(name) => literal_name(name)?,
        Cow::Owned(name) => HeaderName::try_from(name).ok()?,
    };
    let value = HeaderValue::try_from(value).ok()?;
    (name != CONTENT_LENGTH && name != TRANSFER_ENCODING).then_some((name, value))
}

/// The name of a header that stands in our code: there are few, so each is made once and kept.
fn literal_name(name: &'static str) -> Option<HeaderName> {
    thread_local! {
        static NAMES: RefCell<HashMap<&'static str, HeaderName>> = RefCell::default();
    }
    NAMES.with_borrow_mut(|names| match names.get(name) {
        Some(name) => Some(name.clone()),
        None => {
            let made = HeaderName::try_from(name).ok()?;
            names.insert(name, made.clone());
            Some(made)
        }
    })
}
