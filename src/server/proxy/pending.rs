//! A request that the cloud has not answered yet.

use std::sync::Arc;

use jiff::Timestamp;

use crate::exchange::{Delivered, Exchange};
use crate::message::{Flaw, Request, Response, UpstreamFailure};
use crate::upstream::{Broken, Meter};

/// A request that the cloud has not answered yet. It is recorded even if nobody waits for it any more.
#[derive(Debug)]
pub struct Pending {
    exchange: Arc<Exchange>,
    /// The request as it is judged.
    pub request: Request,
    time: Timestamp,
    /// Tells what its body was, if that passed by.
    meter: Option<Meter>,
    is_done: bool,
}

impl Pending {
    /// The `request`, which arrived at `time`; `meter` is that of a body that passes by.
    pub fn new(exchange: Arc<Exchange>, request: Request, time: Timestamp, meter: Option<Meter>) -> Pending {
        Pending { exchange, request, time, meter, is_done: false }
    }

    /// Writes it to the recording.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Writes it down with what the cloud gave; returns once it is written.
    pub fn finish(mut self, delivered: Delivered) {
        self.note(delivered);
    }

    /// The cloud gave no answer: what the client gets instead.
    pub fn fail(mut self, failure: UpstreamFailure, why: &str) -> Response {
        let response = self.exchange.no_answer(&self.request, failure, why);
        self.note(Delivered { response: response.clone(), contents: None, failure: Some(failure) });
        response
    }

    /// The same, if the request was `broken` on its way.
    pub fn broken(mut self, broken: &Broken) -> Response {
        match broken {
            Broken::Upstream(failure, why) => self.fail(*failure, why),
            Broken::ByClient => {
                self.request.flaw = Some(Flaw::Truncated);
                self.fail(UpstreamFailure::Abandoned, "")
            }
        }
    }

    fn note(&mut self, delivered: Delivered) {
        self.is_done = true;
        self.request.contents = self.meter.as_ref().map(Meter::contents);
        drop(self.exchange.forwarded(&self.request, self.time, delivered).flush());
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.is_done {
            let failure = UpstreamFailure::Abandoned;
            self.note(Delivered { response: Response::empty(502), contents: None, failure: Some(failure) });
        }
    }
}
