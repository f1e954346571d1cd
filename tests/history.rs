//! `mockstack history`, in a folder. tests/history.sh has the databases.

use mockstack::base::json::{Value, from_str, json};

use crate::common::wire::{Folder, Ran};

const BOOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boot.sh");

/// A folder with recordings of a client in two releases, which are in a history as two versions.
fn kept() -> Folder {
    let folder = Folder::new();
    for (release, version, tags) in [("train", "1.0", ""), ("2026.2", "1.1", "tags latest")] {
        let recording = format!("{release}.jsonl");
        let boot = format!("{BOOT} {tags}");
        let ran = folder.mockstack(&["run", "--release", release, "--record", &recording, "--", "sh", "-c", &boot]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let added = history(&folder, &["add", &recording, "--client", "our/cli", "--client-version", version]);
        assert_eq!(added.out, format!("{recording}: our/cli {version} on {release}: 6 kinds of 6 requests\n"));
    }
    folder
}

fn history(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.mockstack(&[&["history"], arguments].concat())
}

fn shown(folder: &Folder, arguments: &[&str]) -> Vec<Value> {
    let ran = history(folder, &[&["show", "--format", "json"], arguments].concat());
    from_str::<Value>(&ran.out).unwrap()["entries"].as_array().unwrap().clone()
}

#[test]
fn what_was_recorded_tells_whether_a_client_can_move() {
    let folder = kept();
    let upgrade = |arguments: &[&str]| {
        let ran = folder.mockstack(&[&["can-i-upgrade", "--history", "--client", "our/cli"], arguments].concat());
        (ran.code, ran.out)
    };
    let (code, told) = upgrade(&["--to", "mitaka"]);
    assert!(code == Some(40) && told.contains("seen           our/cli 1.1 on 2026.2, request 4"), "{told}");
    let (code, told) = upgrade(&["--to", "2026.2", "--client-version", "1.0"]);
    assert!(code == Some(0) && told.ends_with("train to 2026.2: yes\n"), "{told}");
    let (code, _) = upgrade(&["--to", "2026.2", "--client-version", "9"]);
    assert_eq!(code, Some(42));
}

#[test]
fn the_same_is_kept_once_and_requests_that_ask_alike_are_one() {
    let folder = kept();
    let twice = ["add", "train.jsonl", "train.jsonl", "--client", "our/cli", "--client-version", "1.0"];
    assert_eq!(history(&folder, &twice).out.matches("which was there already").count(), 2);
    let boots = format!("{BOOT}; {BOOT}; {BOOT}");
    folder.mockstack(&["run", "--record", "many.jsonl", "--", "sh", "-c", &boots]);
    history(&folder, &["add", "many.jsonl", "--client", "many", "--client-version", "1"]);
    let many = &shown(&folder, &["--client", "many"])[0];
    assert_eq!((&many["requests"], &many["kinds"]), (&json!(18), &json!(6)));
    let files = folder.files("mockstack-history");
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(files.iter().any(|file| file.contains("our%2Fcli/1.0/train/")), "{files:?}");
}

#[test]
fn old_versions_go() {
    let folder = kept();
    assert_eq!(history(&folder, &["prune"]).code, Some(2), "nothing says what is old");
    assert_eq!(history(&folder, &["prune", "--older-than", "1d"]).out, "removed 0 of 2\n");
    assert_eq!(history(&folder, &["prune", "--versions", "1"]).out, "removed 1 of 2\n");
    assert_eq!(shown(&folder, &[])[0]["client_version"], "1.1");
    assert_eq!(folder.files("mockstack-history").len(), 1);
}

#[test]
fn what_is_no_history_is_told() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("history")).unwrap();
    folder.write("history/x.jsonl", "{}\n");
    let ran = history(&folder, &["show", "--store", "history"]);
    assert!(ran.code == Some(2) && ran.err.contains("x.jsonl"), "{}", ran.err);
    if !cfg!(feature = "databases") {
        let ran = history(&folder, &["show", "--store", "postgresql://team:geheim@db/x"]);
        assert!(ran.code == Some(2) && ran.err.contains("without databases"), "{}", ran.err);
        assert!(!ran.err.contains("geheim"), "{}", ran.err);
    }
}
