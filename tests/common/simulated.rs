//! A simulated cloud without sockets: requests as data go in, answers as data come out, the same every time.

use std::io::Write;
use std::sync::Arc;

use mockstack::base::Clock;
use mockstack::base::json::{Value, json};
use mockstack::cloud::{Cloud, Fields, Fixture};
use mockstack::contract::Contracts;
use mockstack::exchange::{Exchange, OnViolation, Options, fault};
use mockstack::message::{Contents, Flaw, Headers, Intake, Request, Response};
use mockstack::recording::Journal;

use super::contracts;

/// What the base cloud holds.
pub const IMAGE: &str = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
pub const NETWORK: &str = "2782bf5e-284c-4e0d-9580-452243e3497a";
pub const DEMO: &str = "36e1c9b9c0ff4f64ac6deada445d4d3b";
/// The project `admin`.
pub const ADMIN: &str = "85e1ac88dc6b4a6095412604aafa7c46";

/// An id that nothing has.
pub const NOTHING: &str = "11111111-2222-3333-4444-555555555555";

/// A cloud at 2026-02-03T04:05:06Z, where time stands still and every id comes from the seed 1.
pub struct Simulated {
    pub exchange: Exchange,
}

impl Simulated {
    /// The base cloud.
    pub fn new() -> Simulated {
        Simulated::set_up("{}", OnViolation::Reject)
    }

    /// The base cloud with the text of a fixture over it.
    pub fn with(fixture: &str) -> Simulated {
        Simulated::set_up(fixture, OnViolation::Reject)
    }

    pub fn set_up(fixture: &str, on_violation: OnViolation) -> Simulated {
        Simulated::at(Clock::Frozen("2026-02-03T04:05:06Z".parse().unwrap()), fixture, on_violation)
    }

    pub fn at(clock: Clock, fixture: &str, on_violation: OnViolation) -> Simulated {
        // The section `release` changes the contracts; most clouds share those that are read once.
        let is_newest = !fixture.contains("release");
        let mut file = tempfile::NamedTempFile::with_suffix(".yaml").unwrap();
        file.write_all(fixture.as_bytes()).unwrap();
        let base = Fixture::base().unwrap_or_else(|error| panic!("{error}"));
        let fixture = base.with_overlay(file.path(), Fields::default()).unwrap_or_else(|error| panic!("{error}"));
        let contracts = if is_newest {
            Arc::clone(contracts())
        } else {
            let deviating = Contracts::embedded().and_then(|contracts| contracts.deviating(None, &fixture.release));
            deviating.unwrap_or_else(|error| panic!("{error}")).into()
        };
        let faults =
            fixture.faults.iter().map(|node| fault(&contracts, node).unwrap_or_else(|error| panic!("{error}")));
        let options = Options { on_violation, faults: faults.collect(), seed: 1, ..Options::default() };
        let cloud = Cloud::new(Arc::new(fixture), 1, clock);
        Simulated { exchange: Exchange::new(contracts, cloud, options) }
    }

    /// The base cloud as `release` has it.
    pub fn of(release: &str) -> Simulated {
        Simulated::with(&format!("release: {{name: {release:?}}}"))
    }

