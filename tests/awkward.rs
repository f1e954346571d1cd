//! Awkward answers keep their contract: the table of them is walked at every version, over answers of everything that it is about.

use std::collections::BTreeMap;

use mockstack::base::Version;
use mockstack::base::json::{Value, json};
use mockstack::contract::{AnswerTo, judge_answer};
use mockstack::exchange::{AwkwardRow, awkward_rows};
use mockstack::message::Response;

use crate::common::bless::compare_table;
use crate::common::row;
use crate::common::simulated::{Ask, DEMO, IMAGE, NETWORK, Simulated, get, plus, post, server};
use crate::common::wire::{ASK, Folder};

/// A server is never done, one is ACTIVE, and one is in ERROR.
const CLOUD: &str = "
boot: {polls: 1000}
resources:
  servers:
    - {name: up, flavor: m1.tiny, image: cirros, status: ACTIVE}
    - {name: down, flavor: m1.tiny, image: cirros, status: ERROR}
";

/// What is asked, each with the operation that it is.
fn asks(cloud: &Simulated) -> Vec<(&'static str, Ask)> {
    let token = cloud.admin();
    let found = get("/compute/v2.1/servers/detail").token(&token).send(cloud).expect(200);
    let mut asks = vec![
        ("compute.servers.index", get("/compute/v2.1/servers")),
        ("compute.servers.detail", get("/compute/v2.1/servers/detail")),
        ("compute.servers.detail", get("/compute/v2.1/servers/detail?limit=1")),
        ("compute.flavors.index", get("/compute/v2.1/flavors")),
        ("compute.flavors.detail", get("/compute/v2.1/flavors/detail")),
        ("compute.flavors.show", get("/compute/v2.1/flavors/1")),
        ("compute.keypairs.index", get("/compute/v2.1/os-keypairs")),
        ("compute.limits.show", get("/compute/v2.1/limits")),
        ("compute.quota_sets.show", get(&format!("/compute/v2.1/os-quota-sets/{DEMO}"))),
        ("compute.versions.index", get("/compute")),
        ("compute.versions.show", get("/compute/v2.1/")),
        ("image.versions.index", get("/image")),
        ("network.versions.index", get("/network")),
        ("network.versions.show", get("/network/v2.0/")),
        ("volume.versions.show", get("/volume/v3/")),
        ("identity.versions.index", get("/identity")),
        ("identity.versions.show", get("/identity/v3")),
        ("image.images.index", get("/image/v2/images")),
        ("image.images.show", get(&format!("/image/v2/images/{IMAGE}"))),
        ("network.networks.index", get("/network/v2.0/networks")),
        ("network.networks.show", get(&format!("/network/v2.0/networks/{NETWORK}"))),
        ("network.ports.index", get("/network/v2.0/ports")),
        ("network.subnets.index", get("/network/v2.0/subnets")),
        ("network.security_groups.index", get("/network/v2.0/security-groups")),
    ];
    let cinder = |path: &str| get(&format!("/volume/v3/{DEMO}{path}"));
    let volumes = cinder("/volumes").token(&token).send(cloud).expect(200);
    for volume in volumes["volumes"].as_array().unwrap() {
        asks.push(("volume.volumes.show", cinder(&format!("/volumes/{}", volume["id"].as_str().unwrap()))));
    }
    let lists = [
        ("volume.volumes.index", "/volumes"),
        ("volume.volumes.detail", "/volumes/detail"),
        ("volume.volumes.detail", "/volumes/detail?limit=1"),
        ("volume.snapshots.index", "/snapshots"),
        ("volume.snapshots.detail", "/snapshots/detail"),
        ("volume.types.index", "/types"),
        ("volume.limits.index", "/limits"),
    ];
    asks.extend(lists.map(|(operation, path)| (operation, cinder(path))));
    for server in found["servers"].as_array().unwrap() {
        asks.push(("compute.servers.show", get(&format!("/compute/v2.1/servers/{}", server["id"].as_str().unwrap()))));
    }
    let asks = asks.into_iter().map(|(operation, ask)| (operation, ask.token(&token)));
    let identity = json!({"methods": ["password"], "password": {"user":
        {"name": "demo", "password": "secret", "domain": {"name": "Default"}}}});
    let scope = json!({"project": {"name": "demo", "domain": {"name": "Default"}}});
    let login = post("/identity/v3/auth/tokens").json(json!({"auth": {"identity": identity, "scope": scope}}));
    asks.chain([("identity.tokens.create", login)]).collect()
}

fn rows() -> &'static [std::sync::Arc<AwkwardRow>] {
    awkward_rows().unwrap_or_else(|error| panic!("{error}"))
}

/// The versions at which an operation is asked, as a header has them: all that its service has.
fn versions(operation: &str) -> Vec<Option<String>> {
    let (service, major, last) = match operation.split('.').next() {
        Some("compute") => ("compute", 2, 1..=104),
        Some("volume") => ("volume", 3, 0..=71),
        _ => return vec![None],
    };
    last.map(|minor| Some(format!("{service} {major}.{minor}"))).collect()
}

