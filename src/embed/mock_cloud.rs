//! The cloud that answers for wiremock.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Project;
use super::told::{assert_clean, text};
use crate::base::Diagnostic;
use crate::contract::Contracts;
use crate::exchange::{Exchange, NotMade, Wanted};
use crate::recording::{Journal, Label};
use crate::report::{Ending, Outcome};
use crate::server::Entrance;

/// A cloud that judges and answers requests: those of a `MockServer` of wiremock, or those at a port of its own, see
/// [`Builder::start`](super::Builder::start). Clones are the same cloud.
#[derive(Clone, Debug)]
pub struct MockCloud {
    pub(super) exchange: Arc<Exchange>,
    /// Kept as long as a cloud may be made of them again.
    _shared: Option<Arc<Contracts>>,
}

/// What a cloud was asked.
#[derive(Clone, Debug)]
pub struct Requests {
    texts: Vec<(String, String)>,
}

impl MockCloud {
    /// A cloud with contracts, fixture and options of your own. Without a collector among them it keeps no requests.
    pub fn of(exchange: Exchange) -> MockCloud {
        MockCloud { exchange: Arc::new(exchange), _shared: None }
    }

    /// The same cloud, whose contracts are made of `shared`.
    pub(super) fn sharing(self, shared: Arc<Contracts>) -> MockCloud {
        MockCloud { _shared: Some(shared), ..self }
    }

    /// The variables of an openrc for a client that reaches the cloud at `origin`, such as the `uri()` of a `MockServer`.
    pub fn env_at(&self, origin: &str) -> BTreeMap<String, String> {
        let entrance = self.entrance(origin);
        entrance.map(|entrance| entrance.variables(None).into_iter().collect()).unwrap_or_default()
    }

    /// A project with a cloud of its own, for a client that reaches it at `origin`.
    ///
    /// # Errors
    /// There is a project or user of that name, or nobody can log in to the cloud.
    pub fn project_at(&self, name: &str, origin: &str) -> Result<Project, Diagnostic> {
        let mut wanted = Wanted::default();
        wanted.name = Some(name.to_owned());
        let session = self.exchange.open(&wanted)?;
        self.exchange.label(Some(name), Some(Label::named(name)));
        let tenant = session.owner.as_ref().map(|owner| &owner.tenant);
        let entrance = self.entrance(origin).zip(tenant).map(|(entrance, tenant)| entrance.of(tenant));
        let entrance = entrance.ok_or(NotMade::NoCloud)?;
        Ok(Project { exchange: Arc::clone(&self.exchange), session, entrance })
    }

    fn entrance(&self, origin: &str) -> Option<Entrance> {
        let fixture = self.exchange.fixture()?;
        Entrance::new(origin.trim_end_matches('/').to_owned(), self.exchange.contracts(), &fixture)
    }

    /// What happened so far: counts, and each distinct complaint.
    pub fn journal(&self) -> Journal {
        self.exchange.journal()
    }

    /// The outcome so far, by the rules of `mockstack run` without options.
    pub fn outcome(&self) -> Outcome {
        let (faults, left) = (self.exchange.fault_reports(None), self.exchange.left_behind(None));
        Outcome::new(self.journal(), Ending { faults, left, ..Ending::default() })
    }

    /// The same as text: each complaint with place, lifetime and fix.
    pub fn verdict(&self) -> String {
        text(&self.outcome())
    }

    /// Fails the test unless every request so far was right, with what is wrong and how it would be right.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert_clean(&self.outcome());
    }

    /// What it was asked so far.
    pub fn recording(&self) -> Requests {
        Requests { texts: self.exchange.texts().into_values().flatten().collect() }
    }
}

impl Requests {
    /// The texts of the requests to an operation, each as `mockstack run --snapshots` writes it: ids by what they name, no
    /// secrets, repeated reads once.
    pub fn requests(&self, operation: &str) -> Vec<String> {
        self.texts.iter().filter(|(id, _)| id == operation).map(|(_, text)| text.clone()).collect()
    }
}
