//! Answers that a fault makes slow or incomplete.

use std::fmt;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use crate::message::{Delivery, Drip, Interruption};

/// The connection ends without an answer.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault ended the connection")
    }
}

impl std::error::Error for Interrupted {}

/// A body of which the length is told at once, and the bytes come in pieces or not all.
#[derive(Debug)]
pub struct Faltering {
    rest: Bytes,
    /// The bytes that are still told to come.
    told: u64,
    drip: Option<Drip>,
    is_cut: bool,
    pause: Pin<Box<Sleep>>,
}

/// How long the bytes before a cut have to leave.
const TO_LEAVE: Duration = Duration::from_millis(20);

impl Faltering {
    /// The body of an answer that travels as `delivery` says.
    pub fn new(bytes: Bytes, delivery: Delivery) -> Faltering {
        let told = bytes.len() as u64;
        let cut = match delivery.interruption {
            Some(Interruption::Cut(count)) if count < bytes.len() => Some(count),
            _ => None,
        };
        let pause = Box::pin(sleep(delivery.drip.map_or(Duration::ZERO, |drip| drip.pause)));
        Faltering {
            rest: bytes.slice(..cut.unwrap_or(bytes.len())),
            told,
            drip: delivery.drip,
            is_cut: cut.is_some(),
            pause,
        }
    }

    fn rest_for(&mut self, time: Duration) {
        self.pause.as_mut().reset(Instant::now() + time);
    }
}

impl Body for Faltering {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        ready!(this.pause.as_mut().poll(context));
        if this.rest.is_empty() {
            return Poll::Ready(this.is_cut.then(|| Err(ErrorKind::ConnectionAborted.into())));
        }
        let most = this.drip.map_or(this.rest.len(), |drip| drip.bytes.min(this.rest.len()));
        let piece = this.rest.split_to(most);
        this.told -= piece.len() as u64;
        match this.drip {
            _ if this.rest.is_empty() && this.is_cut => this.rest_for(TO_LEAVE),
            Some(drip) => this.rest_for(drip.pause),
            None => {}
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && !self.is_cut
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.told)
    }
}
