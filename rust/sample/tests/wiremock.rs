//! The client in front of wiremock's `MockServer`, for which a cloud answers.

use mockstack::embed::MockCloud;
use sample::Session;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server(cloud: &MockCloud) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(cloud.clone()).with_priority(9).mount(&server).await;
    server
}

#[tokio::test]
async fn a_server_is_booted() {
    let cloud = MockCloud::new().unwrap();
    let server = server(&cloud).await;
    let right = cloud.accepts("compute.servers.create").unwrap();
    Mock::given(right).respond_with(cloud.clone()).expect(1).mount(&server).await;
    let session = Session::log_in(&cloud.env_at(&server.uri())).await.unwrap();
    session.boot("web1", json!({})).await.unwrap();
    assert_eq!(session.servers().await.unwrap(), ["web1"]);
    cloud.assert_clean();
}

#[tokio::test]
#[should_panic(expected = "/server/tags   not yet: lives in 2.52.., you sent 2.37")]
async fn a_wrong_request_fails_the_test() {
    let cloud = MockCloud::new().unwrap();
    let server = server(&cloud).await;
    let session = Session::log_in(&cloud.env_at(&server.uri())).await.unwrap();
    session.boot("web1", json!({"tags": ["web"]})).await.unwrap_err();
    cloud.assert_clean();
}

/// What wiremock is good at: one answer of one's own between those of the cloud.
#[tokio::test]
async fn an_answer_of_ones_own() {
    let cloud = MockCloud::new().unwrap();
    let server = server(&cloud).await;
    let right = cloud.accepts("compute.servers.create").unwrap();
    Mock::given(right).respond_with(ResponseTemplate::new(418)).mount(&server).await;
    let project = cloud.project_at("tea", &server.uri()).unwrap();
    let session = Session::log_in(&project.env()).await.unwrap();
    let refused = session.boot("web1", json!({})).await.unwrap_err().to_string();
    assert!(refused.starts_with("418"), "{refused}");
    assert_eq!(session.servers().await.unwrap(), [""; 0]);
    project.assert_clean();
}
