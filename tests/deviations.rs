//! Clouds that differ from their release: what the fixtures of fixtures/scenarios say, and what a fixture cannot say.

use mockstack::base::json::json;
use mockstack::base::parse_yaml;
use mockstack::contract::{Contracts, Deviations};

use crate::common::simulated::{self, DEMO, Simulated, get, post};

/// The URL of a service in the catalog of a token.
fn endpoint(cloud: &Simulated, kind: &str) -> Option<String> {
    let catalog = get("/identity/v3/auth/catalog").token(&cloud.member()).send(cloud).expect(200);
    let entry = catalog["catalog"].as_array().unwrap().iter().find(|entry| entry["type"] == kind)?.clone();
    Some(entry["endpoints"][0]["url"].as_str().unwrap().to_owned())
}

#[test]
fn the_catalog_is_what_the_fixture_says() {
    let cloud = Simulated::scenario("vendor-odd-catalog");
    let below = |path: &str| Some(format!("http://cloud.test:8774{path}"));
    assert_eq!(endpoint(&cloud, "compute"), below(&format!("/compute/v2.1/{DEMO}")));
    assert_eq!(endpoint(&cloud, "identity"), below("/identity/v3/"));
    assert_eq!(endpoint(&cloud, "image"), below("/image/v2/"));
    let renamed = Simulated::with("release: {network: {catalog: {type: sdn}}, image: {catalog: false}}");
    assert_eq!(endpoint(&renamed, "network"), None);
    assert_eq!(endpoint(&renamed, "sdn"), below("/network"));
    assert_eq!(endpoint(&renamed, "image"), None);
    assert_eq!(get("/image/v2/images").token(&renamed.member()).send(&renamed).status, 200, "it is there all the same");
}

#[test]
fn a_microversion_beyond_the_vendors_last_is_refused() {
    let cloud = Simulated::scenario("vendor-maximum");
    let ask = |version: &str| get("/compute/v2.1/servers").token(&cloud.member()).version(version).send(&cloud);
    assert_eq!(ask("2.91").status, 200);
    assert_eq!(
        ask("2.92").fault(),
        "406 computeFault Version 2.92 is not supported by the API. Minimum is 2.1 and maximum is 2.91."
    );
    assert_eq!(get("/compute/v2.1").send(&cloud).body["version"]["version"], json!("2.91"));
}

#[test]
fn without_microversions_every_request_is_one_of_the_first() {
    let cloud = Simulated::scenario("vendor-no-microversions");
    let body = json!({"server": simulated::plus(simulated::server("vm1"), json!({"tags": ["a"]}))});
    let answer = post("/compute/v2.1/servers").token(&cloud.member()).version("2.52").json(body).send(&cloud);
    assert_eq!(answer.status, 400, "the header is not read: {:?}", answer.body);
    assert!(answer.headers.0.iter().all(|(name, _)| !name.ends_with("API-Version") && name != "Vary"));
    let document = get("/compute/v2.1").send(&cloud).body;
    assert_eq!((&document["version"]["version"], &document["version"]["min_version"]), (&json!(""), &json!("")));
}

/// Mitaka and older read no other header, and so does a vendor whose proxy drops the other.
#[test]
fn the_legacy_header_alone_counts_where_the_other_is_not_read() {
    for (cloud, last) in [(Simulated::of("mitaka"), "2.25"), (Simulated::scenario("vendor-legacy-header"), "2.79")] {
        let answer = |name: &str, value: &str| {
            get("/compute/v2.1/servers").token(&cloud.member()).header(name, value).send(&cloud)
        };
        let unread = answer("OpenStack-API-Version", "compute 2.10");
        assert_eq!(unread.header("X-OpenStack-Nova-API-Version"), Some("2.1"));
        assert_eq!((unread.header("OpenStack-API-Version"), unread.all("Vary").len()), (None, 1));
        let read = answer("X-OpenStack-Nova-API-Version", "2.10");
        assert_eq!(read.header("X-OpenStack-Nova-API-Version"), Some("2.10"));
        assert_eq!(answer("X-OpenStack-Nova-API-Version", "2.99").status, 406, "its last is {last}");
    }
    let boot = json!({"server": simulated::plus(simulated::server("vm1"), json!({"description": "d"}))});
    let cloud = Simulated::of("mitaka");
    post("/compute/v2.1/servers").token(&cloud.member()).json(boot).send(&cloud).expect(400);
    let fix = cloud.journal().diagnoses[0].diagnostic.to_string();
    assert!(fix.contains("send X-OpenStack-Nova-API-Version: 2.19 or later"), "{fix}");
}

#[test]
fn a_service_may_go_or_stay_longer_than_its_release_has_it() {
    let cloud = Simulated::with("release: {name: rocky, network: {offered: false}, identity-v2: {offered: true}}");
    assert_eq!(get("/network/v2.0/networks").token(&cloud.member()).send(&cloud).status, 404);
    assert_eq!(endpoint(&cloud, "network"), None);
    assert_eq!(get("/identity/v2.0/tenants").token(&cloud.member()).send(&cloud).status, 200);
}

/// The contracts under `section`, or what is wrong with it and where.
fn deviating(section: &str) -> Result<Contracts, String> {
    let mut deviations = Deviations::default();
    let read = parse_yaml("cloud.yaml", section).and_then(|section| deviations.read(&section));
    let contracts = read.and_then(|()| Contracts::embedded().unwrap().deviating(None, &deviations));
    contracts.map_err(|error| error.to_string().trim_end().to_owned())
}

