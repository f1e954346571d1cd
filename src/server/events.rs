//! Server-sent events, for as long as somebody listens and the server runs.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::watch;
use tokio::time::{Interval, interval};

/// How often it is looked whether there is something to tell.
const PAUSE: Duration = Duration::from_millis(250);
/// After so many looks at which there was nothing to tell a comment finds out whether somebody still listens.
const QUIET: u32 = 60;
/// The last event: the server stops.
const END: &str = "event: end\ndata:\n\n";

/// A body of events.
pub struct Events {
    look: Box<dyn FnMut() -> String + Send + Sync>,
    pause: Interval,
    quiet: u32,
    stopped: Option<watch::Receiver<()>>,
    is_over: bool,
}

impl Events {
    /// What `look` tells each time: events, or nothing.
    pub fn new(look: impl FnMut() -> String + Send + Sync + 'static) -> Events {
        Events { look: Box::new(look), pause: interval(PAUSE), quiet: 0, stopped: None, is_over: false }
    }

    /// They end when the sender of `stopped` is gone.
    pub fn until(&mut self, stopped: watch::Receiver<()>) {
        self.stopped = Some(stopped);
    }

    fn told(&mut self) -> String {
        let mut told = (self.look)();
        self.quiet = if told.is_empty() { self.quiet + 1 } else { 0 };
        if self.quiet == QUIET {
            self.quiet = 0;
            told.push_str(":\n\n");
        }
        self.is_over = self.stopped.as_ref().is_some_and(|stopped| stopped.has_changed().is_err());
        if self.is_over {
            told.push_str(END);
        }
        told
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

impl Body for Events {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        while !this.is_over {
            ready!(this.pause.poll_tick(context));
            let told = this.told();
            if !told.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(told.into()))));
            }
        }
        Poll::Ready(None)
    }
}
