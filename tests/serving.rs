//! A cloud that stays up: killed under load, asked by its admin routes, set up by a file.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mockstack::base::json::{Value, json};

use crate::common::wire::{ASK, Client, Folder, Reply, SERVERS, Serving, bad_boot, boot, ran};

// ---- kill -9 --------------------------------------------------------------------------------------------------------

/// Asks until the server is gone, and counts; the ids of the requests that were answered.
fn ask_until_gone(address: &str, count: &AtomicUsize) -> Vec<String> {
    let mut client = Client::log_in(address);
    let mut answered = Vec::new();
    loop {
        let Ok(booted) = client.try_ask("POST", SERVERS, Some(&boot("vm1"))) else { return answered };
        answered.push(booted.all("x-openstack-request-id")[0].to_owned());
        count.fetch_add(1, Ordering::Relaxed);
        let path = format!("{SERVERS}/{}", booted.json()["server"]["id"].as_str().unwrap_or_default());
        let Ok(deleted) = client.try_ask("DELETE", &path, None) else { return answered };
        answered.push(deleted.all("x-openstack-request-id")[0].to_owned());
    }
}

#[test]
fn what_was_answered_before_a_kill_is_in_the_file() {
    let folder = Folder::new();
    let mut serving = Serving::start(&folder, &["--record", "recording.jsonl"]);
    let address = serving.address.clone();
    let count = AtomicUsize::new(0);
    let answered: Vec<String> = std::thread::scope(|scope| {
        let ask = || ask_until_gone(&address, &count);
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        let patience = Instant::now() + Duration::from_secs(60);
        while count.load(Ordering::Relaxed) < 40 && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(5));
        }
        serving.child.kill().unwrap();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    serving.child.wait().unwrap();
    assert!(answered.len() >= 40, "{} answers before the kill", answered.len());
    let text = std::fs::read(folder.path("recording.jsonl")).unwrap();
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let (_, whole) = lines.split_last().unwrap();
    let mut kept = std::collections::BTreeSet::new();
    for (place, line) in whole.iter().enumerate().skip(1) {
        let line: Value =
            mockstack::base::json::from_slice(line).unwrap_or_else(|error| panic!("line {}: {error}", place + 1));
        assert_eq!(line["sequence"], json!(place), "lines are in sequence");
        kept.extend(request_id(&line));
    }
    let lost: Vec<&String> = answered.iter().filter(|id| !kept.contains(*id)).collect();
    assert!(lost.is_empty(), "{} of {} answers are not in the recording", lost.len(), answered.len());
    let report = folder.mockstack(&["report", "recording.jsonl"]);
    assert_eq!(report.code, Some(44), "{}", report.out);
    assert!(report.out.contains("was cut") || report.out.contains("did not finish"), "{}", report.out);
}

fn request_id(line: &Value) -> Option<String> {
    let headers = line["response"]["headers"].as_array()?;
    let id = headers.iter().find(|header| header[0] == "x-openstack-request-id")?;
    id[1].as_str().map(str::to_owned)
}

// ---- admin routes ---------------------------------------------------------------------------------------------------

fn admin(client: &mut Client, method: &str, route: &str) -> Reply {
    client.ask(method, &format!("/__mockstack/{route}"), None)
}

