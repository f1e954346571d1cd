//! A recording answers as the cloud did: however independent requests are put in order, however often it is read, whoever asks.
//! What the recording does not allow misses, and says why.

use std::path::Path;
use std::sync::Arc;

use mockstack::base::Clock;
use mockstack::base::json::{Map, Value, json};
use mockstack::cloud::{Cloud, Fields, Fixture};
use mockstack::contract::Code;
use mockstack::exchange::{Exchange, OnMiss, Options, Recorded};
use mockstack::message::{Request, Response};
use mockstack::recording::Recorder;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::common::contracts;

const FLAVORS: &str = "/compute/v2.1/flavors/detail?is_public=None&limit=1000";
const SERVERS: &str = "/compute/v2.1/servers";
const IMAGE: &str = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
const NETWORK: &str = "2782bf5e-284c-4e0d-9580-452243e3497a";

/// What a client asks.
#[derive(Clone, Debug)]
struct Ask {
    method: &'static str,
    target: String,
    body: Value,
}

fn ask(method: &'static str, target: impl Into<String>, body: Value) -> Ask {
    Ask { method, target: target.into(), body }
}

/// How a client spells what it asks: nothing of it counts.
#[derive(Clone, Debug, Default)]
struct Manner {
    reversed: bool,
    agent: &'static str,
    version: &'static str,
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect::<Map>().into()
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

fn send(exchange: &Exchange, token: &str, asked: &Ask, manner: &Manner) -> Response {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let mut pairs: Vec<&str> = query.split('&').collect();
    let body = if manner.reversed { reversed(&asked.body) } else { asked.body.clone() };
    let mut lines = vec![
        ("Host", "127.0.0.1:1"),
        ("User-Agent", manner.agent),
        ("X-Auth-Token", token),
        ("Content-Type", "application/json"),
        ("OpenStack-API-Version", manner.version),
    ];
    if manner.reversed {
        pairs.reverse();
        lines.reverse();
    }
    lines.retain(|(_, value)| !value.is_empty());
    exchange.handle(&Request {
        method: asked.method.to_owned(),
        path: path.to_owned(),
        query: pairs.join("&"),
        headers: lines.into_iter().collect(),
        body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        ..Request::default()
    })
}

fn login() -> Ask {
    let user = json!({"name": "demo", "domain": {"id": "default"}, "password": "secret"});
    let scope = json!({"project": {"name": "demo", "domain": {"id": "default"}}});
    let auth = json!({"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope});
    ask("POST", "/identity/v3/auth/tokens", json!({"auth": auth}))
}

fn log_in(exchange: &Exchange) -> String {
    let answer = send(exchange, "", &login(), &Manner::default());
    answer.headers.get("X-Subject-Token").unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

fn id_of(answer: &Response) -> String {
    let body = answer.body.clone().unwrap_or_default();
    body["server"]["id"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

fn boot(name: &str, flavor: &str) -> Ask {
    let server = json!({"name": name, "flavorRef": flavor, "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]});
    ask("POST", SERVERS, json!({"server": server}))
}

fn show(id: &str) -> Ask {
    ask("GET", format!("{SERVERS}/{id}"), Value::Null)
}

/// A resource's life: the writes in their order, and how it is read after each.
#[derive(Clone, Debug)]
struct Life {
    writes: Vec<Ask>,
    read: Ask,
}

struct Recording {
    folder: TempDir,
    lives: Vec<Life>,
}

impl Recording {
    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("session.jsonl")
    }

    /// Two servers and two key pairs live, one after the other.
    fn new() -> Recording {
        let folder = TempDir::new().unwrap();
        let exchange = recorded_cloud(&folder.path().join("session.jsonl"));
        let (token, plain) = (log_in(&exchange), Manner::default());
        let record = |asked: &Ask| {
            let answer = send(&exchange, &token, asked, &plain);
            assert!(answer.status < 300, "{asked:?} {answer:?}");
            answer
        };
        record(&ask("GET", FLAVORS, Value::Null));
        let mut lives = Vec::new();
        for name in ["one", "two"] {
            let id = id_of(&record(&boot(name, "1")));
            let action = |body| ask("POST", format!("{SERVERS}/{id}/action"), body);
            let life = Life {
                writes: vec![
                    boot(name, "1"),
                    action(json!({"os-stop": null})),
                    action(json!({"os-start": null})),
                    ask("DELETE", format!("{SERVERS}/{id}"), Value::Null),
                ],
                read: show(&id),
            };
            for write in &life.writes[1..] {
                record(&life.read);
                record(&life.read);
                record(write);
            }
            lives.push(life);
        }
        for name in ["k1", "k2"] {
            let pair = |method, path: &str, body| ask(method, format!("/compute/v2.1/os-keypairs{path}"), body);
            let life = Life {
                writes: vec![
                    pair("POST", "", json!({"keypair": {"name": name}})),
                    pair("DELETE", &format!("/{name}"), Value::Null),
                ],
                read: pair("GET", &format!("/{name}"), Value::Null),
            };
            record(&life.writes[0]);
            record(&life.read);
            record(&life.writes[1]);
            lives.push(life);
        }
        end(&exchange);
        Recording { folder, lives }
    }
}

/// A cloud that is recorded.
fn recorded_cloud(path: &Path) -> Exchange {
    let contracts = contracts();
    let recorder = Recorder::create(path, 1, contracts).unwrap();
    Exchange::new(Arc::clone(contracts), cloud(), Options { recorder: Some(recorder), ..Options::default() })
}

fn end(exchange: &Exchange) {
    exchange.end(&json!({"command": 0, "allow": [], "deny": [], "snapshots": null, "failures": []}));
}

fn cloud() -> Cloud {
    Cloud::new(Arc::new(Fixture::base().unwrap()), 1, Clock::Wall)
}

fn replay(path: &Path) -> Exchange {
    let contracts = contracts();
    let recorded = Recorded::read(path, contracts, &[]).unwrap();
    Exchange::replay(Arc::clone(contracts), cloud(), recorded, (Vec::new(), OnMiss::Fail), Options::default())
}

/// A step of a schedule: which life goes on, and how often it is read first.
type Step = (usize, usize);

fn schedules() -> impl Strategy<Value = (Vec<Step>, Vec<Manner>)> {
    // Four writes of each server, two of each key pair.
    let lives: Vec<usize> = [0, 1].repeat(4).into_iter().chain([2, 3].repeat(2)).collect();
    let steps = Just(lives).prop_shuffle();
    let reads = prop::collection::vec(0usize..=5, 12);
    let manner = (any::<bool>(), prop::sample::select(vec!["", "gophercloud/2", "python-novaclient"]))
        .prop_map(|(reversed, agent)| Manner { reversed, agent, version: "" });
    (steps, reads, prop::collection::vec(manner, 2))
        .prop_map(|(steps, reads, manners)| (steps.into_iter().zip(reads).collect(), manners))
}

#[test]
fn legal_schedules_find_an_answer_to_everything() {
    let recording = Recording::new();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        // A thousand take two minutes unoptimized.
        cases: if cfg!(debug_assertions) { 200 } else { 1000 },
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let contracts = contracts();
    let recorded = Recorded::read(&recording.path(), contracts, &[]).unwrap();
    let fixture = Arc::new(Fixture::base().unwrap());
    let ran = runner.run(&schedules(), |(steps, manners)| {
        let cloud = Cloud::new(Arc::clone(&fixture), 1, Clock::Wall);
        let how = (Vec::new(), OnMiss::Fail);
        let exchange = Exchange::replay(Arc::clone(contracts), cloud, recorded.clone(), how, Options::default());
        let tokens = [log_in(&exchange), log_in(&exchange)];
        let mut next = [0; 4];
        for (number, (life, reads)) in steps.into_iter().enumerate() {
            let client = life % 2;
            let (token, manner) = (&tokens[client], &manners[client]);
            let told = |asked: &Ask| send(&exchange, token, asked, manner);
            if number % 3 == 0 {
                prop_assert_eq!(told(&ask("GET", FLAVORS, Value::Null)).status, 200);
            }
            let Life { writes, read } = &recording.lives[life];
            let answer = told(&writes[next[life]]);
            prop_assert!(answer.status < 300, "{:?} {:?}", writes[next[life]], answer);
            next[life] += 1;
            for _ in 0..reads {
                let answer = told(read);
                let is_over = next[life] == writes.len();
                prop_assert_eq!(answer.status, if is_over { 501 } else { 200 }, "{:?} {:?}", read, answer);
            }
        }
        prop_assert_eq!(exchange.unasked(), Vec::new());
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}

/// Each with the line of the verdict that says why.
#[test]
fn what_was_not_recorded_misses_with_its_reason() {
    let recording = Recording::new();
    let [server, other, ..] = recording.lives.as_slice() else { panic!() };
    let stop_before_start = other.writes[2].clone();
    let query = ask("GET", "/compute/v2.1/flavors/detail?limit=3", Value::Null);
    let read_when_gone = server.writes.iter().collect();
    let cases: [(&str, Vec<&Ask>, Ask, Code, &str); 6] = [
        (
            "delete before create",
            vec![],
            server.writes[3].clone(),
            Code::TooEarly,
            "request 3 (POST /compute/v2.1/servers) first",
        ),
        (
            "stop before start",
            vec![&other.writes[0]],
            stop_before_start,
            Code::TooEarly,
            "first: in the recording, request",
        ),
        (
            "another flavor",
            vec![],
            boot("one", "2"),
            Code::NotRecorded,
            "'1', as in the nearest recorded request, request 3",
        ),
        (
            "twice",
            vec![&server.writes[0]],
            server.writes[0].clone(),
            Code::Repeated,
            "request 3 (POST /compute/v2.1/servers) was the last",
        ),
        ("another query", vec![], query, Code::NotRecorded, "?is_public=None"),
        ("gone", read_when_gone, server.read.clone(), Code::NotRecorded, "no such request after request"),
    ];
    for (name, before, asked, code, expected) in cases {
        let exchange = replay(&recording.path());
        let (token, plain) = (log_in(&exchange), Manner::default());
        before.into_iter().for_each(|asked| assert!(send(&exchange, &token, asked, &plain).status < 300, "{name}"));
        let answer = send(&exchange, &token, &asked, &plain);
        let text = String::from_utf8(answer.bytes()).unwrap();
        assert!(answer.status == 501 && text.contains("in the recording that is replayed"), "{name}: {answer:?}");
        let journal = exchange.journal();
        let [diagnosis] = journal.diagnoses.as_slice() else { panic!("{name}: {:?}", journal.diagnoses) };
        let told = diagnosis.diagnostic.to_string();
        assert!(told.contains(expected) && told.trim_end().lines().count() <= 3, "{name}: {told}");
        assert_eq!(diagnosis.violations.iter().map(|violation| violation.code).collect::<Vec<_>>(), [code], "{name}");
    }
}

/// What the cloud refused counts as it did when it was recorded.
#[test]
fn a_refusal_is_judged_as_it_was_recorded() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("refused.jsonl");
    let counted = |exchange: &Exchange| {
        let (token, plain) = (log_in(exchange), Manner::default());
        assert_eq!(send(exchange, &token, &boot("one", "77"), &plain).status, 400);
        assert_eq!(send(exchange, &token, &show(NETWORK), &plain).status, 404);
        let journal = exchange.journal();
        let sentences = journal.diagnoses.iter().flat_map(|diagnosis| &diagnosis.violations);
        let refusals = journal.refusals.iter().map(|(why, tally)| (why.clone(), tally.times)).collect::<Vec<_>>();
        (sentences.map(|violation| violation.expected.clone()).collect::<Vec<_>>(), refusals)
    };
    let cloud = recorded_cloud(&path);
    let first = counted(&cloud);
    end(&cloud);
    assert_eq!((first.0.len(), first.1.len()), (1, 1), "{first:?}");
    assert_eq!(counted(&replay(&path)), first);
}

/// The answer leads where the client asks, and its token is a new one that ends as much later as the recorded one did.
#[test]
fn tokens_and_places_are_todays() {
    let recording = Recording::new();
    let exchange = replay(&recording.path());
    let plain = Manner::default();
    let answer = send(&exchange, "", &login(), &plain);
    let text = String::from_utf8(answer.bytes()).unwrap();
    assert!(text.contains("http://127.0.0.1:1/compute/v2.1") && !text.contains("[token"), "{text}");
    let token = answer.headers.get("X-Subject-Token").unwrap();
    assert_eq!(send(&exchange, token, &ask("GET", FLAVORS, Value::Null), &plain).status, 200);
    assert_eq!(send(&exchange, "another", &ask("GET", FLAVORS, Value::Null), &plain).status, 401);
    let body: Value = mockstack::base::json::from_str(&text).unwrap();
    let ends: jiff::Timestamp = body["token"]["expires_at"].as_str().unwrap().parse().unwrap();
    assert!(ends > jiff::Timestamp::now());
}

/// Whether a client says by names or by ids who logs in where depends on the variables that it finds.
#[test]
fn a_login_is_the_same_by_names_and_by_ids() {
    let recording = Recording::new();
    let exchange = replay(&recording.path());
    let plain = Manner::default();
    let answer = send(&exchange, "", &login(), &plain).body.unwrap();
    let id = |of: &str| answer["token"][of]["id"].clone();
    let mut by_ids = login();
    by_ids.body["auth"]["identity"]["password"]["user"] = json!({"id": id("user"), "password": "other"});
    by_ids.body["auth"]["scope"]["project"] = json!({"id": id("project")});
    assert_eq!(send(&exchange, "", &by_ids, &plain).status, 201);
    by_ids.body["auth"]["scope"]["project"] = json!({"id": "another"});
    assert_eq!(send(&exchange, "", &by_ids, &plain).status, 501);
}

/// The version does not count: a client that asks a newer one gets what was recorded, and is judged under its own.
#[test]
fn another_version_gets_what_was_recorded() {
    let recording = Recording::new();
    let exchange = replay(&recording.path());
    let token = log_in(&exchange);
    let newer = Manner { version: "compute 2.90", ..Manner::default() };
    let answer = send(&exchange, &token, &boot("one", "1"), &newer);
    assert_eq!(answer.status, 202, "{answer:?}");
}

/// What the cloud was like that is recorded below, beside the base cloud.
const WORLD: &str = r#"
resources:
  flavors: [{id: "f9", name: big, ram: 4096, disk: 9, vcpus: 4}, {id: "1", name: small, ram: 1, disk: 1, vcpus: 1}]
  images: [{id: 11111111-1111-4111-8111-111111111111, name: plain, project: demo, public: true, disk_format: raw, container_format: bare}]
  keypairs: [{name: mine, project: demo}]
  servers: [{name: old, flavor: f9, image: plain, status: SHUTOFF}]
  volumes: [{id: 22222222-2222-4222-8222-222222222222, name: data, size: 1, project: demo}]
"#;

/// A recording in which everything is listed, then a server is booted and a volume is created.
fn world(folder: &TempDir) -> (std::path::PathBuf, String, String) {
    let contracts = contracts();
    let (path, overlay) = (folder.path().join("world.jsonl"), folder.path().join("world.yaml"));
    std::fs::write(&overlay, WORLD).unwrap();
    let fixture = Fixture::base().unwrap().with_overlay(&overlay, Fields::of(contracts)).unwrap();
    let recorder = Recorder::create(&path, 1, contracts).unwrap();
    let cloud = Cloud::new(Arc::new(fixture), 1, Clock::Wall);
    let exchange =
        Exchange::new(Arc::clone(contracts), cloud, Options { recorder: Some(recorder), ..Options::default() });
    let (token, plain) = (log_in(&exchange), Manner::default());
    let record = |asked: Ask| {
        let answer = send(&exchange, &token, &asked, &plain);
        assert!(answer.status < 300, "{asked:?} {answer:?}");
        answer.body.unwrap_or_default()
    };
    for list in LISTS {
        record(ask("GET", *list, Value::Null));
    }
    let server = json!({"name": "new", "flavorRef": "f9", "imageRef": "11111111-1111-4111-8111-111111111111",
        "networks": [{"uuid": NETWORK}], "key_name": "mine"});
    let server = record(ask("POST", SERVERS, json!({"server": server})))["server"]["id"].as_str().unwrap().to_owned();
    record(show(&server));
    let volume = record(ask("POST", "/volume/v3/volumes", json!({"volume": {"name": "more", "size": 2}})));
    exchange.end(&json!({"command": 0, "allow": [], "deny": [], "snapshots": null, "failures": []}));
    (path, server, volume["volume"]["id"].as_str().unwrap().to_owned())
}

const LISTS: &[&str] = &[
    "/compute/v2.1/flavors/detail",
    "/compute/v2.1/servers/detail",
    "/compute/v2.1/os-keypairs",
    "/image/v2/images",
    "/network/v2.0/networks",
    "/network/v2.0/subnets",
    "/network/v2.0/security-groups",
    "/volume/v3/volumes/detail",
    "/volume/v3/types",
];

/// The simulated cloud holds what the recording shows, and what its writes made once they were replayed.
#[test]
fn what_was_not_recorded_is_asked_of_a_cloud_like_the_recorded_one() {
    let folder = TempDir::new().unwrap();
    let (path, server, volume) = world(&folder);
    let contracts = contracts();
    let recorded = Recorded::read(&path, contracts, &[]).unwrap();
    let mut fixture = Fixture::base().unwrap();
    recorded.seed(&mut fixture);
    recorded.seed_resources(&mut fixture, Fields::of(contracts));
    let cloud = Cloud::new(Arc::new(fixture), 1, Clock::Wall);
    let how = (Vec::new(), OnMiss::Simulate);
    let exchange = Exchange::replay(Arc::clone(contracts), cloud, recorded, how, Options::default());
    let (token, plain) = (log_in(&exchange), Manner::default());
    let told = |method, target: &str, body| {
        let answer = send(&exchange, &token, &ask(method, target, body), &plain);
        (answer.status, answer.body.unwrap_or_default())
    };
    let get = |target: &str| told("GET", target, Value::Null);
    // What was there.
    let (status, flavor) = get("/compute/v2.1/flavors/f9");
    assert_eq!((status, &flavor["flavor"]["ram"]), (200, &json!(4096)), "{flavor}");
    assert_eq!(get("/compute/v2.1/flavors/1").1["flavor"]["name"], "small");
    assert_eq!(get("/image/v2/images/11111111-1111-4111-8111-111111111111").1["name"], "plain");
    assert_eq!(get("/volume/v3/volumes/22222222-2222-4222-8222-222222222222").1["volume"]["size"], 1);
    assert_eq!(get("/compute/v2.1/os-keypairs/mine").0, 200);
    let (_, servers) = get("/compute/v2.1/servers?name=old");
    let old = format!("{SERVERS}/{}", servers["servers"][0]["id"].as_str().unwrap());
    assert_eq!(get(&old).1["server"]["status"], "SHUTOFF");
    assert_eq!(get(&format!("{old}/os-interface")).1["interfaceAttachments"][0]["net_id"], NETWORK);
    assert_eq!(told("POST", &format!("{old}/action"), json!({"os-start": null})).0, 202);
    // What a write makes is there after it.
    let new = format!("{SERVERS}/{server}");
    assert_eq!(get(&format!("{new}/os-interface")).0, 404);
    assert_eq!(get(&format!("/volume/v3/volumes/{volume}")).0, 404);
    let booted = json!({"name": "new", "flavorRef": "f9", "imageRef": "11111111-1111-4111-8111-111111111111",
        "networks": [{"uuid": NETWORK}], "key_name": "mine"});
    assert_eq!(told("POST", SERVERS, json!({"server": booted})).1["server"]["id"], server.as_str());
    assert_eq!(get(&format!("{new}/os-interface")).1["interfaceAttachments"][0]["net_id"], NETWORK);
    assert_eq!(told("POST", &format!("{new}/action"), json!({"reboot": {"type": "SOFT"}})).0, 202);
    assert_eq!(told("POST", "/volume/v3/volumes", json!({"volume": {"name": "more", "size": 2}})).0, 202);
    assert_eq!(get(&format!("/volume/v3/volumes/{volume}")).1["volume"]["size"], 2);
    let attach = json!({"volumeAttachment": {"volumeId": volume}});
    assert_eq!(told("POST", &format!("{new}/os-volume_attachments"), attach).0, 200);
    assert_eq!(told("DELETE", &new, Value::Null).0, 204);
    assert_eq!(get(&format!("{new}/os-interface")).0, 404);
    let journal = exchange.journal();
    assert!(journal.diagnoses.is_empty(), "{:?}", journal.diagnoses);
}