/// A recording says under what it was made.
#[test]
fn the_revision_names_the_release_and_changes_with_it() {
    let revision = |section: &str| deviating(section).unwrap().revision();
    let revisions = ["name: train", "name: ussuri", "name: victoria", "{name: ussuri, compute: {headers: [legacy]}}"];
    let revisions: Vec<String> = revisions.map(revision).to_vec();
    assert!(revisions[0].starts_with("train-") && revisions[1].starts_with("ussuri-"), "{revisions:?}");
    assert!((1..4).all(|place| !revisions[..place].contains(&revisions[place])), "{revisions:?}");
    assert_eq!(revisions[0], revision("name: \"2019.2\""), "the same each time, by whatever name");
}

#[test]
fn an_overlay_changes_one_service_and_keeps_the_others() {
    let section = |text: &str| parse_yaml("f.yaml", text).unwrap();
    let mut deviations = Deviations::default();
    deviations.read(&section("{name: train, compute: {maximum: \"2.60\"}, network: {offered: false}}")).unwrap();
    deviations.read(&section("{compute: {maximum: \"2.70\"}}")).unwrap();
    let maximum = |release: Option<&str>| {
        let contracts = Contracts::embedded().unwrap().deviating(release, &deviations).unwrap();
        assert!(contracts.living().all(|contract| contract.service.name != "network"));
        let (compute, _) = contracts.operation("servers.create").unwrap().unwrap();
        (contracts.release().unwrap().name.clone(), compute.service.microversions.as_ref().unwrap().maximum.to_string())
    };
    assert_eq!(maximum(None), ("train".to_owned(), "2.70".to_owned()));
    assert_eq!(maximum(Some("xena")), ("xena".to_owned(), "2.70".to_owned()), "who names a release gets that");
}

#[test]
fn what_a_cloud_cannot_be_is_told_with_its_place() {
    let refused = |section: &str| deviating(section).unwrap_err();
    insta::assert_snapshot!(refused("name: zebra"), @r#"
    there is no release "zebra"
      expected       icehouse, juno, kilo, liberty, mitaka, newton, ocata, pike, queens, rocky, stein, train, ussuri, victoria, wallaby, xena, yoga, zed, 2023.1, 2023.2, 2024.1, 2024.2, 2025.1, 2025.2, 2026.1, 2026.2
      where          cloud.yaml:1:7
    "#);
    insta::assert_snapshot!(refused("name: 2023.1"), @r"
    expected a string
      where          cloud.yaml:1:7
      found          the number 2023.1
      fix            put the number in quotes (YAML reads 2.10 as 2.1)
    ");
    insta::assert_snapshot!(refused("name: train\nnova: {maximum: \"2.60\"}"), @r#"
    unknown key "nova"
      where          cloud.yaml:2:1
      expected       one of name, compute-v2, compute-v3, compute, identity-v2, identity, image-v1, image, network, volume-v1, volume-v2, volume
    "#);
    insta::assert_snapshot!(refused("name: train\ncompute: {max: \"2.60\"}"), @r#"
    unknown key "max"
      where          cloud.yaml:2:11
      expected       one of offered, microversions, maximum, headers, catalog
    "#);
    insta::assert_snapshot!(refused("name: train\ncompute: {maximum: \"2.90\"}"), @r#"
    expected a microversion from 2.1 to 2.79, which the release has
      where          cloud.yaml:2:20
      found          the string "2.90"
    "#);
    insta::assert_snapshot!(refused("compute: {maximum: 2.90}"), @r"
    expected a string
      where          cloud.yaml:1:20
      found          the number 2.9
      fix            put the number in quotes (YAML reads 2.10 as 2.1)
    ");
    insta::assert_snapshot!(refused("network: {maximum: \"2.90\"}"), @r#"
    expected nothing: network has no microversions there
      where          cloud.yaml:1:20
      found          the string "2.90"
    "#);
    insta::assert_snapshot!(refused("compute: {microversions: false, headers: [legacy]}"), @r"
    expected nothing: compute has no microversions there
      where          cloud.yaml:1:42
      found          a list
    ");
    insta::assert_snapshot!(refused("compute: {headers: [new]}"), @r"
    expected a list of `current`, `legacy` or both
      where          cloud.yaml:1:20
      found          a list
    ");
    insta::assert_snapshot!(refused("compute: {catalog: {path: /nova/v2.1}}"), @r#"
    expected a path at which compute answers, at or below /compute/v2.1, /compute/v2, /compute
      where          cloud.yaml:1:27
      found          the string "/nova/v2.1"
    "#);
    insta::assert_snapshot!(refused("compute: {catalog: {path: /compute/v3}}"), @r#"
    expected a path at which compute answers, at or below /compute/v2.1, /compute/v2, /compute
      where          cloud.yaml:1:27
      found          the string "/compute/v3"
    "#);
    insta::assert_snapshot!(refused("compute: {offered: false, catalog: {path: /compute}}"), @r#"
    expected no path: the cloud does not offer compute
      where          cloud.yaml:1:43
      found          the string "/compute"
    "#);
    insta::assert_snapshot!(refused("compute: {catalog: {url: /compute}}"), @r#"
    unknown key "url"
      where          cloud.yaml:1:21
      expected       one of type, name, path
    "#);
}
