//! The pipeline.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::dress::dress;
use super::judge::{Arrived, Judged, judge};
use crate::base::{Diagnostic, Version, Versions, python_repr};
use crate::cloud::{Ask, Caller, Cloud, Fault};
use crate::contract::{Code, Contracts, Part, Violation, complaint};
use crate::message::{Base, Body, Request, Response};
use crate::recording::{Interaction, Journal, Recorder, Scrubber};

/// What the client gets for a request that violates its contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnViolation {
    /// Exactly the answer that the real service gives.
    #[default]
    Reject,
    /// The answer of the cloud, as far as it can serve the request.
    Report,
}

/// How an exchange is set up.
#[derive(Debug, Default)]
pub struct Options {
    /// What the client gets for a violation.
    pub on_violation: OnViolation,
    /// Where interactions are written, if anywhere.
    pub recorder: Option<Recorder>,
}

/// Called with the answer once it may leave.
pub type Done = Box<dyn FnOnce(Response) + Send>;

/// Answers requests out of the simulated cloud, judges them, and records both.
#[derive(Debug)]
pub struct Exchange {
    contracts: Contracts,
    state: Mutex<State>,
    scrubber: Mutex<Scrubber>,
    journal: Arc<Mutex<Journal>>,
    options: Options,
}

#[derive(Debug)]
struct State {
    cloud: Cloud,
    sequence: u64,
}

/// What an interaction leaves behind beside its answer.
struct Told {
    interaction: Interaction,
    diagnostic: Option<Diagnostic>,
    response: Response,
}

impl Exchange {
    /// An exchange that answers out of `cloud`.
    pub fn new(contracts: Contracts, cloud: Cloud, options: Options) -> Exchange {
        let state = Mutex::new(State { cloud, sequence: 0 });
        Exchange { contracts, state, scrubber: Mutex::default(), journal: Arc::default(), options }
    }

    /// How many bytes of body a request to `path` may have.
    pub fn body_limit(&self, path: &str) -> usize {
        const ELSEWHERE: usize = 114_688;
        self.contracts.mounted(path).map_or(ELSEWHERE, |(contract, _)| contract.service.body_limit)
    }

    /// What happened so far.
    pub fn journal(&self) -> Journal {
        lock(&self.journal).clone()
    }

    /// Bytes that were no HTTP request.
    pub fn garbage(&self, why: &str) {
        let expected = format!("malformed: the bytes that arrived are no HTTP request ({why})");
        let violations = vec![Violation::plain(Code::Malformed, Part::Path, "", expected, "")];
        let diagnostic = complaint("bytes that are no request".to_owned(), &violations, None, Versions::NONE);
        let interaction = self.interaction(None, None, violations, None);
        let told = Told { interaction, diagnostic: Some(diagnostic), response: Response::empty(400) };
        self.tell(told, &Request::default(), &Body::Empty, Box::new(|_| ()));
    }

    /// Answers `request`; `done` is called with the answer once the interaction is in the recording.
    pub fn handle(&self, request: &Request, done: Done) {
        let body = request.read_body();
        let told = match self.contracts.mounted(&request.path) {
            None => self.unmounted(request),
            Some((contract, path)) => {
                let token = request.headers.get("X-Auth-Token");
                let caller = token.and_then(|token| lock(&self.state).cloud.caller(token));
                let origin = origin(request);
                let arrived = Arrived { request, body: &body, caller: caller.as_ref(), origin: &origin, path };
                self.respond(request, caller.as_ref(), &origin, judge(contract, &arrived))
            }
        };
        self.tell(told, request, &body, done);
    }

    /// The contract's answer, or else the cloud's.
    fn respond(&self, request: &Request, caller: Option<&Caller>, origin: &str, judged: Judged<'_>) -> Told {
        let mut judged = judged;
        let may_serve = judged.violations.is_empty() || self.options.on_violation == OnViolation::Report;
        let answer = match judged.answer.take() {
            Some(answer) if !may_serve || judged.refusal.is_some() || judged.operation.is_none() || judged.version.is_none() => answer,
            Some(answer) => self.perform(request, caller, origin, &mut judged).unwrap_or(answer),
            None => self.perform(request, caller, origin, &mut judged).unwrap_or_else(|| Response::empty(500)),
        };
        let mut state = lock(&self.state);
        let request_id = state.cloud.request_id();
        drop(state);
        let response = dress(&judged.contract.service, answer, judged.depth, &request_id);
        let service = Some(judged.contract.service.name.clone());
        let operation = judged.operation.map(|operation| operation.id.clone());
        let version = judged.version.filter(|_| judged.contract.service.microversions.is_some());
        let diagnostic = (!judged.violations.is_empty()).then(|| {
            let headline = headline(request, operation.as_deref(), version);
            complaint(headline, &judged.violations, judged.remedy.as_ref(), judged.contract.service.versions())
        });
        let mut interaction = self.interaction(service, operation, judged.violations, version);
        interaction.refusal = judged.refusal;
        Told { interaction, diagnostic, response }
    }

