//! The cloud that answers for wiremock.

use std::sync::Arc;

use wiremock::{Respond, ResponseTemplate};

use super::{Accepts, convert};
use crate::base::{Clock, Diagnostic};
use crate::cloud::{Cloud, Fixture};
use crate::contract::Contracts;
use crate::exchange::{Exchange, Options};
use crate::recording::Journal;
use crate::report::{Ending, FORMATS, Outcome};
use crate::snapshot::Collector;

/// A cloud that judges and answers the requests of a `MockServer`. Clones are the same cloud.
#[derive(Clone, Debug)]
pub struct MockCloud {
    exchange: Arc<Exchange>,
}

/// What a cloud was asked.
#[derive(Clone, Debug)]
pub struct Requests {
    texts: Vec<(String, String)>,
}

impl MockCloud {
    /// The base cloud with the embedded contracts, as `mockstack run` starts it.
    ///
    /// # Errors
    /// The embedded files cannot be read: a defect of mockstack.
    pub fn new() -> Result<MockCloud, Diagnostic> {
        let cloud = Cloud::new(Arc::new(Fixture::base()?), 1, Clock::Wall);
        let options = Options { collector: Some(Collector::default()), ..Options::default() };
        Ok(MockCloud::of(Exchange::new(Contracts::embedded()?, cloud, options)))
    }

    /// A cloud with contracts, fixture and options of your own. Without a collector among them it keeps no requests.
    pub fn of(exchange: Exchange) -> MockCloud {
        MockCloud { exchange: Arc::new(exchange) }
    }

    /// Matches requests of an operation, such as `compute.servers.create`, that its contract finds right.
    ///
    /// # Errors
    /// The operation does not exist, or its contract cannot be read.
    pub fn accepts(&self, operation: &str) -> Result<Accepts, Diagnostic> {
        match self.exchange.contracts().operation(operation)? {
            Some((_, row)) => Ok(Accepts { exchange: Arc::clone(&self.exchange), operation: Arc::clone(&row.id) }),
            None => Err(Diagnostic::new(format!("no operation is called {operation:?}"))
                .row("fix", "see `mockstack contract list` for the names")),
        }
    }

    /// What happened so far: counts, and each distinct complaint.
    pub fn journal(&self) -> Journal {
        self.exchange.journal()
    }

    /// The outcome so far, by the rules of `mockstack run` without options.
    pub fn outcome(&self) -> Outcome {
        Outcome::new(self.journal(), Ending::default())
    }

    /// The same as text: each complaint with place, lifetime and fix.
    pub fn verdict(&self) -> String {
        FORMATS.first().map(|text| (text.write)(&self.outcome())).unwrap_or_default()
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

impl Respond for MockCloud {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let request = convert::request(request, self.exchange.intake(request.method.as_str(), request.url.path()));
        convert::response(&self.exchange.handle(&request))
    }
}