/// What is wrong with an answer by the contract of its operation.
fn wrong(operation: &str, version: Version, ask: &Ask, response: &Response) -> Vec<String> {
    let (contract, operation, schemas) = row(operation);
    let (body, status) = (response.body.clone().unwrap_or_default(), response.status);
    let answer = AnswerTo { method: &ask.0.method, is_right: true, is_partial: false, status, body: &body };
    let found = judge_answer(operation, schemas, contract.service.versions(), version, answer);
    found.iter().map(|own| format!("{} {} {}", own.pointer, own.expected, own.found)).collect()
}

#[test]
fn every_awkward_answer_keeps_its_contract_at_every_version() {
    let cloud = Simulated::with(CLOUD);
    let token = cloud.member();
    cloud.boot(&token, plus(server("new"), json!({"metadata": {"a": "b"}})));
    let volumes = format!("/volume/v3/{DEMO}/volumes");
    let volume =
        post(&volumes).token(&token).json(json!({"volume": {"size": 1, "name": "v"}})).send(&cloud).expect(202);
    let snapshot = json!({"snapshot": {"volume_id": volume["volume"]["id"], "name": "s"}});
    post(&format!("/volume/v3/{DEMO}/snapshots")).token(&token).json(snapshot).send(&cloud).expect(202);
    let mut changed: BTreeMap<&str, u64> = rows().iter().map(|row| (row.name.as_str(), 0)).collect();
    for (operation, ask) in asks(&cloud) {
        for told in versions(operation) {
            let number = told.as_deref().and_then(|told| told.split_once(' '));
            let at = number.map_or(Version::FIRST, |(_, number)| Version::of(number.parse().unwrap()).unwrap());
            let version = told.as_deref().unwrap_or("its only version");
            let ask = match &told {
                Some(told) => ask.clone().header("OpenStack-API-Version", told),
                None => ask.clone(),
            };
            let plain = cloud.answer(&ask.0);
            assert!(plain.status < 400, "{operation} at {version}: {:?}", plain.body);
            assert_eq!(wrong(operation, at, &ask, &plain), [""; 0], "{operation} at {version}");
            for row in rows().iter().filter(|row| row.is_about(operation)) {
                let mut awkward = plain.clone();
                if row.apply(&ask.0.query(), &mut awkward) {
                    *changed.get_mut(row.name.as_str()).unwrap() += 1;
                    let wrong = wrong(operation, at, &ask, &awkward);
                    assert_eq!(wrong, [""; 0], "{} of {operation} at {version}", row.name);
                }
            }
        }
    }
    // Pages are a matter of the question.
    let idle: Vec<_> = changed.iter().filter(|(name, count)| **count == 0 && !name.starts_with("one-")).collect();
    assert!(idle.is_empty(), "nothing here has what they change: {idle:?}");
}

/// As a client meets them: all at once, by option, fixture and project; what was given is told, and what was not fails.
#[test]
fn answers_are_awkward_where_that_is_asked_for() {
    let folder = Folder::new();
    let asks = ["GET", "/image/v2/images", "", "GET", "/compute/v2.1/servers/detail", ""];
    let run = |options: &[&str]| {
        folder.mockstack(&[&["run"], options, &["--report", "json=r.json", "--", ASK], &asks].concat())
    };
    let named = folder.mockstack(&[
        "run",
        "--answers",
        "image-without-name",
        "--",
        ASK,
        "GET",
        "/image/v2/images?name=cirros",
        "",
    ]);
    assert_eq!(named.code, Some(41), "what is not asked for is not added: {}", named.err);
    let all = run(&["--answers", "awkward"]);
    assert_eq!(all.code, Some(0), "{}", all.err);
    assert!(all.err.contains("image-without-name ×1"), "{}", all.err);
    let report: Value = folder.read("r.json").parse().unwrap();
    assert!(report["answers"].as_array().unwrap().len() > 25, "{report}");
    folder.write("f.yaml", "answers: [one-image-a-page]\n");
    let paged = run(&["--fixtures", "f.yaml"]);
    assert!(paged.code == Some(0) && paged.err.contains("awkward: one-image-a-page ×1"), "{}", paged.err);
    let never = run(&["--answers", "unlimited"]);
    assert!(never.code == Some(41) && never.err.contains("the answers unlimited were never given"), "{}", never.err);
    let unknown = run(&["--answers", "unlimitd"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("did you mean"), "{}", unknown.err);
}

#[test]
fn the_page_has_the_catalogue() {
    let table: String = rows()
        .iter()
        .map(|row| {
            let alone = if row.alone { " Only by its name." } else { "" };
            format!("| `{}` | {}{alone} | {} |\n", row.name, row.summary, row.because)
        })
        .collect();
    let head = "| answers | what is awkward | why, and what clients got wrong |\n|---|---|---|\n";
    compare_table("docs/awkward-answers.md", "catalogue", &[head, &table].concat());
}
