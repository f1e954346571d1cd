//! Projects with a cloud of their own: none notices anything of another, and who has none notices nothing of them.

use std::sync::Arc;

use mockstack::base::json::{Value, json};
use mockstack::base::{Clock, parse_yaml};
use mockstack::cloud::{Cloud, Fixture};
use mockstack::exchange::{Exchange, NotMade, Options, Session, Wanted};
use mockstack::message::{Headers, Request, Response};
use proptest::prelude::*;

use crate::common::contracts;
use crate::common::simulated::{IMAGE, NETWORK};

fn exchange() -> Exchange {
    let (contracts, fixture) = (Arc::clone(contracts()), Fixture::base().unwrap());
    let clock = Clock::Frozen("2026-02-03T04:05:06Z".parse().unwrap());
    Exchange::new(contracts, Cloud::new(Arc::new(fixture), 1, clock), Options::default())
}

fn wanted(json: &Value) -> Wanted {
    Wanted::read(&parse_yaml("test", &json.to_string()).unwrap()).unwrap()
}

fn open(exchange: &Exchange, name: &str) -> Arc<Session> {
    exchange.open(&wanted(&json!({"name": name}))).unwrap_or_else(|why| panic!("{why:?}"))
}

fn request(method: &str, target: &str, token: Option<&str>, body: &Value) -> Request {
    let mut headers = Headers::default();
    headers.push("Host", "127.0.0.1:5000");
    headers.push("Content-Type", "application/json");
    if let Some(token) = token {
        headers.push("X-Auth-Token", token);
    }
    if target.starts_with("/compute") {
        headers.push("OpenStack-API-Version", "compute 2.79");
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Request { method: method.into(), path: path.into(), query: query.into(), headers, body, ..Request::default() }
}

/// All that a client sees of an answer.
fn seen(response: &Response) -> String {
    let headers: Vec<String> = response.headers.0.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}\n{}\n\n{}", response.status, headers.join("\n"), String::from_utf8_lossy(&response.bytes()))
}

fn login(user: &str, password: &str, project: Option<&str>) -> Value {
    let domain = json!({"id": "default"});
    let identity =
        json!({"methods": ["password"], "password": {"user": {"name": user, "domain": domain, "password": password}}});
    match project {
        Some(project) => {
            json!({"auth": {"identity": identity, "scope": {"project": {"name": project, "domain": domain}}}})
        }
        None => json!({"auth": {"identity": identity}}),
    }
}

