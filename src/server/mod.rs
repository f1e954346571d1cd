//! The HTTP server: sockets, limits and times. It turns bytes into [`Request`](crate::message::Request)s, hands them to an
//! [`Answer`], and turns [`Response`](crate::message::Response)s back into bytes; what an answer says is none of its business.

mod admin;
mod answer;
mod answered;
mod body;
mod connection;
mod convert;
mod exchange;
mod limits;
mod listener;
mod proxy;
mod streamed;
#[cfg(test)]
mod tests;
mod wire;

pub use admin::{Admin, PREFIX};
pub use answer::Answer;
pub use answered::Answered;
pub use convert::Outgoing;
pub use limits::Limits;
pub use listener::Server;
pub use proxy::{Credentials, Proxy, Relay, Rest};
pub use streamed::Streamed;
