//! A connection's bytes, with the times that only bytes can tell: how long header lines take and how long a rest lasts.
//! hyper has one time for both, but a client that polls every ten seconds is not a slow one.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::Limits;
use super::stream::Stream;

/// The exchanges of a connection, counted where they begin and where they end: odd while a request is being answered.
#[derive(Clone, Debug, Default)]
pub struct Exchanges(Arc<(AtomicUsize, AtomicBool)>);

impl Exchanges {
    /// Notes that a request is handed on, or that it has its answer.
    pub fn step(&self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a request is being answered; then its times are not the wire's to watch.
    pub fn under_way(&self) -> bool {
        self.count() % 2 == 1
    }

    fn count(&self) -> usize {
        self.0.0.load(Ordering::Relaxed)
    }

    /// The connection is to end with a reset.
    pub fn reset(&self) {
        self.0.1.store(true, Ordering::Relaxed);
    }

    fn is_reset(&self) -> bool {
        self.0.1.load(Ordering::Relaxed)
    }
}

/// What the wire waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// The answer to a request.
    Answer,
    /// The first byte of a request.
    Request,
    /// The rest of the header lines.
    Header,
}

/// A stream whose reads fail with `TimedOut` when the header lines or the next request take too long.
#[derive(Debug)]
pub struct Wire {
    stream: Stream,
    exchanges: Exchanges,
    seen: usize,
    awaited: Awaited,
    alarm: Pin<Box<Sleep>>,
    header_time: Duration,
    idle_time: Duration,
}

impl Wire {
    /// Watches `stream` between its `exchanges`. A new connection has the time of header lines, for its first request should
    /// be on its way already.
    pub fn new(stream: Stream, limits: &Limits, exchanges: Exchanges) -> Wire {
        let Limits { header_time, idle_time, .. } = *limits;
        let alarm = Box::pin(sleep(header_time));
        Wire { stream, exchanges, seen: 0, awaited: Awaited::Header, alarm, header_time, idle_time }
    }

    /// Notes that bytes arrived.
    fn heard(&mut self) {
        self.catch_up();
        if self.awaited == Awaited::Request {
            self.wait_for(Awaited::Header, self.header_time);
        }
    }

    /// Whether what the wire waits for is overdue; asked when no bytes are there.
    fn is_overdue(&mut self, cx: &mut Context<'_>) -> bool {
        self.catch_up();
        self.awaited != Awaited::Answer && self.alarm.as_mut().poll(cx).is_ready()
    }

    /// Learns of requests and answers since the last look; both may lie between two reads.
    fn catch_up(&mut self) {
        let seen = self.exchanges.count();
        if self.seen != seen {
            self.seen = seen;
            match self.exchanges.under_way() {
                true => self.awaited = Awaited::Answer,
                false => self.wait_for(Awaited::Request, self.idle_time),
            }
        }
    }

    fn wait_for(&mut self, awaited: Awaited, time: Duration) {
        self.awaited = awaited;
        self.alarm.as_mut().reset(Instant::now() + time);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.exchanges.is_reset() {
            // What is closed without lingering is reset; where that fails it is merely closed.
            let _ = self.stream.tcp().set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Pending if self.is_overdue(cx) => Poll::Ready(Err(ErrorKind::TimedOut.into())),
            Poll::Ready(Ok(())) if buffer.filled().len() > before => {
                self.heard();
                Poll::Ready(Ok(()))
            }
            other => other,
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
