//! The targets of `fuzz/`, run over seeds that are made of the examples of the contracts and of the cases of other tests, and
//! over what the fuzzer found. With FUZZ_CORPUS=FOLDER the seeds are also written there, for `fuzz/run`.
//! A program of its own, because the published package has neither `fuzz/` nor this file.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[allow(dead_code, reason = "tests/main.rs uses all of it")]
mod common;
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::{Example, examples, rows};
use mockstack::base::json::{Value, json};

const DEMO: &str = "36e1c9b9c0ff4f64ac6deada445d4d3b";

/// Target, and its seeds.
type Seeds = BTreeMap<&'static str, Vec<Vec<u8>>>;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Each example with the full id and the route of its row: `compute.servers.create`, `POST /compute/v2.1/servers`.
fn asked() -> Vec<(&'static Example, String, String)> {
    let mut routes = BTreeMap::new();
    for (contract, operation) in rows() {
        let folder = operation.place.file.rsplit_once('/').unwrap().0.to_owned();
        let row = operation.id.strip_prefix(&format!("{}.", contract.service.name)).unwrap().to_owned();
        routes.insert((folder, row), (operation.id.to_string(), contract.route_text(operation)));
    }
    let found = examples().iter().filter_map(|example| {
        let (id, route) = routes.get(&(example.folder.clone(), example.row.clone()))?.clone();
        Some((example, id, route))
    });
    found.collect()
}

