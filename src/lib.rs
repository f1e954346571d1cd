//! A stand-in OpenStack cloud that judges every boot request against the versioned contract it was sent under.
#![forbid(unsafe_code)]

pub mod base;
pub mod cloud;
pub mod contract;
pub mod exchange;
pub mod message;
pub mod recording;
pub mod server;
