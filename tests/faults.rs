//! Faults: each of the catalogue happens; what it does to a connection is seen from a socket; docs/faults.md lists them. How clients
//! take them is told by the stories of tests/cases/stories/faults.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use mockstack::base::Clock;
use mockstack::base::json::{Value, json};
use mockstack::cloud::{Cloud, Fixture};
use mockstack::exchange::{Exchange, Options, catalogue, fault_option};

use crate::common::bless::compare_table;
use crate::common::contracts;
use crate::common::simulated::{Ask, DEMO, Simulated, ask, get, post, server};
use crate::common::wire::{Client, Folder, SERVERS, Serving, boot};

/// A cloud with that fault, as `--fault` gives it.
fn cloud_with(text: &str) -> Simulated {
    let contracts = std::sync::Arc::clone(contracts());
    let faults = vec![fault_option(&contracts, text).unwrap_or_else(|error| panic!("{error}"))];
    let clock = Clock::Frozen("2026-02-03T04:05:06Z".parse().unwrap());
    let cloud = Cloud::new(Fixture::base().unwrap().into(), 1, clock);
    Simulated { exchange: Exchange::new(contracts, cloud, Options { faults, seed: 1, ..Options::default() }) }
}

/// What a client does that boots a server with a volume, each with a token of its own.
fn session(cloud: &Simulated) -> Vec<String> {
    let mut told = Vec::new();
    let login = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user":
            {"name": "demo", "password": "secret", "domain": {"name": "Default"}}}},
        "scope": {"project": {"name": "demo", "domain": {"name": "Default"}}}}});
    let mut tell = |what: &str, asked: &Ask| {
        let answer = asked.send(cloud);
        told.push(format!("{what} {}{}", answer.status, shown(&answer.body)));
        answer
    };
    let token = || {
        let answer = post("/identity/v3/auth/tokens").json(login.clone()).send(cloud);
        answer.header("X-Subject-Token").unwrap_or_default().to_owned()
    };
    tell("login", &post("/identity/v3/auth/tokens").json(login.clone()));
    tell("versions", &get("/compute"));
    tell("images", &get("/image/v2/images").token(&token()));
    let volumes = format!("/volume/v3/{DEMO}/volumes");
    let volume = tell("volume", &post(&volumes).token(&token()).json(json!({"volume": {"size": 1}})));
    tell("boot", &post(SERVERS).token(&token()).json(json!({"server": server("vm1")})));
    tell("boot", &post(SERVERS).token(&token()).json(json!({"server": server("vm1")})));
    let list = get(&format!("{SERVERS}?name=vm1")).token(&token()).send(cloud);
    let path =
        format!("{SERVERS}/{}", list.body["servers"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap());
    tell("show", &get(&path).token(&token()));
    tell("show", &get(&path).token(&token()));
    tell("show", &get(&path).token(&token()));
    tell("list", &get(&format!("{SERVERS}/detail")).token(&token()));
    let attachment = json!({"volumeAttachment": {"volumeId": volume.body["volume"]["id"]}});
    tell("attach", &post(&format!("{path}/os-volume_attachments")).token(&token()).json(attachment));
    tell("delete", &ask("DELETE", &path).token(&token()));
    told
}

/// What a client would look at in an answer: how many items, in which state, in which region.
fn shown(body: &Value) -> String {
    let catalog = body["token"]["catalog"].as_array();
    let regions =
        catalog.map(|services| format!(" {} services, {}", services.len(), services[0]["endpoints"][0]["region"]));
    let state = body["server"]["status"].as_str().map(|status| format!(" {status}"));
    let items = ["servers", "images"].iter().find_map(|list| body[*list].as_array());
    [regions, state, items.map(|items| format!(" {} items", items.len()))].into_iter().flatten().collect()
}

