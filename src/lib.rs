//! A stand-in OpenStack cloud that judges every boot request against the versioned contract it was sent under.
//!
//! The floors, from the ground up; imports go down only (tests/floors.rs):
//! [`base`], [`message`], [`contract`] and [`cloud`], [`recording`] and [`snapshot`], [`exchange`] and [`report`], [`server`], [`cli`].
#![forbid(unsafe_code)]

pub mod base;
pub mod cli;
pub mod cloud;
pub mod contract;
pub mod exchange;
pub mod message;
pub mod recording;
pub mod report;
pub mod server;
pub mod snapshot;
