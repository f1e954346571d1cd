//! Recordings are judged again: their requests under any release, and the answers to them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const BOOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boot.sh");

fn mockstack(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mockstack")).current_dir(folder).args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    [output.stdout.as_slice(), &output.stderr].concat().iter().map(|byte| char::from(*byte)).collect()
}

/// The recording of a boot.
fn recorded(arguments: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let ran = mockstack(folder.path(), &[&["run", "--record", "boot.jsonl", "--", BOOT], arguments].concat());
    assert!(folder.path().join("boot.jsonl").exists(), "{}", text(&ran));
    folder
}

/// Changes the interaction of an operation.
fn change(folder: &Path, operation: &str, change: impl Fn(&mut Value)) {
    let path = folder.join("boot.jsonl");
    let lines = fs::read_to_string(&path).unwrap();
    let changed = lines.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        if line["operation"] == operation {
            change(&mut line);
        }
        format!("{line}\n")
    });
    fs::write(&path, changed.collect::<String>()).unwrap();
}

#[test]
fn what_was_right_is_right_again() {
    let folder = recorded(&[]);
    for arguments in [&["verify", "boot.jsonl"][..], &["verify", "boot.jsonl", "--release", "ocata"]] {
        let verified = mockstack(folder.path(), arguments);
        assert_eq!(verified.status.code(), Some(0), "{}", text(&verified));
        assert!(text(&verified).contains("6 requests, 6 accepted"), "{}", text(&verified));
    }
}

#[test]
fn a_range_tells_of_each_release() {
    let folder = recorded(&[]);
    change(folder.path(), "compute.servers.create", |line| {
        line["request"]["headers"] = json!([["openstack-api-version", "compute 2.60"], ["x-auth-token", "[token 1]"]]);
    });
    let verified = mockstack(folder.path(), &["verify", "boot.jsonl", "--release", "newton..queens"]);
    let told = text(&verified);
    assert_eq!(verified.status.code(), Some(40), "{told}");
    assert!(told.contains("newton  wrong: compute.servers.create (1 of 1: version)"), "{told}");
    assert!(told.contains("queens  all right"), "{told}");
    assert!(told.contains("compute: all of it is right at 2.1.."), "{told}");
    let unknown = mockstack(folder.path(), &["verify", "boot.jsonl", "--release", "pyke.."]);
    assert!(unknown.status.code() == Some(2) && text(&unknown).contains("pike"), "{}", text(&unknown));
}

/// What a cloud may get wrong, and the code that tells it.
#[test]
fn wrong_answers_are_told() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 6] = [
        ("answer-status", |line| {
            line["status"] = json!(200);
            line["response"]["status"] = json!(200);
        }),
        ("answer-missing", |line| {
            line["response"]["body"]["server"].as_object_mut().unwrap().remove("links");
        }),
        ("answer-unknown-field", |line| line["response"]["body"]["server"]["vendor:rack"] = json!("r1")),
        ("answer-type", |line| line["response"]["body"]["server"]["id"] = json!(7)),
        ("accepted-though-wrong", |line| line["request"]["body"]["server"]["tags"] = json!(["web"])),
        ("refused-though-right", |line| {
            line["status"] = json!(400);
            let message = "Invalid input for field/attribute name. Value: vm1. 'vm1' is too short";
            line["response"] =
                json!({"status": 400, "headers": [], "body": {"badRequest": {"code": 400, "message": message}}});
        }),
    ];
    for (code, wrong) in cases {
        let folder = recorded(&[]);
        change(folder.path(), "compute.servers.create", wrong);
        let verified = mockstack(folder.path(), &["verify", "boot.jsonl", "--report", "json=report.json"]);
        assert_eq!(verified.status.code(), Some(40), "{code}: {}", text(&verified));
        let report: Value =
            serde_json::from_str(&fs::read_to_string(folder.path().join("report.json")).unwrap()).unwrap();
        let violations = report["complaints"][0]["violations"].as_array().unwrap();
        assert!(violations.iter().any(|violation| violation["code"] == code), "{code}: {violations:#?}");
        let allow = format!("{code}@servers.create");
        let allowed = ["verify", "boot.jsonl", "--allow", &allow, "--allow", "not-yet"];
        let allowed = mockstack(folder.path(), &allowed);
        assert!(!text(&allowed).contains("violation (exit code 40)"), "{code}: {}", text(&allowed));
    }
}

#[test]
fn any_number_of_threads_says_the_same() {
    let folder = recorded(&["tags"]);
    let one = mockstack(folder.path(), &["verify", "boot.jsonl", "--threads", "1"]);
    assert!(one.status.code() == Some(40) && text(&one).contains("/server/tags"), "{}", text(&one));
    for threads in ["2", "7"] {
        assert_eq!(text(&mockstack(folder.path(), &["verify", "boot.jsonl", "--threads", threads])), text(&one));
    }
}

