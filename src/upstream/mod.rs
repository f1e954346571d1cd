//! Floor 4: the sockets to a real cloud: HTTP/1.1 with persistent connections, TLS, timeouts. It does not know what the messages
//! contain.

mod client;
mod trust;
mod upload;

pub use crate::upstream::client::{Broken, Client};
pub use crate::upstream::trust::Trust;
pub use crate::upstream::upload::{Meter, Upload};
