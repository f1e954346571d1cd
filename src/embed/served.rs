//! A cloud with a port of its own.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use super::{MockCloud, Project};
use crate::base::Diagnostic;
use crate::server::{Admin, Background, Routes};

/// A cloud that listens at a free port of 127.0.0.1 until this is dropped. It answers on a thread of its own, whatever runs the
/// tasks of the test.
#[derive(Debug)]
pub struct ServedCloud {
    cloud: MockCloud,
    server: Background,
}

impl ServedCloud {
    /// Has `cloud` listen.
    pub(super) fn start(cloud: MockCloud) -> Result<ServedCloud, Diagnostic> {
        let exchange = Arc::clone(&cloud.exchange);
        let routes = Routes::new(Arc::clone(&exchange));
        let server = Background::start(Arc::new(Admin { routes, others: exchange }));
        let cannot = |error: std::io::Error| Diagnostic::new("cannot serve").row("because", error.to_string());
        Ok(ServedCloud { cloud, server: server.map_err(cannot)? })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The variables of an openrc, for a client that is started.
    pub fn env(&self) -> BTreeMap<String, String> {
        self.env_at(&self.url())
    }

    /// A project with a cloud of its own.
    ///
    /// # Errors
    /// See [`MockCloud::project_at`].
    pub fn project(&self, name: &str) -> Result<Project, Diagnostic> {
        self.project_at(name, &self.url())
    }
}

impl Deref for ServedCloud {
    type Target = MockCloud;

    fn deref(&self) -> &MockCloud {
        &self.cloud
    }
}
