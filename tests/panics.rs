//! Whatever comes in, something sensible comes out: an answer to every request, a place for every mistake in a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use mockstack::base::Version;
use mockstack::base::json::{Map, Value, json, surrogate};
use mockstack::cloud::{Fields, Fixture};
use mockstack::contract::{Contracts, prune};
use mockstack::exchange::OnViolation;
use mockstack::message::{Body, BodyError, Flaw, Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::simulated::{self, DEMO, IMAGE, NETWORK, NOTHING, Simulated, server};

/// So many cases, or what PROPTEST_CASES says.
fn config(cases: u32) -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases, ..config } }
}

// ---- Requests -------------------------------------------------------------------------------------------------------

/// Words that lead somewhere, and some that should not.
const SEGMENTS: &[&str] = &[
    "compute",
    "v2.1",
    "servers",
    "detail",
    "action",
    "flavors",
    "1",
    "identity",
    "v3",
    "auth",
    "tokens",
    "catalog",
    "image",
    "v2",
    "images",
    "network",
    "v2.0",
    "networks",
    "ports",
    "subnets",
    "security-groups",
    "extensions",
    "floatingips",
    DEMO,
    IMAGE,
    NETWORK,
    NOTHING,
    "SERVER",
    "",
    ".",
    "..",
    "%",
    "%2f",
    "%ff",
    "é",
    "servers.json",
    "{id}",
];
const PLACES: &[&str] = &[
    "/compute/v2.1/servers",
    "/compute/v2.1/servers/detail",
    "/compute/v2.1/servers/SERVER",
    "/compute/v2.1/servers/SERVER/action",
    "/compute/v2.1/flavors/detail",
    "/identity/v3/auth/tokens",
    "/image/v2/images",
    "/network/v2.0/networks",
    "/network/v2.0/ports",
];
const KEYS: &[&str] = &[
    "server",
    "name",
    "flavorRef",
    "imageRef",
    "networks",
    "uuid",
    "port",
    "fixed_ip",
    "tag",
    "tags",
    "metadata",
    "personality",
    "path",
    "contents",
    "min_count",
    "max_count",
    "return_reservation_id",
    "availability_zone",
    "host",
    "hostname",
    "security_groups",
    "key_name",
    "adminPass",
    "user_data",
    "description",
    "config_drive",
    "block_device_mapping_v2",
    "boot_index",
    "source_type",
    "destination_type",
    "volume_size",
    "os:scheduler_hints",
    "group",
    "trusted_image_certificates",
    "pinned_availability_zone",
    "OS-DCF:diskConfig",
    "accessIPv4",
    "os-start",
    "os-stop",
    "reboot",
    "auth",
    "identity",
    "methods",
    "password",
    "user",
    "domain",
    "id",
    "token",
    "application_credential",
    "secret",
    "scope",
    "project",
    "",
];
const WORDS: &[&str] = &[
    "",
    "x",
    "1",
    "0",
    "-1",
    "2.37",
    "latest",
    "none",
    "auto",
    "nova",
    "nova:h",
    "a:b:c:d",
    "default",
    "demo",
    "secret",
    "password",
    "token",
    "image",
    "local",
    "volume",
    "true",
    "False",
    IMAGE,
    NETWORK,
    NOTHING,
    "1.2.3.4",
    "::1",
    "99999999999999999999",
    "1e309",
    "é\u{1F600}\u{0}\u{202e}",
    "(",
    "[",
    "%",
    "\n",
    "2026-01-01T00:00:00Z",
    "id:asc",
    "in:a,b",
];
const PARAMETERS: &[&str] = &[
    "limit",
    "marker",
    "name",
    "status",
    "sort_key",
    "sort_dir",
    "sort",
    "fields",
    "all_tenants",
    "changes-since",
    "ip",
    "tags",
    "not-tags",
    "minRam",
    "is_public",
    "deleted",
    "size_min",
    "tag",
    "visibility",
    "device_id",
    "nocatalog",
    "locked",
    "",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(WORDS).prop_map(str::to_owned), 1 => any::<String>()]
}

