//! The cloud as an answer of wiremock's MockServer: `cargo test --features wiremock --test main wiremock::`.

use mockstack::base::json::Value;
use mockstack::embed::MockCloud;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

use crate::common::wire::{self, ASK, Client, Folder, SERVERS, bad_boot, boot};

/// A server that `cloud` answers for.
async fn server(cloud: &MockCloud) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(cloud.clone()).with_priority(9).mount(&server).await;
    server
}

/// Logs in and asks, on a thread of its own.
async fn ask(server: &MockServer, method: &'static str, target: &'static str, body: Option<Value>) -> wire::Reply {
    let address = server.address().to_string();
    let asked = move || Client::log_in(&address).ask(method, target, body.as_ref());
    tokio::task::spawn_blocking(asked).await.unwrap()
}

fn cloud() -> MockCloud {
    MockCloud::new().unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn a_boot_is_answered_and_judged() {
    let cloud = cloud();
    let server = server(&cloud).await;
    let reply = ask(&server, "POST", SERVERS, Some(boot("vm1"))).await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    assert_eq!(
        reply.all("Vary"),
        ["OpenStack-API-Version", "X-OpenStack-Nova-API-Version"],
        "each line of a header survives"
    );
    assert_eq!(reply.all("Content-Type"), ["application/json"]);
    let id = reply.json()["server"]["id"].as_str().unwrap().to_owned();
    assert_eq!(reply.all("Location"), [format!("{}{SERVERS}/{id}", server.uri())], "links lead back to the MockServer");
    assert_eq!((cloud.outcome().exit_code, cloud.journal().requests), (0, 2), "{}", cloud.verdict());
}

#[tokio::test]
async fn a_violation_is_answered_as_nova_does_and_kept() {
    let cloud = cloud();
    let server = server(&cloud).await;
    let reply = ask(&server, "POST", SERVERS, Some(bad_boot("vm1"))).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("Additional properties are not allowed ('tags' was unexpected)"), "{}", reply.body);
    let journal = cloud.journal();
    assert_eq!(journal.diagnoses.len(), 1);
    assert_eq!(journal.diagnoses[0].violations[0].pointer.to_string(), "/server/tags");
    assert_eq!(cloud.outcome().exit_code, 40);
    assert!(cloud.verdict().contains("not yet: lives in 2.52.., you sent 2.37"), "{}", cloud.verdict());
}

#[tokio::test]
async fn a_contract_matches_what_it_finds_right() {
    let cloud = cloud();
    let server = server(&cloud).await;
    let right = cloud.accepts("compute.servers.create").unwrap();
    Mock::given(right).respond_with(cloud.clone()).expect(1).mount(&server).await;
    ask(&server, "POST", SERVERS, Some(boot("vm1"))).await;
    ask(&server, "POST", SERVERS, Some(bad_boot("vm2"))).await;
    ask(&server, "GET", SERVERS, None).await;
    server.verify().await;
    let error = cloud.accepts("compute.servers.created").unwrap_err().to_string();
    assert!(error.contains("contract list"), "{error}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let cloud = cloud();
    let server = server(&cloud).await;
    let mut body = boot("vm1");
    body["server"]["metadata"] = mockstack::base::json::json!({"a": "x".repeat(200_000)});
    assert_eq!(ask(&server, "POST", SERVERS, Some(body)).await.status, 413);
}

#[tokio::test]
async fn requests_are_the_snapshots_of_the_command_line() {
    let cloud = cloud();
    let server = server(&cloud).await;
    ask(&server, "POST", SERVERS, Some(boot("vm1"))).await;
    let texts = cloud.recording().requests("compute.servers.create");
    insta::assert_snapshot!("boot", texts.join("\n"));

    let folder = Folder::new();
    let body = boot("vm1").to_string();
    let ran = folder.mockstack(&["run", "--snapshots", "snapshots", "--", ASK, "POST", SERVERS, &body]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let file = folder.read("snapshots/default/compute.servers.create@1.snap.new");
    let (_, text) = file.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    assert_eq!(texts, [text]);
}
