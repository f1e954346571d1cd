//! A stand-in OpenStack cloud that judges every boot request against the versioned contract it was sent under.
//!
//! The floors, from the ground up; imports go down only (tests/floors.rs):
//! [`base`], [`message`], [`contract`] and [`cloud`], [`recording`] and [`snapshot`], [`exchange`], [`report`] and [`upstream`], [`server`], [`verify`] and [`lint`], [`embed`] and [`cli`].
//! [`embed`] is the cloud inside a Rust test, which needs neither [`cli`] nor [`upstream`]: they are behind the feature `cli`.
#![forbid(unsafe_code)]

pub mod base;
#[cfg(feature = "cli")]
pub mod cli;
pub mod cloud;
pub mod contract;
pub mod embed;
pub mod exchange;
#[cfg(feature = "cli")]
pub mod history;
#[cfg(feature = "cli")]
pub mod lint;
pub mod message;
pub mod recording;
pub mod report;
pub mod server;
pub mod snapshot;
#[cfg(feature = "cli")]
pub mod upstream;
pub mod verify;
