//! Floor 4: the sockets to a real cloud: HTTP/1.1 with connections that are kept, TLS, times. What is asked and answered is none of
//! its business.

mod client;
mod trust;
mod upload;

pub use client::{Broken, Client};
pub use trust::Trust;
pub use upload::{Meter, Upload};