fn names(reply: &Reply) -> Vec<String> {
    let state = reply.json();
    let servers = state["servers"].as_array().into_iter().flatten();
    servers.map(|server| server["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_cloud_tells_what_it_holds_and_starts_again() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--record", "recording.jsonl"]);
    let (mut demo, mut alt) = (Client::log_in(&serving.address), Client::log_in_to(&serving.address, "alt"));
    demo.ask("POST", SERVERS, Some(&boot("vm1")));
    demo.ask("POST", SERVERS, Some(&bad_boot("vm2")));
    alt.ask("POST", SERVERS, Some(&boot("other")));

    assert_eq!(names(&admin(&mut demo, "GET", "state")), ["vm1", "other"]);
    let own = admin(&mut demo, "GET", "state?project=alt");
    assert_eq!(names(&own), ["other"]);
    assert_eq!(own.json()["servers"][0]["project"], "alt");

    let verdict = admin(&mut demo, "GET", "verdict");
    assert_eq!(verdict.all("Content-Type"), ["application/json"]);
    assert_eq!(verdict.json()["exit_code"], 40);
    assert_eq!(verdict.json()["requests"], 5, "questions here are not counted");
    let text = admin(&mut demo, "GET", "verdict?format=text&project=alt");
    assert!(text.body.ends_with("verdict       clean (exit code 0)\n"), "{}", text.body);

    let lines = |reply: Reply| reply.body.lines().count();
    assert_eq!(lines(admin(&mut demo, "GET", "recording")), 6, "a header and five requests");
    assert!(admin(&mut demo, "GET", "recording?project=alt").body.contains("\"other\""));

    assert_eq!(admin(&mut demo, "POST", "reset?project=demo").status, 204);
    assert_eq!(names(&admin(&mut demo, "GET", "state")), ["other"]);
    assert_eq!(admin(&mut demo, "POST", "reset").status, 204);
    assert!(names(&admin(&mut demo, "GET", "state")).is_empty());
    assert_eq!(demo.ask("GET", SERVERS, None).status, 200, "tokens stay");
    let verdict = admin(&mut demo, "GET", "verdict");
    assert_eq!(verdict.json()["exit_code"], 40, "what was wrong stays wrong");
    assert_eq!(serving.stop().code, Some(40));
}

#[test]
fn anybody_may_ask_whether_it_is_up() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--release", "train"]);
    let url = format!("http://{}", serving.address);
    let up = format!("mockstack {} (train) is up at {url}\n", env!("CARGO_PKG_VERSION"));
    let asked = folder.mockstack(&["healthcheck", &format!("{url}/identity")]);
    assert_eq!((asked.code, asked.out), (Some(0), up.clone()));
    let told = ran(folder.command(&["healthcheck"]).env("MOCKSTACK_URL", &url));
    assert_eq!((told.code, told.out), (Some(0), up));
    let within = folder.mockstack(&["run", "--tls", "--", env!("CARGO_BIN_EXE_mockstack"), "healthcheck"]);
    assert!(within.code == Some(42) && within.out.contains("is up at https://127.0.0.1:"), "{within:?}");
    let wrong = ran(folder.command(&["healthcheck"]).env("MOCKSTACK_URL", "mockstack:8774"));
    assert!(wrong.code == Some(2) && wrong.err.contains("MOCKSTACK_URL is not a URL"), "{wrong:?}");
    let mut other = Client::new(&serving.address);
    other.headers = vec![("Host".to_owned(), "mockstack:8774".to_owned())];
    assert_eq!(admin(&mut other, "GET", "health").json()["release"], "train");
    assert_eq!(admin(&mut other, "POST", "health").status, 403);
    assert_eq!(serving.stop().code, Some(42), "none of it was a request to the cloud");
}

#[test]
fn others_are_refused() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &[]);
    let port = serving.address.rsplit(':').next().unwrap();
    let asked_as = |host: &str, origin: Option<&str>| {
        let mut client = Client::new(&serving.address);
        client.headers = vec![("Host".to_owned(), host.to_owned())];
        client.headers.extend(origin.map(|origin| ("Origin".to_owned(), origin.to_owned())));
        admin(&mut client, "GET", "state").status
    };
    assert_eq!(asked_as(&format!("localhost:{port}"), None), 200);
    assert_eq!(asked_as(&serving.address, Some("http://evil.example")), 403);
    assert_eq!(asked_as(&serving.address, Some(&format!("http://{}", serving.address))), 200, "the page of its own");
    assert_eq!(asked_as(&serving.address, Some("http://127.0.0.1:1")), 403);
    assert_eq!(asked_as(&serving.address, Some("null")), 403);
    assert_eq!(asked_as("evil.example", None), 403);
    let mut client = Client::new(&serving.address);
    for (method, route, status) in [
        ("POST", "state", 405),
        ("GET", "reset", 405),
        ("POST", "health", 405),
        ("GET", "nowhere", 404),
        ("GET", "state?project=none", 404),
        ("GET", "verdict?format=pdf", 400),
        ("GET", "recording", 404),
    ] {
        let reply = admin(&mut client, method, route);
        assert_eq!(reply.status, status, "{method} {route}: {}", reply.body);
        assert!(reply.json()["error"]["message"].is_string());
    }
    assert_eq!(serving.stop().code, Some(42), "none of it was a request to the cloud");
}

