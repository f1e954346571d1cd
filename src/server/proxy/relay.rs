//! The body of an answer that passes by: nothing of it is kept but its length, its sum, and a text that is short.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use super::pending::Pending;
use crate::base::json::Value;
use crate::exchange::Delivered;
use crate::message::{Headers, Response, UpstreamFailure};
use crate::upstream::Meter;

/// The longest text that is kept, in bytes: the page of an error.
const LONGEST_TEXT: usize = 64 << 10;

/// How long the last bytes of an answer that was cut have to leave before the connection is closed.
const FLUSH: Duration = Duration::from_millis(5);

/// The body of an answer that passes by.
#[derive(Debug)]
pub struct Relay(Receiver<io::Result<Bytes>>);

/// What is kept of the answer besides.
pub struct Head {
    /// Its status.
    pub status: u16,
    /// Its header lines.
    pub headers: Headers,
    /// May its body be kept if it is short?
    pub is_text: bool,
}

impl Relay {
    /// The bytes of `begun` and of `rest`; `pending` is finished before the last of them leave.
    pub fn of(begun: Vec<u8>, rest: Incoming, head: Head, pending: Pending, patience: Duration) -> Relay {
        let (sender, receiver) = channel(1);
        tokio::spawn(pump(begun, rest, head, pending, patience, sender));
        Relay(receiver)
    }

    /// A body of which only `bytes` arrived.
    pub fn cut(bytes: Vec<u8>) -> Relay {
        let (sender, receiver) = channel(1);
        tokio::spawn(async move { end(&sender, bytes.into(), true).await });
        Relay(receiver)
    }
}

/// Passes on all but the last bytes, notes how it ended, and then passes those on: who has all of the answer can rely on its being
/// in the recording.
async fn pump(
    begun: Vec<u8>,
    mut rest: Incoming,
    head: Head,
    pending: Pending,
    patience: Duration,
    sender: Sender<io::Result<Bytes>>,
) {
    let (meter, mut text) = (Meter::default(), head.is_text.then(Vec::new));
    let mut held = Bytes::from(begun);
    meter.count(&held);
    let failure = loop {
        let chunk = match timeout(patience, rest.frame()).await {
            Ok(None) => break None,
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
            Ok(Some(Err(_))) => break Some(UpstreamFailure::Truncated),
            Err(_) => break Some(UpstreamFailure::Slow),
        };
        meter.count(&chunk);
        text = text.filter(|text| text.len() + chunk.len() <= LONGEST_TEXT);
        if let Some(text) = &mut text {
            text.extend_from_slice(&chunk);
        }
        let before = std::mem::replace(&mut held, chunk);
        if !before.is_empty() && sender.send(Ok(before)).await.is_err() {
            break Some(UpstreamFailure::Abandoned);
        }
    };
    let text = text.and_then(|text| String::from_utf8(text).ok());
    let contents = text.is_none().then(|| meter.contents());
    let Head { status, headers, .. } = head;
    let response = Response { status, headers, body: text.map(Value::String), ..Response::default() };
    pending.finish(Delivered { response, contents, failure });
    end(&sender, held, failure.is_some()).await;
}

/// Passes on the last bytes, and that more should have come if they are `cut`. That waits until they were taken: an error that
/// comes together with them would keep them from the client.
async fn end(sender: &Sender<io::Result<Bytes>>, last: Bytes, cut: bool) {
    // If the client is gone, nobody is to be told.
    let _ = sender.send(Ok(last)).await;
    if cut && sender.reserve().await.is_ok() {
        tokio::time::sleep(FLUSH).await;
        let _ = sender.send(Err(truncated())).await;
    }
}

fn truncated() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, UpstreamFailure::Truncated.told())
}

impl Body for Relay {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }
}
