//! All integration tests in one program, so that the library is linked once: `cargo test --test main docs::` runs those of a module.
//! They share the process and run side by side: none changes its environment or its working directory, and what compares
//! times is in tests/timing.rs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

mod against;
mod awkward;

mod bisect;
mod builds;
mod captures;
mod catalogs;
mod cli;
mod contracts;
mod contrast;
mod coverage;
mod dashboard;
mod deviations;
mod diagnostics;
mod docs;
mod exchange;
mod faults;
mod fixtures;
mod floors;
mod history;
mod input;
mod json;
mod labels;
mod laws;
mod lint;
mod logs;
mod matrix;
mod never_green;
mod nova;
mod openapi;
mod others_serde_json;
mod own_contracts;
mod pages;
mod panics;
mod parameters;
mod picture;
mod projects;
mod record;
mod releases;
mod replay;
mod reported_violations;
mod reports;
mod secrets;
mod serving;
mod sessions;
mod snapshots;
mod stories;
mod stubs;
mod suite_coverage;
mod tls;
mod upgrade;
mod verify;
mod why;
#[cfg(feature = "wiremock")]
mod wiremock;
