//! A cloud that is driven with the requests of a recording: does it keep the contract?
//!
//! Ids and names of the recording are those of another cloud, so each is put into the place of what stands for it here. What is
//! made has a name with the id of the run, and is noted in a journal before it is asked for, so that it can be deleted again whatever
//! happens.

mod cloud;
mod drive;
mod findings;
mod journal;
mod login;
mod names;
mod remains;
mod sweep;

pub use super::against::cloud::{Cloud, Received, Sent};
pub use super::against::drive::{Driver, Limits};
pub use super::against::findings::{Answer, Findings};
pub use super::against::journal::{Journal, Left};
pub use super::against::login::login;
pub use super::against::names::Names;
pub use super::against::sweep::sweep;
