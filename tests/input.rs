//! Wrong input of ours, a file each in tests/cases/input: what is given, and what is said about it. All of it ends with 2.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mockstack::base::{Node, parse_yaml};
use tempfile::TempDir;

fn mockstack(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Runs with the fixture, the contract, the mockstack.yaml or the arguments of the case.
fn given(case: &Node) -> Output {
    let folder = TempDir::new().unwrap();
    let root = folder.path().to_str().unwrap();
    let text = |key: &str| case.get(key).map(|node| node.text().unwrap());
    if let Some(text) = text("fixture") {
        let path = folder.path().join("fixture.yaml");
        fs::write(&path, text).unwrap();
        return mockstack(&["run", "--fixtures", path.to_str().unwrap(), "--", "true"]);
    }
    if let Some(text) = text("contract") {
        let path =
            folder.path().join(case.get("name").map_or("compute/v2.1/servers.yaml", |name| name.text().unwrap()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        return mockstack(&["run", "--contracts", root, "--", "true"]);
    }
    if let Some(text) = text("config") {
        let path = folder.path().join("mockstack.yaml");
        fs::write(&path, text).unwrap();
        return mockstack(&["run", "--config", path.to_str().unwrap(), "--", "true"]);
    }
    let arguments = case.get("arguments").unwrap().items().unwrap();
    mockstack(&arguments.iter().map(|argument| argument.text().unwrap()).collect::<Vec<_>>())
}

#[test]
fn wrong_input_is_told_clearly_and_ends_with_2() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/input");
    let (mut count, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(cases).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().display().to_string();
        let case = parse_yaml(&name, &fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{error}"));
        let output = given(&case);
        let told = String::from_utf8(output.stderr).unwrap();
        for said in case.get("says").unwrap().items().unwrap() {
            let said = said.text().unwrap();
            if !told.contains(said) {
                wrong.push(format!("{name}: expected {said:?} in\n{told}"));
            }
        }
        if output.status.code() != Some(2) {
            wrong.push(format!("{name}: {:?}\n{told}", output.status));
        }
        count += 1;
    }
    assert!(count > 5 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A folder in which nothing would be read is no fixture.
#[test]
fn a_folder_without_a_fixture_is_refused() {
    let folder = TempDir::new().unwrap();
    let run = || mockstack(&["run", "--fixtures", folder.path().to_str().unwrap(), "--", "true"]);
    let told = |output: &Output| String::from_utf8(output.stderr.clone()).unwrap();
    let empty = run();
    assert!(empty.status.code() == Some(2) && told(&empty).contains("contains no fixture"), "{empty:?}");
    fs::write(folder.path().join("a.yml"), "").unwrap();
    let misnamed = run();
    assert!(misnamed.status.code() == Some(2) && told(&misnamed).contains("a.yml"), "{misnamed:?}");
}

#[test]
fn exit_codes_are_explained_too() {
    for (word, means) in [("40", "violation"), ("violation", "a request broke"), ("clean", "every request was right")] {
        let output = mockstack(&["explain", word]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code() == Some(0) && told.contains(means), "{word}: {told}");
    }
}

/// What is no file never ends, or never begins: it is refused at once, whatever it is named for.
#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (pipe, link) = (path("pipe.yaml"), path("link.yaml"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink(&link, &link).unwrap();
    fs::create_dir_all(path("round")).unwrap();
    for name in ["one", "two"] {
        std::os::unix::fs::symlink(path("round"), format!("{}/{name}", path("round"))).unwrap();
    }
    fs::create_dir_all(path("snapshots/default")).unwrap();
    fs::rename(&pipe, path("snapshots/default/boot.snap")).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let no_files = [pipe.as_str(), "/dev/zero", &link, folder.path().to_str().unwrap()];
    let reads: [&[&str]; 5] = [
        &["run", "--fixtures", "?", "--", "true"],
        &["run", "--config", "?", "--", "true"],
        &["run", "--contracts", "?", "--", "true"],
        &["contract", "check", "--cases", "?"],
        &["report", "?"],
    ];
    let mut asked: Vec<Vec<String>> = Vec::new();
    for no_file in no_files {
        asked.extend(reads.map(|words| words.iter().map(|word| word.replace('?', no_file)).collect()));
    }
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    asked.push(words(&["run", "--contracts", &path("round"), "--", "true"]));
    asked.push(words(&["run", "--snapshots", &path("round"), "--scenario", "one", "--", "true"]));
    asked.push(words(&["run", "--snapshots", &path("snapshots"), "--", "true"]));
    asked.push(words(&["run", "--report", &format!("json={pipe}"), "--", "true"]));
    for arguments in asked {
        let mut command = Command::new("timeout");
        command.args(["60", env!("CARGO_BIN_EXE_mockstack")]).args(&arguments);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains("because"), "{arguments:?}: {told}");
    }
}
