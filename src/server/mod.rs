//! The HTTP server: sockets, limits and times. It turns bytes into [`Request`](crate::message::Request)s, hands them to an
//! [`Answer`], and turns [`Response`](crate::message::Response)s back into bytes; it does not know what an answer contains.

mod admin;
mod answer;
mod answered;
mod background;
mod body;
mod connection;
mod convert;
mod entrance;
mod events;
mod exchange;
mod interrupted;
mod limits;
mod listener;
#[cfg(not(feature = "cli"))]
mod no_proxy;
#[cfg(not(feature = "cli"))]
mod no_tls;
#[cfg(feature = "cli")]
mod proxy;
mod stream;
mod streamed;
#[cfg(test)]
mod tests;
#[cfg(feature = "cli")]
mod tls;
mod wire;

pub use crate::server::admin::{Admin, AdminToken, Guard, HEALTH, PREFIX, Routes};
pub use crate::server::answer::Answer;
pub use crate::server::answered::Answered;
pub use crate::server::background::Background;
pub use crate::server::convert::Outgoing;
pub use crate::server::entrance::{Entrance, EnvFor};
pub use crate::server::events::Events;
pub use crate::server::limits::Limits;
pub use crate::server::listener::Server;
#[cfg(not(feature = "cli"))]
pub use crate::server::no_proxy::Relay;
#[cfg(not(feature = "cli"))]
pub use crate::server::no_tls::Tls;
#[cfg(feature = "cli")]
pub use crate::server::proxy::{Credentials, Proxy, Relay, Rest};
pub use crate::server::streamed::Streamed;
#[cfg(feature = "cli")]
pub use crate::server::tls::Tls;
