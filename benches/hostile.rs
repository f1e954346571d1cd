//! What a kilobyte of the worst requests costs that we know, judged, answered and recorded, at three sizes: a cost that grows
//! with the size is a way to hold the cloud up. The control in the same run reads the same text with serde_json and writes it
//! again, so that figures of different machines can be compared.
#![allow(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

#[path = "../tests/hostile/requests.rs"]
mod hostile;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use hostile::{ALL, Hostile, answer, cloud};
use mockstack::contract::Contracts;
use mockstack::exchange::Options;
use mockstack::recording::Recorder;

const SIZES: [usize; 3] = [7_000, 28_000, 112_000];

fn main() {
    println!("{:<28} {:>30}   {:>24}   control's", "", "µs a kB at 7, 28, 112 kB", "times the control");
    for kind in &ALL {
        let costs = SIZES.map(|bytes| (judged(kind, bytes), control(kind, bytes)));
        let per_kb = |cost: Duration, bytes: usize| cost.as_secs_f64() * 1e6 / (bytes as f64 / 1e3);
        print!("{:<28}", kind.name);
        for ((cost, _), bytes) in costs.iter().zip(SIZES) {
            print!(" {:>9.1}", per_kb(*cost, bytes));
        }
        print!("  ");
        for (cost, control) in &costs {
            print!(" {:>7.1}", cost.as_secs_f64() / control.as_secs_f64());
        }
        println!("   {:>7.1}", per_kb(costs[2].1, SIZES[2]));
    }
}

/// The least of some tries: what others do on the machine only makes it slower.
fn least(mut once: impl FnMut()) -> Duration {
    let timed = |_| {
        let start = Instant::now();
        once();
        start.elapsed()
    };
    (0..15).map(timed).min().expect("tries")
}

fn judged(kind: &Hostile, bytes: usize) -> Duration {
    let contracts = Contracts::embedded().expect("contracts");
    let recorder = Recorder::create(Path::new("/dev/null"), 1, &contracts).expect("a recording");
    let (exchange, token) = cloud(Options { recorder: Some(recorder), ..Options::default() });
    let request = kind.request(bytes, &token);
    least(|| drop(black_box(answer(&exchange, &request))))
}

fn control(kind: &Hostile, bytes: usize) -> Duration {
    // A query is a text to JSON.
    let text = kind.text(bytes);
    let text = if kind.method == "GET" { serde_json::to_string(&text).expect("JSON") } else { text };
    least(|| {
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        black_box(value.to_string());
    })
}
