//! Tests of a suite that are told apart by labels, each with what it may and must do.

use mockstack::base::json::{Value, json};

use crate::common::wire::{Client, Folder, Reply, SERVERS, Serving, bad_boot, boot};

fn admin(client: &mut Client, method: &str, route: &str, body: &Value) -> Reply {
    client.ask(method, &format!("/__mockstack/{route}"), Some(body))
}

#[test]
fn a_complaint_names_its_test_and_a_negative_test_opens_nothing_else() {
    let folder = Folder::new();
    let serving =
        Serving::start(&folder, &["--record", "r.jsonl", "--report", "junit=j.xml", "--report", "json=j.json"]);
    let mut client = Client::log_in(&serving.address);
    let label = |client: &mut Client, body: Value| assert_eq!(admin(client, "POST", "label", &body).status, 204);
    label(&mut client, json!({"test": "t::good", "file": "t.py", "line": 3}));
    assert_eq!(client.ask("POST", SERVERS, Some(&boot("vm"))).status, 202);
    label(&mut client, json!({"test": "t::negative", "expect": ["not-yet@compute.servers.create"]}));
    assert_eq!(client.ask("POST", SERVERS, Some(&bad_boot("vm"))).status, 400);
    label(&mut client, json!({"test": "t::bad", "file": "t.py", "line": 9}));
    assert_eq!(client.ask("POST", SERVERS, Some(&bad_boot("vm"))).status, 400);
    label(&mut client, json!({"test": "t::silent", "expect": ["quota"], "allow": ["not-found"]}));
    label(&mut client, json!({"test": null}));
    client.headers.push(("baggage".to_owned(), "mockstack.test=t::header".to_owned()));
    assert_eq!(client.ask("GET", SERVERS, None).status, 200);

    let verdict = admin(&mut client, "GET", "verdict", &Value::Null).json();
    let tests = verdict["tests"].as_array().unwrap();
    let failing: Vec<&str> =
        tests.iter().filter(|own| own["fails"] == true).map(|own| own["name"].as_str().unwrap()).collect();
    assert_eq!((tests.len(), failing), (5, vec!["t::bad", "t::silent"]), "{verdict}");
    let complaints = verdict["complaints"].as_array().unwrap();
    let fails: Vec<_> = complaints.iter().map(|own| (own["test"].as_str(), own["fails"] == true)).collect();
    assert_eq!(fails, [(Some("t::negative"), false), (Some("t::bad"), true)]);
    assert_eq!(verdict["unused_allows"], json!(["not-found of t::silent"]));
    let github = admin(&mut client, "GET", "verdict?format=github", &Value::Null).body;
    assert!(github.contains("::error file=t.py,line=9,title=mockstack%3A not-yet::"), "{github}");
    let sarif = admin(&mut client, "GET", "verdict?format=sarif", &Value::Null).json();
    let result = &sarif["runs"][0]["results"][1];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&json!("t.py"), &json!(9)),
        "{sarif}"
    );
    for (bad, told) in
        [(json!({"test": "t", "expect": ["quota@no.such"]}), "no.such"), (json!({"tests": "t"}), "did you mean")]
    {
        let reply = admin(&mut client, "POST", "label", &bad);
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains(told), "{}", reply.body);
    }
    assert_eq!(admin(&mut client, "POST", "label", &json!({"project": "none", "test": "t"})).status, 404);
    assert_eq!(serving.stop().code, Some(40));

    let junit = folder.read("j.xml");
    assert!(junit.contains("classname=\"t.py\" name=\"t::bad\" file=\"t.py\" line=\"9\" time="), "{junit}");
    assert!(junit.contains("<property name=\"seed\" value=\"1\"/>"), "{junit}");
    for (format, file) in [("junit", "j.xml"), ("json", "j.json")] {
        let again = folder.mockstack(&["report", "r.jsonl", "--format", format]);
        assert_eq!((again.out, again.code), (folder.read(file), Some(40)), "a recording says the same");
    }
}

/// What the command line allows in some tests is denied in all others, and refusals are told by test.
#[test]
fn a_rule_may_name_tests() {
    let folder = Folder::new();
    let allow = ["--allow", "not-yet@servers.create#t::old*", "--deny", "not-found#*strict", "--allow", "quota"];
    let serving = Serving::start(&folder, &[&allow[..], &["--report", "json=j.json"]].concat());
    let mut client = Client::log_in(&serving.address);
    let label = |client: &mut Client, body: Value| assert_eq!(admin(client, "POST", "label", &body).status, 204);
    for (test, is_strict) in [("t::old one", false), ("t::strict", true)] {
        label(&mut client, json!({"test": test}));
        assert_eq!(client.ask("GET", &format!("{SERVERS}/none"), None).status, 404);
        if !is_strict {
            assert_eq!(client.ask("POST", SERVERS, Some(&bad_boot("vm"))).status, 400);
        }
    }
    let told = serving.stop();
    assert_eq!(told.code, Some(40), "{}", told.err);
    assert!(told.err.contains("fails         1 request broke its contract"), "{}", told.err);
    assert!(told.err.contains("could not be found.   (t::old one ×1, t::strict ×1)"), "{}", told.err);
    assert!(told.err.contains("--allow quota allowed nothing"), "{}", told.err);
    let report = folder.read("j.json").parse::<Value>().unwrap();
    assert_eq!(report["refusals"][0]["tests"], json!({"t::old one": 1, "t::strict": 1}), "{report}");
    assert_eq!(report["complaints"][0]["fails"], false, "{report}");
    let wrong = folder.mockstack(&["run", "--allow", "not-yet#", "--", "true"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("no test after the #"), "{}", wrong.err);
}
