//! Floor 5: the cloud inside a Rust test. A [`MockCloud`] answers for a `MockServer` of wiremock, so that no process has to
//! be started; [`Accepts`] matches the requests that are valid by a contract, whatever answers them.
//!
//! ```no_run
//! use mockstack::embed::MockCloud;
//! use wiremock::{Mock, MockServer, matchers::any};
//!
//! # async fn test() -> Result<(), Box<dyn std::error::Error>> {
//! let cloud = MockCloud::new()?;
//! let server = MockServer::start().await;
//! Mock::given(cloud.accepts("compute.servers.create")?).respond_with(cloud.clone()).expect(1).mount(&server).await;
//! Mock::given(any()).respond_with(cloud.clone()).with_priority(9).mount(&server).await;
//!
//! // OS_AUTH_URL is server.uri() with /identity; user demo, password secret, project demo. Then, after the client has run:
//! assert_eq!(cloud.outcome().exit_code, 0, "{}", cloud.verdict());
//! insta::assert_snapshot!(cloud.recording().requests("compute.servers.create").join("\n"));
//! # Ok(())
//! # }
//! ```

mod accepts;
mod convert;
mod mock_cloud;

pub use crate::embed::accepts::Accepts;
pub use crate::embed::mock_cloud::{MockCloud, Requests};
