//! The client in clouds with a port of their own.

use mockstack::embed::MockCloud;
use sample::Session;
use serde_json::json;

#[tokio::test]
async fn a_server_is_booted() {
    let cloud = MockCloud::builder().start().unwrap();
    let session = Session::log_in(&cloud.env()).await.unwrap();
    session.boot("web1", json!({})).await.unwrap();
    assert_eq!(session.servers().await.unwrap(), ["web1"]);
    cloud.assert_clean();
}

#[tokio::test]
async fn a_quota_is_kept() {
    let cloud = MockCloud::builder().release("train").fixture("quotas: {instances: 1}").start().unwrap();
    let session = Session::log_in(&cloud.env()).await.unwrap();
    session.boot("web1", json!({})).await.unwrap();
    let refused = session.boot("web2", json!({})).await.unwrap_err().to_string();
    assert!(refused.contains("Quota exceeded for instances"), "{refused}");
    cloud.assert_clean();
}

#[tokio::test]
#[should_panic(expected = "/server/tags   not yet: lives in 2.52.., you sent 2.37")]
async fn a_wrong_request_fails_the_test() {
    let cloud = MockCloud::builder().start().unwrap();
    let session = Session::log_in(&cloud.env()).await.unwrap();
    session.boot("web1", json!({"tags": ["web"]})).await.unwrap_err();
    cloud.assert_clean();
}

#[tokio::test]
async fn projects_of_one_cloud_are_alone() {
    let cloud = MockCloud::builder().seed(7).start().unwrap();
    let (one, two) = (cloud.project("one").unwrap(), cloud.project("two").unwrap());
    for (project, name) in [(&one, "web1"), (&two, "web2")] {
        let session = Session::log_in(&project.env()).await.unwrap();
        session.boot(name, json!({})).await.unwrap();
        assert_eq!(session.servers().await.unwrap(), [name]);
    }
    Session::log_in(&two.env()).await.unwrap().boot("web3", json!({"tags": ["web"]})).await.unwrap_err();
    one.assert_clean();
    assert_eq!((two.outcome().exit_code, cloud.outcome().exit_code), (40, 40));
}
