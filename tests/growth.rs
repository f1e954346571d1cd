//! What a request costs does not depend on how many came before it, or on how much there is that it has nothing to do with.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mockstack::base::Clock;
use mockstack::base::json::{Value, json};
use mockstack::cloud::{Cloud, Fixture};
use mockstack::contract::Contracts;
use mockstack::exchange::{Exchange, Options};
use mockstack::lint::{Linter, Shapes};
use mockstack::message::{Headers, Request};

use crate::common::contracts;

const IMAGE: &str = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
const NETWORK: &str = "2782bf5e-284c-4e0d-9580-452243e3497a";
const PROJECT: &str = "36e1c9b9c0ff4f64ac6deada445d4d3b";

/// An administrator in the project `demo`, which has no quotas.
struct Session {
    exchange: Exchange,
    token: String,
}

struct Told {
    status: u16,
    headers: Headers,
    body: Value,
}

impl Session {
    fn start() -> Session {
        let (contracts, fixture) = (Arc::clone(contracts()), Fixture::base().unwrap());
        let exchange = Exchange::new(contracts, Cloud::new(Arc::new(fixture), 1, Clock::Wall), Options::default());
        let mut session = Session { exchange, token: String::new() };
        let told = session.ask("POST", "/identity/v3/auth/tokens", &login(0));
        session.token = told.headers.get("X-Subject-Token").unwrap().to_owned();
        for key in ["instances", "cores", "ram", "key_pairs", "server_groups"] {
            let path = format!("/compute/v2.1/os-quota-sets/{PROJECT}");
            assert_eq!(session.ask("PUT", &path, &json!({"quota_set": {(key): -1}})).status, 200);
        }
        let unlimited = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), json!(-1))).collect::<Value>();
        let network = unlimited(&["network", "subnet", "port", "floatingip", "security_group", "security_group_rule"]);
        let path = format!("/network/v2.0/quotas/{PROJECT}");
        assert_eq!(session.ask("PUT", &path, &json!({"quota": network})).status, 200);
        let path = format!("/volume/v3/{PROJECT}/os-quota-sets/{PROJECT}");
        let volume = unlimited(&["volumes", "gigabytes", "snapshots"]);
        assert_eq!(session.ask("PUT", &path, &json!({"quota_set": volume})).status, 200);
        session
    }

    fn ask(&self, method: &str, target: &str, body: &Value) -> Told {
        let mut headers = Headers::default();
        headers.push("X-Auth-Token", &self.token);
        if target.starts_with("/compute") {
            headers.push("OpenStack-API-Version", "compute 2.79");
        }
        headers.push("Content-Type", "application/json");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = Request { method, path, query, headers, body, ..Request::default() };
        let response = self.exchange.handle(&request);
        let body = response.body.unwrap_or_default();
        Told { status: response.status, headers: response.headers, body }
    }

    /// The id of the first of a list.
    fn first(&self, target: &str, list: &str) -> String {
        self.ask("GET", target, &Value::Null).body[list][0]["id"].as_str().unwrap().to_owned()
    }

    /// The least that one of `count` requests took: what others do on the machine only makes it slower.
    fn least(&self, count: usize, mut ask: impl FnMut(&Session)) -> Duration {
        let once = |_| {
            let start = Instant::now();
            ask(self);
            start.elapsed()
        };
        (0..count).map(once).min().unwrap()
    }
}

fn login(_: usize) -> Value {
    let domain = json!({"id": "default"});
    json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {"name": "admin", "domain": domain, "password": "secret"}}},
        "scope": {"project": {"name": "demo", "domain": domain}},
    }})
}