fn path() -> impl Strategy<Value = String> {
    let segments = vec(prop_oneof![9 => select(SEGMENTS).prop_map(str::to_owned), 1 => "[!-~]{0,6}"], 0..6);
    prop_oneof![
        3 => select(PLACES).prop_map(str::to_owned),
        1 => segments.prop_map(|segments| format!("/{}", segments.join("/"))),
        1 => any::<String>(),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let pair = (select(PARAMETERS), word()).prop_map(|(name, value)| {
        format!("{name}={}", percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC))
    });
    prop_oneof![3 => vec(pair, 0..4).prop_map(|pairs| pairs.join("&")), 1 => any::<String>()]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0i64), Just(1), Just(-1), Just(i64::MAX), 0..20i64].prop_map(Value::from),
        select(&["1e400", "1.0", "-0.0", "1e20", "123456789012345678901234567890", "0.1"][..])
            .prop_map(|n| mockstack::base::json::from_str(n).unwrap_or(Value::Null)),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(KEYS), inner), 0..6).prop_map(|entries| {
                Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>())
            }),
        ]
    })
}

/// A right body with some of its fields replaced: the way deep into the cloud.
fn nearly_right() -> impl Strategy<Value = Value> {
    let base = prop_oneof![
        Just(json!({"server": server("x")})),
        Just(json!({"os-stop": null})),
        Just(
            json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "demo", "password": "secret", "domain": {"id": "default"}}}}}})
        ),
    ];
    (base, vec((select(KEYS), document()), 0..4)).prop_map(|(mut base, more)| {
        let inner = base.as_object_mut().and_then(|map| map.values_mut().next()).and_then(Value::as_object_mut);
        if let Some(inner) = inner {
            inner.extend(more.into_iter().map(|(key, value)| (key.to_owned(), value)));
        }
        base
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => Just(Vec::new()),
        1 => vec(any::<u8>(), 0..40),
        2 => document().prop_map(|json| json.to_string().into_bytes()),
        4 => nearly_right().prop_map(|json| json.to_string().into_bytes()),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let line = prop_oneof![
        (Just("OpenStack-API-Version"), word().prop_map(|word| format!("compute {word}"))),
        (Just("OpenStack-API-Version"), (1..110u32).prop_map(|minor| format!("compute 2.{minor}"))),
        (Just("X-OpenStack-Nova-API-Version"), word()),
        (Just("Content-Type"), prop_oneof![Just("application/json".to_owned()), word()]),
        (Just("Accept"), word()),
        (Just("Host"), word()),
        (Just("X-Subject-Token"), prop_oneof![Just("TOKEN".to_owned()), word()]),
    ];
    vec(line.prop_map(|(name, value)| (name.to_owned(), value)), 0..4)
}

fn request() -> impl Strategy<Value = Request> {
    let method = select(&["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "get", ""][..]);
    let flaw =
        prop_oneof![20 => Just(None), 1 => select(&[Flaw::TooLarge, Flaw::Truncated, Flaw::Slow][..]).prop_map(Some)];
    let token = prop_oneof![8 => Just(Some("TOKEN".to_owned())), 1 => Just(None), 1 => word().prop_map(Some)];
    (method, path(), query(), headers(), body(), flaw, token).prop_map(
        |(method, path, query, headers, body, flaw, token)| {
            let mut request = Request { method: method.to_owned(), path, query, body, flaw, ..Request::default() };
            headers.into_iter().for_each(|(name, value)| request.headers.push(name, value));
            token.into_iter().for_each(|token| request.headers.push("X-Auth-Token", token));
            request
        },
    )
}

/// Puts a token and a server that are there in place of the words.
fn real(request: &Request, token: &str, server: &str) -> Request {
    let mut request = Request { path: request.path.replace("SERVER", server), ..request.clone() };
    request.headers.0.iter_mut().filter(|(_, value)| value == "TOKEN").for_each(|(_, value)| *value = token.to_owned());
    request
}

/// Nova answers 500 to bytes that are no UTF-8, to what is nested too deeply, and to half a surrogate pair that meets its database, and so
/// do we; nothing else is one.
fn may_fail(request: &Request) -> bool {
    match request.read_body() {
        Body::Json(body) => surrogate::is_in(&body),
        body => matches!(body, Body::Unreadable(BodyError::NotUtf8 | BodyError::TooDeep(_))),
    }
}

/// The contract knows more operations than the cloud simulates; those that it does not say so.
fn is_not_simulated(answer: &Response) -> bool {
    answer.body.as_ref().is_some_and(|body| body.to_string().contains("does not simulate its answer"))
}

proptest! {
    #![proptest_config(config(32))]

    /// A session of anything: no panic, one answer each, no 500 that is ours, and everything in the journal.
    #[test]
    fn every_request_gets_an_answer(requests in vec(request(), 1..40), serves in any::<bool>(), admin in any::<bool>()) {
        let on_violation = if serves { OnViolation::Report } else { OnViolation::Reject };
        let cloud = Simulated::set_up("quotas: {instances: 30}", on_violation);
        let token = if admin { cloud.admin() } else { cloud.member() };
        let server = cloud.boot(&token, server("x"));
        for request in &requests {
            let request = real(request, &token, &server);
            let answer = cloud.answer(&request);
            prop_assert!((200..600).contains(&answer.status), "{request:?} got {answer:?}");
            prop_assert!(answer.status != 500 || may_fail(&request), "{request:?} got {answer:?}");
            prop_assert!(answer.status != 501 || is_not_simulated(&answer), "{request:?} got {answer:?}");
        }
        prop_assert_eq!(cloud.journal().requests, requests.len() as u64 + 2);
    }
}

// ---- Files ----------------------------------------------------------------------------------------------------------

/// Texts that YAML, or a fixture, or a contract has something to say about.
const SCRAPS: &[&str] = &[
    "",
    " ",
    "  ",
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "&a",
    "*a",
    "!!str ",
    "|",
    ">",
    "#",
    "\t",
    "\n",
    "null",
    "~",
    "2.10",
    "1e999",
    ".inf",
    "true",
    "..",
    "2.1..",
    "\"2.10..2.5\"",
    "$ref: \"#/schemas/create\"",
    "$ref: nowhere",
    "type: nosuch",
    "pattern: \"(\"",
    "enum: 5",
    "required: [{a: b}]",
    "microversions: x",
    "route: GET",
    "effect: show",
    "policy: {}",
    "request: {body: 5}",
    "responses: {x: {}}",
    "default: [",
    "polls: -1",
    "polls: 99999999999999999999",
    "resources: {servers: [{name: x}]}",
    "id: 5",
    "<<: *a",
    "? x",
    "---",
    "...",
    "%YAML 9",
    "\u{feff}",
    "\u{0}",
    "é",
];

fn damaged(text: &'static str) -> impl Strategy<Value = String> {
    let cut = (0.0..1.0f64, 0..30usize, select(SCRAPS));
    vec(cut, 1..4).prop_map(move |cuts| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, length, scrap) in cuts {
            let start = ((text.len() as f64) * at) as usize;
            let end = (start + length).min(text.len());
            text.splice(start..end, scrap.chars());
        }
        text.into_iter().collect()
    })
}

/// `FILE:LINE:COLUMN` stands in the complaint.
fn has_place(complaint: &str, file: &str) -> bool {
    regex::Regex::new(&format!(r"{}:\d+:\d+", regex::escape(file))).unwrap().is_match(complaint)
}

fn fixture(text: &str) -> Result<Fixture, String> {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("f.yaml");
    fs::write(&path, text).unwrap();
    let read = Fixture::base().unwrap().with_overlay(&path, Fields::default());
    read.map_err(|error| error.to_string().replace(&path.display().to_string(), "f.yaml"))
}

fn contract(name: &str, text: &str) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts/compute/v2.1");
    let mut files: BTreeMap<String, String> = ["service", "definitions", "versions"]
        .map(|file| {
            (
                format!("contracts/compute/v2.1/{file}.yaml"),
                fs::read_to_string(folder.join(format!("{file}.yaml"))).unwrap(),
            )
        })
        .into();
    files.insert(format!("contracts/compute/v2.1/{name}.yaml"), text.to_owned());
    let read = Contracts::from_files(files).and_then(|contracts| contracts.services()[0].table().map(|_| ()));
    read.map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn a_damaged_fixture_is_read_or_located(text in damaged(include_str!("../fixtures/base/cloud.yaml"))) {
        if let Err(error) = fixture(&text) {
            prop_assert!(has_place(&error, "f.yaml"), "{error}\n{text}");
        }
    }

    #[test]
    fn a_damaged_list_of_resources_is_read_or_located(text in damaged(include_str!("../fixtures/base/network.yaml"))) {
        if let Err(error) = fixture(&text) {
            prop_assert!(has_place(&error, "f.yaml"), "{error}\n{text}");
        }
    }

    #[test]
    fn a_damaged_contract_is_read_or_located(text in damaged(include_str!("../contracts/compute/v2.1/flavors.yaml"))) {
        if let Err(error) = contract("flavors", &text) {
            prop_assert!(has_place(&error, "contracts/compute/v2.1/flavors.yaml"), "{error}\n{text}");
        }
    }

    #[test]
    fn a_damaged_service_is_read_or_located(text in damaged(include_str!("../contracts/compute/v2.1/service.yaml"))) {
        if let Err(error) = contract("service", &text) {
            prop_assert!(has_place(&error, "contracts/compute/v2.1/service.yaml"), "{error}\n{text}");
        }
    }
}

