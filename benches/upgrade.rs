//! How long `can-i-upgrade` takes for a recording of 100,000 interactions: boots with another name and other ids each, as
//! `examples/boot.sh` does them. It is to be below 100 ms; reading the file alone is beside it.
//!
//! `LINES=1000000 cargo bench --bench upgrade` makes a file of so many.
#![allow(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The best of so many rounds counts: others share the machine.
const ROUNDS: usize = 9;

fn main() {
    let lines = std::env::var("LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let file = recording(folder.path(), lines);
    println!("{lines} interactions, {:.1} MB", fs::metadata(&file).expect("it is there").len() as f64 / 1e6);
    println!("read the file           {:>7.1} ms", best(|| read(&file)).as_secs_f64() * 1e3);
    println!("can-i-upgrade, process  {:>7.1} ms", best(|| judged(&file)).as_secs_f64() * 1e3);
}

fn best(work: impl Fn()) -> Duration {
    let timed = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..ROUNDS).map(timed).min().unwrap_or_default()
}

fn read(file: &Path) {
    let (mut file, mut buffer) = (File::open(file).expect("it is there"), vec![0; 1 << 20]);
    while file.read(&mut buffer).expect("readable") > 0 {}
}

/// The whole program, as a user starts it.
fn judged(file: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    let ran = command.args(["can-i-upgrade", "--to", "2026.2"]).arg(file).stdout(Stdio::null()).status();
    assert_eq!(ran.expect("it runs").code(), Some(0), "the answer is yes");
}

/// A recording of so many `lines`.
fn recording(folder: &Path, lines: u64) -> PathBuf {
    let one = folder.join("boot.jsonl");
    let boot = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boot.sh");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    let ran = command.args(["run", "--release", "train", "--record"]).arg(&one).args(["--", boot]).output();
    assert!(ran.expect("it runs").status.success(), "the boot is clean");
    let text = fs::read_to_string(&one).expect("a recording");
    let (header, rest) = text.split_once('\n').expect("a header");
    let asked = rest.lines().filter_map(|line| Some(line.strip_prefix("{\"sequence\":")?.split_once(',')?.1));
    let asked: Vec<&str> = asked.collect();
    // The target of the last request, which deletes it, ends with the id of the server.
    let server = asked.last().and_then(|line| line.split("/servers/").nth(1)?.get(..36)).expect("an id");
    let end = rest.lines().last().and_then(|line| line.split_once(",\"requests\":")).expect("an end").0;
    let path = folder.join("many.jsonl");
    let mut file = BufWriter::new(File::create(&path).expect("a file"));
    writeln!(file, "{header}").expect("space");
    for (sequence, line) in (1..=lines).zip(asked.iter().cycle()) {
        let number = sequence / asked.len() as u64;
        let line = line
            .replace(server, &format!("{number:08x}-ceca-4279-985a-fc2ca4abfd6f"))
            .replace("vm1", &format!("vm-{number}"));
        writeln!(file, "{{\"sequence\":{sequence},{line}").expect("space");
    }
    writeln!(file, "{end},\"requests\":{lines}}}").expect("space");
    path
}
