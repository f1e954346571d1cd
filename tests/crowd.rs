//! What a project with a cloud of its own costs, a thousand at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mockstack::base::json::json;
use mockstack::base::{Clock, parse_yaml};
use mockstack::cloud::{Cloud, Fixture};
use mockstack::exchange::{Exchange, Options, Wanted};

use crate::common::contracts;
use crate::common::wire::{Client, Folder, Serving};

const MANY: usize = 1000;
const MOST_BYTES: usize = 20 << 10;
const MOST_TIME: Duration = Duration::from_millis(1);

/// What a process holds in memory, in bytes.
fn resident(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
}

#[test]
fn a_thousand_projects_at_once_share_what_they_do_not_change() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--no-fail"]);
    let process = serving.child.id();
    let mut client = Client::new(&serving.address);
    let mut ask = |method: &str, path: &str, name: &str| {
        let body = json!({"name": name});
        let reply = client.ask(method, &format!("/__mockstack/projects{path}"), Some(&body));
        assert!(reply.status < 300, "{}", reply.body);
    };
    // The first makes what all share, and the connection has its buffers.
    (0..50).for_each(|n| ask("POST", "", &format!("first-{n}")));
    let before = resident(process);
    (0..MANY).for_each(|n| ask("POST", "", &format!("p{n}")));
    let bytes = (resident(process) - before) / MANY;
    eprintln!("a project takes {bytes} bytes");
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
    (0..MANY).for_each(|n| ask("DELETE", &format!("/p{n}"), ""));
    let start = resident(process);
    (0..MANY).for_each(|n| ask("POST", "", &format!("q{n}")));
    let again = resident(process).saturating_sub(start) / MANY;
    assert!(again < MOST_BYTES / 4, "what is closed is freed: {again} bytes");
    drop(serving.stop());
}

#[test]
fn a_project_is_made_in_less_than_a_millisecond() {
    let (contracts, fixture) = (Arc::clone(contracts()), Fixture::base().unwrap());
    let exchange = Exchange::new(contracts, Cloud::new(Arc::new(fixture), 1, Clock::Wall), Options::default());
    let open = |n: usize| {
        let node = parse_yaml("test", &format!("name: p{n}")).unwrap();
        exchange.open(&Wanted::read(&node).unwrap()).unwrap();
    };
    open(MANY);
    // What others do on the machine only makes it slower.
    let least = (0..MANY).map(|n| {
        let start = Instant::now();
        open(n);
        start.elapsed()
    });
    let least = least.min().unwrap();
    eprintln!("a project takes {least:?}");
    assert!(least < MOST_TIME, "{least:?}");
}
