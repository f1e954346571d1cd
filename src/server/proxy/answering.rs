//! An answer of the cloud as the client gets it.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full};
use hyper::Response;
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::http::response::Parts;
use tokio::time::timeout;

use super::collected::COLLECTED;
use super::headers::{drop_hop_by_hop, rewrite};
use super::pending::Pending;
use super::relay::{Head, Relay};
use crate::base::json::Value;
use crate::exchange::{Delivered, Mounts};
use crate::message::{Headers, Response as Kept, UpstreamFailure};
use crate::server::{Outgoing, convert};

/// The `response` of the cloud on its way to the client: JSON with its URLs rewritten, all else while it arrives.
pub async fn pass_on(response: Response<Incoming>, pending: Pending, mounts: &Mounts, patience: Duration) -> Outgoing {
    let (mut head, body) = response.into_parts();
    let origin = pending.exchange().origin(&pending.request);
    drop_hop_by_hop(&mut head.headers);
    rewrite(&mut head.headers, &mounts.to_client(&origin));
    let media = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_document = media.contains("json") && body.size_hint().lower() <= COLLECTED as u64;
    if body.is_end_stream() {
        pending.finish(delivered(&head, None, None));
        return with(head, Either::Left(Full::default()));
    }
    if !is_document {
        let kept = Head {
            status: head.status.as_u16(),
            headers: convert::headers(&head.headers),
            is_text: media.starts_with("text/"),
        };
        return with(head, relayed(Relay::of(Vec::new(), body, kept, pending, patience)));
    }
    let (bytes, ended) = collect(body, patience).await;
    match ended {
        End::Whole => whole(head, bytes, pending, &origin),
        End::TooLong(rest) => {
            let kept = Head { status: head.status.as_u16(), headers: convert::headers(&head.headers), is_text: false };
            with(head, relayed(Relay::of(bytes, rest, kept, pending, patience)))
        }
        End::Broken(failure) => {
            let rewritten = mounts.to_client(&origin).json(&bytes).unwrap_or(bytes);
            pending.finish(delivered(&head, None, Some(failure)));
            with(head, relayed(Relay::cut(rewritten)))
        }
    }
}

/// A document that arrived whole.
fn whole(mut head: Parts, bytes: Vec<u8>, pending: Pending, origin: &str) -> Outgoing {
    let read: Option<Value> = crate::base::json::from_slice(&bytes).ok();
    if let Some(catalog) = &read {
        pending.exchange().learn(catalog);
    }
    // The catalog itself has URLs that were unknown a moment ago.
    let mounts = pending.exchange().mounts();
    let rewritten = mounts.and_then(|mounts| mounts.to_client(origin).json(&bytes));
    let kept = match &rewritten {
        Some(rewritten) => crate::base::json::from_slice(rewritten).ok(),
        None => read,
    };
    let bytes = rewritten.unwrap_or(bytes);
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let kept = kept.or_else(|| Some(Value::String(String::from_utf8_lossy(&bytes).into_owned())));
    pending.finish(delivered(&head, kept, None));
    with(head, Either::Left(Full::new(Bytes::from(bytes))))
}

fn delivered(head: &Parts, body: Option<Value>, failure: Option<UpstreamFailure>) -> Delivered {
    let headers: Headers = convert::headers(&head.headers);
    let response = Kept { status: head.status.as_u16(), headers, body, ..Kept::default() };
    Delivered { response, contents: None, failure }
}

/// The body of an answer that passes by.
fn relayed(relay: Relay) -> convert::Body {
    Either::Right(Either::Right(Either::Left(relay)))
}

fn with(head: Parts, body: convert::Body) -> Outgoing {
    Response::from_parts(head, body)
}

/// How a document ended.
enum End {
    Whole,
    /// It is longer than what is read before it is passed on.
    TooLong(Incoming),
    Broken(UpstreamFailure),
}

async fn collect(mut body: Incoming, patience: Duration) -> (Vec<u8>, End) {
    let mut bytes = Vec::new();
    loop {
        match timeout(patience, body.frame()).await {
            Ok(None) => return (bytes, End::Whole),
            Ok(Some(Ok(frame))) => bytes.extend_from_slice(&frame.into_data().unwrap_or_default()),
            Ok(Some(Err(_))) => return (bytes, End::Broken(UpstreamFailure::Truncated)),
            Err(_) => return (bytes, End::Broken(UpstreamFailure::Slow)),
        }
        if bytes.len() > COLLECTED {
            return (bytes, End::TooLong(body));
        }
    }
}
