//! Releases: what each offers, and what a cloud of that name says of itself.

use std::collections::BTreeSet;

use mockstack::base::json::json;
use mockstack::contract::Contracts;

use crate::common::contracts;
use crate::common::simulated::{self, DEMO, Simulated, ask, get, post};

fn releases() -> Vec<String> {
    contracts().releases().iter().map(|release| release.name.clone()).collect()
}

#[test]
fn names_and_aliases_are_unique_and_lead_to_their_release() {
    let contracts = contracts();
    let mut names = BTreeSet::new();
    for release in contracts.releases().iter() {
        for name in release.aliases.iter().chain([&release.name]) {
            assert!(names.insert(name.to_lowercase()), "{name} names two releases");
            assert_eq!(contracts.releases().find(&name.to_uppercase()).unwrap(), release);
        }
    }
    assert_eq!(contracts.release(), contracts.releases().newest());
    assert!(contracts.releases().find("zebra").is_err());
}

#[test]
fn the_newest_release_is_what_the_contracts_say() {
    let contracts = contracts();
    let newest = contracts.releases().newest().unwrap();
    for contract in contracts.living() {
        let maximum = contract.service.microversions.as_ref().map(|microversions| microversions.maximum.to_string());
        if let (Some(offered), Some(maximum)) = (newest.offers.get(&contract.service.name), maximum) {
            assert_eq!(*offered, maximum, "{}", contract.service.name);
        }
    }
}

#[test]
fn in_every_release_each_type_of_the_catalog_is_there_once() {
    for name in releases() {
        let contracts = Contracts::embedded().unwrap().of_release(&name).unwrap();
        let entries = contracts.living().flat_map(|contract| &contract.service.catalog);
        let mut types = BTreeSet::new();
        for entry in entries.filter(|entry| !["identity", "image"].contains(&entry.kind.as_str())) {
            assert!(types.insert(entry.kind.clone()), "{name}: {} is there twice", entry.kind);
        }
        assert!(types.contains("compute") && types.contains("network"), "{name}: {types:?}");
    }
}

#[test]
fn the_url_of_block_storage_ends_with_the_project_until_xena() {
    for (release, path) in [("xena", "/volume/v3/{project}"), ("yoga", "/volume/v3")] {
        let contracts = Contracts::embedded().unwrap().of_release(release).unwrap();
        let entries = contracts.living().flat_map(|contract| &contract.service.catalog);
        let own = entries.filter(|entry| entry.kind == "block-storage").map(|entry| entry.path.as_str());
        assert_eq!(own.collect::<Vec<_>>(), [path], "{release}");
    }
}

#[test]
fn microversions_end_where_the_release_does() {
    for (release, maximum, beyond) in [("kilo", "2.3", "2.4"), ("newton", "2.38", "2.39"), ("2026.2", "2.104", "2.105")]
    {
        let cloud = Simulated::of(release);
        let document = get("/compute/v2.1").send(&cloud);
        assert_eq!(document.body["version"]["version"], json!(maximum), "{release}");
        let token = cloud.member();
        // The project is in the path until Liberty.
        let servers = &format!("/compute/v2.1/{DEMO}/servers");
        let asked = |version: &str| get(servers).token(&token).header("X-OpenStack-Nova-API-Version", version);
        assert_eq!(asked(maximum).send(&cloud).status, 200, "{release}");
        let refused = asked(beyond).send(&cloud);
        assert_eq!(refused.status, 406, "{release}");
        assert!(
            refused.body["computeFault"]["message"].as_str().unwrap().contains(maximum),
            "{release}: {:?}",
            refused.body
        );
    }
}

#[test]
fn keystone_tells_the_versions_of_its_release() {
    for (release, expected) in
        [("icehouse", json!(["v3.0", "v2.0"])), ("queens", json!(["v3.10", "v2.0"])), ("rocky", json!(["v3.10"]))]
    {
        let answer = get("/identity").send(&Simulated::of(release));
        let ids: Vec<_> =
            answer.body["versions"]["values"].as_array().unwrap().iter().map(|v| v["id"].clone()).collect();
        assert_eq!(json!(ids), expected, "{release}");
        assert_eq!(answer.status, 300);
    }
}

