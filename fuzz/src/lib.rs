//! What is fuzzed: each module has a `run` that takes any bytes and panics where a promise of mockstack is broken.
//! tests/fuzz.rs runs the same over the seeds and over what was found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test")]

pub mod exchange;
pub mod http;
pub mod judge;
pub mod recording;
pub mod snapshot;
pub mod yaml;

use std::io::Write;
use std::sync::{Arc, OnceLock};

use mockstack::base::Clock;
use mockstack::cloud::{Cloud, Fixture};
use mockstack::contract::Contracts;

/// A target: its name and what it runs.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 6] = [
    ("judge", judge::run),
    ("exchange", exchange::run),
    ("http", http::run),
    ("yaml", yaml::run),
    ("recording", recording::run),
    ("snapshot", snapshot::run),
];

/// The embedded contracts, read once.
pub fn contracts() -> Arc<Contracts> {
    static CONTRACTS: OnceLock<Arc<Contracts>> = OnceLock::new();
    Arc::clone(CONTRACTS.get_or_init(|| Arc::new(Contracts::embedded().unwrap_or_else(|error| panic!("{error}")))))
}

/// The base fixture, read once.
pub fn fixture() -> Arc<Fixture> {
    static FIXTURE: OnceLock<Arc<Fixture>> = OnceLock::new();
    Arc::clone(FIXTURE.get_or_init(|| Arc::new(Fixture::base().unwrap_or_else(|error| panic!("{error}")))))
}

/// The base cloud, in which time stands still.
pub fn cloud() -> Cloud {
    Cloud::new(fixture(), 1, Clock::Frozen("2026-02-03T04:05:06Z".parse().unwrap()))
}

/// A file with these bytes.
pub fn file(ending: &str, bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::with_suffix(ending).unwrap();
    file.write_all(bytes).unwrap();
    file
}
