//! Floor 4: the sockets to a real cloud: HTTP/1.1 with connections that are kept, TLS, times. What is asked and answered is none of
//! its business.

mod client;
mod trust;
mod upload;

pub use crate::upstream::client::{Broken, Client};
pub use crate::upstream::trust::Trust;
pub use crate::upstream::upload::{Meter, Upload};
