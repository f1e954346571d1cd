//! Who answers requests.

use std::sync::Arc;

use hyper::body::Incoming;

use super::answered::Answered;
use super::body::Arrived;
use super::convert;
use super::convert::Outgoing;
use crate::message::{Intake, Peer, Request};

/// Who answers requests.
pub trait Answer: Send + Sync + 'static {
    /// How the body of a request is to be read.
    fn intake(&self, method: &str, path: &str) -> Intake;

    /// The answer to `request`; must not panic.
    fn answer(&self, request: Request) -> impl Future<Output = Answered> + Send;

    /// The answer to a request that is to be read as [`Intake::Unread`]; only who says that is asked.
    fn forward(&self, request: hyper::Request<Incoming>, peer: Peer) -> impl Future<Output = Outgoing> + Send {
        let (head, _) = request.into_parts();
        async move { convert::answer(self.answer(convert::request(&head, Arrived::default(), peer)).await) }
    }

    /// Are the names of header lines to be lower-case? OpenStack's own servers write `X-Subject-Token`.
    fn has_lower_case_headers(&self) -> bool {
        false
    }

    /// Bytes arrived that are no HTTP request; the client already has its 400 or 431, or a closed connection.
    fn garbage(&self, why: &str);
}

impl<A: Answer> Answer for Arc<A> {
    fn intake(&self, method: &str, path: &str) -> Intake {
        (**self).intake(method, path)
    }

    fn answer(&self, request: Request) -> impl Future<Output = Answered> + Send {
        (**self).answer(request)
    }

    fn forward(&self, request: hyper::Request<Incoming>, peer: Peer) -> impl Future<Output = Outgoing> + Send {
        (**self).forward(request, peer)
    }

    fn has_lower_case_headers(&self) -> bool {
        (**self).has_lower_case_headers()
    }

    fn garbage(&self, why: &str) {
        (**self).garbage(why);
    }
}
