//! A recording as mappings of WireMock and as a Pact: each exchange once, answers that follow each other told apart, no secret as a
//! literal, and a warning for each thing that the format cannot say. Both pass the schemas of their projects.

use mockstack::base::json::{Value, from_str, json};

use crate::common::wire::{Client, Folder, Serving, boot};

const SERVERS: &str = "/compute/v2.1/servers";

/// What a client asks that the formats find hard; the id of its server.
fn record(folder: &Folder) -> String {
    let faults = ["--fault", "connection-reset@compute.servers.delete"];
    let cloud = Serving::start(folder, &[&["--no-fail", "--record", "boot.jsonl"], &faults[..]].concat());
    let mut client = Client::log_in(&cloud.address);
    let id = client.ask("POST", SERVERS, Some(&boot("web-1"))).json()["server"]["id"].as_str().unwrap().to_owned();
    let server = format!("{SERVERS}/{id}");
    (0..3).for_each(|_| drop(client.ask("GET", &server, None)));
    client.ask("GET", &format!("{SERVERS}?name=web-1&limit=1"), None);
    assert!(client.try_ask("DELETE", &server, None).is_err());
    cloud.stop();
    id
}

fn converted(folder: &Folder, form: &str) -> (Value, Vec<String>) {
    let ran = folder.mockstack(&["convert", "boot.jsonl", "stubs.json", "--to", form]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let lost = ran.err.lines().filter_map(|line| line.strip_prefix("warning: ")).map(str::to_owned).collect();
    (from_str(&folder.read("stubs.json")).unwrap(), lost)
}

const LOST: [&str; 5] = [
    "request 1: any text does for the secrets in its body",
    "request 1: its answer has a placeholder where a secret was",
    "request 2: its answer has a placeholder where a secret was",
    "request 7: its answer broke off; how is told only as a reset connection",
    "request 7: its answer is that of an injected fault",
];

#[test]
fn wiremock_answers_one_request_after_the_other() {
    let folder = Folder::new();
    let id = record(&folder);
    let (document, lost) = converted(&folder, "wiremock");
    assert_eq!(lost, LOST);
    let mappings = document["mappings"].as_array().unwrap();
    assert_eq!(mappings.len(), 7);
    let password = "/request/bodyPatterns/0/equalToJson/auth/identity/password/user/password";
    assert_eq!(mappings[0].pointer(password), Some(&json!("${json-unit.any-string}")));
    let shows: Vec<&Value> = mappings.iter().filter(|one| one["scenarioName"].is_string()).collect();
    let states = |key: &str| -> Vec<&str> { shows.iter().map(|one| one[key].as_str().unwrap()).collect() };
    assert_eq!(states("requiredScenarioState"), ["Started", "answer 2", "answer 3"]);
    assert_eq!(states("newScenarioState"), ["answer 2", "answer 3", "answer 3"], "the last one stays");
    assert!(shows.iter().all(|one| one["request"]["url"] == json!(format!("{SERVERS}/{id}"))));
    assert_eq!(shows[0]["request"]["headers"], json!({"openstack-api-version": {"equalTo": "compute 2.37"}}));
    assert_eq!(mappings[6]["response"], json!({"fault": "CONNECTION_RESET_BY_PEER"}));
}

#[test]
fn a_pact_tells_what_was_before_as_a_state() {
    let folder = Folder::new();
    record(&folder);
    let (document, lost) = converted(&folder, "pact");
    let repeated = |number: u8| {
        let before = number - 1;
        format!(
            "request {number}: it has another answer than request {before}, which a Pact tells only by the state \"after request {before}\""
        )
    };
    let mut expected: Vec<String> = LOST.map(str::to_owned).into();
    expected[3] = "request 7: its answer broke off; a Pact tells it as an answer with status 503".to_owned();
    expected.splice(3..3, [repeated(4), repeated(5)]);
    assert_eq!(lost, expected);
    let all = document["interactions"].as_array().unwrap();
    assert_eq!((all.len(), &document["metadata"]), (7, &json!({"pactSpecification": {"version": "4.0"}})));
    let rules = &all[0]["request"]["matchingRules"]["body"];
    assert_eq!(rules["$['auth']['identity']['password']['user']['password']"]["matchers"], json!([{"match": "type"}]));
    assert_eq!(all[5]["request"]["query"], json!({"name": ["web-1"], "limit": ["1"]}));
    let bodies = all.iter().flat_map(|one| [&one["request"]["body"], &one["response"]["body"]]);
    let mut bodies = bodies.filter(|body| !body.is_null()).peekable();
    assert!(bodies.peek().is_some() && bodies.all(|body| body["contentTypeHint"] == json!("TEXT")));
    assert_eq!(all[4]["providerStates"], json!([{"name": "after request 4"}]));
}
