//! How a client takes a fault: what it does next, and what is wrong with that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::kind::Expectation;
use crate::base::json::Value;
use crate::contract::Code;
use crate::message::{Query, Request};

/// A request as reactions are read from it.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// Its number in the recording.
    pub sequence: u64,
    /// When it arrived, by a clock that is never set back: see `Session::instant`.
    pub time: Instant,
    /// The operation.
    pub operation: &'a Arc<str>,
    /// The name of the project that asks.
    pub project: Option<&'a str>,
    /// The request.
    pub request: &'a Request,
    /// The values in its path.
    pub parameters: &'a [String],
    /// Its query.
    pub query: &'a Query,
    /// Is it a login?
    pub is_login: bool,
    /// The body of the answer.
    pub answer: Option<&'a Value>,
}

/// A client that a fault befell, until it is clear how it takes it.
#[derive(Clone, Debug)]
pub struct Watch {
    expectation: Expectation,
    sequence: u64,
    time: Instant,
    operation: Arc<str>,
    project: Option<String>,
    path: String,
    body: Vec<u8>,
    token: Option<String>,
    /// How often the client saw what should have stopped it.
    polls: u32,
}

/// What a request tells about a client.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Nothing yet.
    Unclear,
    /// It took the fault well.
    Well(String),
    /// It did not.
    Wrong(Code, String),
}

/// A retry that comes sooner than this waited for nothing.
const AT_ONCE: Duration = Duration::from_millis(100);
/// Clocks of clients may be this far off a second.
const TOLERANCE: Duration = Duration::from_millis(50);
/// How often a client may look at a server in ERROR: to see it, to show it, to tell its fault.
const LOOKS: u32 = 3;

impl Watch {
    /// Waits for what the client does after `seen`, of which something is expected.
    pub fn new(expectation: Expectation, seen: &Seen<'_>) -> Watch {
        Watch {
            expectation,
            sequence: seen.sequence,
            time: seen.time,
            operation: Arc::clone(seen.operation),
            project: seen.project.map(str::to_owned),
            path: seen.request.path.clone(),
            body: seen.request.body.clone(),
            token: seen.request.headers.get("X-Auth-Token").map(str::to_owned),
            polls: 0,
        }
    }

    /// What the request `seen` tells; `is_there` says whether what has an id is still there.
    pub fn look(&mut self, seen: &Seen<'_>, is_there: impl Fn(&str) -> bool) -> Look {
        match self.expectation.clone() {
            Expectation::Retry(after) => self.retried(seen, after),
            Expectation::NoSecond(id) => self.created_again(seen, &id, is_there),
            Expectation::NewToken => self.renewed(seen),
            Expectation::StopAtError(id) => self.polled(seen, &id),
            Expectation::NextPage => match self.is_same_operation(seen) && seen.query.last("marker").is_some() {
                true => Look::Well("asked for the next page".to_owned()),
                false => Look::Unclear,
            },
            Expectation::Nothing | Expectation::Hidden(..) => Look::Unclear,
        }
    }

    /// What it comes to if nothing more is asked.
    pub fn end(&self) -> Look {
        let well = |text: &str| Look::Well(text.to_owned());
        match &self.expectation {
            Expectation::Retry(_) => Look::Wrong(Code::NeverRetried, "never retried".to_owned()),
            Expectation::NoSecond(_) => well("did not create it again"),
            Expectation::NewToken => well("did not log in again"),
            Expectation::StopAtError(_) if self.polls > 0 => well("stopped polling at ERROR"),
            Expectation::StopAtError(_) => well("did not see ERROR"),
            Expectation::NextPage => Look::Wrong(Code::NextNotFollowed, "never asked for the next page".to_owned()),
            Expectation::Nothing | Expectation::Hidden(..) => Look::Unclear,
        }
    }

    fn is_same_operation(&self, seen: &Seen<'_>) -> bool {
        self.operation == *seen.operation && self.project.as_deref() == seen.project
    }

    fn is_same_request(&self, seen: &Seen<'_>) -> bool {
        self.is_same_operation(seen) && self.path == seen.request.path && self.body == seen.request.body
    }

    fn retried(&self, seen: &Seen<'_>, after: Option<Duration>) -> Look {
        if !self.is_same_request(seen) {
            return Look::Unclear;
        }
        let waited = seen.time.saturating_duration_since(self.time);
        let told = format!("retried after {:.1} s", waited.as_secs_f64());
        let failed = self.sequence;
        match after {
            Some(after) if waited + TOLERANCE < after => Look::Wrong(
                Code::RetriedTooEarly,
                format!("too early: {told}; the answer to #{failed} said Retry-After: {}", after.as_secs()),
            ),
            None if waited < AT_ONCE => {
                Look::Wrong(Code::NoBackOff, format!("at once: {told}, when #{failed} had failed"))
            }
            _ => Look::Well(told),
        }
    }

    fn created_again(&self, seen: &Seen<'_>, id: &str, is_there: impl Fn(&str) -> bool) -> Look {
        match self.is_same_request(seen) && is_there(id) {
            true => Look::Wrong(
                Code::BootedTwice,
                format!("twice: #{} had created the same, though its answer did not say so ({id})", self.sequence),
            ),
            false => Look::Unclear,
        }
    }

    fn renewed(&self, seen: &Seen<'_>) -> Look {
        if seen.is_login {
            return Look::Well("logged in again".to_owned());
        }
        match self.token.as_deref() == seen.request.headers.get("X-Auth-Token") && self.token.is_some() {
            true => {
                let told = format!("not renewed: the token of #{} again, which was answered 401", self.sequence);
                Look::Wrong(Code::TokenNotRenewed, told)
            }
            false => Look::Unclear,
        }
    }

    fn polled(&mut self, seen: &Seen<'_>, id: &str) -> Look {
        let status = seen.answer.and_then(|answer| answer.pointer("/server/status")).and_then(Value::as_str);
        let is_about_it = seen.parameters.iter().any(|parameter| parameter == id);
        if !is_about_it || (status != Some("ERROR") && seen.request.method == "GET") {
            return Look::Unclear;
        }
        if seen.request.method != "GET" {
            return Look::Well("stopped polling at ERROR".to_owned());
        }
        self.polls += 1;
        match self.polls > LOOKS {
            true => {
                Look::Wrong(Code::PolledAfterError, format!("for the {}th time: the server is in ERROR", self.polls))
            }
            false => Look::Unclear,
        }
    }
}