    /// The answer of the simulated cloud.
    fn perform(&self, request: &Request, caller: Option<&Caller>, origin: &str, judged: &mut Judged<'_>) -> Option<Response> {
        let (operation, table) = (judged.operation?, judged.contract.table().ok()?);
        let service = &judged.contract.service;
        let project = judged.project.as_ref().map(|project| format!("/{project}")).unwrap_or_default();
        let base = Base {
            origin: origin.to_owned(),
            root: format!("{}{}{project}", service.mount, service.root),
            bookmark: format!("{}{project}", service.mount),
        };
        let ask = Ask {
            contracts: &self.contracts,
            service,
            schemas: &table.schemas,
            operation,
            version: judged.version?,
            parameters: &judged.parameters,
            query: &judged.query,
            headers: &request.headers,
            body: &judged.body,
            base: &base,
            caller,
        };
        let performed = lock(&self.state).cloud.perform(&ask);
        Some(match performed {
            Ok(answer) => answer,
            Err(fault) => self.refused(fault, request, judged, origin),
        })
    }

    /// The cloud says no: a violation if the contract's table says so, else a refusal that is only counted.
    fn refused(&self, fault: Fault, request: &Request, judged: &mut Judged<'_>, origin: &str) -> Response {
        let accept = request.headers.get("Accept").unwrap_or_default();
        let answer = fault.render(judged.contract.service.dialect, accept);
        let answer = match fault.status {
            401 => answer.with("WWW-Authenticate", format!("Keystone uri=\"{origin}/identity/v3\"")),
            _ => answer,
        };
        if fault.code.row().fails {
            let found = fault.at.as_ref().and_then(|at| at.find(&judged.body)).map(python_repr);
            let pointer = fault.at.unwrap_or_default();
            let part = if pointer.0.is_empty() { Part::Path } else { Part::Body };
            let rule = judged.operation.map(|operation| operation.place.clone());
            let violation = Violation::plain(fault.code, part, "", fault.message, found.unwrap_or_default());
            judged.violations.push(Violation { pointer, rule, ..violation });
        } else {
            judged.refusal = Some((fault.code, fault.message));
        }
        answer
    }

    fn unmounted(&self, request: &Request) -> Told {
        let mounts: Vec<&str> = self.contracts.services().iter().map(|contract| contract.service.mount.as_str()).collect();
        let expected = format!("unknown: no service is mounted there; they are at {}", mounts.join(", "));
        let body = serde_json::json!({"error": {"code": 404, "title": "Not Found", "message": expected}});
        let violations = vec![Violation::plain(Code::UnknownOperation, Part::Path, "", expected, "")];
        let diagnostic = complaint(headline(request, None, None), &violations, None, Versions::NONE);
        let interaction = self.interaction(None, None, violations, None);
        Told { interaction, diagnostic: Some(diagnostic), response: Response::json(404, body) }
    }

    fn interaction(
        &self,
        service: Option<String>,
        operation: Option<String>,
        violations: Vec<Violation>,
        version: Option<Version>,
    ) -> Interaction {
        let mut state = lock(&self.state);
        state.sequence += 1;
        let (sequence, time) = (state.sequence, state.cloud.clock.now());
        drop(state);
        Interaction { sequence, time, service, operation, version, violations, refusal: None }
    }

    /// Notes the interaction, writes it down, and lets the answer leave.
    fn tell(&self, told: Told, request: &Request, body: &Body, done: Done) {
        let Told { interaction, diagnostic, response } = told;
        lock(&self.journal).note(&interaction, response.status, diagnostic);
        let Some(recorder) = &self.options.recorder else { return done(response) };
        let line: Value = lock(&self.scrubber).line(&interaction, request, body, &response);
        let journal = Arc::clone(&self.journal);
        let written = Box::new(move |result: Result<(), &str>| {
            if let Err(why) = result {
                lock(&journal).recording_failed.get_or_insert_with(|| why.to_owned());
            }
            done(response);
        });
        recorder.write(interaction.sequence, &line, written);
    }
}

/// A panic while the lock was held leaves data that is still whole: nothing is changed in more than one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `POST /compute/v2.1/servers   compute.servers.create   microversion 2.37`
fn headline(request: &Request, operation: Option<&str>, version: Option<Version>) -> String {
    let mut headline = format!("{} {}", request.method, request.path);
    if let Some(operation) = operation {
        headline += &format!("   {operation}");
    }
    if let Some(version) = version {
        headline += &format!("   microversion {version}");
    }
    headline
}

/// Where the client reached us.
fn origin(request: &Request) -> String {
    format!("http://{}", request.headers.get("Host").unwrap_or("127.0.0.1"))
}