#[test]
fn damage_is_told_by_its_line() {
    let folder = recorded(&[]);
    let path = folder.path().join("boot.jsonl");
    let lines: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    fs::write(&path, [&lines[..2], &lines[3..]].concat().join("\n") + "\n").unwrap();
    let verified = mockstack(folder.path(), &["verify", "boot.jsonl"]);
    assert!(verified.status.code() == Some(44) && text(&verified).contains("boot.jsonl:3"), "{}", text(&verified));
    fs::write(&path, "[1]\n").unwrap();
    let verified = mockstack(folder.path(), &["verify", "boot.jsonl"]);
    assert!(verified.status.code() == Some(2) && text(&verified).contains("no recording"), "{}", text(&verified));
}

#[test]
fn a_client_is_replayed_to_itself() {
    let folder = recorded(&[]);
    let replayed = mockstack(folder.path(), &["replay", "boot.jsonl", "--strict", "--", BOOT]);
    assert_eq!(replayed.status.code(), Some(0), "{}", text(&replayed));
    let missed = mockstack(folder.path(), &["replay", "boot.jsonl", "--", BOOT, "tags"]);
    let told = text(&missed);
    assert!(missed.status.code() == Some(40) && told.contains("not asked     request 4"), "{told}");
    let idle = mockstack(folder.path(), &["replay", "boot.jsonl", "--strict", "--", "true"]);
    assert_eq!(idle.status.code(), Some(41), "{}", text(&idle));
}

/// What other tools recorded of a boot that its cloud accepted, and must not have: tags are of 2.52.
#[test]
fn recordings_of_other_tools_are_judged() {
    const TOKEN: &str = "gAAAAABlFOREIGNtokenFOREIGNtokenFOREIGNtoken";
    let url = "http://10.1.2.3:8774/v2.1/servers";
    let server =
        json!({"name": "vm1", "flavorRef": "1", "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9", "tags": [TOKEN]});
    let sent = json!({"server": server});
    let given = json!({"server": {"id": "a8a63b4d-63a0-4aed-820d-0f5f249e07d0", "links": []}});
    let (version, body) = ("compute 2.36", sent.to_string());
    let by_name =
        json!({"X-Auth-Token": [TOKEN], "OpenStack-API-Version": [version], "Content-Type": ["application/json"]});
    let pairs = json!([["X-Auth-Token", TOKEN], ["OpenStack-API-Version", version]]);
    let named = json!([{"name": "X-Auth-Token", "value": TOKEN}, {"name": "OpenStack-API-Version", "value": version}]);
    let line = json!({"method": "POST", "url": url, "request": {"headers": pairs, "body": sent}, "response": {"status": 202, "headers": [], "body": given}});
    let har = json!({"log": {"version": "1.2", "entries": [{
        "startedDateTime": "2026-11-29T09:00:00.000Z",
        "request": {"method": "POST", "url": url, "headers": named, "postData": {"text": body}},
        "response": {"status": 202, "headers": [], "content": {"text": given.to_string()}},
    }]}});
    let betamax = json!({"recorded_with": "betamax/0.9.0", "http_interactions": [{
        "recorded_at": "2026-11-29T09:00:00",
        "request": {"method": "POST", "uri": url, "headers": by_name, "body": {"encoding": "utf-8", "string": body}},
        "response": {"status": {"code": 202, "message": "Accepted"}, "headers": {}, "body": {"string": given.to_string()}},
    }]});
    let vcr = format!(
        "interactions:\n- request:\n    method: POST\n    uri: {url}\n    headers:\n      X-Auth-Token: [{TOKEN}]\n      \
        OpenStack-API-Version: [compute 2.36]\n    body: '{body}'\n  response:\n    status: {{code: 202, message: Accepted}}\n    \
        headers: {{}}\n    body: {{string: '{given}'}}\nversion: 1\n"
    );
    for (name, content) in [
        ("lines.jsonl", format!("{line}\n")),
        ("a.har", har.to_string()),
        ("betamax.json", betamax.to_string()),
        ("vcr.yaml", vcr),
    ] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join(name), content).unwrap();
        let verified = mockstack(folder.path(), &["verify", name]);
        let told = text(&verified);
        assert_eq!(verified.status.code(), Some(40), "{name}: {told}");
        assert!(
            told.contains("POST /compute/v2.1/servers   compute.servers.create   microversion 2.36"),
            "{name}: {told}"
        );
        assert!(told.contains("/server/tags") && told.contains("a refusal of what is wrong"), "{name}: {told}");
        assert!(!told.contains("FOREIGN"), "{name}: {told}");
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.txt"), "hello: there\n").unwrap();
    let nothing = mockstack(folder.path(), &["verify", "a.txt"]);
    assert!(nothing.status.code() == Some(2) && text(&nothing).contains("HAR"), "{}", text(&nothing));
}
