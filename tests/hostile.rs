//! Nothing that a client sends holds the cloud up: the cost of a request grows no faster than the request.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

#[path = "common/hostile.rs"]
mod hostile;

use std::time::{Duration, Instant};

use hostile::{ALL, answer, cloud};
use mockstack::exchange::Options;
use mockstack::recording::Recorder;

/// The time that each takes, recorded; the least of some tries.
fn cost(kind: &hostile::Hostile, bytes: usize) -> Duration {
    let file = tempfile::NamedTempFile::new().unwrap();
    let contracts = mockstack::contract::Contracts::embedded().unwrap();
    let options = Options { recorder: Recorder::create(file.path(), 1, &contracts).ok(), ..Options::default() };
    let (exchange, token) = cloud(options);
    let request = kind.request(bytes, &token);
    let once = || {
        let start = Instant::now();
        let status = answer(&exchange, &request).status;
        assert!(matches!(status, 400 | 401 | 200), "{}: {status}", kind.name);
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap()
}

#[test]
fn sixteen_times_the_bytes_cost_no_more_than_forty_times_as_much() {
    for kind in &ALL {
        let (small, large) = (cost(kind, 7_000), cost(kind, 112_000));
        eprintln!("{:<28} {small:>12.3?} {large:>12.3?}", kind.name);
        // What a request costs at any size counts as nothing; 100 µs more than that is noise.
        assert!(large < small * 40 + Duration::from_millis(50), "{}: {small:?} and {large:?}", kind.name);
    }
}
