//! The HTTP server: sockets, limits and times. It turns bytes into [`Request`]s, hands them to an [`Answer`], and turns
//! [`Response`]s back into bytes; what an answer says is none of its business.

mod admin;
mod answer;
mod body;
mod connection;
mod convert;
mod limits;
mod listener;
mod streamed;
#[cfg(test)]
mod tests;
mod wire;

use crate::message::{Intake, Request, Response};

pub use admin::{Admin, PREFIX};
pub use limits::Limits;
pub use listener::Server;
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

/// Who answers requests.
pub trait Answer: Send + Sync + 'static {
    /// How the body of a request is to be read.
    fn intake(&self, method: &str, path: &str) -> Intake;

    /// The answer to `request`; must not panic.
    fn answer(&self, request: Request) -> impl Future<Output = Answered> + Send;

    /// Bytes arrived that are no HTTP request; the client already has its 400 or 431, or a closed connection.
    fn garbage(&self, why: &str);
}
