//! A stand-in OpenStack cloud that judges every boot request against the versioned contract it was sent under.
//!
//! The floors, from the ground up; imports go down only (tests/floors.rs):
//! [`base`], [`message`], [`contract`] and [`cloud`], [`recording`] and [`snapshot`], [`exchange`], [`report`] and [`upstream`], [`server`] and [`verify`], [`cli`].
//! With the feature `wiremock` there is also `embed`, the cloud inside a Rust test.
#![forbid(unsafe_code)]

pub mod base;
pub mod cli;
pub mod cloud;
pub mod contract;
#[cfg(feature = "wiremock")]
pub mod embed;
pub mod exchange;
pub mod message;
pub mod recording;
pub mod report;
pub mod server;
pub mod snapshot;
pub mod upstream;
pub mod verify;
