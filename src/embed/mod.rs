//! Floor 6: the cloud inside a Rust test, without a process that has to be started. It has a port of its own:
//!
//! ```
//! use mockstack::embed::MockCloud;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let cloud = MockCloud::builder().release("train").fixture("quotas: {instances: 1}").start()?;
//! let project = cloud.project("test_boot")?;
//! std::process::Command::new("true").envs(project.env()).status()?;
//! # // A test that asks nothing tests nothing.
//! # assert_eq!(project.outcome().exit_code, 42);
//! # if false {
//! project.assert_clean();
//! # }
//! # Ok(())
//! # }
//! ```
//!
//! Or, with the feature `wiremock`, it answers for a `MockServer`, and `Accepts` matches the requests that are valid by a
//! contract, whatever answers them:
//!
#![cfg_attr(feature = "wiremock", doc = "```no_run")]
#![cfg_attr(not(feature = "wiremock"), doc = "```ignore")]
//! use mockstack::embed::MockCloud;
//! use wiremock::{Mock, MockServer, matchers::any};
//!
//! # async fn test() -> Result<(), Box<dyn std::error::Error>> {
//! let cloud = MockCloud::new()?;
//! let server = MockServer::start().await;
//! Mock::given(cloud.accepts("compute.servers.create")?).respond_with(cloud.clone()).expect(1).mount(&server).await;
//! Mock::given(any()).respond_with(cloud.clone()).with_priority(9).mount(&server).await;
//! let env = cloud.env_at(&server.uri());
//!
//! // Then, after the client has run:
//! cloud.assert_clean();
//! insta::assert_snapshot!(cloud.recording().requests("compute.servers.create").join("\n"));
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "wiremock")]
mod accepts;
mod builder;
#[cfg(feature = "wiremock")]
mod convert;
mod mock_cloud;
mod project;
mod served;
mod told;

#[cfg(feature = "wiremock")]
pub use crate::embed::accepts::Accepts;
pub use crate::embed::builder::Builder;
pub use crate::embed::mock_cloud::{MockCloud, Requests};
pub use crate::embed::project::Project;
pub use crate::embed::served::ServedCloud;
