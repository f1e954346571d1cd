//! Stories: a request a line, and what comes back. A file of tests/cases/stories is a story; its cloud is the base cloud, unless the
//! first line is `{"cloud": FIXTURE}`, with a fixture or the name of one of fixtures/scenarios.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use mockstack::base::json::{Value, json};
use mockstack::message::Flaw;
use mockstack::recording::Journal;
use serde::{Deserialize, Deserializer};

use super::simulated::{ADMIN, Answer, Ask, DEMO, IMAGE, NETWORK, NOTHING, Simulated, ask, plus, server};

/// A request and what is expected of its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// What is asked, in words.
    #[serde(default)]
    what: String,
    /// Method and target.
    ask: String,
    /// The user that asks, in the project `in`, or in the one that has its name, or in `demo`.
    #[serde(rename = "as")]
    user: Option<String>,
    #[serde(rename = "in")]
    project: Option<String>,
    /// A token of an earlier answer.
    token: Option<String>,
    /// The microversion.
    at: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "present")]
    body: Option<Value>,
    /// What a boot has beyond the least.
    boot: Option<Value>,
    /// The user of a login by password, and its scope.
    password: Option<Value>,
    scope: Option<Value>,
    /// A body that is no JSON.
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    flaw: Option<Broken>,

    status: u16,
    /// The message of a refusal.
    says: Option<String>,
    /// A part of the body: lists whole, objects by these keys.
    #[serde(default, deserialize_with = "present")]
    shows: Option<Value>,
    /// By pointer, the names of all fields of the object there, in alphabetical order.
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
    /// The body.
    #[serde(default, deserialize_with = "present")]
    answer: Option<Value>,
    /// The microversion that the headers tell.
    echo: Option<String>,
    /// Headers.
    #[serde(default)]
    has: BTreeMap<String, String>,
    /// Headers and JSON pointers of what is not there.
    #[serde(default)]
    lacks: Vec<String>,
    /// The codes that the verdict gets by it, a blank between them.
    #[serde(default)]
    verdict: String,
    /// The seconds by which the clock is set ahead before.
    #[serde(default)]
    advance: i64,
    /// What the run has left behind by now.
    left: Option<Vec<String>>,
    /// Names for what later lines need: JSON pointers, or `header NAME`.
    #[serde(default)]
    keep: BTreeMap<String, String>,
}

/// How the body of a request fell short.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Broken {
    TooLarge,
    Truncated,
}

fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// All stories below `folder`.
///
/// # Panics
/// There is something else.
pub fn stories(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(stories(&path));
        } else {
            let ending = path.extension().and_then(|ending| ending.to_str());
            assert_eq!(ending, Some("jsonl"), "{}: a story is a file that ends with .jsonl", path.display());
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What went otherwise than the story `text` tells, a line each.
pub fn failures(text: &str) -> Vec<String> {
    let (cloud, first) = match text.lines().next().map(begin) {
        Some(Some(cloud)) => (cloud, 1),
        _ => (Simulated::new(), 0),
    };
    let known = [("$IMAGE", IMAGE), ("$NETWORK", NETWORK), ("$DEMO", DEMO), ("$NOTHING", NOTHING), ("$ADMIN", ADMIN)];
    let names = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let mut story = Story { cloud, names };
    let lines: Vec<(usize, &str)> = text.lines().enumerate().skip(first).collect();
    if lines.is_empty() {
        return vec!["the story is empty".to_owned()];
    }
    lines
        .into_iter()
        .flat_map(|(number, line)| story.line(line).map_err(|why| format!("line {}: {why}", number + 1)).err())
        .collect()
}

/// The cloud of a first line that says which.
fn begin(line: &str) -> Option<Simulated> {
    let line: Value = mockstack::base::json::from_str(line).ok()?;
    match line.get("cloud")? {
        Value::String(name) => Some(Simulated::scenario(name)),
        fixture => Some(Simulated::with(&fixture.to_string())),
    }
}

/// A cloud in which a story is told, and the names that its lines know.
struct Story {
    cloud: Simulated,
    names: BTreeMap<String, String>,
}

impl Story {
    fn line(&mut self, line: &str) -> Result<(), String> {
        // A name that begins as another is the longer one.
        let filled = self.names.iter().rev().fold(line.to_owned(), |line, (name, value)| line.replace(name, value));
        let line: Line = mockstack::base::json::from_str(&filled).map_err(|error| format!("{error}: {filled}"))?;
        self.cloud.exchange.advance(None, SignedDuration::from_secs(line.advance));
        let before = codes(&self.cloud.journal());
        let answer = catch_unwind(AssertUnwindSafe(|| self.request(&line).send(&self.cloud)));
        let answer = answer.map_err(|_| format!("{}: a panic, told above", line.title()))?;
        for (name, place) in &line.keep {
            let kept = match place.strip_prefix("header ") {
                Some(header) => answer.header(header).map(str::to_owned),
                None => answer.body.pointer(place).map(as_text),
            };
            let kept = kept.ok_or_else(|| format!("{}: no {place} for {name} in {}", line.title(), answer.body))?;
            self.names.insert(name.clone(), kept);
        }
        line.check(&answer)?;
        if let Some(expected) = &line.left {
            let left: Vec<String> = self.cloud.exchange.left_behind(None).into_iter().map(|own| own.told()).collect();
            equal(&line, "rest", &left, expected)?;
        }
        let after = codes(&self.cloud.journal());
        let new = after.iter().filter(|(code, times)| before.get(*code) != Some(times)).map(|(code, _)| code.as_str());
        equal(&line, "verdict", &new.collect::<Vec<_>>().join(" "), &line.verdict)
    }

    fn request(&self, line: &Line) -> Ask {
        let (method, target) = line.ask.split_once(' ').unwrap();
        let mut request = ask(method, target);
        if let Some(user) = &line.user {
            let project = line.project.as_deref().unwrap_or(if user == "alt" { "alt" } else { "demo" });
            request = request.token(&self.cloud.token(user, project));
        }
        if let Some(token) = &line.token {
            request = request.token(token);
        }
        if let Some(version) = &line.at {
            let service = if target.starts_with("/volume") { "volume" } else { "compute" };
            request = request.header("OpenStack-API-Version", &format!("{service} {version}"));
        }
        if let Some(body) = line.body() {
            request = request.json(body);
        } else if let Some(bytes) = line.bytes.as_deref().or(line.text.as_ref().map(String::as_bytes)) {
            request = request.bytes(bytes);
        }
        request = line.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        match line.flaw {
            Some(Broken::TooLarge) => request.flaw(Flaw::TooLarge),
            Some(Broken::Truncated) => request.flaw(Flaw::Truncated),
            None => request,
        }
    }
}

impl Line {
    fn title(&self) -> &str {
        if self.what.is_empty() { &self.ask } else { &self.what }
    }

    fn body(&self) -> Option<Value> {
        let login = |user: &Value| {
            let mut auth = json!({"identity": {"methods": ["password"], "password": {"user": user}}});
            if let Some(scope) = &self.scope {
                auth["scope"] = scope.clone();
            }
            json!({"auth": auth})
        };
        let boot = |more: &Value| json!({"server": plus(server("vm"), more.clone())});
        self.body.clone().or_else(|| self.boot.as_ref().map(boot)).or_else(|| self.password.as_ref().map(login))
    }

    fn check(&self, answer: &Answer) -> Result<(), String> {
        let body = &answer.body;
        if answer.status != self.status {
            return Err(format!("{}: the status is {}, not {}: {body}", self.title(), answer.status, self.status));
        }
        if let Some(says) = &self.says {
            equal(self, "message", answer.message(), says)?;
        }
        if let Some(shows) = self.shows.as_ref().filter(|shows| !holds(body, shows)) {
            return Err(format!("{}: {shows} is not shown: {body}", self.title()));
        }
        for (place, names) in &self.fields {
            let object = body.pointer(place.trim_end_matches('/')).and_then(Value::as_object);
            let mut found: Vec<&str> = object.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            found.sort_unstable();
            equal(self, &format!("set of fields at {place}"), &found, &names.iter().map(String::as_str).collect())?;
        }
        if let Some(whole) = &self.answer {
            equal(self, "body", body, whole)?;
        }
        if let Some(version) = &self.echo {
            equal(self, "version", &answer.all("OpenStack-API-Version"), &vec![format!("compute {version}").as_str()])?;
            equal(self, "version", &answer.all("X-OpenStack-Nova-API-Version"), &vec![version.as_str()])?;
            let vary = vec!["OpenStack-API-Version", "X-OpenStack-Nova-API-Version"];
            equal(self, "Vary", &answer.all("Vary"), &vary)?;
        }
        for (name, value) in &self.has {
            equal(self, name, &answer.all(name), &vec![value.as_str()])?;
        }
        for place in &self.lacks {
            let found = if place.starts_with('/') {
                body.pointer(place).map(as_text)
            } else {
                answer.header(place).map(str::to_owned)
            };
            equal(self, place, &found, &None)?;
        }
        Ok(())
    }
}

fn equal<T: PartialEq + std::fmt::Debug + ?Sized>(
    line: &Line,
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{}: the {what} is {found:?}, not {expected:?}", line.title()))
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
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

/// How often each code came up.
fn codes(journal: &Journal) -> BTreeMap<String, u64> {
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for diagnosis in &journal.diagnoses {
        for violation in &diagnosis.violations {
            *codes.entry(violation.code.to_string()).or_default() += diagnosis.times;
        }
    }
    for ((code, _), tally) in &journal.refusals {
        *codes.entry(code.to_string()).or_default() += tally.times;
    }
    codes
}
