//! `mockstack matrix`: clients in every release, each in a cloud of its own.

use std::process::Stdio;

use mockstack::base::json::{Value, from_str};

use crate::common::of_serde;
use crate::common::wire::{ASK, Folder, SERVERS, bad_boot, boot, ran};

/// A client of the matrix that asks with `asks`.
fn client(name: &str, asks: &[&str]) -> String {
    let words = asks.iter().map(|word| format!("'{word}'"));
    format!("--client={name}={ASK} {}", words.collect::<Vec<_>>().join(" "))
}

fn document(folder: &Folder, name: &str) -> Value {
    from_str(&folder.read(name)).unwrap()
}

/// One client that is right everywhere, one that is wrong where it can be told, and one that fails as known; in every format.
#[test]
fn every_cell_has_its_verdict_in_every_format() {
    let folder = Folder::new();
    let right = client("right", &["POST", SERVERS, &boot("vm1").to_string()]);
    let wrong = client("wrong", &["POST", SERVERS, &bad_boot("vm1").to_string()]);
    let known = client("old", &["GET", "/identity/v2.0/tenants", ""]);
    folder.write("known.yaml", "- {client: old, clouds: rocky.., verdict: unmatched, reason: \"v2.0 <is> gone\"}\n");
    let mut options =
        vec!["--release", "queens..rocky", "--known", "known.yaml", "--record", "kept", &right, &wrong, &known];
    let reports = ["text=m.text", "json=m.json", "junit=m.xml", "markdown=m.md"];
    reports.iter().for_each(|report| options.extend(["--report", report]));
    let ran = ran(folder.command(&[&["matrix"], options.as_slice()].concat()).env("GITHUB_STEP_SUMMARY", "summary.md"));
    assert_eq!(ran.code, Some(40), "{ran:?}");
    assert_eq!(ran.out, folder.read("m.text"));
    assert_eq!(folder.read("m.md"), folder.read("summary.md"));
    insta::assert_snapshot!("matrix text", stable(&ran.out));
    insta::assert_snapshot!("matrix markdown", stable(&folder.read("m.md")));
    let schema: Value = from_str(include_str!("../docs/matrix.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&of_serde(&schema)).unwrap();
    let report = document(&folder, "m.json");
    let errors: Vec<String> = schema.iter_errors(&of_serde(&report)).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let text = folder.read("m.xml");
    let junit = roxmltree::Document::parse(&text).unwrap();
    let count = |name| junit.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testcase"), count("failure"), count("skipped")), (6, 2, 1));
    // What a cell says is what the report of its recording says.
    for cell in report["cells"].as_array().unwrap() {
        let recording = format!("kept/{}/{}.jsonl", cell["client"].as_str().unwrap(), cell["cloud"].as_str().unwrap());
        let again = folder.mockstack(&["report", &recording]);
        assert_eq!(
            (again.out.as_str(), again.code),
            (cell["text"].as_str().unwrap(), cell["exit_code"].as_i64().map(|code| code as i32))
        );
    }
}

fn stable(text: &str) -> String {
    let text = regex::Regex::new(r"\.yaml:\d+").unwrap().replace_all(text, ".yaml:N");
    regex::Regex::new(r"curl/[\d.]+").unwrap().replace_all(&text, "curl/N").into_owned()
}

/// A cloud of its own: the fixture's and its release's, whatever the others do meanwhile.
#[test]
fn each_client_has_a_cloud_of_its_own() {
    let folder = Folder::new();
    folder.write("small.yaml", "release: {name: train, compute: {maximum: \"2.60\"}}\n");
    let script = "curl -s ${OS_AUTH_URL%/identity*}/compute/v2.1/; env | grep ^OS_CLOUD";
    let client = format!("--client=asks={script}");
    let options = [
        "--release",
        "pike,train..ussuri",
        "--vendor",
        "small.yaml",
        &client,
        "--report",
        "json=m.json",
        "--jobs",
        "9",
    ];
    let ran = ran(folder.command(&[&["matrix"], &options[..]].concat()).env("OS_CLOUD", "real"));
    // curl asked, and grep found nothing.
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let report = document(&folder, "m.json");
    let told = |cell: &Value| {
        let version: Value = from_str(cell["output"].as_str().unwrap()).unwrap();
        format!("{} {}", cell["cloud"].as_str().unwrap(), version["version"]["version"].as_str().unwrap())
    };
    let told: Vec<String> = report["cells"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, ["pike 2.53", "train 2.79", "ussuri 2.87", "small 2.60"]);
}

/// A signal reaches those that run; the others are not started.
#[test]
fn a_signal_ends_all_of_it() {
    let folder = Folder::new();
    let script = "trap 'echo heard; exit 9' TERM; echo begun >>begun; while :; do sleep 0.02; done";
    let client = format!("--client=slow={script}");
    let options = ["matrix", "--release", "all", "--jobs", "2", &client, "--report", "json=m.json"];
    let mut child = folder.command(&options).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = || std::fs::read_to_string(folder.path("begun")).unwrap_or_default().lines().count();
    while begun() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let report = document(&folder, "m.json");
    let cells = report["cells"].as_array().unwrap();
    assert_eq!((begun(), cells.len()), (2, 26));
    assert!(
        cells.iter().take(2).all(|cell| cell["exit_code"] == 9 && cell["output"].as_str().unwrap().contains("heard\n")),
        "{report}"
    );
}
