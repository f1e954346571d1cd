//! Icehouse's dashboard, from the login to the end of an instance: its requests, one a line, are replayed against the cloud.

use std::collections::BTreeMap;

use mockstack::base::json::{Value, json};

use crate::common::simulated::{self, Simulated, ask, post};

const TRACE: &str = include_str!("cases/icehouse-dashboard.jsonl");
/// Its pages of volumes and snapshots, and those of administrators.
const PAGES: &str = include_str!("cases/icehouse-dashboard-pages.jsonl");

/// What answers gave that later requests need, by the name that the trace has for it.
type Kept = BTreeMap<String, String>;

/// `text` with every `{NAME}` replaced.
fn filled(text: &str, kept: &Kept) -> String {
    kept.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The value at `servers.0.flavor.id`.
fn at<'v>(body: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(body, |value, step| match step.parse::<usize>() {
        Ok(place) => value.get(place),
        Err(_) => value.get(step),
    })
}

/// What django_openstack_auth 1.1.7 keeps of a token: it takes a long one for PKI's, and those go by their hash.
fn remembered(token: &str) -> String {
    if token.len() > 64 { format!("{:x}", md5::compute(token)) } else { token.to_owned() }
}

/// The types of the catalog of a scoped token.
fn catalog(access: &Value) -> Vec<&str> {
    access["serviceCatalog"].as_array().unwrap().iter().map(|entry| entry["type"].as_str().unwrap()).collect()
}

/// Sends what the dashboard sends to a cloud with these services in its catalog, as far as `asks` lets it; how often it boots.
fn replay(cloud: &Simulated, trace: &str, services: &[&str], asks: impl Fn(&str) -> bool) -> usize {
    let mut kept = Kept::new();
    let mut boots = 0;
    for (number, line) in trace.lines().enumerate() {
        let row: Value = mockstack::base::json::from_str(line).unwrap();
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let is_there = |key: &str| row[key].as_str().map(|service| services.contains(&service));
        if is_there("with") == Some(false) || is_there("without") == Some(true) {
            continue;
        }
        if !asks(text("target")) {
            continue;
        }
        let target = filled(text("target"), &kept);
        let what = format!("line {}: {} {target}", number + 1, text("method"));
        let mut request = ask(text("method"), &target);
        if let Some(token) = kept.get(text("token")) {
            request = request.token(&remembered(token));
        }
        if let Some(body) = row.get("body") {
            request = request.json(mockstack::base::json::from_str(&filled(&body.to_string(), &kept)).unwrap());
        }
        let answer = request.send(cloud);
        assert_eq!(json!(answer.status), row["status"], "{what}: {:?}", answer.body);
        for needed in row["needed"].as_array().into_iter().flatten().map(|path| path.as_str().unwrap()) {
            assert!(at(&answer.body, needed).is_some(), "{what}: no {needed} in {}", answer.body);
        }
        for (name, path) in row["keep"].as_object().into_iter().flatten() {
            let value = at(&answer.body, path.as_str().unwrap()).unwrap_or_else(|| panic!("{what}: no {path}"));
            kept.insert(name.to_string(), value.as_str().unwrap().to_owned());
        }
        if row["keep"].get("scoped").is_some() {
            let told = catalog(&answer.body["access"]);
            assert!(services.iter().all(|service| told.contains(service)), "{what}: {told:?}");
        }
        boots += usize::from(row.get("operation").is_some());
    }
    boots
}

/// With all services, with the fewest, and without Neutron, where Nova is asked instead and boots name no network. A row of the
/// trace is sent where its service is in the catalog (`with`), or is not (`without`).
#[test]
fn the_dashboard_gets_every_field_that_it_needs_whatever_the_catalog_has() {
    for (cloud, services) in [
        (Simulated::of("icehouse"), vec!["compute", "computev3", "identity", "image", "network", "volume"]),
        (Simulated::scenario("smallest-catalog"), vec!["compute", "identity", "image"]),
        (Simulated::scenario("nova-network"), vec!["compute", "computev3", "identity", "image", "volume"]),
    ] {
        let boots = replay(&cloud, TRACE, &services, |_| true);
        let journal = cloud.journal();
        assert!(journal.diagnoses.is_empty(), "{services:?}: {}", journal.diagnoses[0].diagnostic);
        assert!(journal.refusals.is_empty(), "{services:?}: {:?}", journal.refusals);
        let judged = journal.cases.iter().filter(|(case, _)| {
            let operation = case.operation.as_deref().unwrap_or_default();
            operation.ends_with(".create") && operation.starts_with("compute-v2")
        });
        assert_eq!(judged.map(|(_, tally)| tally.times).sum::<u64>(), boots as u64, "{services:?}");
    }
}

/// A volume is made, attached, detached, and deleted after its snapshot; an instance is saved and booted from what was saved; an
/// administrator looks at every page.
#[test]
fn the_pages_of_volumes_snapshots_and_administrators_are_clean() {
    let cloud = Simulated::of("icehouse");
    replay(&cloud, PAGES, &["compute", "identity", "image", "network", "volume"], |_| true);
    let journal = cloud.journal();
    assert!(journal.diagnoses.is_empty(), "{}", journal.diagnoses[0].diagnostic);
    assert!(journal.refusals.is_empty(), "{:?}", journal.refusals);
}

/// The smallest catalog is just that.
#[test]
fn who_is_not_told_of_a_service_cannot_ask_it() {
    for (name, services) in [
        ("smallest-catalog", json!(["compute", "identity", "image"])),
        ("nova-network", json!(["compute", "computev3", "identity", "image", "volume", "volumev2"])),
    ] {
        let credentials = json!({"username": "demo", "password": "secret"});
        let login = post("/identity/v2.0/tokens")
            .json(json!({"auth": {"passwordCredentials": credentials, "tenantName": "demo"}}))
            .send(&Simulated::scenario(name))
            .expect(200);
        assert_eq!(json!(catalog(&login["access"])), services, "{name}");
    }
}