    /// The cloud of `fixtures/scenarios/NAME.yaml`.
    pub fn scenario(name: &str) -> Simulated {
        let path = format!("{}/fixtures/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        Simulated::with(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    pub fn journal(&self) -> Journal {
        self.exchange.journal()
    }

    /// The answer to a request.
    pub fn answer(&self, request: &Request) -> Response {
        self.exchange.handle(request)
    }

    /// A token of `user` (password `secret`) for `project`.
    pub fn token(&self, user: &str, project: &str) -> String {
        let identity = json!({"methods": ["password"], "password": {"user":
            {"name": user, "password": "secret", "domain": {"name": "Default"}}}});
        let scope = json!({"project": {"name": project, "domain": {"name": "Default"}}});
        let answer =
            post("/identity/v3/auth/tokens").json(json!({"auth": {"identity": identity, "scope": scope}})).send(self);
        answer.header("X-Subject-Token").unwrap_or_else(|| panic!("no token for {user}: {:?}", answer.body)).to_owned()
    }

    /// A token of the member `demo`.
    pub fn member(&self) -> String {
        self.token("demo", "demo")
    }

    /// A token of the administrator, in the project `demo`.
    pub fn admin(&self) -> String {
        self.token("admin", "demo")
    }

    /// Boots a server of Nova's v2; its id.
    pub fn boot_v2(&self, token: &str) -> String {
        let servers = format!("/compute/v2/{DEMO}/servers");
        let booted = post(&servers).token(token).json(json!({"server": server("vm1")})).send(self).expect(202);
        booted["server"]["id"].as_str().unwrap().to_owned()
    }

    /// Boots `server` at 2.1; its id.
    pub fn boot(&self, token: &str, server: Value) -> String {
        let answer = post("/compute/v2.1/servers").token(token).json(json!({"server": server})).send(self);
        assert_eq!(answer.status, 202, "{:?}", answer.body);
        answer.body["server"]["id"].as_str().unwrap().to_owned()
    }
}

/// The least that a boot needs, called `name`.
pub fn server(name: &str) -> Value {
    json!({"name": name, "flavorRef": "1", "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]})
}

/// `base` with the fields of `more` over it.
pub fn plus(base: Value, more: Value) -> Value {
    let (Value::Object(mut base), Value::Object(more)) = (base, more) else { panic!("two objects") };
    base.extend(more);
    Value::Object(base)
}

/// A request that is being put together.
#[derive(Clone, Debug)]
pub struct Ask(pub Request);

pub fn ask(method: &str, target: &str) -> Ask {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Headers = [("Host", "cloud.test:8774"), ("Accept", "application/json")].into_iter().collect();
    Ask(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        ..Request::default()
    })
}

pub fn get(target: &str) -> Ask {
    ask("GET", target)
}

pub fn post(target: &str) -> Ask {
    ask("POST", target)
}

impl Ask {
    pub fn header(mut self, name: &str, value: &str) -> Ask {
        self.0.headers.0.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.also(name, value)
    }

    /// A line more of a header.
    pub fn also(mut self, name: &str, value: &str) -> Ask {
        self.0.headers.push(name.to_owned(), value);
        self
    }

    pub fn token(self, token: &str) -> Ask {
        self.header("X-Auth-Token", token)
    }

    /// Asks for a microversion of Nova.
    pub fn version(self, version: &str) -> Ask {
        self.header("OpenStack-API-Version", &format!("compute {version}"))
    }

    pub fn json(self, body: Value) -> Ask {
        self.header("Content-Type", "application/json").bytes(body.to_string().as_bytes())
    }

    pub fn bytes(mut self, body: &[u8]) -> Ask {
        self.0.body = body.to_vec();
        self
    }

    pub fn flaw(mut self, flaw: Flaw) -> Ask {
        self.0.flaw = Some(flaw);
        self
    }

    pub fn send(&self, cloud: &Simulated) -> Answer {
        let mut request = self.0.clone();
        if cloud.exchange.intake(&request.method, &request.path) == Intake::Contents {
            request.contents = Some(Contents::of(&std::mem::take(&mut request.body)));
        }
        let Response { status, headers, body, contents, .. } = cloud.answer(&request);
        let text = |contents: Box<Contents>| Value::from(String::from_utf8(contents.kept?.to_vec()).ok()?).into();
        Answer { status, headers, body: body.or(contents.and_then(text)).unwrap_or_default() }
    }
}

/// An answer, read.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Headers,
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// The body, if the status is the expected one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The sentence of a refusal, whatever the service wraps it in.
    pub fn message(&self) -> &str {
        let inner = match &self.body {
            Value::Object(map) if map.len() == 1 && !map.contains_key("message") => {
                map.values().next().unwrap_or(&Value::Null)
            }
            other => other,
        };
        inner["message"].as_str().unwrap_or_default()
    }

    /// Status, kind of fault and sentence: `400 badRequest Malformed request body`.
    pub fn fault(&self) -> String {
        let kind = match &self.body {
            Value::Object(map) if map.len() == 1 => map.keys().map(|name| name.to_string()).next().unwrap_or_default(),
            Value::Object(_) => "page".to_owned(),
            other => other.to_string(),
        };
        format!("{} {kind} {}", self.status, self.message())
    }

    /// All values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.0.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
    }
}
