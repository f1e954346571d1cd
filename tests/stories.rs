//! What becomes of resources that clients add, change and take away: a story a file in tests/cases/stories, a request a line.
//! `shows` is a part of the answer, `keep` gives a value of it a name for the lines below.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::simulated::{Answer, Ask, DEMO, IMAGE, NETWORK, NOTHING, Simulated, ask};

/// A cloud in which a story is told, and the names that its lines know.
struct Story {
    cloud: Simulated,
    names: BTreeMap<String, String>,
}

impl Story {
    fn tell(lines: &str) {
        let known = [("$IMAGE", IMAGE), ("$NETWORK", NETWORK), ("$DEMO", DEMO), ("$NOTHING", NOTHING)];
        let names = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        // A first line may say what the cloud has.
        let (first, rest) = lines.split_once('\n').unwrap();
        let fixture: Value = serde_json::from_str(first).unwrap();
        let (cloud, lines) = match fixture.get("cloud") {
            Some(fixture) => (Simulated::with(&fixture.to_string()), rest),
            None => (Simulated::new(), lines),
        };
        let mut story = Story { cloud, names };
        lines.lines().for_each(|line| story.line(line));
    }

    fn line(&mut self, line: &str) {
        let line = self.names.iter().rev().fold(line.to_owned(), |line, (name, value)| line.replace(name, value));
        let case: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let answer = self.request(&case).send(&self.cloud);
        check(&case, &answer);
        for (name, place) in case["keep"].as_object().into_iter().flatten() {
            let kept = match place.as_str().unwrap().strip_prefix("header ") {
                Some(header) => answer.header(header).map(str::to_owned),
                None => answer.body.pointer(place.as_str().unwrap()).map(as_text),
            };
            self.names.insert(name.clone(), kept.unwrap_or_else(|| panic!("no {place} in {}", answer.body)));
        }
    }

    fn request(&self, case: &Value) -> Ask {
        let (method, target) = case["ask"].as_str().unwrap().split_once(' ').unwrap();
        let mut request = ask(method, target);
        if let Some(user) = case["as"].as_str() {
            let project = case["in"].as_str().unwrap_or(if user == "alt" { "alt" } else { "demo" });
            request = request.token(&self.cloud.token(user, project));
        }
        if let Some(token) = case["token"].as_str() {
            request = request.token(token);
        }
        if let Some(version) = case["at"].as_str() {
            request = request.version(version);
        }
        match case.get("body") {
            Some(body) => request.json(body.clone()),
            None => request,
        }
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn check(case: &Value, answer: &Answer) {
    let what = &case["what"];
    assert_eq!(json!(answer.status), case["status"], "the status of {what}: {}", answer.body);
    if let Some(says) = case["says"].as_str() {
        assert_eq!(answer.message(), says, "what {what} gets told: {}", answer.body);
    }
    if let Some(shows) = case.get("shows") {
        assert!(holds(&answer.body, shows), "{what} shows {}, not {shows}", answer.body);
    }
    for place in case["lacks"].as_array().into_iter().flatten() {
        assert_eq!(answer.body.pointer(place.as_str().unwrap()), None, "{what}: {}", answer.body);
    }
}

/// Is `part` in `whole`? Lists are compared whole, objects by the keys of `part`.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| holds(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| holds(whole, part))
        }
        _ => whole == part,
    }
}

#[test]
fn flavors() {
    Story::tell(include_str!("cases/stories/flavors.jsonl"));
}

#[test]
fn key_pairs() {
    Story::tell(include_str!("cases/stories/key-pairs.jsonl"));
}

#[test]
fn server_groups() {
    Story::tell(include_str!("cases/stories/server-groups.jsonl"));
}

#[test]
fn quotas() {
    Story::tell(include_str!("cases/stories/quotas.jsonl"));
}

#[test]
fn hosts() {
    Story::tell(include_str!("cases/stories/hosts.jsonl"));
}

#[test]
fn usage() {
    Story::tell(include_str!("cases/stories/usage.jsonl"));
}

/// All that a server can be told to do, and what it was told in the end.
#[test]
fn life() {
    Story::tell(include_str!("cases/stories/life.jsonl"));
}

/// Where things take time, they are seen under way.
#[test]
fn slow() {
    Story::tell(include_str!("cases/stories/slow.jsonl"));
}

#[test]
fn no_host() {
    Story::tell(include_str!("cases/stories/no-host.jsonl"));
}

#[test]
fn volumes_of_boots() {
    Story::tell(include_str!("cases/stories/volumes-of-boots.jsonl"));
}

#[test]
fn identity() {
    Story::tell(include_str!("cases/stories/identity.jsonl"));
}

#[test]
fn contents_of_images() {
    Story::tell(include_str!("cases/stories/contents-of-images.jsonl"));
}

#[test]
fn extensions() {
    Story::tell(include_str!("cases/stories/extensions.jsonl"));
}
