//! Recordings are judged again: their requests under any release, and the answers to them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mockstack::base::json::{Value, json};
use tempfile::TempDir;

use crate::common::of_serde;

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
        let mut line: Value = mockstack::base::json::from_str(line).unwrap();
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
    assert!(told.contains("compute: all requests are right at 2.1.."), "{told}");
    let unknown = mockstack(folder.path(), &["verify", "boot.jsonl", "--release", "pyke.."]);
    assert!(unknown.status.code() == Some(2) && text(&unknown).contains("pike"), "{}", text(&unknown));
}

/// What a cloud may get wrong, and the code that tells it.
#[test]
fn wrong_answers_are_told() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 7] = [
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
        // What only the cloud knows: the contract has nothing against the request.
        ("rule", |line| {
            line["status"] = json!(400);
            let fault = json!({"badRequest": {"code": 400, "message": "Flavor 77 could not be found."}});
            line["response"] = json!({"status": 400, "headers": [], "body": fault});
        }),
    ];
    for (code, wrong) in cases {
        let folder = recorded(&[]);
        change(folder.path(), "compute.servers.create", wrong);
        let verified = mockstack(folder.path(), &["verify", "boot.jsonl", "--report", "json=report.json"]);
        assert_eq!(verified.status.code(), Some(40), "{code}: {}", text(&verified));
        let report: Value =
            mockstack::base::json::from_str(&fs::read_to_string(folder.path().join("report.json")).unwrap()).unwrap();
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
    assert!(verified.status.code() == Some(2) && text(&verified).contains("not a recording"), "{}", text(&verified));
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
        assert!(told.contains("/server/tags") && told.contains("a refusal of the invalid request"), "{name}: {told}");
        assert!(!told.contains("FOREIGN"), "{name}: {told}");
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.txt"), "hello: there\n").unwrap();
    let nothing = mockstack(folder.path(), &["verify", "a.txt"]);
    assert!(nothing.status.code() == Some(2) && text(&nothing).contains("HAR"), "{}", text(&nothing));
}

/// What is verified of a file: the operations, and what is wrong with them.
fn judged(folder: &Path, name: &str) -> (Option<i32>, Value) {
    let verified = mockstack(folder, &["verify", name, "--report", "json=report.json"]);
    let report = fs::read_to_string(folder.join("report.json")).unwrap();
    (verified.status.code(), mockstack::base::json::from_str(&report).unwrap())
}

fn converted(folder: &Path, from: &str, to: &str) {
    let converted = mockstack(folder, &["convert", from, to]);
    assert_eq!(converted.status.code(), Some(0), "{}", text(&converted));
}

/// A recording becomes HAR and a recording again, and nothing that was kept of it is lost.
#[test]
fn a_recording_that_was_har_is_the_same() {
    let folder = recorded(&["tags"]);
    let folder = folder.path();
    change(folder, "compute.servers.create", |line| {
        line["request"]["body"]["server"]["user_data"] = json!("[user data 1]");
        line["violations"].as_array_mut().unwrap().push(json!({"code": "format", "part": "body", "pointer": "/server/user_data", "expected": "", "found": "", "rule": null}));
    });
    converted(folder, "boot.jsonl", "one.jsonl");
    converted(folder, "one.jsonl", "boot.har");
    converted(folder, "boot.har", "two.jsonl");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("one.jsonl").lines().count(), 6);
    assert!(read("one.jsonl").lines().zip(read("two.jsonl").lines()).take(5).all(|(one, two)| one == two));
    let outcome = judged(folder, "boot.jsonl");
    assert!(outcome.0 == Some(40) && outcome.1.to_string().contains("base64"), "{outcome:#?}");
    for name in ["one.jsonl", "boot.har", "two.jsonl"] {
        assert_eq!(judged(folder, name), outcome, "{name}");
    }
    converted(folder, "two.jsonl", "two.jsonl");
    assert_eq!(judged(folder, "two.jsonl"), outcome);
    let report = mockstack(folder, &["report", "one.jsonl"]);
    assert_eq!(report.status.code(), Some(40), "{}", text(&report));
    assert!(
        text(&mockstack(folder, &["convert", "boot.jsonl", "-", "--to", "har"]))
            .starts_with("{\"log\":{\"version\":\"1.2\"")
    );
}

