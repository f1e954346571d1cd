//! The HTTP server: sockets, limits and times. It turns bytes into [`Request`]s, hands them to an [`Answer`], and turns
//! [`Response`]s back into bytes; what an answer says is none of its business.

mod admin;
mod answer;
mod body;
mod connection;
mod convert;
mod limits;
mod listener;
mod proxy;
mod streamed;
#[cfg(test)]
mod tests;
mod wire;

use std::net::IpAddr;
use std::sync::Arc;

use hyper::body::Incoming;

use crate::message::{Intake, Request, Response};

pub use admin::{Admin, PREFIX};
pub use limits::Limits;
pub use listener::Server;
pub use proxy::{Credentials, Proxy, Relay, Rest};
pub use streamed::Streamed;

/// What a request is answered with.
#[derive(Debug)]
pub enum Answered {
    /// A response.
    Response(Response),
    /// A recording, which is read while it is sent.
    Recording(Streamed),
}

impl From<Response> for Answered {
    fn from(response: Response) -> Answered {
        Answered::Response(response)
    }
}

/// An answer as hyper sends it.
pub type Outgoing = hyper::Response<convert::Body>;

impl<A: Answer> Answer for Arc<A> {
    fn intake(&self, method: &str, path: &str) -> Intake {
        (**self).intake(method, path)
    }

    fn answer(&self, request: Request) -> impl Future<Output = Answered> + Send {
        (**self).answer(request)
    }

    fn forward(
        &self,
        request: hyper::Request<Incoming>,
        peer: Option<IpAddr>,
    ) -> impl Future<Output = Outgoing> + Send {
        (**self).forward(request, peer)
    }

    fn garbage(&self, why: &str) {
        (**self).garbage(why);
    }
}

/// Who answers requests.
pub trait Answer: Send + Sync + 'static {
    /// How the body of a request is to be read.
    fn intake(&self, method: &str, path: &str) -> Intake;

    /// The answer to `request`; must not panic.
    fn answer(&self, request: Request) -> impl Future<Output = Answered> + Send;

    /// The answer to a request that is to be read as [`Intake::Unread`]; only who says that is asked.
    fn forward(
        &self,
        request: hyper::Request<Incoming>,
        peer: Option<IpAddr>,
    ) -> impl Future<Output = Outgoing> + Send {
        let (head, _) = request.into_parts();
        async move { convert::answer(self.answer(convert::request(&head, body::Arrived::default(), peer)).await) }
    }

    /// Bytes arrived that are no HTTP request; the client already has its 400 or 431, or a closed connection.
    fn garbage(&self, why: &str);
}