#[test]
fn todays_v2_root_is_the_relaxed_form() {
    let cloud = Simulated::new();
    let document = get("/compute/v2").send(&cloud);
    assert_eq!((document.status, &document.body["version"]["id"]), (200, &json!("v2.0")));
    let token = cloud.member();
    let servers = format!("/compute/v2/{}/servers", simulated::DEMO);
    let body = json!({"server": simulated::plus(simulated::server(" vm1 "), json!({"bogus": 1, "user_data": null}))});
    let answer = post(&servers).token(&token).version("2.37").json(body).send(&cloud);
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    assert_eq!(answer.header("OpenStack-API-Version"), None);
    let href = answer.body["server"]["links"][0]["href"].as_str().unwrap().to_owned();
    assert!(href.contains(&servers), "{href}");
    assert_eq!(get("/compute/v2/servers").token(&token).send(&cloud).status, 200, "the project may be left out");
}

#[test]
fn what_lives_elsewhere_is_unknown_and_the_diagnostic_says_where() {
    let cloud = Simulated::new();
    assert_eq!(get("/identity/v2.0/tenants").send(&cloud).status, 404);
    let journal = cloud.journal();
    let text = journal.diagnoses[0].diagnostic.to_string();
    assert!(text.contains("icehouse..queens"), "{text}");
}

/// A v2.0 token of `demo`: the answer.
fn access(cloud: &Simulated, auth: mockstack::base::json::Value) -> mockstack::base::json::Value {
    let answer = post("/identity/v2.0/tokens").json(json!({"auth": auth})).send(cloud);
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body["access"].clone()
}

#[test]
fn keystone_v2_logs_in_as_the_dashboard_does() {
    let cloud = Simulated::of("icehouse");
    let unscoped = access(&cloud, json!({"passwordCredentials": {"username": "demo", "password": "secret"}}));
    assert_eq!((&unscoped["serviceCatalog"], unscoped["token"].get("tenant")), (&json!([]), None));
    let token = unscoped["token"]["id"].as_str().unwrap();
    let tenants = get("/identity/v2.0/tenants").token(token).send(&cloud);
    assert_eq!(tenants.body["tenants"][0]["name"], json!("demo"));
    let scoped = access(&cloud, json!({"token": {"id": token}, "tenantId": tenants.body["tenants"][0]["id"]}));
    assert_eq!(scoped["token"]["tenant"]["id"], json!(simulated::DEMO));
    let catalog = scoped["serviceCatalog"].as_array().unwrap();
    let identity = catalog.iter().find(|entry| entry["type"] == "identity").unwrap();
    let endpoint = json!("http://cloud.test:8774/identity/v2.0");
    assert!(
        ["publicURL", "internalURL", "adminURL"].iter().all(|key| identity["endpoints"][0][key] == endpoint),
        "{identity}"
    );
    assert_eq!(identity["endpoints"][0]["region"], json!("RegionOne"));
}

/// What a service does with the token of a caller: it asks Keystone, with a token of its own.
#[test]
fn keystone_v2_tells_administrators_of_tokens_and_ends_them() {
    let cloud = Simulated::of("icehouse");
    let (admin, member) = (cloud.admin(), cloud.member());
    let token = format!("/identity/v2.0/tokens/{member}");
    assert_eq!(
        get(&token).token(&member).send(&cloud).fault(),
        "403 error You are not authorized to perform the requested action: admin_required."
    );
    let shown = get(&token).token(&admin).send(&cloud).expect(200);
    assert_eq!(shown["access"]["token"]["tenant"]["name"], json!("demo"));
    assert_eq!(ask("HEAD", &token).token(&admin).send(&cloud).status, 200);
    assert_eq!(ask("DELETE", &token).token(&admin).send(&cloud).status, 204);
    assert_eq!(get(&token).token(&admin).send(&cloud).status, 404);
}

#[test]
fn keystone_v2_refuses_in_its_own_words() {
    let cloud = Simulated::of("icehouse");
    let wrong = json!({"auth": {"passwordCredentials": {"username": "demo", "password": "no"}, "tenantName": "demo"}});
    let answer = post("/identity/v2.0/tokens").json(wrong).send(&cloud);
    assert_eq!((answer.status, &answer.body["error"]["title"]), (401, &json!("Unauthorized")));
    assert_eq!(get("/identity/v2.0/tenants").send(&cloud).status, 401);
    let unknown = get("/identity/v2.0/nothing").send(&cloud);
    assert_eq!((unknown.status, &unknown.body["error"]["code"]), (404, &json!(404)));
}

