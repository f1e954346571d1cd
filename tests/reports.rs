//! Every report format for every kind of run; and out of a recording the same bytes again.

use mockstack::base::json::Value;
use mockstack::report::FORMATS;

use crate::common::of_serde;
use crate::common::wire::{ASK, Folder, SERVERS, bad_boot, boot};

const RECORDING: &str = "recording.jsonl";

/// Runs a client in CI with every report, and a recording; the exit code.
fn run(folder: &Folder, options: &[&str], asks: &[&str]) -> i32 {
    let reports: Vec<String> = FORMATS.iter().map(|format| format!("--report={0}=report.{0}", format.name)).collect();
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    let fixed = ["run", "--clock", "2026-02-03T04:05:06Z", "--record", RECORDING];
    let ran = folder.in_ci(&[&fixed, reports.as_slice(), options, &["--", ASK], asks].concat());
    ran.code.unwrap_or_else(|| panic!("{}", ran.err))
}

/// Every report as the run wrote it; the recording gives the same again.
fn check(name: &str, folder: &Folder, code: i32) {
    for format in FORMATS {
        let written = folder.read(&format!("report.{}", format.name));
        let again = folder.mockstack(&["report", RECORDING, "--format", format.name]);
        assert_eq!(again.out, written, "{name}: {} out of the recording", format.name);
        assert_eq!(again.code, Some(code), "{name}: {}", format.name);
        valid(format.name, &written);
        insta::assert_snapshot!(format!("{name} {}", format.name), without_lines(&written));
    }
}