#[test]
fn the_address_is_in_the_ready_file_once_it_is_ready() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--ready-file", "ready", "--no-fail"]);
    let begin = Instant::now();
    while !folder.path("ready").exists() && begin.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(folder.read("ready"), format!("http://{}/identity\n", serving.address));
    assert_eq!(serving.stop().code, Some(0));
}

/// Whoever starts a server holds the other end of a pipe; the server ends with it, as on a signal.
#[test]
fn a_server_can_end_with_its_standard_input() {
    let folder = Folder::new();
    let mut command = folder.command(&["serve", "--until-eof", "--release", "train"]);
    command.stdin(Stdio::piped());
    let mut serving = Serving::of(command);
    let told = Client::new(&serving.address).ask("GET", "/", None).json();
    assert_eq!((&told["mockstack"], &told["release"]), (&json!(env!("CARGO_PKG_VERSION")), &json!("train")));
    Client::log_in(&serving.address).ask("GET", SERVERS, None);
    drop(serving.child.stdin.take());
    let mut err = String::new();
    serving.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(err.ends_with("verdict       clean (exit code 0)\n"), "{err}");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

// ---- mockstack.yaml -------------------------------------------------------------------------------------------------

const CONFIG: &str = "\
fixtures: [quota.yaml]
contracts: contracts
listen: 127.0.0.1:0
on_violation: report
allow:
  - {code: not-yet@compute.servers.create, reason: an old client}
deny: [not-found]
record: recording.jsonl
log: true
snapshots: snapshots
scenario: nightly
mask: ['/server/name=[0-9]+$', /server/hostname]
partial: true
report: {junit: report.xml, text: '-'}
seed: 7
clock: 2026-02-03T04:05:06Z
";

const OPTIONS: &[&str] = &[
    "--fixtures",
    "quota.yaml",
    "--contracts",
    "contracts",
    "--listen",
    "127.0.0.1:0",
    "--on-violation",
    "report",
    "--allow",
    "not-yet@compute.servers.create",
    "--deny",
    "not-found",
    "--record",
    "recording.jsonl",
    "--log",
    "--snapshots",
    "snapshots",
    "--scenario",
    "nightly",
    "--mask",
    "/server/name=[0-9]+$",
    "--mask",
    "/server/hostname",
    "--partial",
    "--report",
    "junit=report.xml",
    "--report",
    "text=-",
    "--seed",
    "7",
    "--clock",
    "2026-02-03T04:05:06Z",
];

fn printed(folder: &Folder, options: &[&str]) -> String {
    let ran = folder.mockstack(&[&["run", "--print-config"], options, &["--", "true"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran.out
}

/// A browser is led to the page, and told what happens until the server stops; clients get what they always got at `/`.
#[test]
fn whoever_looks_is_told_what_happens() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &[]);
    let mut client = Client::log_in(&serving.address);
    let at_root = |accept: &str| {
        let mut client = Client::new(&serving.address);
        client.headers.push(("Accept".to_owned(), accept.to_owned()));
        client.ask("GET", "/", None)
    };
    assert_eq!(at_root("text/html,application/xhtml+xml,*/*;q=0.8").all("Location"), ["/__mockstack/"]);
    assert_eq!(["*/*", "application/json"].map(|accept| at_root(accept).json()["identity"].clone()), ["/identity"; 2]);

    let page = admin(&mut client, "GET", "");
    assert!(page.all("Content-Security-Policy")[0].starts_with("default-src 'none'; style-src 'sha256-"), "{page:?}");
    let mut events = TcpStream::connect(&serving.address).unwrap();
    write!(events, "GET /__mockstack/events?after=1 HTTP/1.1\r\nHost: {}\r\n\r\n", serving.address).unwrap();
    client.ask("POST", SERVERS, Some(&bad_boot("vm1")));
    let mut told = String::new();
    let mut piece = [0; 1 << 16];
    while !told.contains("1 request broke its contract") {
        let count = events.read(&mut piece).unwrap();
        assert!(count > 0, "{told}");
        told += std::str::from_utf8(&piece[..count]).unwrap();
    }
    assert!(told.contains("text/event-stream") && told.contains("id: 2\ndata: "), "{told}");
    assert!(told.contains("not-yet") || told.contains("not yet"), "{told}");
    assert!(!told.contains("<li id=\\\"1\\\""), "the first was seen before: {told}");
    let begun = Instant::now();
    assert_eq!(serving.stop().code, Some(40));
    assert!(begun.elapsed() < Duration::from_secs(4), "who looks holds nothing up");
    events.read_to_string(&mut told).unwrap();
    assert!(told.contains("event: end"), "{told}");
}

#[test]
fn each_request_is_told_if_somebody_asks() {
    let folder = Folder::new();
    let (bad, missing) = (bad_boot("vm1").to_string(), format!("{SERVERS}/0%9B31m?name=1"));
    let asks = ["--", ASK, "POST", SERVERS, &bad, "GET", &missing, "", "GET", "/nowhere", ""];
    let told = |options: &[&str]| {
        folder.mockstack(&[&["run", "--clock", "2026-02-03T04:05:06Z"], options, &asks].concat()).err
    };
    let lines = "\
        04:05:06.000  201  POST /identity/v3/auth/tokens  identity.tokens.create\n\
        04:05:06.000  400  POST /compute/v2.1/servers  compute.servers.create 2.37  not-yet\n\
        04:05:06.000  404  GET /compute/v2.1/servers/0%9B31m?name=1  compute.servers.show 2.37  not-found\n\
        04:05:06.000  404  GET /nowhere  unknown-operation\n";
    assert!(told(&["--log"]).starts_with(lines), "{}", told(&["--log"]));
    assert!(!told(&[]).contains("04:05:06"));
}

/// More lines than a pipe takes, which nobody reads until the end.
#[test]
fn a_log_that_nobody_reads_holds_no_request_up() {
    const REQUESTS: usize = 1000;
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--log", "--no-fail"]);
    let mut client = Client::new(&serving.address);
    let path = format!("/{}", "a".repeat(100));
    (0..REQUESTS).for_each(|_| assert_eq!(client.ask("GET", &path, None).status, 404));
    let told = serving.stop().err;
    assert_eq!(told.matches(&format!("GET {path}  unknown-operation\n")).count(), REQUESTS);
    assert!(told.contains("verdict"), "it comes last");
}

#[test]
fn every_option_may_stand_in_the_file() {
    let given = printed(&Folder::new(), OPTIONS);
    let folder = Folder::new();
    folder.write("mockstack.yaml", CONFIG);
    let read = printed(&folder, &[]);
    assert_eq!(read.replace("an old client", "given on the command line"), given);
    folder.write("mockstack.yaml", &read);
    assert_eq!(printed(&folder, &[]), read, "what is printed can be read");
}

/// Whatever is in force can be read back, also what the file alone can say or say alone.
#[test]
fn all_that_is_printed_can_be_read() {
    let folder = Folder::new();
    let own = "extensions: [{pointer: '/server/a:*', reason: 'its \"zones\" }'}]\nredact: [/a=b]\n\
               keep: [{pointer: '/a {b', reason: '# no secret'}]\nreport: {json: [a.json, b.json]}\n";
    folder.write("mockstack.yaml", own);
    let row = "{code: not-yet@servers.create, reason: an old client}";
    let read = printed(&folder, &["--allow", row, "--report", "json=c.json", "--listen", "localhost:0"]);
    for line in [
        r#"extensions: [{pointer: "/server/a:*", reason: "its \"zones\" }"}]"#,
        r#"redact: ["/a=b"]"#,
        r##"keep: [{pointer: "/a {b", reason: "# no secret"}]"##,
        r#"allow: [{code: "not-yet@servers.create", reason: "an old client"}]"#,
        r#"report: {json: ["a.json", "b.json", "c.json"]}"#,
    ] {
        assert!(read.contains(line), "{line}: {read}");
    }
    folder.write("mockstack.yaml", &read);
    assert_eq!(printed(&folder, &[]), read);
}

#[test]
fn the_command_line_wins_or_adds() {
    let folder = Folder::new();
    folder.write("mockstack.yaml", CONFIG);
    let both = printed(
        &folder,
        &[
            "--seed",
            "8",
            "--scenario",
            "daily",
            "--deny",
            "state",
            "--report",
            "json=r.json",
            "--on-violation",
            "reject",
        ],
    );
    for line in [
        "seed: 8",
        r#"scenario: "daily""#,
        r#"deny: ["not-found", "state"]"#,
        "on_violation: reject",
        r#"report: {junit: "report.xml", text: "-", json: "r.json"}"#,
    ] {
        assert!(both.contains(line), "{line}: {both}");
    }
    std::fs::create_dir(folder.path("below")).unwrap();
    folder.write("below/other.yaml", "record: recording.jsonl\nreport: {text: '-', json: r.json}\n");
    let other = printed(&folder, &["--config", "below/other.yaml"]);
    for line in [r#"record: "below/recording.jsonl""#, r#"report: {text: "-", json: "below/r.json"}"#, "seed: 1"] {
        assert!(other.contains(line), "{line}: {other}");
    }
}

#[test]
fn mistakes_in_the_file_are_told_with_their_place() {
    let folder = Folder::new();
    for (text, place, why) in [
        ("sed: 1\n", "mockstack.yaml:1", "sed"),
        ("seed: 1\nseed: 2\n", "mockstack.yaml:2", "duplicate"),
        ("seed: x\n", "mockstack.yaml:1", "expected"),
        ("partial: 3\n", "mockstack.yaml:1", "expected"),
        ("scenario: [a]\n", "mockstack.yaml:1", "expected"),
        ("fixtures: a.yaml\n", "mockstack.yaml:1", "expected"),
        ("listen: here\n", "mockstack.yaml:1", "ADDRESS:PORT"),
        ("clock: yesterday\n", "mockstack.yaml:1", "yesterday"),
        ("on_violation: ignore\n", "mockstack.yaml:1", "reject or report"),
        ("on_violation: rejct\n", "mockstack.yaml:1:15", "did you mean   reject"),
        ("record: ''\n", "mockstack.yaml:1:9", "expected a path"),
        ("report: {json: [a.json, 3]}\n", "mockstack.yaml:1:25", "expected a string"),
        ("keep:\n  - {pointer: x, reason: y}\n", "mockstack.yaml:2:15", "JSON pointer"),
        ("deny:\n  - not-found\n  - not-known\n", "mockstack.yaml:3", "not-known"),
        ("allow:\n  - {code: not-yet}\n", "mockstack.yaml:2", "needs a reason"),
        ("allow:\n  - {code: not-yet, reason: ' '}\n", "mockstack.yaml:2", "needs a reason"),
        ("allow:\n  - {reason: why not}\n", "mockstack.yaml:2", "\"code\" is missing"),
        ("allow:\n  - {code: not-yet, why: not}\n", "mockstack.yaml:2", "why"),
        ("mask: [server]\n", "mockstack.yaml:1", "JSON pointer"),
        ("mask: ['/server/name=[']\n", "mockstack.yaml:1", "regex"),
        ("report: {pdf: a.pdf}\n", "mockstack.yaml:1", "pdf"),
        ("- seed\n", "mockstack.yaml:1", "expected"),
        ("seed: [1\n", "mockstack.yaml:", ""),
    ] {
        folder.write("mockstack.yaml", text);
        let ran = folder.mockstack(&["run", "--", ASK]);
        assert_eq!(ran.code, Some(2), "{text}: {}", ran.err);
        assert!(ran.err.contains(place) && ran.err.contains(why), "{text}: {}", ran.err);
    }
    let missing = folder.mockstack(&["run", "--config", "no-such.yaml", "--", ASK]);
    assert!(missing.code == Some(2) && missing.err.contains("no-such.yaml"), "{}", missing.err);
}
