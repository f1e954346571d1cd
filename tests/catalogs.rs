//! Layouts of the catalog: each is a catalog as the contract has it, and what of it is ours leads somewhere.

use std::collections::BTreeSet;

use mockstack::base::json::{Value, json};
use mockstack::cloud::layouts;

use crate::common::bless::compare_table;
use crate::common::simulated::{DEMO, Simulated, get, post};
use crate::common::wire::{ASK, Folder};

/// What a login as `demo` answers: the token, and its body.
fn log_in(cloud: &Simulated) -> (String, Value) {
    let domain = json!({"name": "Default"});
    let identity = json!({"methods": ["password"], "password": {"user":
        {"name": "demo", "password": "secret", "domain": domain}}});
    let scope = json!({"project": {"name": "demo", "domain": domain}});
    let answer =
        post("/identity/v3/auth/tokens").json(json!({"auth": {"identity": identity, "scope": scope}})).send(cloud);
    (answer.header("X-Subject-Token").unwrap().to_owned(), answer.expect(201))
}

fn texts<'v>(catalog: &'v Value, key: &str) -> Vec<&'v Value> {
    let endpoints = catalog.as_array().unwrap().iter().flat_map(|service| service["endpoints"].as_array().unwrap());
    endpoints.map(|endpoint| endpoint.get(key).unwrap()).collect()
}

#[test]
fn every_layout_is_a_catalog_that_leads_somewhere() {
    let rows = layouts().unwrap();
    assert!(rows.len() >= 12);
    let (_, usual) = log_in(&Simulated::new());
    for row in rows {
        let cloud = Simulated::with(&format!("catalog: {}", row.name));
        let (token, body) = log_in(&cloud);
        let catalog = &body["token"]["catalog"];
        // How an answer is awkward, which comes with some layouts, is a matter of tests/awkward.rs.
        assert!(*catalog != usual["token"]["catalog"] || !row.answers.is_empty(), "{}: as usual", row.name);
        for service in catalog.as_array().unwrap() {
            assert!(["id", "type", "name"].iter().all(|key| service[*key].is_string()), "{}: {service}", row.name);
        }
        let is_offered = |service: &&Value| !service["endpoints"].as_array().unwrap().is_empty();
        let offered: Vec<&Value> = catalog.as_array().unwrap().iter().filter(is_offered).collect();
        let kinds: BTreeSet<&str> = offered.iter().map(|service| service["type"].as_str().unwrap()).collect();
        assert_eq!(kinds.len(), offered.len(), "{}: no type is there twice", row.name);
        let ids = texts(catalog, "id");
        assert_eq!(ids.iter().map(|id| id.as_str().unwrap()).collect::<BTreeSet<_>>().len(), ids.len(), "{}", row.name);
        for url in texts(catalog, "url") {
            let Some(path) = url.as_str().unwrap().strip_prefix("http://cloud.test:8774") else {
                assert!(url.as_str().unwrap().contains(".invalid"), "{}: {url}", row.name);
                continue;
            };
            // With a project at its end a URL is none that a service answers; what leads to nothing shows below.
            get(path.trim_end_matches('/').trim_end_matches(DEMO)).token(&token).send(&cloud);
        }
        let admin = cloud.admin();
        let listed = get("/identity/v3/endpoints").token(&admin).send(&cloud).expect(200);
        let count = listed["endpoints"].as_array().unwrap().len();
        assert_eq!(count, ids.len(), "{}: the services are those of the catalog", row.name);
        assert!(cloud.journal().diagnoses.is_empty(), "{}: {:?}", row.name, cloud.journal().diagnoses);
        let old = Simulated::with(&format!("{{catalog: {}, release: {{name: icehouse}}}}", row.name));
        let credentials = json!({"username": "demo", "password": "secret"});
        let body = json!({"auth": {"passwordCredentials": credentials, "tenantName": "demo"}});
        post("/identity/v2.0/tokens").json(body).send(&old).expect(200);
    }
}

#[test]
fn a_catalog_is_chosen_by_option_or_fixture() {
    let folder = Folder::new();
    let asks = ["GET", "/identity/v3/auth/catalog", "", "GET", "/compute/v2.1/servers", ""];
    let run =
        |options: &[&str]| folder.mockstack(&[&["run", "--record", "r.jsonl"], options, &["--", ASK], &asks].concat());
    let two = run(&["--catalog", "two-regions"]);
    assert!(two.code == Some(0) && folder.read("r.jsonl").contains("region-two.invalid"), "{}", two.err);
    folder.write("f.yaml", "catalog: nameless\n");
    let nameless = run(&["--fixtures", "f.yaml"]);
    assert!(nameless.code == Some(0) && folder.read("r.jsonl").contains(r#""name":"""#), "{}", nameless.err);
    let unknown = run(&["--catalog", "two-region"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("did you mean"), "{}", unknown.err);
}

#[test]
fn the_page_has_the_catalogs() {
    let rows = layouts().unwrap();
    let table: String =
        rows.iter().map(|row| format!("| `{}` | {} | {} |\n", row.name, row.summary, row.because)).collect();
    let head = "| catalog | what it is like | where it comes from, and what clients got wrong |\n|---|---|---|\n";
    compare_table("docs/catalogs.md", "catalogue", &[head, &table].concat());
}