/// What a page shows, without its style and script, and without the ports of this run.
fn shown(text: &str) -> String {
    let text =
        regex::Regex::new(r"(?s)<style>.*?</style>|<script>.*?</script>|<defs>.*?</defs>|sha256-[A-Za-z0-9+/=]*")
            .unwrap()
            .replace_all(text, "");
    let text = regex::Regex::new(r"127\.0\.0\.1:\d+").unwrap().replace_all(&text, "HOST").into_owned();
    // Neighbours of a rule change with the contracts.
    regex::Regex::new(r#"(?s)<pre class="rule"><?.*?</pre>"#).unwrap().replace_all(&text, "").into_owned()
}

/// Rules move within their files with every change of a contract, and curl is that of the machine.
fn without_lines(text: &str) -> String {
    let text = &if text.starts_with("<!DOCTYPE") { shown(text) } else { text.to_owned() };
    let text = regex::Regex::new(r"\.yaml:\d+").unwrap().replace_all(text, ".yaml:N");
    regex::Regex::new(r"curl/[\d.]+").unwrap().replace_all(&text, "curl/N").into_owned()
}

/// What other programs read is what they expect.
fn valid(format: &str, text: &str) {
    match format {
        "json" => {
            let report = mockstack::base::json::from_str(text).unwrap();
            let errors: Vec<String> = schema().iter_errors(&report).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
        "junit" => {
            let document = roxmltree::Document::parse(text).unwrap();
            let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
            let count = |name| suite.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
            assert_eq!(suite.attribute("tests"), Some(count("testcase").as_str()));
            assert_eq!(suite.attribute("failures"), Some(count("failure").as_str()));
        }
        "html" => {
            for outside in ["src=", "url(", "@import", "http-equiv=\"refresh", " style=", " onclick="] {
                assert!(!text.contains(outside), "{outside}");
            }
            assert!(text.starts_with("<!DOCTYPE html>") && text.trim_end().ends_with("</html>"));
        }
        "github" => assert!(text.lines().all(|line| line.starts_with("::")), "{text}"),
        _ => {}
    }
}

fn schema() -> jsonschema::Validator {
    jsonschema::validator_for(&of_serde(&schema_document())).unwrap_or_else(|error| panic!("{error}"))
}

fn schema_document() -> Value {
    mockstack::base::json::from_str(include_str!("../docs/report.schema.json")).unwrap()
}

#[test]
fn a_clean_run() {
    let folder = Folder::new();
    let (body, path) = (boot("vm1").to_string(), format!("{SERVERS}/{{id}}"));
    assert_eq!(run(&folder, &[], &["POST", SERVERS, &body, "GET", &path, "", "DELETE", &path, ""]), 0);
    check("clean", &folder, 0);
}

/// Two violations, one of them allowed, a path without an operation, a refusal, an unused rule.
#[test]
fn a_run_that_fails() {
    let folder = Folder::new();
    let (bad, missing) = (bad_boot("vm1").to_string(), format!("{SERVERS}/11111111-2222-3333-4444-555555555555"));
    let options = ["--allow", "unknown-query", "--allow", "unknown-field@compute.servers.create"];
    let unknown = r#"{"server": {"name": "<&\">", "flavorRef": "1", "networks": "none", "nmae": 1}}"#;
    let wrong = format!("{SERVERS}?tags=a%0Ab");
    let asks = [
        "POST", SERVERS, &bad, "POST", SERVERS, &bad, "POST", SERVERS, unknown, "GET", &missing, "", "GET", "/nowhere",
        "", "GET", &wrong, "",
    ];
    assert_eq!(run(&folder, &options, &asks), 40);
    check("failing", &folder, 40);
}

#[test]
fn a_run_that_asks_something_else_than_before() {
    let folder = Folder::new();
    let (body, other) = (boot("vm1").to_string(), boot("vm2").to_string());
    run(&folder, &["--snapshots", "snapshots"], &["POST", SERVERS, &body, "GET", SERVERS, ""]);
    folder.mockstack(&["accept"]);
    let asks = ["POST", SERVERS, &other, "GET", "/compute/v2.1/flavors", ""];
    assert_eq!(run(&folder, &["--snapshots", "snapshots"], &asks), 43);
    check("snapshots", &folder, 43);
}

/// What a run that was killed leaves: no end, and a last line that may be cut.
#[test]
fn a_recording_that_was_cut() {
    let folder = Folder::new();
    assert_eq!(run(&folder, &[], &["POST", SERVERS, &boot("vm1").to_string(), "GET", SERVERS, ""]), 0);
    let whole = folder.read(RECORDING);
    let end = whole.rfind("{\"end\"").unwrap();
    for (name, length, why) in
        [("cut", end - 5, "its last line (recording.jsonl:4) was cut off"), ("endless", end, "did not finish")]
    {
        folder.write(RECORDING, &whole[..length]);
        for format in FORMATS {
            let report = folder.mockstack(&["report", RECORDING, "--format", format.name]);
            assert_eq!(report.code, Some(44), "{name}: {}", format.name);
            assert!(report.out.contains(why), "{name}: {}", report.out);
            valid(format.name, &report.out);
            insta::assert_snapshot!(format!("{name} {}", format.name), without_lines(&report.out));
        }
    }
    for (text, why) in [
        ("{}\n", "this is not a recording"),
        ("", "this is not a recording"),
        ("{\"mockstack\": \"recording\", \"format\": 2}\n", "a different format"),
    ] {
        folder.write(RECORDING, text);
        let report = folder.mockstack(&["report", RECORDING]);
        assert_eq!(report.code, Some(2), "{text}");
        assert!(report.err.contains(why), "{}", report.err);
    }
    folder.write(RECORDING, &whole.replacen("\"sequence\":1", "\"sequence\":?", 1));
    let broken = folder.mockstack(&["report", RECORDING]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.err.contains("recording.jsonl:2"), "{}", broken.err);
}

#[test]
fn a_report_goes_where_it_is_wanted() {
    let folder = Folder::new();
    let ran = folder.mockstack(&["run", "--report", "json=-", "--record", RECORDING, "--", ASK]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    valid("json", &ran.out);
    let ran = folder.mockstack(&["report", RECORDING, "--format", "junit", "--output", "report.xml"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    valid("junit", &folder.read("report.xml"));
    assert_eq!(folder.mockstack(&["report", RECORDING, "--format", "pdf"]).code, Some(2));
    assert_eq!(folder.mockstack(&["report", "no-such.jsonl"]).code, Some(2));
    let unwritable = folder.mockstack(&["run", "--report", "json=no/such/folder.json", "--", ASK]);
    assert_eq!(unwritable.code, Some(2));
    assert!(unwritable.err.contains("cannot write the json report"), "{}", unwritable.err);
}

#[test]
fn every_field_of_the_schema_is_described() {
    fn walk(at: &str, schema: &Value, wrong: &mut Vec<String>) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}/{name}");
            if field["description"].as_str().is_none_or(str::is_empty) {
                wrong.push(at.clone());
            }
            walk(&at, field, wrong);
        }
        for key in ["items", "additionalProperties"] {
            if schema[key].is_object() {
                walk(&format!("{at}/{key}"), &schema[key], wrong);
            }
        }
    }
    let (document, mut wrong) = (schema_document(), Vec::new());
    walk("", &document, &mut wrong);
    document["$defs"].as_object().unwrap().iter().for_each(|(name, part)| walk(name, part, &mut wrong));
    assert!(wrong.is_empty(), "not described: {wrong:?}");
}