fn judge_seeds(asked: &[(&'static Example, String, String)]) -> Vec<Vec<u8>> {
    let of_examples = asked.iter().step_by(4).map(|(example, id, _)| {
        let mut case = example.case.clone();
        case.as_object_mut().unwrap().insert("op", json!(id));
        case.to_string().into_bytes()
    });
    let boots = fs::read_to_string(here("tests/cases/nova-boots.jsonl")).unwrap();
    of_examples.chain(boots.lines().skip(1).step_by(4).map(|line| line.as_bytes().to_vec())).collect()
}

/// A request of a session: see `fuzz/src/exchange.rs`.
fn request(example: &Example, route: &str) -> String {
    let target = route.split(" {").next().unwrap().replace("{project}", DEMO);
    let parameter = regex::Regex::new(r"\{[^}]*\}").unwrap();
    let mut text = parameter.replace_all(&target, "SERVER").into_owned();
    text += "\nX-Auth-Token: TOKEN\nContent-Type: application/json\n";
    if let Some(version) = example.case.get("microversion").and_then(Value::as_str) {
        text += &format!("OpenStack-API-Version: compute {version}\n");
    }
    let body = example.case.get("body").filter(|body| !body.is_null());
    text + "\n" + &body.map(ToString::to_string).unwrap_or_default()
}

fn exchange_seeds(asked: &[(&'static Example, String, String)]) -> Vec<Vec<u8>> {
    let requests: Vec<String> = asked.iter().map(|(example, _, route)| request(example, route)).collect();
    let heads = ["member", "report member", "admin", "report admin"];
    let sessions = requests.chunks(8).zip(heads.into_iter().cycle());
    sessions.map(|(requests, head)| format!("{head}\n{}", requests.join("\n%%\n")).into_bytes()).collect()
}

/// The same requests as they are on the wire, and what clients do wrong there.
fn http_seeds(asked: &[(&'static Example, String, String)]) -> Vec<Vec<u8>> {
    let raw = |(example, _, route): &(&'static Example, String, String)| {
        let text = request(example, route);
        let (head, body) = text.split_once("\n\n").unwrap();
        let (first, lines) = head.split_once('\n').unwrap();
        let lines = lines.replace('\n', "\r\n");
        let length = body.len();
        format!("{first} HTTP/1.1\r\nHost: h\r\n{lines}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    };
    let mut seeds: Vec<Vec<u8>> = asked.iter().step_by(60).map(raw).collect();
    seeds.push(seeds.iter().take(4).flatten().copied().collect());
    let odd = [
        "POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3;x=y\r\n:1}\r\n0\r\nT: x\r\n\r\n",
        "POST /compute/v2.1/servers HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        "POST /compute/v2.1/servers HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n{}",
        "GET http://h:1/compute/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "CONNECT h:1 HTTP/1.1\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /__mockstack/report?format=json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01",
    ];
    seeds.extend(odd.map(|text| text.as_bytes().to_vec()));
    seeds
}

fn yaml_seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (kind, folder) in [
        ("fixture", "fixtures/base"),
        ("fixture", "fixtures/scenarios"),
        ("contract", "contracts/compute/v2.1"),
        ("contract", "contracts/identity/v3"),
    ] {
        for entry in fs::read_dir(here(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "yaml") && path.metadata().unwrap().len() < 8192 {
                seeds.push(format!("{kind}\n{}", fs::read_to_string(path).unwrap()).into_bytes());
            }
        }
    }
    let config = "fixtures: [a.yaml]\nrelease: icehouse\nlisten: 127.0.0.1:8774\non_violation: report\nallow:\n  - {code: missing, reason: x}\n\
        deny: [quota@servers.create]\nrecord: r.jsonl\nsnapshots: s\nscenario: a\nmask: [\"/server/name=v[0-9]+\"]\npartial: true\n\
        report: {junit: x.xml, text: \"-\"}\nseed: 7\nclock: 2026-01-01T00:00:00Z\n";
    seeds.push(format!("config\n{config}").into_bytes());
    seeds
}

fn snapshot_seeds(asked: &[(&'static Example, String, String)]) -> Vec<Vec<u8>> {
    let text = |(example, id, route): &(&'static Example, String, String)| format!("{id}\n{}", request(example, route));
    let texts: Vec<String> = asked.iter().step_by(20).map(text).collect();
    let stored = |text: &String| format!("---\nsource: mockstack\nexpression: compute.servers.create\n---\n{text}\n");
    let chunk = |texts: &[String]| format!("{}\n%%\n{}", stored(&texts[0]), texts.join("\n%%\n")).into_bytes();
    texts.chunks(4).map(chunk).collect()
}

fn seeds() -> Seeds {
    let asked = asked();
    let exchange = exchange_seeds(&asked);
    let recording = exchange.iter().step_by(12).map(|session| fuzz::exchange::recording(session)).collect();
    BTreeMap::from([
        ("judge", judge_seeds(&asked)),
        ("exchange", exchange),
        ("http", http_seeds(&asked)),
        ("yaml", yaml_seeds()),
        ("recording", recording),
        ("snapshot", snapshot_seeds(&asked)),
    ])
}

/// The words of the contracts, in the form of libFuzzer's dictionaries.
fn words() -> String {
    fn keys(value: &Value, words: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                words.insert(key.to_string());
                keys(value, words);
            }),
            Value::Array(items) => items.iter().for_each(|item| keys(item, words)),
            _ => {}
        }
    }
    let mut words = BTreeSet::new();
    examples().iter().for_each(|example| keys(&example.case, &mut words));
    let plain =
        |word: &&String| word.chars().all(|c| c.is_ascii_graphic() && !['"', '\\'].contains(&c)) && word.len() < 40;
    words.iter().filter(plain).filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"\n")).collect()
}

/// Writes the seeds where `fuzz/run` looks for them.
fn write(folder: &Path, seeds: &Seeds) {
    for (target, inputs) in seeds {
        let folder = folder.join(target);
        fs::create_dir_all(&folder).unwrap();
        for (number, input) in inputs.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:04}")), input).unwrap();
        }
    }
    fs::write(folder.join("words.dict"), words()).unwrap();
}

#[test]
fn every_target_takes_its_seeds() {
    let seeds = seeds();
    if let Some(folder) = std::env::var_os("FUZZ_CORPUS") {
        write(Path::new(&folder), &seeds);
    }
    for (name, run) in fuzz::TARGETS {
        assert!(seeds[name].len() >= 5, "{name} has {} seeds", seeds[name].len());
        seeds[name].iter().for_each(|input| run(input));
    }
}

/// `fuzz/found/TARGET/WHAT`: what the fuzzer found once.
#[test]
fn what_was_found_is_found_no_more() {
    for (name, run) in fuzz::TARGETS {
        for entry in fs::read_dir(here("fuzz/found").join(name)).into_iter().flatten() {
            run(&fs::read(entry.unwrap().path()).unwrap());
        }
    }
}