#[test]
fn every_fault_of_the_catalogue_happens() {
    let rows = catalogue().unwrap();
    assert!(rows.len() >= 25, "{} faults", rows.len());
    let usual = session(&Simulated::new());
    let mut seen = String::new();
    for row in &rows {
        let cloud = cloud_with(&row.name);
        let differing = session(&cloud).into_iter().zip(&usual).filter(|(own, usual)| own != *usual);
        let differing: Vec<String> = differing.map(|(own, _)| own).collect();
        let reports = cloud.exchange.fault_reports(None);
        assert!(reports.iter().all(|report| report.times > 0), "{} never happened", row.name);
        seen += &format!("{:24}{}\n", row.name, differing.join(", "));
    }
    insta::assert_snapshot!("every_fault_of_the_catalogue", seen);
}

/// A fault whose kind and numbers are given on the command line.
#[test]
fn an_option_changes_what_it_names() {
    for (text, statuses) in [
        ("boot-503", [503, 202, 202]),
        ("boot-503=times=2,status=500", [500, 500, 202]),
        ("boot-503=nth=2", [202, 503, 202]),
        ("boot-503@servers.*=name=vm", [503, 202, 202]),
        ("boot-503@compute.flavors.index", [202, 202, 202]),
    ] {
        let cloud = cloud_with(text);
        let token = cloud.member();
        let boot = |_| post(SERVERS).token(&token).json(json!({"server": server("vm")})).send(&cloud).status;
        assert_eq!([0, 1, 2].map(boot), statuses, "{text}");
    }
}

/// The same seed, the same faults.
#[test]
fn chance_is_that_of_the_seed() {
    let drawn = || {
        let cloud = cloud_with("list-rate-limited@compute.servers.index=probability=0.5");
        let token = cloud.member();
        (0..20).map(|_| get(SERVERS).token(&token).send(&cloud).status).collect::<Vec<_>>()
    };
    let first = drawn();
    assert!(first == drawn() && first.contains(&429) && first.contains(&200), "{first:?}");
}

/// All bytes of the answer to `GET /compute/v2.1/servers/detail`, or how the connection ended, and how long that took.
fn raw(options: &[&str]) -> (std::io::Result<String>, Duration) {
    let folder = Folder::new();
    let serving = Serving::start(&folder, options);
    let client = Client::log_in(&serving.address);
    let mut stream = TcpStream::connect(&serving.address).unwrap();
    let start = Instant::now();
    let head = format!("GET {SERVERS}/detail HTTP/1.1\r\nHost: {}\r\n", serving.address);
    let rest = format!("X-Auth-Token: {}\r\nConnection: close\r\n\r\n", client.token());
    stream.write_all((head + &rest).as_bytes()).unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    // What came before a reset or a cut was read all the same.
    let text = String::from_utf8(answer).unwrap();
    let ended = if text.is_empty() { read.map(|_| text) } else { Ok(text) };
    (ended, start.elapsed())
}

