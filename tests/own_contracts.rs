//! Contracts of one's own: files that say what is different, and rules of a team. The examples are those of docs/contracts-of-your-own.md.

use std::fs;
use std::process::Command;

use mockstack::base::json::{Value, json};
use mockstack::contract::{Contracts, View, diff_of, judge_case};
use tempfile::TempDir;

/// The blocks of the page, as the files that they are.
fn folder() -> TempDir {
    let page = include_str!("../docs/contracts-of-your-own.md");
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("compute/v2.1")).unwrap();
    fs::write(folder.path().join("compute/v2.1/servers.yaml"), blocks[0]).unwrap();
    fs::write(folder.path().join("rules.yaml"), blocks[1]).unwrap();
    folder
}

fn own() -> Contracts {
    Contracts::with_overlay(folder().path()).unwrap_or_else(|error| panic!("{error}"))
}

fn boot(more: Value) -> Value {
    let mut server = json!({"name": "a", "flavorRef": "1", "imageRef": "", "networks": "auto", "block_device_mapping_v2": [{"boot_index": 0, "uuid": "155d900f-4e14-4e4c-a73d-069cbf4541e6", "source_type": "image", "destination_type": "volume", "volume_size": 1}]});
    for (name, value) in more.as_object().unwrap() {
        server[name.as_str()] = value.clone();
    }
    json!({"op": "compute.servers.create", "microversion": "2.60", "body": {"server": server}})
}

#[test]
fn a_file_is_merged_key_by_key() {
    let contracts = own();
    let verdict = |more: Value| judge_case(&contracts, &boot(more)).unwrap();
    assert_eq!(verdict(json!({}))["code"], "missing");
    assert_eq!(verdict(json!({"key_name": "k"}))["valid"], true);
    assert_eq!(verdict(json!({"key_name": "k", "vendor_zone": "a"}))["valid"], true);
    assert_eq!(verdict(json!({"key_name": "k", "vendor_zone": "too-long-a-name"}))["code"], "length");
    assert_eq!(verdict(json!({"key_name": "k", "name": "n".repeat(64)}))["code"], "length");
    assert!(contracts.operation("compute.servers.create_from_volume").unwrap().is_none());
    // What it does not say is as before: of another operation, the name.
    let update =
        json!({"op": "compute.servers.update", "microversion": "2.60", "body": {"server": {"name": "n".repeat(64)}}});
    assert_eq!(judge_case(&contracts, &update).unwrap()["valid"], true);
}

fn view<'c>(name: &str, contracts: &'c Contracts) -> View<'c> {
    View::newest(name, contracts).at("2.60".parse().unwrap()).unwrap()
}

#[test]
fn what_is_merged_shows_in_the_difference_with_the_users_line() {
    let (before, after, folder) = (crate::common::contracts(), own(), folder());
    let (a, b) = (view("a", before), view("b", &after));
    let changes = diff_of(&a, &b, &|id| id.starts_with("compute.servers.create")).unwrap();
    let told: Vec<String> =
        changes.iter().map(|change| format!("{:?} {} {}", change.level, change.operation, change.pointer)).collect();
    for expected in [
        "Breaking compute.servers.create /server/key_name",
        "Breaking compute.servers.create /server/name",
        "Information compute.servers.create /server/vendor_zone",
        "Breaking compute.servers.create_from_volume ",
    ] {
        assert!(told.iter().any(|told| told == expected), "{told:#?} has no {expected}");
    }
    let required = changes.iter().find(|change| change.pointer == "/server/key_name").unwrap();
    let place = required.now.as_ref().unwrap();
    assert!(place.file.ends_with("compute/v2.1/servers.yaml") && place.line == 9, "{place}");
    drop(folder);
}

#[test]
fn what_is_removed_has_to_be_there() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("compute/v2.1")).unwrap();
    let path = folder.path().join("compute/v2.1/servers.yaml");
    let wrong = |text: &str| {
        fs::write(&path, text).unwrap();
        Contracts::with_overlay(folder.path()).unwrap_err().to_string()
    };
    let told = wrong("merge: true\noperations:\n  remove: [creat]\n");
    assert!(told.contains("servers.yaml:3:12") && told.contains("did you mean   create"), "{told}");
    let told = wrong("merge: true\nschemas:\n  create: {properties: {server: {required: {remove: [nam]}}}}\n");
    assert!(told.contains("servers.yaml:3:") && told.contains("name"), "{told}");
}

/// The cloud answers as ever; the verdict has the rule with its line and its reason.
#[test]
fn rules_of_a_team_fail_the_verdict_and_not_the_request() {
    let folder = folder();
    fs::remove_dir_all(folder.path().join("compute")).unwrap();
    let root = folder.path().to_str().unwrap();
    let run = |allow: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
        command.args(["run", "--contracts", root]).args(allow).args(["--", "examples/boot.sh"]);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
    };
    let output = run(&[]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(40), "{told}");
    for part in ["ACTIVE", "/server/key_name", "machines are reached by key alone", "rules.yaml:3"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(run(&["--allow", "team-rule"]).status.code(), Some(0));
}

/// The sentence of the page about `service.yaml`: a cloud that ends before its release does.
#[test]
fn a_last_microversion_is_merged() {
    let page = include_str!("../docs/contracts-of-your-own.md");
    let merged = page.split('`').find(|text| text.starts_with("{merge: true, microversions")).unwrap();
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("compute/v2.1")).unwrap();
    fs::write(folder.path().join("compute/v2.1/service.yaml"), merged).unwrap();
    let contracts = Contracts::with_overlay(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let valid = |contracts: &Contracts, version: &str| {
        let case = json!({"op": "compute.servers.index", "microversion": version});
        judge_case(contracts, &case).unwrap()["code"].clone()
    };
    for (version, own) in [("2.79", json!(null)), ("2.80", json!("version")), ("2.104", json!("version"))] {
        assert_eq!(valid(&contracts, version), own, "{version}");
        assert_eq!(valid(crate::common::contracts(), version), json!(null));
    }
    // A release that ends before is not made longer.
    let pike = contracts.of_release("pike").unwrap();
    assert_eq!((valid(&pike, "2.53"), valid(&pike, "2.54")), (json!(null), json!("version")));
}
