//! What nova 34.0.0 answered, captured from a running one, is asked again here: statuses, shapes and sentences must be the
//! same. A file of tests/cases/captures is a microversion, a line a request with what came back: `shape` of an answer, what a
//! refusal `says`. What still differs is a snapshot, and each difference has its reason below.

use std::collections::{BTreeMap, BTreeSet};

use mockstack::base::json::{Map, Value};

use crate::common::simulated::{Answer, Ask, Simulated, ask};

const CLOUD: &str = include_str!("cases/captures/cloud.yaml");

const VERSIONS: [(&str, &str, &str); 4] = [
    ("2.1", include_str!("cases/captures/2.1.jsonl"), include_str!("cases/captures/2.1 errors.jsonl")),
    ("2.37", include_str!("cases/captures/2.37.jsonl"), include_str!("cases/captures/2.37 errors.jsonl")),
    ("2.90", include_str!("cases/captures/2.90.jsonl"), include_str!("cases/captures/2.90 errors.jsonl")),
    ("2.104", include_str!("cases/captures/2.104.jsonl"), include_str!("cases/captures/2.104 errors.jsonl")),
];

/// Cases that may differ, and why.
const REASONS: [(&str, &str); 5] = [
    ("24_err_secgroup", "the captured cloud's network service crashed on an unknown security group"),
    ("38_err_bdm_novol", "its volume service knew every volume"),
    ("74_reader_forbidden", "its policy knew no readers"),
    ("90_secgroups_proxy", "its network service crashed here, too"),
    ("91_volumes_boot", "it crashed on this name of booting"),
];

/// Fields that depend on how fast and where a server was made.
const TRANSIENT: [&str; 14] = [
    "status",
    "OS-EXT-STS:vm_state",
    "OS-EXT-STS:task_state",
    "OS-EXT-STS:power_state",
    "hostId",
    "addresses",
    "updated",
    "progress",
    "OS-SRV-USG:launched_at",
    "OS-SRV-USG:terminated_at",
    "security_groups",
    "OS-EXT-SRV-ATTR:host",
    "host_status",
    "fault",
];

/// A cloud that is asked what the captured one was, and the ids of servers there and here.
struct Replay {
    cloud: Simulated,
    tokens: BTreeMap<&'static str, String>,
    ids: Vec<(String, String)>,
}

impl Replay {
    fn new() -> Replay {
        let cloud = Simulated::with(CLOUD);
        let token = |user| cloud.token(user, "captured");
        let tokens = [("member", token("fake")), ("admin", token("admin")), ("reader", token("reader"))].into();
        Replay { cloud, tokens, ids: Vec::new() }
    }

    /// What differs in the answer to a line.
    fn play(&mut self, version: &str, line: &str) -> BTreeSet<String> {
        let here = self.ids.iter().fold(line.to_owned(), |line, (there, here)| line.replace(there, here));
        let case: Value = mockstack::base::json::from_str(&here).unwrap_or_else(|error| panic!("{line}: {error}"));
        let answer = self.request(version, &case).send(&self.cloud);
        if let (Some(there), Some(here)) = (case["made"].as_str(), answer.body["server"]["id"].as_str()) {
            self.ids.push((there.to_owned(), here.to_owned()));
        }
        differences(&case, &answer)
    }

    fn request(&self, version: &str, case: &Value) -> Ask {
        let (method, target) = case["ask"].as_str().unwrap().split_once(' ').unwrap();
        let mut request = ask(method, &format!("/compute{target}")).version(version);
        if let Some(token) = case["as"].as_str().map(|who| &self.tokens[who]) {
            request = request.token(token);
        }
        if let Some(accept) = case["accept"].as_str() {
            request = request.header("Accept", accept);
        }
        request = match (case.get("body"), case["text"].as_str()) {
            (Some(body), _) => request.json(body.clone()),
            (None, Some(text)) => request.header("Content-Type", "application/json").bytes(&bytes(text)),
            (None, None) => request,
        };
        match case.get("type") {
            Some(Value::String(kind)) => request.header("Content-Type", kind),
            Some(_) => {
                request.0.headers.0.retain(|(name, _)| !name.eq_ignore_ascii_case("Content-Type"));
                request
            }
            None => request,
        }
    }
}

/// A text stands for its bytes, a character each.
fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn differences(case: &Value, answer: &Answer) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if case["status"] != answer.status {
        found.insert(format!("status {} instead of {}", answer.status, case["status"]));
        return found;
    }
    if let Some(said) = case["says"].as_str() {
        let kind = match &answer.body {
            Value::Object(map) if map.len() == 1 => format!("{}: ", map.keys().next().unwrap()),
            _ => String::new(),
        };
        let says = format!("{kind}{}", answer.message());
        // Nova prints some lists in an arbitrary order.
        let is_same = says == said || says.split(" is not one of ").next() == said.split(" is not one of ").next();
        if !is_same {
            found.insert(format!("says {says:?} instead of {said:?}"));
        }
    }
    if let Some(location) = case["location"].as_str()
        && !answer.header("Location").is_some_and(|here| here.contains(&format!("/{location}/")))
    {
        found.insert(format!("no location of {location}"));
    }
    if let Some(shape) = case.get("shape") {
        let (mut there, mut here) = (BTreeSet::new(), BTreeSet::new());
        paths("", shape, &mut there);
        paths("", &shape_of(&answer.body), &mut here);
        found.extend(there.difference(&here).map(|path| format!("lacks {path}")));
        found.extend(here.difference(&there).map(|path| format!("has {path}")));
    }
    found
}

/// The names of fields and the kinds of values; of a list, its first item's.
fn shape_of(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(name, _)| !TRANSIENT.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), shape_of(value))).collect::<Map>())
        }
        Value::Array(items) => items.first().map(shape_of).into_iter().collect(),
        Value::String(_) => "text".into(),
        Value::Bool(_) => "flag".into(),
        Value::Null => "null".into(),
        Value::Number(_) => "number".into(),
    }
}

fn paths(path: &str, shape: &Value, found: &mut BTreeSet<String>) {
    match shape {
        Value::Object(map) => map.iter().for_each(|(name, shape)| paths(&format!("{path}/{name}"), shape, found)),
        Value::Array(items) => items.iter().for_each(|shape| paths(&format!("{path}/0"), shape, found)),
        kind => drop(found.insert(format!("{path} {}", kind.as_str().unwrap()))),
    }
}

#[test]
fn nova_answered_the_same() {
    let mut left = Vec::new();
    let mut count = 0;
    for (version, lines, errors) in VERSIONS {
        let mut replay = Replay::new();
        for line in lines.lines().chain(errors.lines()) {
            count += 1;
            let case: Value = mockstack::base::json::from_str(line).unwrap();
            let name = case["case"].as_str().unwrap();
            let differences = replay.play(version, line);
            let reason = REASONS.iter().find(|(known, _)| *known == name).map_or("NO REASON", |(_, reason)| *reason);
            left.extend(differences.iter().map(|difference| format!("{version} {name}: {difference} ({reason})")));
        }
    }
    assert_eq!(count, 668, "some captured answers are gone");
    let unexplained: Vec<&String> = left.iter().filter(|line| line.ends_with("(NO REASON)")).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    let is_idle = |name: &str| !left.iter().any(|line| line.contains(name));
    let idle: Vec<&str> = REASONS.iter().map(|(name, _)| *name).filter(|name| is_idle(name)).collect();
    assert!(idle.is_empty(), "these differ no more: {idle:?}");
    insta::assert_snapshot!(left.join("\n"));
}