/// What HAR 1.2 asks for, and the network tab of a browser with it.
#[test]
fn har_is_what_browsers_open() {
    let folder = recorded(&["tags"]);
    converted(folder.path(), "boot.jsonl", "boot.har");
    let har: Value =
        mockstack::base::json::from_str(&fs::read_to_string(folder.path().join("boot.har")).unwrap()).unwrap();
    let schema: Value = mockstack::base::json::from_str(include_str!("cases/har-1.2.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&of_serde(&schema)).unwrap();
    let plain = of_serde(&har);
    let wrong: Vec<String> =
        validator.iter_errors(&plain).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let boot = &har["log"]["entries"][3];
    assert_eq!(boot["request"]["method"], "POST");
    assert!(boot["request"]["postData"]["text"].as_str().unwrap().contains("\"flavorRef\":\"1\""), "{boot:#}");
    assert_eq!((&boot["response"]["status"], &boot["response"]["statusText"]), (&json!(400), &json!("Bad Request")));
}

/// A client of a cassette is replayed, at its URLs of today.
#[test]
fn what_another_tool_recorded_is_replayed() {
    let folder = recorded(&[]);
    let path = folder.path();
    let read = |name: &str| fs::read_to_string(path.join(name)).unwrap();
    let host = read("boot.jsonl").split(r#"["host",""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let lines: Vec<Value> =
        read("boot.jsonl").lines().map(|line| mockstack::base::json::from_str(line).unwrap()).collect();
    let by_name = |lines: &Value| {
        let mut all = mockstack::base::json::Map::new();
        for line in lines.as_array().unwrap() {
            all.insert(line[0].as_str().unwrap().to_owned(), json!([line[1]]));
        }
        Value::from(all)
    };
    let interactions = lines.iter().filter(|line| line["sequence"].is_u64()).map(|line| {
        let (request, response) = (&line["request"], &line["response"]);
        // The services are elsewhere, each at its port.
        let moved = |text: String| {
            let ports = [("identity", 5000), ("compute", 8774), ("image", 9292), ("network", 9696), ("volume", 8776)];
            ports.iter().fold(text, |text, (name, port)| {
                text.replace(&format!("http://{host}/{name}"), &format!("http://cloud.example:{port}"))
            })
        };
        let body = |body: &Value| if body.is_null() { String::new() } else { moved(body.to_string()) };
        json!({
            "request": {"method": request["method"], "uri": moved(format!("http://{host}{}", request["target"].as_str().unwrap())),
                        "headers": by_name(&request["headers"]), "body": {"string": body(&request["body"])}},
            "response": {"status": {"code": response["status"]}, "headers": by_name(&response["headers"]),
                         "body": {"string": body(&response["body"])}},
        })
    });
    fs::write(path.join("cassette.json"), json!({"http_interactions": interactions.collect::<Vec<_>>()}).to_string())
        .unwrap();
    assert!(read("cassette.json").contains("http://cloud.example:8774/v2.1/servers"));
    converted(path, "cassette.json", "converted.jsonl");
    assert!(!read("converted.jsonl").contains("cloud.example"), "{}", read("converted.jsonl"));
    let replayed = mockstack(path, &["replay", "converted.jsonl", "--strict", "--", BOOT]);
    assert_eq!(replayed.status.code(), Some(0), "{}", text(&replayed));
}

#[test]
fn what_cannot_be_converted_is_told() {
    let folder = recorded(&[]);
    let path = folder.path();
    let named = mockstack(path, &["convert", "boot.jsonl", "boot.txt"]);
    assert!(named.status.code() == Some(2) && text(&named).contains("--to"), "{}", text(&named));
    let nowhere = mockstack(path, &["convert", "boot.jsonl", "no/such/boot.har"]);
    assert!(nowhere.status.code() == Some(2) && text(&nowhere).contains("no/such/boot.har"), "{}", text(&nowhere));
    fs::write(path.join("kept.har"), "kept").unwrap();
    fs::write(path.join("bad.txt"), "hello: there\n").unwrap();
    assert_eq!(mockstack(path, &["convert", "bad.txt", "kept.har"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(path.join("kept.har")).unwrap(), "kept", "a failure replaces nothing");
    let whole = fs::read_to_string(path.join("boot.jsonl")).unwrap();
    fs::write(path.join("cut.jsonl"), &whole[..whole.len() - 20]).unwrap();
    let cut = mockstack(path, &["convert", "cut.jsonl", "cut.har"]);
    assert!(cut.status.code() == Some(44) && text(&cut).contains("was cut"), "{}", text(&cut));
    assert_eq!(judged(path, "cut.har").0, Some(0));
    mockstack(path, &["convert", "cut.jsonl", "still-cut.jsonl"]);
    assert_eq!(mockstack(path, &["report", "still-cut.jsonl"]).status.code(), Some(44));
}

fn diffed(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let diffed = mockstack(folder, &[&["diff"], arguments].concat());
    (diffed.status.code(), text(&diffed))
}

/// The same scenario once more: other ids, times, ports and tokens.
#[test]
fn what_a_run_makes_up_is_no_difference() {
    let folder = recorded(&[]);
    let path = folder.path();
    let again = ["run", "--seed", "7", "--clock", "2020-01-01T00:00:00Z", "--record", "again.jsonl", "--", BOOT];
    assert_eq!(mockstack(path, &again).status.code(), Some(0));
    let read = |name: &str| fs::read_to_string(path.join(name)).unwrap();
    let id = |name: &str| read(name).split("servers/").nth(1).unwrap()[..36].to_owned();
    assert_ne!(id("boot.jsonl"), id("again.jsonl"));
    let (code, told) = diffed(path, &["boot.jsonl", "again.jsonl"]);
    assert_eq!((code, told.as_str()), (Some(0), "6 requests compared, 0 differences\n"));
    // An id that is not what it was elsewhere is one.
    let image = read("again.jsonl").split(r#""imageRef":""#).nth(1).unwrap()[..36].to_owned();
    let wrong = read("again.jsonl").replacen(
        &format!(r#""imageRef":"{image}""#),
        r#""imageRef":"11111111-2222-4333-8444-555555555555""#,
        1,
    );
    fs::write(path.join("again.jsonl"), wrong).unwrap();
    let (code, told) = diffed(path, &["boot.jsonl", "again.jsonl"]);
    assert!(code == Some(47) && told.contains("/server/imageRef"), "{told}");
}

#[test]
fn recordings_that_differ_say_where() {
    let folder = recorded(&["tags"]);
    let path = folder.path();
    fs::rename(path.join("boot.jsonl"), path.join("tags.jsonl")).unwrap();
    mockstack(path, &["run", "--record", "boot.jsonl", "--", BOOT]);
    let (code, told) = diffed(path, &["boot.jsonl", "tags.jsonl"]);
    assert_eq!(code, Some(47), "{told}");
    for line in [
        "  request 4 body /server/tags     only in B: ['web']",
        "  request 4 status                202 in A, 400 in B",
        "  request 4 verdict /server/tags  only in B: not-yet",
        "  request 6  only in A: DELETE /compute/v2.1/servers/",
        "4 requests compared, 5 differences",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let (_, json) = diffed(path, &["boot.jsonl", "tags.jsonl", "--format", "json"]);
    let json: Value = mockstack::base::json::from_str(&json).unwrap();
    let status = &json["differences"]["compute.servers.create"][1];
    let expected = json!({"request_a": 4, "request_b": 4, "part": "status", "pointer": "", "a": "202", "b": "400"});
    assert_eq!((&json["compared"], status), (&json!(4), &expected));
    change(path, "image.images.index", |line| line["response"]["body"]["images"][0]["size"] = json!("1"));
    let (_, told) = diffed(path, &["boot.jsonl", "boot.jsonl"]);
    assert!(told.ends_with("0 differences\n"), "{told}");
    let (_, told) = diffed(path, &["boot.jsonl", "tags.jsonl"]);
    assert!(told.contains("/images/0/size") && told.contains("text in A, integer in B"), "{told}");
}

/// More polls, and independent writes in another order.
#[test]
fn order_and_polls_do_not_count() {
    let folder = recorded(&[]);
    let path = folder.path();
    let client = |first: &str, second: &str, polls: usize| {
        let boots = [first, second].map(|name| {
            format!(
                r#"id=$(ask -d '{{"server": {{"name": "{name}", "flavorRef": "1", "imageRef": "'$image'", "networks": "none"}}}}' -X POST $nova/servers | id)
                for n in $(seq {polls}); do ask $nova/servers/$id >/dev/null; done
                "#
            )
        });
        format!(
            r#"login='{{"auth": {{"identity": {{"methods": ["password"], "password": {{"user": {{"name": "demo", "domain": {{"id": "default"}}, "password": "secret"}}}}}}, "scope": {{"project": {{"name": "demo", "domain": {{"id": "default"}}}}}}}}}}'
            token=$(curl -si -H 'Content-Type: application/json' -d "$login" $OS_AUTH_URL/v3/auth/tokens | tr -d '\r' | sed -n 's/^X-Subject-Token: //ip')
            base=${{OS_AUTH_URL%/identity}}; nova=$base/compute/v2.1
            ask() {{ curl -s -H "X-Auth-Token: $token" -H 'Content-Type: application/json' -H 'OpenStack-API-Version: compute 2.37' "$@"; }}
            id() {{ sed 's/.*"id": *"\([^"]*\)".*/\1/'; }}
            image=$(ask $base/image/v2/images | sed 's/.*"id": *"\([0-9a-f-]\{{36\}}\)".*/\1/')
            {}{}"#,
            boots[0], boots[1]
        )
    };
    for (name, script) in [("one.jsonl", client("vm1", "vm2", 2)), ("other.jsonl", client("vm2", "vm1", 5))] {
        let ran = mockstack(
            path,
            &[
                "run",
                "--seed",
                if name == "one.jsonl" { "1" } else { "2" },
                "--record",
                name,
                "--",
                "sh",
                "-c",
                &script,
            ],
        );
        assert_eq!(ran.status.code(), Some(0), "{}", text(&ran));
    }
    let (code, told) = diffed(path, &["one.jsonl", "other.jsonl"]);
    assert_eq!(code, Some(0), "{told}");
}

/// A boot at 2.60, which Ocata does not have.
#[test]
fn what_is_judged_differently_is_told_alone() {
    let folder = recorded(&[]);
    let path = folder.path();
    change(path, "compute.servers.create", |line| {
        line["request"]["headers"] = json!([["openstack-api-version", "compute 2.60"], ["x-auth-token", "[token 1]"]]);
    });
    let verified = |arguments: &[&str]| {
        let verified = mockstack(path, &[&["verify", "boot.jsonl"], arguments].concat());
        (verified.status.code(), text(&verified))
    };
    let (code, told) = verified(&["--changed-since", "queens"]);
    assert_eq!((code, told.as_str()), (Some(0), "6 requests judged, 0 judged differently\n"));
    let (code, told) = verified(&["--changed-since", "ocata"]);
    let expected = "compute.servers.create\n  was wrong, is right now: OpenStack-API-Version version: ";
    assert!(code == Some(0) && told.starts_with(&expected.replace("OpenStack", "/OpenStack")), "{told}");
    let (code, told) = verified(&["--release", "ocata", "--changed-since", "queens"]);
    assert!(
        code == Some(40) && told.contains("was right, is wrong now: ") && told.contains("   in request 4"),
        "{told}"
    );
    // Contracts as they were: a folder that has all of them.
    let old = path.join("contracts");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts"), &old);
    let create = fs::read_to_string(old.join("compute/v2.1/servers.yaml")).unwrap();
    fs::write(old.join("compute/v2.1/servers.yaml"), create.replace("imageRef", "imageReference")).unwrap();
    let (code, told) = verified(&["--changed-since", "contracts"]);
    assert!(code == Some(0) && told.contains("was wrong, is right now: /server/imageRef unknown-field: "), "{told}");
    assert!(told.ends_with("6 requests judged, 1 judged differently\n"), "{told}");
    let (code, told) = verified(&["--changed-since", "quens"]);
    assert!(code == Some(2) && told.contains("queens") && told.contains("a folder of earlier contracts"), "{told}");
    let (code, told) = verified(&["--changed-since", "queens", "--release", "pike.."]);
    assert!(code == Some(2) && told.contains("one release"), "{told}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, &target).unwrap()),
        }
    }
}

/// Another tool kept the bytes of a body that is no JSON, so it can be judged, and is not kept here.
#[test]
fn a_body_that_is_no_json_is_malformed() {
    let folder = TempDir::new().unwrap();
    let line = json!({"method": "POST", "url": "/compute/v2.1/servers", "request": {"headers": [["X-Auth-Token", "t"], ["Content-Type", "application/json"]], "body": "{server"},
                      "response": {"status": 400, "headers": [], "body": {"badRequest": {"code": 400, "message": "Malformed request body"}}}});
    fs::write(folder.path().join("a.jsonl"), format!("{line}\n")).unwrap();
    converted(folder.path(), "a.jsonl", "b.jsonl");
    for name in ["a.jsonl", "b.jsonl"] {
        let (code, report) = judged(folder.path(), name);
        assert!(
            code == Some(40) && report["complaints"][0]["violations"][0]["code"] == "malformed",
            "{name}: {report:#}"
        );
    }
    assert!(!fs::read_to_string(folder.path().join("b.jsonl")).unwrap().contains("{server"));
}
