//! The ruling of the judge on a request.

use std::sync::Arc;

use super::service_headers::Depth;
use crate::base::json::Value;
use crate::base::{Version, python_repr};
use crate::cloud::{Fault, Pace};
use crate::contract::{Code, Operation, Part, Remedy, ServiceContract, Table, Violation};
use crate::message::{Marks, Query, Response};

/// The ruling of the judge on a request.
#[derive(Debug)]
pub struct Ruling<'c> {
    /// Where it led.
    pub target: Target<'c>,
    /// The violations, or the reason for a refusal.
    pub findings: Findings,
    /// What would make it right, if its documents are wrong.
    pub remedy: Option<Remedy>,
    /// How far into the service it came.
    pub depth: Depth,
    /// What happens next.
    pub next: Next<'c>,
}

/// Where a request led, as far as it came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target<'c> {
    /// The contract of the API version that is mounted at its path.
    pub contract: Option<&'c ServiceContract>,
    /// The row.
    pub operation: Option<&'c Operation>,
    /// The version that it was sent under.
    pub version: Option<Version>,
}

/// What was found about a request, by the judge or by who answered it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// What is wrong with it.
    pub violations: Vec<Violation>,
    /// The number of further violations.
    pub more: usize,
    /// The reason for a refusal that is not a violation.
    pub refusal: Option<(Code, String)>,
}

/// What happens next.
#[derive(Debug)]
pub enum Next<'c> {
    /// The contract has the answer, and there is nothing to ask: a redirect, a request that leads nowhere or has no token.
    Answer(Response),
    /// The request leads to an operation.
    Ask {
        /// What to ask.
        question: Question<'c>,
        /// The contract's refusal, if the request is wrong: the answer of who does not serve it all the same.
        refusal: Option<Response>,
    },
}

/// What a responder is asked: an operation with all its arguments. Headers, caller and origin are in the
/// [`Call`](super::call::Call).
#[derive(Debug)]
pub struct Question<'c> {
    /// The contract of the API version.
    pub contract: &'c ServiceContract,
    /// Its rows and schemas.
    pub table: &'c Table,
    /// The row.
    pub operation: &'c Operation,
    /// The version.
    pub version: Version,
    /// The values of the `{names}` of the path.
    pub parameters: Vec<String>,
    /// The project between the root and the resource, if the URL has one.
    pub project: Option<String>,
    /// Where the service is mounted, and the root of its API version below that: links lead there.
    pub mount: &'c str,
    /// See `mount`.
    pub root: &'c str,
    /// The region of whose endpoint it is asked; empty: the usual one.
    pub region: &'c str,
    /// The query.
    pub query: Query,
    /// The body; null without one.
    pub body: &'c Value,
    /// How long it takes, if not as long as the fixture says.
    pub pace: Option<Pace>,
}

impl Ruling<'_> {
    /// The answer that the contract has of its own, if it has one.
    pub fn answer(&self) -> Option<&Response> {
        match &self.next {
            Next::Answer(answer) | Next::Ask { refusal: Some(answer), .. } => Some(answer),
            Next::Ask { refusal: None, .. } => None,
        }
    }
}

impl Target<'_> {
    /// The contract's marks of secrets in the messages of the operation.
    pub fn marks(&self) -> Option<Arc<Marks>> {
        let table = self.contract?.table().ok()?;
        Some(self.operation?.marks(&table.schemas))
    }
}

impl Findings {
    /// Takes note of why `operation` is refused to `body`: the one place in which a fault becomes a violation or a refusal.
    pub fn told_by(&mut self, fault: Fault, operation: Option<&Operation>, body: &Value) {
        let Some(code) = fault.violation() else {
            self.refusal = Some((fault.code, fault.message));
            return;
        };
        let found = fault.at.as_ref().and_then(|at| at.find(body)).map(python_repr);
        let pointer = fault.at.unwrap_or_default();
        let part = if pointer.0.is_empty() { Part::Path } else { Part::Body };
        let rule = operation.map(|operation| operation.place.clone());
        let violation = Violation::plain(code, part, "", fault.message, found.unwrap_or_default());
        self.violations.push(Violation { pointer, rule, ..violation });
    }

    /// Adds what somebody else found, whose refusal is the later one.
    pub fn extend(&mut self, other: Findings) {
        self.violations.extend(other.violations);
        self.more += other.more;
        self.refusal = other.refusal.or(self.refusal.take());
    }
}