/// A client of one project, or of the server's own `demo`.
struct Client {
    project: Option<(String, String)>,
    token: String,
    made: Vec<(&'static str, String)>,
}

/// What a client does next.
#[derive(Clone, Copy, Debug)]
enum Step {
    Login,
    Make(usize),
    Show(usize),
    List(usize),
    Delete(usize),
    Wrong,
    Reset,
}

/// What can be made: where, the key of the answer, and the body.
fn makes(n: usize) -> (&'static str, &'static str, Value) {
    let all = [
        (
            "/compute/v2.1/servers",
            "server",
            json!({"server": {"name": "vm", "flavorRef": "1", "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]}}),
        ),
        ("/network/v2.0/networks", "network", json!({"network": {"name": "n"}})),
        ("/network/v2.0/ports", "port", json!({"port": {"network_id": NETWORK}})),
        ("/network/v2.0/security-groups", "security_group", json!({"security_group": {"name": "g"}})),
        ("/image/v2/images", "", json!({"name": "i", "disk_format": "raw", "container_format": "bare"})),
        (
            "/compute/v2.1/os-server-groups",
            "server_group",
            json!({"server_group": {"name": "g", "policy": "affinity"}}),
        ),
    ];
    all[n % all.len()].clone()
}

const LISTS: [&str; 8] = [
    "/compute/v2.1/servers/detail",
    "/compute/v2.1/os-keypairs",
    "/compute/v2.1/limits",
    "/network/v2.0/networks",
    "/network/v2.0/security-groups",
    "/network/v2.0/ports",
    "/image/v2/images",
    "/identity/v3/auth/projects",
];

impl Client {
    fn of(session: Option<&Session>) -> Client {
        let project = session.and_then(|session| session.owner.as_ref());
        let project = project.map(|owner| (owner.tenant.name.clone(), owner.tenant.password.clone()));
        Client { project, token: String::new(), made: Vec::new() }
    }

    /// Does a step; what the client sees.
    fn go(&mut self, exchange: &Exchange, step: Step) -> String {
        let (request, made) = match step {
            Step::Login => {
                let body = match &self.project {
                    Some((name, password)) => login(name, password, Some(name)),
                    None => login("demo", "secret", Some("demo")),
                };
                let response = exchange.handle(&request("POST", "/identity/v3/auth/tokens", None, &body));
                self.token = response.headers.get("X-Subject-Token").unwrap().to_owned();
                return seen(&response);
            }
            Step::Reset => {
                // That of the server's own is of the project `demo`.
                exchange.reset(Some(self.project.as_ref().map_or("demo", |(name, _)| name)));
                return String::new();
            }
            Step::Make(n) => {
                let (target, key, body) = makes(n);
                (self.request("POST", target, &body), Some((target, key)))
            }
            Step::List(n) => (self.request("GET", LISTS[n % LISTS.len()], &Value::Null), None),
            Step::Show(n) | Step::Delete(n) => {
                let Some((target, id)) = self.made.get(n % self.made.len().max(1)) else { return String::new() };
                let method = if matches!(step, Step::Show(_)) { "GET" } else { "DELETE" };
                (self.request(method, &format!("{target}/{id}"), &Value::Null), None)
            }
            Step::Wrong => {
                (self.request("POST", "/compute/v2.1/servers", &json!({"server": {"name": "vm", "tags": [1]}})), None)
            }
        };
        let response = exchange.handle(&request);
        let body = response.body.clone().unwrap_or_default();
        if let Some((target, key)) = made {
            assert!(response.status < 300, "{}", seen(&response));
            let id = if key.is_empty() { &body["id"] } else { &body[key]["id"] };
            self.made.extend(id.as_str().map(|id| (target, id.to_owned())));
        }
        seen(&response)
    }

    fn request(&self, method: &str, target: &str, body: &Value) -> Request {
        request(method, target, Some(&self.token), body)
    }
}

fn step() -> impl Strategy<Value = Step> + Clone {
    prop_oneof![
        1 => Just(Step::Login),
        5 => (0usize..6).prop_map(Step::Make),
        4 => (0usize..8).prop_map(Step::List),
        3 => (0usize..9).prop_map(Step::Show),
        3 => (0usize..9).prop_map(Step::Delete),
        1 => Just(Step::Wrong),
        1 => Just(Step::Reset),
    ]
}

/// The names of the projects; the first client is of none.
const NAMES: [&str; 4] = ["", "one", "two", "tests/boot.py::test[a b]"];

fn client(exchange: &Exchange, n: usize) -> Client {
    match n {
        0 => Client::of(None),
        n => Client::of(Some(&open(exchange, NAMES[n]))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn interleaved_at_random_each_is_answered_as_alone(
        steps in prop::collection::vec((0usize..NAMES.len(), step()), 1..60),
        order in Just((0..NAMES.len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let together = exchange();
        let mut clients: Vec<(usize, Client)> = order.iter().map(|n| (*n, client(&together, *n))).collect();
        clients.sort_by_key(|(n, _)| *n);
        let mut seen: Vec<Vec<String>> = vec![Vec::new(); NAMES.len()];
        let logins = (0..NAMES.len()).map(|n| (n, Step::Login));
        let all: Vec<(usize, Step)> = logins.chain(steps).collect();
        for (n, step) in &all {
            seen[*n].push(clients[*n].1.go(&together, *step));
        }
        for (n, seen) in seen.iter().enumerate() {
            let alone = exchange();
            let mut client = client(&alone, n);
            let own = all.iter().filter(|(own, _)| *own == n).map(|(_, step)| client.go(&alone, *step));
            prop_assert_eq!(&own.collect::<Vec<_>>(), seen, "{}", NAMES[n]);
            if n > 0 {
                let counts = |exchange: &Exchange| {
                    let journal = exchange.journal_of(Some(NAMES[n]));
                    (journal.requests, journal.accepted, journal.diagnoses.len())
                };
                prop_assert_eq!(counts(&alone), counts(&together));
            }
        }
    }
}

fn token(exchange: &Exchange, body: &Value) -> Option<String> {
    let response = exchange.handle(&request("POST", "/identity/v3/auth/tokens", None, body));
    response.headers.get("X-Subject-Token").map(str::to_owned)
}

fn servers(exchange: &Exchange, token: &str) -> usize {
    let response = exchange.handle(&request("GET", "/compute/v2.1/servers", Some(token), &Value::Null));
    response.body.unwrap()["servers"].as_array().unwrap().len()
}

/// The session is found by its user, by its project, and by a token without a project that is exchanged for one with.
#[test]
fn a_session_is_found_however_a_client_logs_in() {
    let exchange = exchange();
    let session = open(&exchange, "one");
    let tenant = &session.owner.as_ref().unwrap().tenant;
    let own = token(&exchange, &login("one", &tenant.password, Some("one"))).unwrap();
    let boot = json!({"server": {"name": "vm", "flavorRef": "1", "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]}});
    assert_eq!(exchange.handle(&request("POST", "/compute/v2.1/servers", Some(&own), &boot)).status, 202);
    let admin = token(&exchange, &login("admin", "secret", Some("one"))).unwrap();
    let demo = token(&exchange, &login("demo", "secret", Some("one"))).unwrap();
    let unscoped = token(&exchange, &login("one", &tenant.password, None)).unwrap();
    let exchanged = json!({"auth": {"identity": {"methods": ["token"], "token": {"id": unscoped}}, "scope": {"project": {"id": tenant.project}}}});
    let exchanged = token(&exchange, &exchanged).unwrap();
    for found in [&own, &admin, &demo, &exchanged] {
        assert_eq!(servers(&exchange, found), 1);
    }
    let credential = json!({"application_credential": {"name": "ci", "secret": "s3cr3t"}});
    let path = format!("/identity/v3/users/{}/application_credentials", tenant.user);
    let made = exchange.handle(&request("POST", &path, Some(&own), &credential)).body.unwrap();
    let id = made["application_credential"]["id"].as_str().unwrap();
    let by_credential =
        json!({"methods": ["application_credential"], "application_credential": {"id": id, "secret": "s3cr3t"}});
    assert_eq!(servers(&exchange, &token(&exchange, &json!({"auth": {"identity": by_credential}})).unwrap()), 1);
    let elsewhere = token(&exchange, &login("demo", "secret", Some("demo"))).unwrap();
    assert_eq!(servers(&exchange, &elsewhere), 0);
    assert_eq!(exchange.journal_of(Some("demo")).requests, 1);
}

#[test]
fn what_belongs_to_the_first_project_of_the_fixture_belongs_to_each() {
    let exchange = exchange();
    let session = open(&exchange, "one");
    let tenant = &session.owner.as_ref().unwrap().tenant;
    let own = token(&exchange, &login("one", &tenant.password, Some("one"))).unwrap();
    let get = |token: &str, path: &str| {
        exchange.handle(&request("GET", path, Some(token), &Value::Null)).body.unwrap().to_string()
    };
    let demo = token(&exchange, &login("demo", "secret", Some("demo"))).unwrap();
    let demo_id = "36e1c9b9c0ff4f64ac6deada445d4d3b";
    for path in
        ["/compute/v2.1/os-keypairs", "/network/v2.0/security-groups", "/network/v2.0/networks", "/compute/v2.1/limits"]
    {
        assert_eq!(get(&own, path), get(&demo, path).replace(demo_id, &tenant.project), "{path}");
    }
    assert!(get(&own, "/compute/v2.1/os-keypairs").contains("default"));
}

#[test]
fn a_project_may_have_quotas_a_fixture_and_a_clock_of_its_own() {
    let exchange = exchange();
    let wanted = wanted(&json!({
        "name": "small", "quotas": {"instances": 1}, "clock": "2030-01-01T00:00:00Z",
        "fixtures": {"boot": {"polls": 1}, "resources": {"flavors": [{"id": "9", "name": "own", "ram": 1, "vcpus": 1, "disk": 1}]}},
    }));
    let session = exchange.open(&wanted).unwrap_or_else(|why| panic!("{why:?}"));
    let tenant = session.owner.as_ref().unwrap().tenant.clone();
    let own = token(&exchange, &login("small", &tenant.password, Some("small"))).unwrap();
    let boot = json!({"server": {"name": "vm", "flavorRef": "9", "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]}});
    let ask = |method: &str, path: &str, body: &Value| exchange.handle(&request(method, path, Some(&own), body));
    assert_eq!(ask("POST", "/compute/v2.1/servers", &boot).status, 202);
    assert_eq!(ask("POST", "/compute/v2.1/servers", &boot).status, 403);
    let listed = || ask("GET", "/compute/v2.1/servers/detail", &Value::Null).body.unwrap()["servers"][0].clone();
    assert_eq!(
        (listed()["status"].as_str(), listed()["created"].as_str()),
        (Some("BUILD"), Some("2030-01-01T00:00:00Z"))
    );
    assert_eq!(listed()["status"], "ACTIVE");
    // Also after a reset.
    exchange.reset(Some("small"));
    assert_eq!(servers(&exchange, &own), 0);
    assert_eq!(ask("POST", "/compute/v2.1/servers", &boot).status, 202);
    assert_eq!(ask("POST", "/compute/v2.1/servers", &boot).status, 403);
    let release = Wanted::read(&parse_yaml("test", r#"{"fixtures": {"release": "icehouse"}}"#).unwrap()).unwrap();
    assert!(matches!(exchange.open(&release), Err(NotMade::Wrong(_))));
}

#[test]
fn what_goes_is_gone_and_may_come_again() {
    let exchange = exchange();
    let tenant = open(&exchange, "one").owner.as_ref().unwrap().tenant.clone();
    for taken in ["one", "demo", "admin"] {
        assert!(matches!(exchange.open(&wanted(&json!({"name": taken}))), Err(NotMade::Taken(_))), "{taken}");
    }
    let own = token(&exchange, &login("one", &tenant.password, Some("one"))).unwrap();
    let session = exchange.close(&tenant.project).unwrap();
    assert_eq!(session.journal().requests, 1);
    assert_eq!(exchange.handle(&request("GET", "/compute/v2.1/servers", Some(&own), &Value::Null)).status, 401);
    assert_eq!(token(&exchange, &login("one", &tenant.password, Some("one"))), None);
    assert!(exchange.close("one").is_none() && !exchange.has_project("one"));
    assert_eq!(open(&exchange, "one").owner.as_ref().unwrap().tenant.password, tenant.password);
    // All of it is in the verdict of the whole run.
    assert_eq!(exchange.journal().requests, 3);
}
