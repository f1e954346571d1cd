//! `mockstack can-i-upgrade`: what breaks under another release, from recordings alone.

use std::collections::{BTreeMap, BTreeSet};

use mockstack::base::json::{Value, json};
use mockstack::base::{Version, Versions};
use mockstack::contract::Contracts;
use mockstack::recording::alike;
use mockstack::verify::{Answer, Upgrade, passed};

use crate::common::wire::{ASK, Folder, SERVERS, boot};

/// A line of a recording: a request that was answered with 200.
fn line(sequence: usize, ask: &str, version: Option<&str>, body: &Value) -> String {
    let (method, target) = ask.split_once(' ').unwrap();
    let mut headers = vec![json!(["X-Auth-Token", "[token 1]"]), json!(["Content-Type", "application/json"])];
    if let Some(version) = version {
        headers.push(json!(["OpenStack-API-Version", format!("compute {version}")]));
        headers.push(json!(["X-OpenStack-Nova-API-Version", version]));
    }
    let (request, status) = (json!({"method": method, "target": target, "headers": headers, "body": body}), 200);
    format!(
        "{{\"sequence\":{sequence},\"time\":\"2026-01-01T00:00:00Z\",\"service\":null,\"operation\":null,\"project\":null,\
         \"shape\":\"\",\"status\":{status},\"violations\":[],\"diagnostic\":null,\"refusal\":null,\"request\":{request},\
         \"response\":{{\"status\":{status},\"headers\":[],\"body\":null}}}}\n"
    )
}

fn recording(folder: &Folder, name: &str, release: &str, lines: &[String]) -> String {
    let header = json!({"mockstack": "recording", "format": 1, "release": release, "seed": 1});
    let end = json!({"end": {"command": 0, "allow": [], "deny": [], "snapshots": null, "failures": []}, "requests": lines.len()});
    folder.write(name, &format!("{header}\n{}{end}\n", lines.concat()));
    name.to_owned()
}

/// Nova's maximum in each release that has v2.1, the oldest first.
fn maxima(contracts: &Contracts) -> Vec<(String, Version)> {
    let of = |offered: &String| Version::minor(offered.rsplit('.').next()?.parse().ok()?);
    let releases = contracts.releases().iter();
    releases.filter_map(|release| Some((release.name.clone(), of(release.offers.get("compute")?)?))).collect()
}

/// A field that ends with each release that has a last microversion of its own, and requests for it at the last version there is:
/// between two releases exactly those break that end in between, each since the version after. At a version that is named nothing
/// does. Three APIs end with a release, too.
#[test]
fn every_planted_break_is_found_and_none_is_invented() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("overlay/compute/v2.1")).unwrap();
    let maxima = maxima(&Contracts::embedded().unwrap());
    let ends: BTreeSet<Version> = maxima.iter().map(|(_, maximum)| *maximum).collect();
    let field = |end: &Version| format!("until_{}", end.to_string().replace('.', "_"));
    let fields: String = ends
        .iter()
        .map(|end| format!("      {}: {{type: string, microversions: \"..{end}\"}}\n", field(end)))
        .collect();
    let contract = format!(
        "operations:\n  create:\n    route: POST /planted\n    request: {{body: {{$ref: \"#/schemas/planted\"}}}}\n    responses: {{200: {{}}}}\n\
         schemas:\n  planted:\n    type: object\n    properties:\n{fields}    additionalProperties: false\n"
    );
    folder.write("overlay/compute/v2.1/planted.yaml", &contract);
    let all = Contracts::with_overlay(&folder.path("overlay")).unwrap_or_else(|error| panic!("{error}"));
    let mut found = BTreeSet::new();
    for (place, (from, has)) in maxima.iter().enumerate() {
        let asks = |version: &str| -> Vec<String> {
            let bodies = ends.iter().map(|end| json!({(field(end)): "x"}));
            bodies
                .enumerate()
                .map(|(place, body)| line(place + 1, "POST /compute/v2.1/planted", Some(version), &body))
                .collect()
        };
        let latest = alike(&folder.path(&recording(&folder, "latest.jsonl", from, &asks("latest"))), 2).unwrap();
        let named = alike(&folder.path(&recording(&folder, "named.jsonl", from, &asks(&has.to_string()))), 1).unwrap();
        let was = all.clone().of_release(from).unwrap().with_any_project();
        // The next, the last, and one between.
        let later = maxima[place + 1..].iter().enumerate();
        let chosen = later.filter(|(step, _)| *step == 0 || *step == 6 || place + 2 + step == maxima.len());
        for (_, (to, reaches)) in chosen {
            let chain = passed(&all, from, to).unwrap();
            let upgrade = Upgrade::new(&was, &chain);
            let (broken, unknown): (Vec<_>, Vec<_>) =
                upgrade.judge("x", &latest).fates.into_iter().partition(|fate| fate.answer == Answer::No);
            // Until Kilo the catalog calls the service otherwise.
            assert!(
                unknown.iter().all(|fate| fate.place == "catalog" && fate.since.release == "liberty"),
                "{unknown:?}"
            );
            let breaks: BTreeMap<_, _> = broken
                .into_iter()
                .map(|fate| {
                    assert_eq!(fate.operation.as_deref(), Some("compute.planted.create"));
                    (fate.place, (fate.since.release, fate.since.version))
                })
                .collect();
            let ended = ends.iter().filter(|end| *end >= has && *end < reaches);
            let expected = ended.map(|end| {
                let since = Versions::ALL.iter().find(|version| version > end).unwrap();
                let release = maxima.iter().find(|(_, maximum)| *maximum >= since).unwrap().0.clone();
                (format!("/{}", field(end)), (release, Some(since)))
            });
            assert_eq!(breaks, expected.collect(), "{from} to {to}");
            found.extend(breaks.into_values());
            let named = upgrade.judge("x", &named);
            assert!(
                named.fates.iter().all(|fate| fate.place == "catalog") && named.wrong < ends.len() as u64,
                "{from} to {to}: {:?}",
                named.fates
            );
        }
    }
    for (ask, last, since) in [
        ("GET /compute/v3/flavors", "icehouse", "juno"),
        ("GET /image/v1/images", "pike", "queens"),
        ("GET /identity/v2.0/tenants", "queens", "rocky"),
    ] {
        let name = recording(&folder, "ended.jsonl", last, &[line(1, ask, None, &Value::Null)]);
        let requests = alike(&folder.path(&name), 1).unwrap();
        let was = all.clone().of_release(last).unwrap().with_any_project();
        let fates = Upgrade::new(&was, &passed(&all, last, "2026.2").unwrap()).judge("x", &requests).fates;
        let broken: Vec<_> = fates.iter().filter(|fate| fate.answer == Answer::No).collect();
        assert!(broken.len() == 1 && broken[0].since.release == since, "{ask}: {fates:?}");
        found.insert((since.to_owned(), None));
    }
    assert!(found.len() >= 20, "{} boundaries: {found:?}", found.len());
}

