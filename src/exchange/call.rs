//! A request on its way, with what is known of it before it is judged.

use std::sync::Arc;

use jiff::Timestamp;

use crate::cloud::Caller;
use crate::contract::{Contracts, Mounted};
use crate::message::{Body, Redactor, Request};
use crate::recording::Label;

/// A request on its way, with what is known of it before it is judged. It holds no lock and may wait for a real cloud.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The request.
    pub request: &'a Request,
    /// Its body, which is read once.
    pub body: &'a Body,
    /// Keeps secrets out of reports.
    pub redactor: &'a Redactor,
    /// When it arrived.
    pub time: Timestamp,
    /// The owner of its token; `None` if it has no valid token.
    pub caller: Option<Arc<Caller>>,
    /// Where the client reached us: `http://HOST:PORT`.
    pub origin: String,
    /// The test that sent it, if it is labelled.
    pub test: Option<Arc<Label>>,
    /// The API version that answers at its path, if any does.
    pub mounted: Option<Mounted<'a, 'a>>,
}

impl<'a> Call<'a> {
    /// The call of a `request` whose body is `body`, which arrived at `time`. The caller is not known yet.
    pub fn new(
        contracts: &'a Contracts,
        redactor: &'a Redactor,
        request: &'a Request,
        body: &'a Body,
        time: Timestamp,
    ) -> Call<'a> {
        Call {
            request,
            body,
            redactor,
            time,
            caller: None,
            test: None,
            origin: request.origin(),
            mounted: contracts.asked(&request.method, &request.path),
        }
    }

    /// The same of a client that reached us at `origin`.
    #[must_use]
    pub fn at(self, origin: String) -> Call<'a> {
        Call { origin, ..self }
    }

    /// The same, sent by a test.
    #[must_use]
    pub fn of(self, test: Option<Arc<Label>>) -> Call<'a> {
        Call { test, ..self }
    }

    /// The same, sent by `caller`.
    #[must_use]
    pub fn by(self, caller: Option<Arc<Caller>>) -> Call<'a> {
        Call { caller, ..self }
    }

    /// The same for who has no cloud to ask about tokens: any is good enough, for any project.
    #[must_use]
    pub fn by_anyone(self) -> Call<'a> {
        let route = |mounted: Mounted<'a, 'a>| mounted.contract.route(&self.request.method, mounted.path).ok();
        let project = self.mounted.and_then(route).and_then(|found| found.project);
        self.by(Some(Arc::new(Caller { project, admin: true, ..Caller::default() })))
    }

    /// The `Accept` header; empty without one.
    pub fn accept(&self) -> &'a str {
        self.request.headers.get("Accept").unwrap_or_default()
    }
}
