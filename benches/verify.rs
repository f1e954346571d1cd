//! How many interactions a second of one core `verify` judges again, beside what serde_json does with the same file in the same
//! run: passing over it (`IgnoredAny`), and making a `Value` of each line. And what it has in memory for ten times the file.
//!
//! `LINES=100000 cargo bench --bench verify` makes a file of so many; the default is 20,000.
#![allow(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use mockstack::contract::Contracts;
use mockstack::recording::{Case, Journal, Lines};
use mockstack::verify::Source;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The best of so many rounds counts: others share the machine.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "memory") {
        return memory(Path::new(arguments.get(place + 1).expect("a file")));
    }
    let lines = std::env::var("LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let file = recording(folder.path(), "once.jsonl", lines);
    let size = fs::metadata(&file).expect("it is there").len();
    println!("{lines} interactions, {:.1} MB; each figure is for one core", size as f64 / 1e6);
    let contracts = Contracts::embedded().expect("the embedded contracts");
    let passed = rate("pass over it (IgnoredAny)", lines, || parsed::<IgnoredAny>(&file));
    let valued = rate("make values (Value)", lines, || parsed::<Value>(&file));
    let read = rate("read it", lines, || Source::open(&file, &contracts).expect("readable").count() as u64);
    let judged = rate("verify it", lines, || verified(&file, &contracts));
    println!(
        "reading is {:.2} of Value; verify is {:.2} of Value, {:.3} of IgnoredAny",
        read / valued,
        judged / valued,
        judged / passed
    );
    let more = recording(folder.path(), "ten-times.jsonl", lines * 10);
    let resident = |file: &Path| {
        let own = std::env::current_exe().expect("our own path");
        let ran = Command::new(own).arg("memory").arg(file).output().expect("it runs");
        String::from_utf8_lossy(&ran.stdout).trim().to_owned()
    };
    println!("at most resident: {} for the file, {} for ten times the file", resident(&file), resident(&more));
}

/// Interactions a second.
fn rate(name: &str, lines: u64, work: impl Fn() -> u64) -> f64 {
    let seconds = |()| {
        let begun = Instant::now();
        assert_eq!(black_box(work()), lines);
        begun.elapsed().as_secs_f64()
    };
    let best = (0..ROUNDS).map(|_| seconds(())).fold(f64::INFINITY, f64::min);
    println!("{name:<26} {:>9.0} interactions/s", lines as f64 / best);
    lines as f64 / best
}

/// How many interactions there are, each line read as a `T`.
fn parsed<T: for<'de> serde::Deserialize<'de>>(file: &Path) -> u64 {
    let lines = Lines::new(File::open(file).expect("it is there")).expect("readable");
    let read = |line: &[u8]| drop(black_box(serde_json::from_slice::<T>(line).expect("JSON")));
    let count = lines.map(|line| read(&line.expect("readable").text)).count() as u64;
    // The header and the end.
    count - 2
}

fn verified(file: &Path, contracts: &Contracts) -> u64 {
    let mut source = Source::open(file, contracts).expect("readable");
    let (verifier, mut journal) = (source.verifier(contracts), Journal::default());
    for interaction in source.by_ref() {
        let interaction = verifier.again(interaction.expect("readable"));
        journal.note(&interaction, &Case::of(&interaction));
    }
    assert!(source.end().cut.is_none());
    assert_eq!(journal.accepted, journal.requests);
    journal.requests
}

/// Verifies on all cores as the command does, and prints the most that was resident.
fn memory(file: &Path) {
    let ran = Command::new("sh")
        .args(["-c", r#""$0" verify "$1" 2>/dev/null & pid=$!; while [ -e /proc/$pid/status ]; do grep VmHWM /proc/$pid/status; done 2>/dev/null | tail -n 1"#])
        .arg(env!("CARGO_BIN_EXE_mockstack"))
        .arg(file)
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&ran.stdout);
    println!("{}", text.trim().trim_start_matches("VmHWM:").trim());
}

/// A recording of so many `lines`: a boot again and again, as `examples/boot.sh` does it.
fn recording(folder: &Path, name: &str, lines: u64) -> PathBuf {
    let one = folder.join("boot.jsonl");
    if !one.exists() {
        let boot = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boot.sh");
        let ran = Command::new(env!("CARGO_BIN_EXE_mockstack"))
            .args(["run", "--record"])
            .arg(&one)
            .args(["--", boot])
            .output();
        assert!(ran.expect("it runs").status.success(), "the boot is clean");
    }
    let text = fs::read_to_string(&one).expect("a recording");
    let (header, rest) = text.split_once('\n').expect("a header");
    let boot: Vec<&str> = rest
        .lines()
        .filter_map(|line| line.strip_prefix("{\"sequence\":")?.split_once(','))
        .map(|(_, rest)| rest)
        .collect();
    let end = rest.lines().last().and_then(|line| line.split_once(",\"requests\":")).expect("an end").0;
    let path = folder.join(name);
    let mut file = BufWriter::new(File::create(&path).expect("a file"));
    writeln!(file, "{header}").expect("space");
    for (sequence, line) in (1..=lines).zip(boot.iter().cycle()) {
        writeln!(file, "{{\"sequence\":{sequence},{line}").expect("space");
    }
    writeln!(file, "{end},\"requests\":{lines}}}").expect("space");
    path
}
