//! What a fixture puts into the cloud.

use std::path::Path;

use mockstack::base::Clock;
use mockstack::base::json::{Value, json};
use mockstack::cloud::{Cloud, Fields, Fixture};

use crate::common::contracts;
use crate::common::simulated::{Simulated, ask, get, post, server};

/// A server that a fixture lists has every field that one has which was booted, in every API and at every version.
#[test]
fn a_server_in_a_fixture_is_what_a_boot_makes() {
    let cloud = Simulated::with("resources: {servers: [{name: listed, flavor: m1.tiny, image: cirros}]}");
    let (member, admin) = (cloud.member(), cloud.admin());
    let boot = post("/compute/v2.1/servers").token(&member).header("OpenStack-API-Version", "compute 2.100");
    boot.json(json!({"server": server("booted")})).send(&cloud).expect(202);
    for (token, version) in [(&member, "2.1"), (&admin, "2.1"), (&member, "2.100"), (&admin, "2.100")] {
        let ask = get("/compute/v2.1/servers/detail").token(token);
        let answer = ask.header("OpenStack-API-Version", &format!("compute {version}")).send(&cloud).expect(200);
        let all = answer["servers"].as_array().unwrap();
        let named = |name: &str| kinds(all.iter().find(|server| server["name"] == name).unwrap());
        assert_eq!(named("listed"), named("booted"), "{version}");
    }
}

/// A document with the kinds of its values in their place.
fn kinds(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), kinds(value))).collect(),
        Value::Array(items) => items.iter().map(kinds).collect(),
        Value::String(_) => "a string".into(),
        Value::Number(_) => "a number".into(),
        other => other.clone(),
    }
}

/// It has ports, answers to actions, and goes with its ports.
#[test]
fn a_server_in_a_fixture_lives_as_others_do() {
    let fixture = "resources: {servers: [{name: listed, flavor: m1.tiny, image: cirros, networks: [{uuid: private, fixed_ip: 10.0.9.9}]}]}";
    let cloud = Simulated::with(fixture);
    let token = cloud.member();
    let listed = get("/compute/v2.1/servers/detail").token(&token).send(&cloud).expect(200)["servers"][0].clone();
    assert_eq!(listed["addresses"]["private"][0]["addr"], "10.0.9.9");
    let ports = || get("/network/v2.0/ports").token(&token).send(&cloud).expect(200)["ports"].as_array().unwrap().len();
    assert_eq!(ports(), 1);
    let path = format!("/compute/v2.1/servers/{}", listed["id"].as_str().unwrap());
    let stop = post(&format!("{path}/action")).token(&token).json(json!({"os-stop": null}));
    assert_eq!(stop.send(&cloud).status, 202);
    assert_eq!(ask("DELETE", &path).token(&token).send(&cloud).status, 204);
    get(&path).token(&token).send(&cloud).expect(404);
    assert_eq!(ports(), 0);
}

/// Each status that a server may rest in can be given; the server then shows it, again and again.
#[test]
fn a_server_in_a_fixture_has_the_status_that_it_is_given() {
    let statuses =
        ["ACTIVE", "BUILD", "PAUSED", "SUSPENDED", "SHUTOFF", "RESCUE", "VERIFY_RESIZE", "ERROR", "SHELVED_OFFLOADED"];
    for status in statuses {
        let fixture =
            format!("resources: {{servers: [{{name: listed, flavor: m1.tiny, image: cirros, status: {status}}}]}}");
        let cloud = Simulated::with(&fixture);
        let token = cloud.member();
        for _ in 0..2 {
            let answer = get("/compute/v2.1/servers/detail").token(&token).send(&cloud).expect(200);
            assert_eq!(answer["servers"][0]["status"], status);
        }
    }
}

/// What is embedded, and what stands in the repository for users, is right by the contracts.
#[test]
fn our_own_fixtures_are_right_by_the_contracts() {
    for folder in ["fixtures/base", "fixtures/scenarios"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let base = Fixture::base().unwrap_or_else(|error| panic!("{error}"));
        let read = base.with_overlay(&path, Fields::of(contracts())).unwrap_or_else(|error| panic!("{error}"));
        Cloud::new(read.into(), 1, Clock::Wall).summary(None);
    }
}