fn told(folder: &Folder, code: i32, arguments: &[&str], says: &[&str]) {
    let ran = folder.mockstack(&[&["can-i-upgrade"], arguments].concat());
    assert_eq!(ran.code, Some(code), "{ran:?}");
    says.iter().for_each(|said| assert!((ran.out.clone() + &ran.err).contains(said), "{said:?} is not in {ran:?}"));
}

#[test]
fn the_answer_is_yes_no_or_unknown() {
    let folder = Folder::new();
    let recorded = |name: &str, release: &str, asks: &[&str]| {
        let ran = folder.mockstack(&[&["run", "--release", release, "--record", name, "--", ASK], asks].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
    };
    // At 2.37, which it names.
    recorded("boot.jsonl", "train", &["POST", SERVERS, &boot("vm1").to_string(), "GET", SERVERS, ""]);
    told(&folder, 0, &["--to", "2026.2", "boot.jsonl"], &["3 requests of 3 kinds\ntrain to 2026.2: yes\n"]);
    let pinned = [line(1, "GET /compute/v2.1/servers", Some("2.37"), &Value::Null)];
    recording(&folder, "pinned.jsonl", "ocata", &pinned);
    let gone =
        ["Version 2.37 is not supported by the API. Minimum is 2.1 and maximum is 2.25.", "since          mitaka"];
    told(&folder, 40, &["--to", "mitaka", "pinned.jsonl"], &gone);
    told(&folder, 40, &["--to", "icehouse", "pinned.jsonl"], &["unknown in icehouse: the operation lives in juno.."]);
    let latest = |ask, body| line(1, ask, Some("latest"), body);
    let mut personality = boot("x");
    personality["server"]["personality"] = json!([]);
    recording(&folder, "latest.jsonl", "ocata", &[latest("POST /compute/v2.1/servers", &personality)]);
    let says = [
        "/server/personality  no longer: lived in 2.1..2.56",
        "since          2.57 (queens)",
        "rule           contracts/compute/v2.1/servers.yaml:",
        "ocata to 2026.2: no\n",
    ];
    told(&folder, 40, &["--to", "2026.2", "latest.jsonl"], &says);
    told(&folder, 40, &["--to", "2026.2", "latest.jsonl", "--format", "json"], &["\"place\": \"/server/personality\""]);
    told(&folder, 0, &["--to", "pike", "latest.jsonl"], &["ocata to pike: yes\n"]);
    // What answers lose, and where the catalog leads, only the client knows.
    let poorer =
        recording(&folder, "poorer.jsonl", "ocata", &[latest("GET /compute/v2.1/servers/detail", &Value::Null)]);
    told(
        &folder,
        46,
        &["--to", "pike", &poorer],
        &["answers no longer have /servers/flavor/id", "since          2.47 (pike)"],
    );
    let moved = recording(
        &folder,
        "moved.jsonl",
        "kilo",
        &[line(1, "GET /compute/v2/36e1c9b9c0ff4f64ac6deada445d4d3b/servers", None, &Value::Null)],
    );
    told(
        &folder,
        46,
        &["--to", "liberty", &moved],
        &["the catalog leads to /compute/v2.1 for the service \"compute\"", "kilo to liberty: unknown"],
    );
    // A client that looks for versions may take a later one.
    let asks = [
        line(1, "GET /compute/v2.1/", None, &Value::Null),
        line(2, "POST /compute/v2.1/servers", Some("2.42"), &personality),
    ];
    let chooses = recording(&folder, "chooses.jsonl", "ocata", &asks);
    told(
        &folder,
        46,
        &["--to", "queens", &chooses],
        &["took the last, 2.42; if it takes 2.57 or later, the request is wrong", "since          2.57 (queens)"],
    );
}

#[test]
fn what_shows_nothing_or_not_all_is_no_yes() {
    let folder = Folder::new();
    let wrong = json!({"server": {"nmae": "x"}});
    recording(&folder, "wrong.jsonl", "train", &[line(1, "POST /compute/v2.1/servers", Some("2.37"), &wrong)]);
    told(
        &folder,
        42,
        &["--to", "2026.2", "wrong.jsonl"],
        &["1 wrong already and left out", "it shows nothing", "unknown"],
    );
    let cut = folder.read("wrong.jsonl");
    folder.write("cut.jsonl", cut.rsplit_once("{\"end\"").unwrap().0);
    told(&folder, 44, &["--to", "2026.2", "cut.jsonl"], &["the recording is incomplete"]);
    folder.write(
        "old.jsonl",
        &cut.replace("\"release\": \"train\"", "\"x\": 1").replace("\"release\":\"train\"", "\"x\":1"),
    );
    told(&folder, 2, &["--to", "2026.2", "old.jsonl"], &["does not say of which release", "--from"]);
    told(&folder, 2, &["--to", "zebra", "wrong.jsonl"], &["there is no release \"zebra\""]);
    told(&folder, 2, &["--to", "2026.2", "none.jsonl"], &["cannot read the recording"]);
}

/// Fields that differ in a number, bodies that have the key of an answer, and values are told apart; ids and names that count are not.
#[test]
fn requests_are_alike_that_differ_in_ids_alone() {
    let folder = Folder::new();
    let (one, other) = ("11111111-2222-3333-4444-555555555555", "a8a63b4d-63a0-4aed-820d-0f5f249e07d9");
    let bodies = [
        json!({"server": {"name": "vm-1", "imageRef": one}}),
        json!({"server": {"name": "vm-22", "imageRef": other}}),
        json!({"server": {"name": "vm-1", "imageRef": ""}}),
        json!({"server": {"name_1": "x"}}),
        json!({"server": {"name_2": "x"}}),
        json!({"server": {"min_count": 1}}),
        json!({"server": {"min_count": 2}}),
        json!({"a": "x", "response": {"status": 1, "a": 1}}),
        json!({"a": "x", "response": {"status": 1, "a": 2}}),
    ];
    let asks = bodies
        .iter()
        .enumerate()
        .map(|(place, body)| line(place + 1, "POST /compute/v2.1/servers", Some("2.37"), body));
    let mut asks: Vec<String> = asks.collect();
    asks.push(line(10, "POST /compute/v2.1/servers", Some("2.38"), &bodies[0]));
    recording(&folder, "all.jsonl", "train", &asks);
    for threads in 1..=4 {
        let found = alike(&folder.path("all.jsonl"), threads).unwrap();
        let kinds: Vec<(u64, u64)> = found.iter().map(|alike| (alike.first.sequence, alike.times)).collect();
        assert_eq!(kinds, [(1, 2), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1), (10, 1)], "{threads}");
    }
    // One that is not whole is read by who can tell why.
    let changes: [fn(&mut Vec<String>); 3] =
        [|lines| drop(lines.remove(3)), |lines| lines.swap(2, 3), |lines| lines[4] = "{\n".to_owned()];
    for change in changes {
        let mut lines = asks.clone();
        change(&mut lines);
        recording(&folder, "odd.jsonl", "train", &lines);
        assert!(alike(&folder.path("odd.jsonl"), 2).is_none());
    }
}