/// The rows of the table `name` of docs/releases.md.
fn table(name: &str) -> Vec<String> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/releases.md")).unwrap();
    let (_, table) = page.split_once(&format!("<!-- table: {name} -->")).unwrap();
    table.lines().skip(3).take_while(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// tests/clients/releases.sh makes the tables of what clients send; this holds that nothing is left out.
#[test]
fn every_release_and_every_vendor_was_tried_with_every_client_that_can_log_in() {
    let rows = |client: &str, name: &str| {
        let start = format!("| {client} | ");
        let cloud = |row: String| Some(row.strip_prefix(&start)?.split(' ').next()?.to_owned());
        table(name).into_iter().filter_map(cloud).collect::<Vec<_>>()
    };
    let until_queens: Vec<String> = releases().into_iter().take_while(|name| name != "rocky").collect();
    assert_eq!(rows("novaclient-2.17", "clients"), until_queens);
    let scenarios = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/scenarios")).unwrap();
    let stems = scenarios.map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned());
    let vendors: BTreeSet<String> = stems.filter(|stem| stem.starts_with("vendor-")).collect();
    for client in ["osc", "sdk-proxy"] {
        assert_eq!(rows(client, "clients"), releases(), "{client}");
        assert_eq!(rows(client, "vendors").into_iter().collect::<BTreeSet<_>>(), vendors, "{client}");
    }
}

#[test]
fn the_page_shows_the_table() {
    let contracts = contracts();
    let row = |release: &mockstack::contract::Release| {
        let offers: Vec<String> =
            release.offers.iter().map(|(service, version)| format!("{service} {version}")).collect();
        format!("| {} | {} | {} |", release.name, release.aliases.join(", "), offers.join(", "))
    };
    assert_eq!(table("releases"), contracts.releases().iter().map(row).collect::<Vec<_>>());
}

#[test]
fn cinder_tells_the_versions_of_its_release() {
    let offered = |release: &mockstack::contract::Release| {
        let known = [("volume-v1", "v1.0"), ("volume-v2", "v2.0"), ("volume", "v3.0")];
        let there = known.into_iter().filter(|(service, _)| release.offers.contains_key(*service));
        there.map(|(_, id)| id.to_owned()).collect::<Vec<_>>()
    };
    for release in contracts().releases().iter() {
        let told = get("/volume/").send(&Simulated::of(&release.name)).body;
        let ids: Vec<String> =
            told["versions"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, offered(release), "{}", release.name);
    }
}

/// What Nova's v2 has no row for is what today's Nova answers at /v2; what came later is not there.
#[test]
fn the_rest_of_novas_v2_is_todays_relaxed_form() {
    let cloud = Simulated::of("icehouse");
    let token = cloud.member();
    let server = format!("/compute/v2/{}/servers/{}", simulated::DEMO, cloud.boot_v2(&token));
    let set = post(&format!("{server}/metadata")).token(&token).json(json!({"metadata": {"a": "b"}})).send(&cloud);
    assert_eq!(set.expect(200), json!({"metadata": {"a": "b"}}));
    let shown = get(&server).token(&token).send(&cloud).expect(200);
    assert_eq!(shown["server"]["metadata"], json!({"a": "b"}));
    assert_eq!(get(&format!("{server}/tags")).token(&token).send(&cloud).status, 404, "tags came with 2.26");
    let journal = cloud.journal();
    let asked: Vec<&str> = journal.cases.keys().map(|case| case.operation.as_deref().unwrap_or_default()).collect();
    assert!(
        asked.contains(&"compute.server_metadata.create") && asked.contains(&"compute-v2.servers.show"),
        "{asked:?}"
    );
}