#[test]
fn connections_end_as_a_fault_says() {
    let at = "@compute.servers.detail";
    let (reset, _) = raw(&["--fault", &format!("connection-reset{at}")]);
    assert_eq!(reset.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    let (closed, _) = raw(&["--fault", "connection-closed"]);
    assert_eq!(closed.unwrap(), "");
    let (lost, _) = raw(&["--fault", &format!("answer-lost{at}")]);
    assert_eq!(lost.unwrap(), "");
    let cut = raw(&["--fault", "body-cut=bytes=7"]).0.unwrap();
    let (head, body) = cut.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("Content-Length: 14"), "{head}");
    assert_eq!(body, r#"{"serve"#);
}

#[test]
fn answers_are_as_slow_as_a_fault_says() {
    let (late, took) = raw(&["--fault", "slow-answer@compute.servers.detail=delay=0.3"]);
    assert!(late.unwrap().ends_with(r#"{"servers":[]}"#) && took >= Duration::from_millis(300), "{took:?}");
    let (slow, took) = raw(&["--fault", "slow-bytes=bytes=2,pause=0.03"]);
    assert!(slow.unwrap().ends_with(r#"{"servers":[]}"#) && took >= Duration::from_millis(6 * 30), "{took:?}");
}

/// Faults come and go while the cloud runs, and each project has its own.
#[test]
fn a_running_cloud_takes_faults() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--no-fail"]);
    let mut client = Client::log_in(&serving.address);
    let mut admin = Client::new(&serving.address);
    let faults = "/__mockstack/faults";
    let row = json!({"project": "demo", "operation": "compute.servers.create", "times": 2,
        "answer": {"status": 503, "headers": {"Retry-After": "1"}}});
    let added = admin.ask("POST", faults, Some(&row));
    assert_eq!((added.status, &added.json()["fault"]["id"]), (201, &json!(1)));
    let booted = client.ask("POST", SERVERS, Some(&boot("vm1")));
    assert_eq!((booted.status, booted.all("retry-after")), (503, vec!["1"]));
    let listed = admin.ask("GET", faults, None).json();
    assert_eq!(listed["faults"][0]["times"], json!(1));
    assert_eq!(listed["faults"][0]["reactions"][0]["text"], json!("never retried"));
    assert_eq!(admin.ask("DELETE", &format!("{faults}?id=1"), None).status, 204);
    assert_eq!(admin.ask("DELETE", &format!("{faults}?id=1"), None).status, 404);
    assert_eq!(client.ask("POST", SERVERS, Some(&boot("vm1"))).status, 202);
    for wrong in [json!({"fault": "rate-limit"}), json!({"operation": "*"}), json!(["x"])] {
        let refused = admin.ask("POST", faults, Some(&wrong));
        assert_eq!(refused.status, 400, "{wrong}");
    }
    let told = admin.ask("POST", faults, Some(&json!({"fault": "rate-limit"}))).json();
    let text = told["error"]["message"].as_str().unwrap_or_default().to_owned();
    assert!(text.contains("no fault is called \"rate-limit\"") && text.contains("rate-limited"), "{text}");
    let verdict = serving.stop();
    assert!(verdict.err.contains("fault         answer@compute.servers.create ×1"), "{verdict:?}");
}

/// The faults of a project that has a cloud of its own befall nobody else, and its verdict has them.
#[test]
fn a_project_of_its_own_has_faults_of_its_own() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--no-fail"]);
    let mut admin = Client::new(&serving.address);
    let fixtures =
        json!(["quotas: {instances: 1}", {"faults": [{"fault": "instance-quota"}]}, "faults: [{fault: boot-500}]"]);
    for (name, body) in [("one", json!({"name": "one"})), ("two", json!({"name": "two", "fixtures": fixtures}))] {
        assert_eq!(admin.ask("POST", "/__mockstack/projects", Some(&body)).status, 201, "{name}");
    }
    let row = json!({"fault": "boot-503", "project": "one"});
    assert_eq!(admin.ask("POST", "/__mockstack/faults", Some(&row)).status, 201);
    let verdict = |admin: &mut Client, project: &str| {
        admin.ask("GET", &format!("/__mockstack/verdict?project={project}"), None).json()["faults"].clone()
    };
    let told = |name: &str, times: u64| (json!(name), json!(times));
    for (project, name) in [("one", "boot-503"), ("two", "instance-quota")] {
        let faults = verdict(&mut admin, project);
        assert_eq!((faults[0]["name"].clone(), faults[0]["times"].clone()), told(name, 0));
    }
    assert_eq!(verdict(&mut admin, "two")[1]["name"], json!("boot-500"), "of several fixtures each counts");
    assert_eq!(verdict(&mut admin, "demo"), json!([]));
    assert_eq!(admin.ask("DELETE", "/__mockstack/faults?project=one", None).status, 204);
    let listed = |admin: &mut Client, project: &str| {
        admin.ask("GET", &format!("/__mockstack/faults?project={project}"), None).json()["faults"][0]["over"].clone()
    };
    assert_eq!((listed(&mut admin, "one"), listed(&mut admin, "two")), (json!(true), json!(false)));
    for row in [json!({"fault": "boot-503"}), json!({"fault": "boot-500", "project": "demo"})] {
        assert_eq!(admin.ask("POST", "/__mockstack/faults", Some(&row)).status, 201);
    }
    assert_eq!(admin.ask("DELETE", "/__mockstack/faults?project=demo&id=1", None).status, 404, "it is not demo's");
    assert_eq!(admin.ask("DELETE", "/__mockstack/faults?project=demo", None).status, 204);
    let all = admin.ask("GET", "/__mockstack/faults", None).json();
    assert_eq!((&all["faults"][0]["over"], &all["faults"][1]["over"]), (&json!(false), &json!(true)), "{all}");
    let closed = admin.ask("DELETE", "/__mockstack/projects/one", None).json();
    assert_eq!((&closed["faults"][0]["name"], &closed["exit_code"]), (&json!("boot-503"), &json!(41)));
}

/// Tokens end and builds are done when the clock is set ahead, in the project that is meant alone.
#[test]
fn time_passes_at_once() {
    let folder = Folder::new();
    folder.write("slow.yaml", "boot: {seconds: 100}\n");
    let serving = Serving::start(&folder, &["--no-fail", "--fixtures", "slow.yaml"]);
    let mut admin = Client::new(&serving.address);
    let mut client = Client::log_in(&serving.address);
    let booted = client.ask("POST", SERVERS, Some(&boot("vm1"))).json();
    let path = format!("{SERVERS}/{}", booted["server"]["id"].as_str().unwrap());
    let mut status = || client.ask("GET", &path, None).json()["server"]["status"].clone();
    let mut state = Client::new(&serving.address);
    let mut state = || state.ask("GET", "/__mockstack/state", None).json()["servers"][0]["status"].clone();
    let mut advance =
        |body: Value, route: &str| admin.ask("POST", &format!("/__mockstack/clock{route}"), Some(&body)).status;
    assert_eq!((status(), state()), (json!("BUILD"), json!("BUILD")));
    assert_eq!(advance(json!({"advance": 99}), ""), 200);
    assert_eq!((state(), status()), (json!("BUILD"), json!("BUILD")));
    assert_eq!(advance(json!({"advance": 2}), ""), 200);
    assert_eq!((state(), status()), (json!("ACTIVE"), json!("ACTIVE")), "whoever looks first");
    for wrong in [json!({"advance": -1}), json!({"advance": "1"}), json!({"seconds": 1}), json!({})] {
        assert_eq!(advance(wrong.clone(), ""), 400, "{wrong}");
    }
    assert_eq!(advance(json!({"advance": 4000}), ""), 200);
    assert_eq!(client.ask("GET", &path, None).status, 401);
}

/// An answer that a fault gave is marked, and judging the recording again does not blame the cloud for it.
#[test]
fn a_recording_tells_what_was_injected() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--record", "r.jsonl", "--fault", "boot-502"]);
    let mut client = Client::log_in(&serving.address);
    assert_eq!(client.ask("POST", SERVERS, Some(&boot("vm1"))).status, 502);
    assert_eq!(client.ask("POST", SERVERS, Some(&boot("vm2"))).status, 202);
    let ran = serving.stop();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let text = folder.read("r.jsonl");
    let marked: Vec<Value> = text
        .lines()
        .map(|line| mockstack::base::json::from_str::<Value>(line).unwrap())
        .filter(|line| line.get("fault").is_some())
        .collect();
    assert_eq!(marked.len(), 1);
    assert_eq!((&marked[0]["fault"], &marked[0]["status"]), (&json!("boot-502"), &json!(502)));
    for again in ["report", "verify"] {
        let ran = folder.mockstack(&[again, "r.jsonl"]);
        assert_eq!(ran.code, Some(0), "{again} {ran:?}");
    }
    assert!(folder.mockstack(&["report", "r.jsonl"]).out.contains("fault         boot-502@compute.servers.create ×1"));
}

#[test]
fn the_page_lists_the_catalogue() {
    let rows = catalogue().unwrap();
    let table: String = rows
        .iter()
        .map(|row| format!("| `{}` | `{}` | {} | {} |\n", row.name, row.operation, row.summary, row.because))
        .collect();
    let head = "| fault | operation | what happens | what clients got wrong |\n|---|---|---|---|\n";
    compare_table("docs/faults.md", "catalogue", &[head, &table].concat());
}
