//! Nothing that a client sends holds the cloud up: the cost of a request grows no faster than the request.

mod requests;

use std::io::Write;
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::time::{Duration, Instant};

use mockstack::exchange::Options;
use mockstack::message::Request;
use mockstack::recording::Recorder;
use requests::{ALL, Hostile, answer, cloud};

use crate::common::contracts;
use crate::common::wire::{Client, Folder, Serving};

/// The time that each takes, recorded; the least of some tries.
fn cost(kind: &Hostile, bytes: usize) -> Duration {
    let file = tempfile::NamedTempFile::new().unwrap();
    let contracts = contracts();
    let options = Options { recorder: Recorder::create(file.path(), 1, contracts).ok(), ..Options::default() };
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

/// As large a body as Nova takes, recorded, and the verdict written.
#[test]
fn a_signal_is_heard_within_a_second_whatever_is_asked() {
    for kind in &ALL {
        let folder = Folder::new();
        let serving = Serving::start(&folder, &["--record", "recording.jsonl"]);
        let client = Client::log_in(&serving.address);
        // A line of a request has at most 8 kB.
        let request = kind.request(if kind.method == "GET" { 7_000 } else { 112_000 }, client.token());
        let _connection = send(&serving, &request);
        let start = Instant::now();
        let ran = serving.stop();
        let took = start.elapsed();
        eprintln!("{:<28} {took:>12.3?}", kind.name);
        assert!(ran.err.contains("verdict       "), "{}: {}", kind.name, ran.err);
        // Unoptimized, and beside other tests, all of it takes ten times as long.
        let most = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
        assert!(took < most, "{}: {took:?}", kind.name);
    }
}

/// Nobody reads what `serve` prints, so that it never comes to the end of its verdict.
#[test]
fn a_second_signal_ends_a_run_that_concludes() {
    let folder = Folder::new();
    let mut serving = Serving::start(&folder, &["--snapshots", "snapshots"]);
    let client = Client::log_in(&serving.address);
    let _connection = send(&serving, &ALL[0].request(112_000, client.token()));
    let start = Instant::now();
    let ended = loop {
        let id = serving.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        std::thread::sleep(Duration::from_millis(300));
        if let Some(status) = serving.child.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "it goes on");
    };
    assert_eq!(ended.signal(), Some(15), "{ended}");
}

/// Sends it and waits for no answer.
fn send(serving: &Serving, request: &Request) -> TcpStream {
    let mut text = format!("{} {} HTTP/1.1\r\n", request.method, request.target());
    request.headers.0.iter().for_each(|(name, value)| text += &format!("{name}: {value}\r\n"));
    text += &format!("Content-Length: {}\r\n\r\n", request.body.len());
    let mut connection = TcpStream::connect(&serving.address).unwrap();
    connection.write_all(&[text.as_bytes(), &request.body].concat()).unwrap();
    connection
}
