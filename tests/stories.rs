//! What clients get for what they ask, and what becomes of what they make: a story a file of tests/cases/stories, a request a
//! line. tests/common/story.rs says what a line may hold.

use std::path::Path;

use crate::common::story::{failures, stories};

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/stories"))
}

#[test]
fn every_story_goes_as_it_is_told() {
    let files = stories(folder());
    assert!(files.len() > 30, "{} stories", files.len());
    let tell = |file: &Path| {
        let name = file.strip_prefix(folder()).unwrap().display().to_string();
        let failures = failures(&std::fs::read_to_string(file).unwrap());
        failures.into_iter().map(|why| format!("{name}, {why}")).collect::<Vec<_>>()
    };
    // As tests of their own would, they run side by side.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts = files.chunks(files.len().div_ceil(threads));
        let running: Vec<_> =
            parts.map(|part| scope.spawn(|| part.iter().flat_map(|file| tell(file)).collect::<Vec<_>>())).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} lines go otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// What openstacksdk 4.22.0 and python-openstackclient 10.5.0 asked of each, from finding the versions to the boot.
#[test]
fn every_vendors_cloud_is_asked_by_both_clients() {
    let scenarios = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/scenarios")).unwrap();
    for name in scenarios.map(|file| file.unwrap().path().file_stem().unwrap().display().to_string()) {
        for client in ["openstacksdk", "python-openstackclient"] {
            let story = folder().join("vendors").join(format!("{name} {client}.jsonl"));
            assert!(!name.starts_with("vendor-") || story.exists(), "{}", story.display());
        }
    }
}

#[test]
fn a_story_that_goes_otherwise_is_told_line_by_line() {
    let told = failures(
        "{\"ask\": \"GET /compute/v2.1\", \"status\": 404}\n{\"ask\": \"GET /compute/v2.1\", \"status\": 200}\n\
         {\"ask\": \"GET /compute/v2.1\", \"status\": 200, \"shwos\": {}}\n",
    );
    assert!(
        told.len() == 2 && told[0].starts_with("line 1: GET /compute/v2.1: the status is 200, not 404"),
        "{told:?}"
    );
    assert!(told[1].starts_with("line 3: unknown field `shwos`"), "{told:?}");
    for text in ["", "{\"cloud\": {}}\n"] {
        assert_eq!(failures(text), ["the story is empty"]);
    }
}

#[test]
#[should_panic = "a story is a file that ends with .jsonl"]
fn a_file_of_another_kind_is_no_story() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("boot.json"), "").unwrap();
    stories(folder.path());
}
