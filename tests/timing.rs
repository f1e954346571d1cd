//! What compares times, in a program of its own: cargo runs one program after another, so that the tests of tests/main.rs, which
//! keep every core busy, do not run meanwhile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "tests/main.rs uses all of it")]
mod common;

mod crowd;
mod growth;
mod hostile;
