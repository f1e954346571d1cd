//! `mockstack coverage`: what of a client's use a suite touches. The recordings are in tests/cases/coverage.

use std::collections::BTreeSet;

use mockstack::base::json::{Value, from_str, json};

use crate::common::wire::{Folder, Ran};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/coverage/tests.jsonl");
const PRODUCTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/coverage/production.jsonl");

fn coverage(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.mockstack(&[&["coverage"], arguments].concat())
}

/// What is touched, and how many points there are.
fn touched(folder: &Folder, recordings: &[&str]) -> (BTreeSet<String>, usize) {
    let ran = coverage(folder, &[recordings, &["--used-by", PRODUCTION, "--format", "json"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report: Value = from_str(&ran.out).unwrap();
    let mut all = BTreeSet::new();
    for operation in report["operations"].as_array().unwrap() {
        let points =
            ["fields", "boundaries", "faults"].into_iter().flat_map(|kind| operation[kind].as_array().unwrap());
        let points = points.filter(|point| point["touched"] == json!(true));
        all.extend(
            points.map(|point| {
                format!("{} {}", operation["operation"].as_str().unwrap(), point["what"].as_str().unwrap())
            }),
        );
    }
    let count = report["totals"].as_object().unwrap().values().map(|total| total["of"].as_u64().unwrap());
    (all, usize::try_from(count.sum::<u64>()).unwrap())
}

/// The suite with one more request: a boot at `version` in which `field` is `value`.
fn with_boot(folder: &Folder, version: &str, field: &str, value: &Value) -> String {
    let text = std::fs::read_to_string(TESTS).unwrap();
    let mut lines: Vec<Value> = text.lines().map(|line| from_str(line).unwrap()).collect();
    let mut boot = lines[2].clone();
    boot["sequence"] = json!(4);
    boot["request"]["body"]["server"][field] = value.clone();
    for part in ["request", "response"] {
        for line in boot[part]["headers"].as_array_mut().unwrap() {
            let text = line[1].as_str().unwrap().replace("2.37", version);
            line[1] = json!(text);
        }
    }
    lines[4]["requests"] = json!(4);
    lines.insert(4, boot);
    folder.write("more.jsonl", &lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    folder.path("more.jsonl").display().to_string()
}

/// A request more touches what it is about and nothing else, and what there is to touch stays the same.
#[test]
fn a_request_touches_what_it_is_about() {
    let folder = Folder::new();
    let (before, count) = touched(&folder, &[TESTS]);
    let own = "compute.servers.create /server/";
    for (version, field, value, new) in [
        ("2.37", "name", json!("n".repeat(255)), &["name at maxLength 255"][..]),
        ("2.37", "name", json!("n"), &["name at minLength 1"]),
        ("2.18", "name", json!("vm1"), &["description before 2.19"]),
        ("2.37", "description", json!("one"), &["description", "description since 2.19"]),
        ("2.52", "tags", json!(["web"]), &["tags", "tags since 2.52"]),
        ("2.52", "tags", json!(["w"]), &["tags", "tags since 2.52", "tags/* at minLength 1"]),
        // What is wrong touches nothing.
        ("2.37", "tags", json!(["web"]), &[]),
        ("2.37", "name", json!("n".repeat(256)), &[]),
    ] {
        let (after, all) = touched(&folder, &[&with_boot(&folder, version, field, &value)]);
        let new: BTreeSet<String> = new.iter().map(|new| format!("{own}{new}")).collect();
        assert_eq!(after.difference(&before).cloned().collect::<BTreeSet<_>>(), new, "{field} at {version}");
        assert!(before.is_subset(&after) && all == count, "{field} at {version}");
    }
}

#[test]
fn a_client_that_is_its_own_suite_asks_and_sends_all_that_it_uses() {
    let folder = Folder::new();
    for recording in [TESTS, PRODUCTION] {
        let own = ["--used-by", recording, "--min", "operations=100", "--min", "fields=100%"];
        let ran = coverage(&folder, &[&[recording], &own[..]].concat());
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    }
    let (both, one) = (touched(&folder, &[TESTS, PRODUCTION]), touched(&folder, &[PRODUCTION]));
    assert!(one.0.is_subset(&both.0) && one.1 == both.1);
}

#[test]
fn too_little_is_told_and_has_an_exit_code() {
    let folder = Folder::new();
    let ran = coverage(&folder, &[TESTS, "--used-by", PRODUCTION, "--min", "operations=80", "--min", "5"]);
    assert_eq!(ran.code, Some(47), "{}", ran.err);
    assert_eq!(ran.err, "fails         operations: 75 % are touched, not 80 %\n");
}

#[test]
fn the_page_asks_nobody_for_anything() {
    let page = coverage(&Folder::new(), &[TESTS, "--used-by", PRODUCTION, "--format", "html"]).out;
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{page}");
    assert!(page.contains("not /server/tags since 2.52") && page.contains("not asked"), "{page}");
    for outside in ["src=", "url(", "@import", "<script", " style="] {
        assert!(!page.contains(outside), "{outside}");
    }
}
