//! The body of a request on its way to a cloud.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use crate::message::{Contents, ContentsMeter};

/// The body of a request to a cloud: the bytes that have arrived, then the rest.
#[derive(Debug, Default)]
pub struct Upload {
    ready: VecDeque<Bytes>,
    rest: Option<Incoming>,
    meter: Meter,
}

/// The client's body is incomplete.
#[derive(Debug)]
pub struct ClientGone;

impl fmt::Display for ClientGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client did not send all of its body")
    }
}

impl std::error::Error for ClientGone {}

/// Counts the bytes of a body that were sent. Every clone reads the same count.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Reading>>);

#[derive(Debug, Default)]
struct Reading {
    meter: ContentsMeter,
    last: Option<Instant>,
}

impl Meter {
    /// Takes note of bytes that went by.
    pub fn count(&self, bytes: &[u8]) {
        let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reading.meter.consume(bytes);
        reading.last = Some(Instant::now());
    }

    /// What went by.
    pub fn contents(&self) -> Contents {
        let reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reading.meter.contents()
    }

    /// When something last went by.
    pub fn last(&self) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last
    }
}

impl Upload {
    /// The bytes of `ready`, then `rest`, both counted by `meter`.
    pub fn new(ready: impl IntoIterator<Item = Bytes>, rest: Option<Incoming>, meter: Meter) -> Upload {
        Upload { ready: ready.into_iter().filter(|bytes| !bytes.is_empty()).collect(), rest, meter }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = ClientGone;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, ClientGone>>> {
        let this = self.get_mut();
        if let Some(bytes) = this.ready.pop_front() {
            this.meter.count(&bytes);
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        let Some(rest) = &mut this.rest else { return Poll::Ready(None) };
        Pin::new(rest).poll_frame(context).map(|frame| {
            let bytes = frame?.map_err(|_| ClientGone).map(|frame| frame.into_data().unwrap_or_default());
            if let Ok(bytes) = &bytes {
                this.meter.count(bytes);
            }
            Some(bytes.map(Frame::data))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && self.rest.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let ready: u64 = self.ready.iter().map(|bytes| bytes.len() as u64).sum();
        let rest = self.rest.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint);
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + ready);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + ready);
        }
        hint
    }
}