/// The names of actions differ, and so do those of the fields; what they do is the same.
#[test]
fn a_server_is_resized_and_rebuilt_by_the_names_of_each_version() {
    for (root, resize, confirm, rebuild) in [
        (format!("v2/{}", simulated::DEMO), json!({"resize": {"flavorRef": "2"}}), "confirmResize", "imageRef"),
        ("v3".to_owned(), json!({"resize": {"flavor_ref": "2"}}), "confirm_resize", "image_ref"),
    ] {
        let cloud = Simulated::of("icehouse");
        let token = cloud.member();
        let id = cloud.boot_v2(&token);
        let server = format!("/compute/{root}/servers/{id}");
        let act = |body: mockstack::base::json::Value| {
            post(&format!("{server}/action")).token(&token).json(body).send(&cloud)
        };
        let shown = || get(&server).token(&token).send(&cloud).expect(200)["server"].clone();
        assert_eq!(
            act(json!({confirm: null})).fault(),
            "409 conflictingRequest Cannot 'confirmResize' while instance is in vm_state active"
        );
        let nowhere = resize.to_string().replace("\"2\"", "\"99\"");
        let nowhere = act(mockstack::base::json::from_str(&nowhere).unwrap()).fault();
        assert_eq!(nowhere, "400 badRequest Unable to locate requested flavor.");
        act(resize.clone()).expect(202);
        assert_eq!((&shown()["status"], &shown()["flavor"]["id"]), (&json!("VERIFY_RESIZE"), &json!("2")));
        act(json!({confirm: null})).expect(204);
        assert_eq!(act(resize).fault(), "400 badRequest Resize requires a flavor change.");
        let url = format!("http://cloud.test/images/{}", simulated::IMAGE);
        act(json!({"rebuild": {rebuild: url, "name": "vm2"}})).expect(202);
        assert_eq!((&shown()["status"], &shown()["name"]), (&json!("ACTIVE"), &json!("vm2")));
        assert_eq!(cloud.journal().diagnoses.len(), 2, "no such flavor, and the same one, at {root}");
    }
}

/// Icehouse speaks XML too. It is not simulated, and says so, so that nothing passes by accident.
#[test]
fn xml_is_refused_and_told() {
    let cloud = Simulated::of("icehouse");
    let token = cloud.member();
    let servers = format!("/compute/v2/{}/servers", simulated::DEMO);
    let xml = "application/xml";
    let body = post(&servers).token(&token).header("Content-Type", xml).bytes(b"<server/>").send(&cloud);
    let answer = get(&servers).token(&token).header("Accept", xml).send(&cloud);
    let suffix = get(&format!("{servers}.xml")).token(&token).send(&cloud);
    let text = "mockstack speaks JSON alone; the XML of this API is not simulated.";
    assert_eq!(body.fault(), format!("415 badMediaType {text}"));
    assert_eq!(
        (answer.fault(), suffix.fault()),
        (format!("406 computeFault {text}"), format!("406 computeFault {text}"))
    );
    assert_eq!(cloud.journal().diagnoses.len(), 3);
    let both = get(&servers).token(&token).header("Accept", "application/xml, application/json;q=0.9").send(&cloud);
    assert_eq!((both.status, get(&format!("{servers}.json")).token(&token).send(&cloud).status), (200, 200));
}

#[test]
fn novas_v2_is_itself_until_kilo_and_the_relaxed_form_from_liberty_on() {
    let own = "compute-v2.flavors.index";
    for (release, expected) in [("icehouse", own), ("juno", own), ("kilo", own), ("liberty", "compute.flavors.index")] {
        let cloud = Simulated::of(release);
        let flavors = format!("/compute/v2/{}/flavors", simulated::DEMO);
        get(&flavors).token(&cloud.member()).send(&cloud).expect(200);
        assert!(cloud.journal().operations().contains_key(expected), "{release}");
    }
}

/// Whether a path may do without the project is a matter of the release, in the catalog and on the wire; of what was recorded in
/// another release it says nothing.
#[test]
fn a_path_without_the_project_leads_nowhere_in_old_releases() {
    for (path, last, since) in [("compute/v2.1", "liberty", "mitaka"), ("volume/v3", "xena", "yoga")] {
        let resource = if path.starts_with("compute") { "servers" } else { "volumes" };
        for (release, needs_project) in [(last, true), (since, false)] {
            let contracts = Contracts::embedded().unwrap().of_release(release).unwrap();
            let root = format!("/{path}");
            let entries = contracts.living().flat_map(|contract| &contract.service.catalog);
            let shown: Vec<&str> =
                entries.map(|entry| entry.path.as_str()).filter(|own| own.starts_with(&root)).collect();
            assert_eq!(shown[0].ends_with("/{project}"), needs_project, "{release}: {shown:?}");
            let status = |path: &str| {
                let cloud = Simulated::of(release);
                let token = cloud.member();
                get(path).token(&token).send(&cloud).status
            };
            assert_eq!(status(&format!("/{path}/{DEMO}/{resource}")), 200, "{release}");
            let without = format!("/{path}/{resource}");
            assert_eq!(status(&without), if needs_project { 404 } else { 200 }, "{release}");
            let recorded = contracts.with_any_project();
            let mounted = recorded.mounted(&without).unwrap();
            assert!(mounted.contract.route("GET", mounted.path).is_ok(), "{release}");
        }
    }
}