/// A schema may name itself for a part of what it describes, but not for the whole: that would never end.
#[test]
fn a_schema_that_refers_to_itself_is_refused_where_it_would_not_end() {
    let operation =
        "operations:\n  index:\n    route: GET /x\n    request: {body: {$ref: \"#/schemas/a\"}}\nschemas:\n";
    for schemas in [
        "  a: {$ref: \"#/schemas/a\"}\n",
        "  a: {$ref: \"#/schemas/b\"}\n  b: {$ref: \"#/schemas/a\"}\n",
        "  a: {anyOf: [{type: string}, {$ref: \"#/schemas/a\"}]}\n",
    ] {
        let error = contract("x", &format!("{operation}{schemas}")).unwrap_err();
        assert!(has_place(&error, "contracts/compute/v2.1/x.yaml") && error.contains("refers to itself"), "{error}");
    }
    for schemas in [
        "  a:\n    properties:\n      inner: {$ref: \"#/schemas/a\"}\n",
        "  a: {type: array, items: {$ref: \"#/schemas/a\"}}\n",
    ] {
        contract("x", &format!("{operation}{schemas}")).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// What reads all of a schema ends, also where the schema does not.
#[test]
fn a_schema_of_trees_can_be_shown() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("compute/v2.1/trees.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let tree = "schemas:\n  tree:\n    type: object\n    properties:\n      trees: {type: array, items: {$ref: \"#/schemas/tree\"}}\n";
    fs::write(
        &file,
        format!(
            "operations:\n  index:\n    route: GET /trees\n    request: {{body: {{$ref: \"#/schemas/tree\"}}}}\n{tree}"
        ),
    )
    .unwrap();
    let contracts = Contracts::with_overlay(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let (contract, operation) = contracts.operation("compute.trees.index").unwrap().unwrap();
    let schemas = &contract.table().unwrap().schemas;
    let shown = prune(schemas, operation.body.unwrap(), Version::FIRST);
    assert_eq!(shown["properties"]["trees"]["items"], json!({"$comment": "the enclosing schema"}));
    let mut names = BTreeSet::new();
    schemas.field_names(operation.body.unwrap(), &mut names);
    assert_eq!(names, BTreeSet::from(["trees".to_owned()]));
}

/// Depth is no way to bring the program down.
#[test]
fn what_is_nested_too_deeply_is_refused() {
    let deep = |open: &str, close: &str, times: usize| open.repeat(times) + &close.repeat(times);
    assert!(fixture(&format!("description: {}", deep("[", "]", 100_000))).is_err());
    assert!(fixture(&format!("description: {}", deep("{a: ", "}", 100_000))).is_err());
    let cloud = Simulated::new();
    let token = cloud.member();
    let body = deep("[", "]", 50_000);
    let answer = simulated::post("/compute/v2.1/servers").token(&token).bytes(body.as_bytes()).send(&cloud);
    let crash = "The server has either erred or is incapable of performing the requested operation.";
    assert_eq!(answer.fault(), format!("500 computeFault {crash}"));
    // What is just not too deep is judged, told and recorded.
    let body = format!("{{\"server\": {}}}", deep("[", "]", 239));
    let answer = simulated::post("/compute/v2.1/servers").token(&token).bytes(body.as_bytes()).send(&cloud);
    assert!(
        answer.fault().starts_with("400 badRequest Invalid input for field/attribute server. Value: [[["),
        "{}",
        answer.body
    );
}
