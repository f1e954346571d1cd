//! Debug logs that are explained: each of tests/cases/logs beside what is said of it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::common::bless::compare;
use crate::common::wire::Folder;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/logs")
}

fn explained(arguments: &[&str], input: Stdio) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    command.arg("explain-log").args(arguments).stdin(input).output().unwrap()
}

#[test]
fn each_log_is_explained() {
    let logs = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let logs: Vec<_> = logs.filter(|path| path.extension().is_some_and(|extension| extension == "log")).collect();
    assert!(logs.len() >= 3, "{logs:?}");
    for log in logs {
        let told = explained(&[log.to_str().unwrap()], Stdio::null());
        assert!(told.stderr.is_empty(), "{}", String::from_utf8_lossy(&told.stderr));
        let printed = String::from_utf8(told.stdout).unwrap();
        let name = log.file_stem().unwrap().to_str().unwrap();
        let text = format!("{printed}exit code {}\n", told.status.code().unwrap());
        compare(&format!("tests/cases/logs/{name}.txt"), &text);
        let piped = explained(&[], File::open(&log).unwrap().into());
        assert_eq!(String::from_utf8(piped.stdout).unwrap(), printed, "the same by standard input");
    }
}

#[test]
fn a_log_of_nothing_that_is_known_is_refused() {
    let told = explained(&[], Stdio::null());
    assert_eq!(told.status.code(), Some(2));
    let text = String::from_utf8(told.stderr).unwrap();
    assert!(text.contains("the debug log of a client") && text.contains("standard input"), "{text}");
}

/// As `verify`, by another release.
#[test]
fn a_log_is_judged_by_the_release_that_is_named() {
    let log = folder().join("terraform.log");
    let told = explained(&[log.to_str().unwrap(), "--release", "pike"], Stdio::null());
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(text.contains("version"), "{text}");
    assert_eq!(told.status.code(), Some(40), "{text}");
}

/// Whoever reads a log is told what of it nobody judges.
#[test]
fn what_is_left_out_of_a_log_is_told_by_each_command() {
    let folder = Folder::new();
    std::fs::copy(self::folder().join("nova-api.log"), folder.path("nova-api.log")).unwrap();
    let commands: [&[&str]; 4] = [
        &["verify", "nova-api.log"],
        &["verify", "nova-api.log", "--release", "train..ussuri"],
        &["convert", "nova-api.log", "nova-api.jsonl"],
        &["convert", "nova-api.log", "nova-api.json", "--to", "pact"],
    ];
    for command in commands {
        let told = folder.mockstack(command).err;
        assert!(told.contains("note: 1 request whose body the log does not have: not judged\n"), "{command:?}\n{told}");
    }
    // It asks recordings alone, and says how a log becomes one.
    let told = folder.mockstack(&["can-i-upgrade", "--to", "zed", "nova-api.log"]).err;
    assert!(told.contains("mockstack convert"), "{told}");
}
