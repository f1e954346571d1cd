//! Reading bodies within their limits.

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use super::Limits;
use crate::message::{Contents, ContentsMeter, Flaw, Intake};

/// The result of reading a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Its bytes; empty if it is incomplete.
    pub bytes: Vec<u8>,
    /// What is known of it instead, if it is not kept.
    pub contents: Option<Contents>,
    /// Why it is incomplete.
    pub flaw: Option<Flaw>,
    /// Whether bytes of it may still come, so that the connection is of no use after the answer.
    pub unread: bool,
}

/// Reads `body` as `intake` says. `waits` says that the client asked for a `100 Continue` before it sends anything.
pub async fn read_body(mut body: Incoming, intake: Intake, limits: &Limits, waits: bool) -> Arrived {
    let limit = match intake {
        Intake::Document(limit) => limit,
        Intake::Contents => return digest(&mut body, limits).await,
        // Who says so gets it as it is.
        Intake::Unread => return Arrived::default(),
    };
    let announced_too_large = body.size_hint().lower() > limit as u64;
    if announced_too_large && waits {
        return Arrived { flaw: Some(Flaw::TooLarge), unread: true, ..Arrived::default() };
    }
    let read = async {
        let outcome = if announced_too_large { Err(Flaw::TooLarge) } else { collect(&mut body, limit).await };
        match outcome {
            Ok(bytes) => Arrived { bytes, ..Arrived::default() },
            Err(Flaw::TooLarge) => discarded(&mut body, limits).await,
            Err(flaw) => Arrived { flaw: Some(flaw), unread: true, ..Arrived::default() },
        }
    };
    let slow = Arrived { flaw: Some(Flaw::Slow), unread: true, ..Arrived::default() };
    timeout(limits.body_time, read).await.unwrap_or(slow)
}

/// Reads a body of any length, of which little is kept. It may take as long as bytes come.
async fn digest(body: &mut Incoming, limits: &Limits) -> Arrived {
    let mut meter = ContentsMeter::default();
    loop {
        let flaw = match timeout(limits.body_time, next_chunk(body)).await {
            Ok(Ok(Some(chunk))) => {
                meter.consume(&chunk);
                continue;
            }
            Ok(Ok(None)) => {
                return Arrived { contents: Some(meter.contents()), ..Arrived::default() };
            }
            Ok(Err(flaw)) => flaw,
            Err(_) => Flaw::Slow,
        };
        return Arrived { flaw: Some(flaw), unread: true, ..Arrived::default() };
    }
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Vec<u8>, Flaw> {
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(body).await? {
        if bytes.len() + chunk.len() > limit {
            return Err(Flaw::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The next bytes of the body; nothing for trailers.
pub async fn next_chunk(body: &mut Incoming) -> Result<Option<Bytes>, Flaw> {
    match body.frame().await {
        None => Ok(None),
        Some(Ok(frame)) => Ok(Some(frame.into_data().unwrap_or_default())),
        Some(Err(_)) => Err(Flaw::Truncated),
    }
}

/// Throws the rest of a body away that is too large. Most clients read no answer before they have sent all they have, and
/// closing on them would reset the connection and lose the answer.
async fn discarded(body: &mut Incoming, limits: &Limits) -> Arrived {
    let unread = loop {
        match timeout(limits.discard_time, next_chunk(body)).await {
            Ok(Ok(Some(_))) => {}
            Ok(Ok(None)) => break false,
            Ok(Err(_)) | Err(_) => break true,
        }
    };
    Arrived { flaw: Some(Flaw::TooLarge), unread, ..Arrived::default() }
}
