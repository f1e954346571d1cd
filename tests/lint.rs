//! `mockstack lint`: what it finds in the files of tests/cases/lint, what it lets be, and in which forms it tells. expected.txt there
//! has the documents of all files and what is wrong with them.

use std::collections::BTreeSet;

use mockstack::base::json::{Value, from_str, json};
use mockstack::lint::{LINT_RULES, LintRuleRow};

use crate::common::bless::{compare, compare_table};
use crate::common::wire::{Folder, Ran};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/lint");

fn lint(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.mockstack(&[&["lint"], arguments].concat())
}

fn json_of(folder: &Folder, arguments: &[&str]) -> Value {
    from_str(&lint(folder, &[arguments, &["--format", "json"]].concat()).out).unwrap()
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

/// In every language: what is whole, what is a part, what is not known, what is meant to be wrong, what a comment lets be.
#[test]
fn the_cases_are_told_as_expected() {
    let folder = Folder::new();
    let ran = lint(&folder, &["--list", CASES]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    compare("tests/cases/lint/expected.txt", &ran.out.replace(&format!("{CASES}/"), ""));
}

#[test]
fn the_exit_code_says_whether_something_was_found() {
    let folder = Folder::new();
    folder.write("a.json", r#"{"server": {"name": "a", "flavorRef": "1", "networks": "auto", "tags": []}}"#);
    let code = |arguments: &[&str]| lint(&folder, arguments).code;
    assert_eq!(code(&["a.json"]), Some(0));
    assert_eq!(code(&["a.json", "--microversion", "2.37"]), Some(1), "tags came with 2.52");
    assert_eq!(code(&["a.json", "--release", "mitaka"]), Some(1), "which ends at 2.25");
    assert_eq!(code(&["b.json"]), Some(2));
    assert_eq!(code(&["a.json", "--release", "zanzibar"]), Some(2));
    assert_eq!(code(&["a.json", "--baseline", "a.json"]), Some(2), "it is no baseline");
    assert_eq!(code(&[]), Some(2));
    folder.write("empty.go", "");
    folder.write("broken.yaml", "a: [");
    assert_eq!(lint(&folder, &["empty.go", "broken.yaml"]).out, "nothing found in 0 documents of 2 files\n");
}

/// Names of folders tell services apart, but not those above the repository: somebody keeps all of theirs in `cinder`.
#[test]
fn the_place_of_a_repository_says_nothing() {
    let folder = Folder::new();
    let document = r#"{"volume": {"name": "a", "size": 1, "bogus": 1}}"#;
    let list = |repository: &str, asked: &str| {
        for own in ["tests", ".git"] {
            std::fs::create_dir_all(folder.path(repository).join(own)).unwrap();
        }
        folder.write(&format!("{repository}/tests/a.json"), document);
        lint(&folder, &["--list", asked]).out.replace(&format!("{repository}/"), "")
    };
    let of = |repository: &str| list(repository, &format!("{repository}/tests"));
    assert_eq!(of("cinder/work"), of("plain/work"));
    let full = folder.path("cinder/work/tests").display().to_string();
    assert_eq!(list("cinder/work", &full).replace(&folder.path("").display().to_string(), ""), of("plain/work"));
}

#[test]
fn what_git_ignores_is_left_out() {
    let folder = Folder::new();
    folder.write("kept.json", r#"{"server": {"name": "a", "flavorRef": "1", "nets": []}}"#);
    std::fs::create_dir(folder.path("generated")).unwrap();
    std::fs::copy(folder.path("kept.json"), folder.path("generated/made.json")).unwrap();
    folder.write(".gitignore", "generated/\n");
    let files = |arguments: &[&str]| json_of(&folder, arguments)["files"].clone();
    assert_eq!((files(&["."]), files(&["generated/made.json"])), (json!(1), json!(1)));
}

/// A baseline knows a finding again wherever it moves in its file; one more of the same kind is new.
#[test]
fn a_baseline_outlives_changes_elsewhere() {
    let folder = Folder::new();
    let wrong = r#"post({"server": {"name": "a", "flavorRef": "1", "nets": []}})"#;
    folder.write("a.py", wrong);
    assert_eq!(lint(&folder, &["a.py", "--write-baseline", "known.json"]).code, Some(0));
    let with = |text: &str| {
        folder.write("a.py", text);
        let report = json_of(&folder, &["a.py", "--baseline", "known.json"]);
        (report["known"].as_u64().unwrap(), rules(&report).len())
    };
    assert_eq!(with(&format!("# more\n\n{wrong}\n")), (1, 0));
    assert_eq!(with(&format!("{wrong}\n{wrong}\n")), (1, 1));
}

/// Neither form has what the others lack, and each fix that leaves something out leaves a body that is right.
#[test]
fn sarif_and_annotations_have_every_finding() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(format!("{CASES}/servers_test.go")).unwrap();
    folder.write("a b.go", &text);
    let report = json_of(&folder, &["a b.go"]);
    let log: Value = from_str(&lint(&folder, &["a b.go", "--format", "sarif"]).out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let found = |key: &str| -> BTreeSet<String> {
        results.iter().map(|result| result.pointer(key).unwrap().to_string()).collect()
    };
    let told = |key: &str| -> BTreeSet<String> {
        report["findings"].as_array().unwrap().iter().map(|finding| finding[key].to_string()).collect()
    };
    assert_eq!(found("/ruleId"), told("rule"));
    assert_eq!(found("/partialFingerprints/mockstack~1v1"), told("fingerprint"));
    assert_eq!(found("/locations/0/physicalLocation/region/startLine"), told("line"));
    assert_eq!(
        found("/locations/0/physicalLocation/artifactLocation/uri"),
        BTreeSet::from([r#""a%20b.go""#.to_owned()])
    );
    let annotations = lint(&folder, &["a b.go", "--format=github"]).out;
    assert_eq!(annotations.lines().count(), results.len());
    assert!(annotations.starts_with("::error file=a b.go,line=8,"), "{annotations}");

    // The first one: `metadata` goes, with its comma.
    let region = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"];
    let byte = |line: &str, column: &str| {
        let number = |key: &str| usize::try_from(region[key].as_u64().unwrap()).unwrap();
        text.split_inclusive('\n').take(number(line) - 1).map(str::len).sum::<usize>() + number(column) - 1
    };
    let (start, end) = (byte("startLine", "startColumn"), byte("endLine", "endColumn"));
    folder.write("a b.go", &[&text[..start], &text[end..]].concat());
    assert_eq!(rules(&json_of(&folder, &["a b.go"])).len(), results.len() - 1, "{}", folder.read("a b.go"));
}

/// What is not known is never wrong, whatever surrounds it, and brackets in any number take no time.
#[test]
fn hostile_files_are_read() {
    let folder = Folder::new();
    let nested = format!("x = {}1{}", "{\"a\": [".repeat(20_000), "]}".repeat(20_000));
    folder.write("nested.py", &nested);
    folder.write("open.rs", &"json!({\"server\": {\"a\": (".repeat(5_000));
    folder.write("quotes.js", &"`${`\"'{\u{e9}".repeat(5_000));
    folder.write("cut.json", "{\"server\": {\"name\": \"a\\");
    folder.write("binary.py", "\u{0}\u{fffd}{'server': {'name': '\u{1f600}', 'flavorRef': '1'}}");
    let ran = lint(&folder, &["."]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
}

#[test]
fn a_secret_is_told_and_not_shown() {
    let folder = Folder::new();
    let token = format!("gAAAAAB{}", "aB3dE5gH7jK9mN1pQ".repeat(11));
    folder.write(
        "a.json",
        &json!({"request": {"method": "GET", "url": "/servers", "headers": {"X-Auth-Token": token}}}).to_string(),
    );
    let ran = lint(&folder, &["a.json"]);
    assert!(ran.code == Some(0) && ran.out.contains("secret-in-fixture: a token in \"X-Auth-Token\""), "{}", ran.out);
    assert_eq!(lint(&folder, &["a.json", "--strict"]).code, Some(1));
    for format in ["--format=text", "--format=json", "--format=sarif", "--format=github"] {
        assert!(!lint(&folder, &["a.json", format]).out.contains("aB3dE5"), "{format}");
    }
}

/// The rules are told in the page and by `explain`.
#[test]
fn the_table_of_rules_is_the_table() {
    let row = |row: &LintRuleRow| format!("| `{}` | {} | {} |\n", row.name, row.level.name(), row.meaning);
    let rows: String = LINT_RULES.iter().map(row).collect();
    compare_table("docs/lint.md", "lint rules", &format!("| rule | level | finds |\n|---|---|---|\n{rows}"));
    let folder = Folder::new();
    for row in LINT_RULES {
        let told = folder.mockstack(&["explain", row.name]).out;
        assert!(told.contains(row.meaning) && told.contains(row.advice), "{told}");
    }
}
