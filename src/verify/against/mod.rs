//! Sends the requests of a recording to a real cloud: does it keep the contract?
//!
//! Ids and names of the recording are those of another cloud, so each is replaced by its counterpart here. What is
//! created has a name with the id of the run, and is listed in a journal before it is requested, so that it can be deleted again whatever
//! happens.

mod cloud;
mod drive;
mod findings;
mod journal;
mod login;
mod names;
mod pauses;
mod remains;
mod sweep;

pub use super::against::cloud::{Cloud, Received, Sent};
pub use super::against::drive::{Driver, Limits};
pub use super::against::findings::{Answer, Findings};
pub use super::against::journal::{Journal, Left};
pub use super::against::login::login;
pub use super::against::names::Names;
pub use super::against::sweep::sweep;