fn server(n: usize) -> Value {
    json!({"server": {"name": format!("vm{n}"), "flavorRef": "1", "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]}})
}

/// Everything of which a client may make as many as it likes: what it is, where it is made, and the body of the one with that
/// number.
type Row = (&'static str, String, Box<dyn Fn(usize) -> Value>);

fn rows(session: &Session) -> Vec<Row> {
    let group = session.first("/network/v2.0/security-groups", "security_groups");
    let user = session.first("/identity/v3/users?name=admin", "users");
    let row = |name, path: &str, body: Box<dyn Fn(usize) -> Value>| (name, path.to_owned(), body);
    vec![
        row("token", "/identity/v3/auth/tokens", Box::new(login)),
        row("project", "/identity/v3/projects", Box::new(|n| json!({"project": {"name": format!("p{n}")}}))),
        row("user", "/identity/v3/users", Box::new(|n| json!({"user": {"name": format!("u{n}")}}))),
        row("role", "/identity/v3/roles", Box::new(|n| json!({"role": {"name": format!("r{n}")}}))),
        row(
            "application credential",
            &format!("/identity/v3/users/{user}/application_credentials"),
            Box::new(|n| json!({"application_credential": {"name": format!("a{n}")}})),
        ),
        row("server", "/compute/v2.1/servers", Box::new(server)),
        row(
            "key pair",
            "/compute/v2.1/os-keypairs",
            Box::new(
                |n| json!({"keypair": {"name": format!("k{n}"), "public_key": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB"}}),
            ),
        ),
        row(
            "server group",
            "/compute/v2.1/os-server-groups",
            Box::new(|n| json!({"server_group": {"name": format!("g{n}"), "policy": "affinity"}})),
        ),
        row(
            "flavor",
            "/compute/v2.1/flavors",
            Box::new(|n| json!({"flavor": {"name": format!("f{n}"), "ram": 1, "vcpus": 1, "disk": 1}})),
        ),
        row("aggregate", "/compute/v2.1/os-aggregates", Box::new(|n| json!({"aggregate": {"name": format!("a{n}")}}))),
        row(
            "image",
            "/image/v2/images",
            Box::new(|n| json!({"name": format!("i{n}"), "disk_format": "raw", "container_format": "bare"})),
        ),
        row(
            "volume",
            &format!("/volume/v3/{PROJECT}/volumes"),
            Box::new(|n| json!({"volume": {"name": format!("v{n}"), "size": 1}})),
        ),
        row("network", "/network/v2.0/networks", Box::new(|n| json!({"network": {"name": format!("n{n}")}}))),
        row(
            "subnet",
            "/network/v2.0/subnets",
            Box::new(|n| {
                // Beside the subnet of the base cloud.
                let cidr = format!("10.{}.{}.0/24", 100 + n / 250, n % 250);
                json!({"subnet": {"network_id": NETWORK, "ip_version": 4, "cidr": cidr}})
            }),
        ),
        row("port", "/network/v2.0/ports", Box::new(|_| json!({"port": {"network_id": NETWORK}}))),
        row(
            "security group",
            "/network/v2.0/security-groups",
            Box::new(|n| json!({"security_group": {"name": format!("g{n}")}})),
        ),
        row(
            "rule",
            "/network/v2.0/security-group-rules",
            Box::new(move |n| {
                let (direction, port) = ("ingress", n + 1);
                json!({"security_group_rule": {"security_group_id": group, "direction": direction, "protocol": "tcp",
                    "port_range_min": port, "port_range_max": port}})
            }),
        ),
    ]
}

#[test]
fn one_more_costs_the_same_however_many_there_are() {
    const MANY: usize = 300;
    let mut grown = Vec::new();
    for (name, path, body) in rows(&Session::start()) {
        let session = Session::start();
        let mut number = 0;
        let mut make = |session: &Session| {
            let told = session.ask("POST", &path, &body(number));
            assert!((200..300).contains(&told.status), "{name} {number}: {} {}", told.status, told.body);
            number += 1;
        };
        let few = session.least(40, &mut make);
        (0..MANY).for_each(|_| make(&session));
        let many = session.least(40, &mut make);
        eprintln!("{name:<28} {few:>12.1?} {many:>12.1?}");
        // Walking all that there are costs several times as much; 100 µs are noise.
        if many > few * 2 + Duration::from_micros(100) {
            grown.push(format!("{name}: {few:?} the first, {many:?} after {MANY}"));
        }
    }
    assert!(grown.is_empty(), "{grown:#?}");
}

/// What goes is looked up by what holds it: nothing walks all that there is.
#[test]
fn one_less_costs_the_same_however_many_ports_there_are() {
    const MANY: usize = 1500;
    let session = Session::start();
    let network = json!({"network": {"name": "n"}});
    let subnet = json!({"subnet": {"network_id": NETWORK, "ip_version": 4, "cidr": "172.31.0.0/24"}});
    let group = json!({"security_group": {"name": "g"}});
    let rows =
        [("networks", "network", network), ("subnets", "subnet", subnet), ("security-groups", "security_group", group)];
    let one_less = |(path, key, body): &(&str, &str, Value)| {
        let once = |_| {
            let made = session.ask("POST", &format!("/network/v2.0/{path}"), body);
            let id = made.body[key]["id"].as_str().unwrap_or_else(|| panic!("{path}: {}", made.body)).to_owned();
            let start = Instant::now();
            assert_eq!(session.ask("DELETE", &format!("/network/v2.0/{path}/{id}"), &Value::Null).status, 204);
            start.elapsed()
        };
        (0..40).map(once).min().unwrap()
    };
    let few: Vec<Duration> = rows.iter().map(one_less).collect();
    let crowd = json!({"network": {"name": "crowd"}});
    let crowd = session.ask("POST", "/network/v2.0/networks", &crowd).body["network"]["id"].clone();
    (0..MANY).for_each(|_| {
        assert_eq!(session.ask("POST", "/network/v2.0/ports", &json!({"port": {"network_id": crowd}})).status, 201);
    });
    for (few, row) in few.into_iter().zip(&rows) {
        let many = one_less(row);
        eprintln!("{:<28} {few:>12.1?} {many:>12.1?}", row.0);
        assert!(many <= few * 2 + Duration::from_micros(100), "{}: {few:?} the first, {many:?} after {MANY}", row.0);
    }
}

/// Where no quota stops it, a boot is still not one of all the servers that memory holds.
#[test]
fn so_many_servers_are_booted_at_once() {
    let session = Session::start();
    let mut boot = server(0);
    boot["server"]["max_count"] = json!(1_000_000_000);
    let told = session.ask("POST", "/compute/v2.1/servers", &boot);
    assert_eq!(told.status, 501, "{}", told.body);
    assert!(told.body.to_string().contains("at most 10000 servers at once"), "{}", told.body);
}

/// Test suites make a project for each test: what happened in one goes with it.
#[test]
fn projects_that_are_gone_leave_no_journal() {
    let session = Session::start();
    let domain = json!({"id": "default"});
    let user = session.first("/identity/v3/users?name=admin", "users");
    let role = session.first("/identity/v3/roles?name=admin", "roles");
    for number in 0..250 {
        let made = session.ask("POST", "/identity/v3/projects", &json!({"project": {"name": format!("p{number}")}}));
        let id = made.body["project"]["id"].as_str().unwrap().to_owned();
        let grant = format!("/identity/v3/projects/{id}/users/{user}/roles/{role}");
        assert_eq!(session.ask("PUT", &grant, &Value::Null).status, 204);
        let mut login = login(0);
        login["auth"]["scope"]["project"] = json!({"name": format!("p{number}"), "domain": domain});
        let token = session.ask("POST", "/identity/v3/auth/tokens", &login).headers;
        let mut headers = Headers::default();
        headers.push("X-Auth-Token", token.get("X-Subject-Token").unwrap());
        let (method, path) = ("GET".to_owned(), "/compute/v2.1/servers".to_owned());
        session.exchange.handle(&Request { method, path, headers, ..Request::default() });
        assert_eq!(session.exchange.journal_of(Some(&format!("p{number}"))).requests, 1);
        assert_eq!(session.ask("DELETE", &format!("/identity/v3/projects/{id}"), &Value::Null).status, 204);
    }
    let kept = (0..250).filter(|n| session.exchange.journal_of(Some(&format!("p{n}"))).requests > 0).count();
    assert!(kept <= 101, "{kept} are kept");
}

/// As many parameters as a line of a request holds.
#[test]
fn a_filter_is_read_once_and_not_for_each_resource_of_a_list() {
    let session = Session::start();
    let mut boot = server(0);
    boot["server"]["min_count"] = json!(300);
    assert_eq!(session.ask("POST", "/compute/v2.1/servers", &boot).status, 202);
    let repeated = |part: &str| (0..8000 / (part.len() + 1)).map(|_| part).collect::<Vec<_>>().join("&");
    let ids = (0..190).map(|n| format!("id={n:08}-0000-0000-0000-000000000000")).collect::<Vec<_>>().join("&");
    let tags = (0..1300).map(|n| format!("{n:05}")).collect::<Vec<_>>().join(",");
    for (path, few, many) in [
        ("/compute/v2.1/servers", "name=vm".to_owned(), repeated("name=vm")),
        ("/compute/v2.1/servers", "ip=10".to_owned(), repeated("ip=10")),
        ("/compute/v2.1/servers", "sort_key=uuid".to_owned(), repeated("sort_key=uuid")),
        ("/compute/v2.1/servers", "not-tags=a".to_owned(), format!("not-tags={tags}")),
        ("/network/v2.0/ports", "admin_state_up=True".to_owned(), repeated("admin_state_up=True")),
        ("/network/v2.0/ports", "name=a".to_owned(), repeated("name=a")),
        ("/network/v2.0/ports", "id=a".to_owned(), ids),
    ] {
        let ask = |query: &str| {
            session.least(3, |session| {
                let told = session.ask("GET", &format!("{path}?{query}"), &Value::Null);
                assert_eq!(told.status, 200, "{query}: {}", told.body);
            })
        };
        let (few_took, many_took) = (ask(&few), ask(&many));
        eprintln!("{path:<28} {few:<20} {few_took:>12.1?} {many_took:>12.1?}");
        assert!(many_took < few_took * 3 + Duration::from_millis(50), "{path}?{few}…: {few_took:?} and {many_took:?}");
    }
}

/// A list that is a set is looked through once, not each of its items in all before it.
#[test]
fn a_tag_costs_the_same_however_many_there_are() {
    const MORE: u32 = 16;
    let session = Session::start();
    let takes = |count: u32| {
        let tags: Value = (0..count).map(|n| json!(format!("{n}"))).collect();
        session.least(3, |session| {
            let told = session.ask("POST", "/image/v2/images", &json!({"name": "a", "tags": tags}));
            assert_eq!(told.status, 201, "{}", told.body);
        })
    };
    let (few, many) = (takes(500), takes(500 * MORE));
    eprintln!("{few:>12.1?} {many:>12.1?}");
    assert!(many < few * MORE * 3 + Duration::from_millis(50), "{few:?} and {many:?}");
}

/// Each document is looked at with its neighbours, not with all of its file.
#[test]
fn a_document_of_a_file_costs_the_same_however_many_there_are() {
    const MORE: usize = 16;
    let contracts = Contracts::embedded().unwrap();
    let shapes = Shapes::new(&contracts, true).unwrap();
    let linter = Linter { shapes, microversion: None, strict: false, list: false };
    let call = "post(\"/servers\", json={\"server\": {\"name\": \"a\", \"flavorRef\": \"1\", \"imageRef\": \"\", \"networks\": \"auto\"}})\n";
    let takes = |count: usize| {
        let (text, start) = (call.repeat(count), Instant::now());
        assert_eq!(linter.file("test_servers.py", "test_servers.py", &text).unwrap().count, count);
        start.elapsed()
    };
    takes(10);
    let (few, many) = (takes(500), takes(500 * MORE));
    eprintln!("{few:>12.1?} {many:>12.1?}");
    let most = few * u32::try_from(MORE * 2).unwrap();
    assert!(many < most, "{few:?} for 500 documents, {many:?} for {MORE} times as many");
}