/// Until Newton tokens are as short as the dashboard of Icehouse wants them, and every API is there that it asks;
/// from Liberty on Nova's v2 is the relaxed form of v2.1, whose schema refuses the 0 that this dashboard sends for a truth value
/// when it boots from a volume.
#[test]
fn later_releases_answer_the_dashboard_of_icehouse_too() {
    for release in ["juno", "kilo", "liberty", "mitaka", "newton"] {
        let cloud = Simulated::of(release);
        let asks = |target: &str| !target.ends_with("/os-volumes_boot");
        let boots = replay(&cloud, TRACE, &["compute", "identity", "image", "network", "volume"], asks);
        let journal = cloud.journal();
        assert!(journal.diagnoses.is_empty(), "{release}: {}", journal.diagnoses[0].diagnostic);
        assert_eq!(boots, 2, "{release}");
    }
}

/// The dashboard shows the message and the request id of a refused boot, and takes both from the first object of the body.
#[test]
fn a_refused_boot_has_the_body_and_headers_that_the_page_shows() {
    let cloud = Simulated::of("icehouse");
    let token = cloud.member();
    let servers = format!("/compute/v2/{}/servers", simulated::DEMO);
    let boot = |more: Value| {
        post(&servers)
            .token(&token)
            .json(json!({"server": simulated::plus(simulated::server("vm1"), more)}))
            .send(&cloud)
    };
    for (more, status, kind) in [
        (json!({"flavorRef": "999"}), 400, "badRequest"),
        (json!({"key_name": "nothing"}), 400, "badRequest"),
        (json!({"min_count": 2000}), 413, "overLimit"),
        (json!({"availability_zone": "nova:host"}), 403, "forbidden"),
    ] {
        let answer = boot(more);
        assert_eq!(answer.status, status, "{:?}", answer.body);
        assert!(answer.body[kind]["message"].is_string(), "{:?}", answer.body);
        assert!(answer.header("x-compute-request-id").is_some());
    }
    let over = boot(json!({"min_count": 2000}));
    assert_eq!((over.header("Retry-After"), &over.body["overLimit"]["retryAfter"]), (Some("0"), &json!("0")));
}

/// A port that is in use, and what Icehouse says of a policy.
#[test]
fn a_boot_in_conflict_and_one_that_is_forbidden_are_told_in_the_words_of_the_time() {
    let cloud = Simulated::of("icehouse");
    let token = cloud.member();
    let servers = format!("/compute/v2/{}/servers", simulated::DEMO);
    let boot = |more: Value| {
        let server = simulated::plus(simulated::server("vm1"), more);
        post(&servers).token(&token).json(json!({"server": server})).send(&cloud)
    };
    assert_eq!(boot(json!({})).status, 202);
    let ports = ask("GET", "/network/v2.0/ports.json").token(&token).send(&cloud).expect(200);
    let port = ports["ports"][0]["id"].as_str().unwrap();
    assert_eq!(
        boot(json!({"networks": [{"port": port}]})).fault(),
        format!("409 conflictingRequest Port {port} is still in use.")
    );
    assert_eq!(
        boot(json!({"availability_zone": "nova:host"})).fault(),
        "403 forbidden Policy doesn't allow compute:create:forced_host to be performed."
    );
}

/// A token that is no longer good: novaclient authenticates by Nova's own scheme of old, with the token for a key, and gives up
/// when Nova refuses that too. Nothing of it is a violation.
#[test]
fn a_boot_without_a_good_token_and_the_login_that_novaclient_tries_are_refused() {
    let cloud = Simulated::of("icehouse");
    let token = cloud.member();
    ask("DELETE", "/identity/v3/auth/tokens").token(&token).header("X-Subject-Token", &token).send(&cloud).expect(204);
    let below = format!("/compute/v2/{}", simulated::DEMO);
    let boot = json!({"server": simulated::server("vm1")});
    let refused = post(&format!("{below}/servers")).token(&token).json(boot).send(&cloud);
    let login = ask("GET", &below).header("X-Auth-User", "demo").header("X-Auth-Key", &token).send(&cloud);
    for answer in [refused, login] {
        assert_eq!(answer.fault(), "401 error The request you have made requires authentication.");
    }
    let journal = cloud.journal();
    assert!(journal.diagnoses.is_empty() && !journal.refusals.is_empty());
}

/// python-novaclient 2.17 calls `.get` on the first value of an error.
#[test]
fn the_first_value_of_every_error_is_an_object() {
    let cloud = Simulated::of("icehouse");
    let token = cloud.member();
    let below = format!("/compute/v2/{}", simulated::DEMO);
    for target in [
        format!("{below}/nothing"),
        format!("{below}/servers/nothing"),
        below.clone(),
        "/compute/v3/nothing".to_owned(),
    ] {
        for request in [ask("GET", &target).token(&token), ask("GET", &target)] {
            let answer = request.send(&cloud);
            assert!(answer.status >= 400, "{target}");
            let first = answer.body.as_object().and_then(|body| body.values().next().cloned());
            assert!(first.is_some_and(|first| first.is_object()), "{target}: {:?}", answer.body);
        }
    }
    let shapeless = post(&format!("{below}/servers")).token(&token).json(json!({"name": "vm1"})).send(&cloud);
    assert_eq!((shapeless.status, shapeless.body["computeFault"]["code"].clone()), (422, json!(422)));
}
