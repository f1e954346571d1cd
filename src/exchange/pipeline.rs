//! The pipeline.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::dress::dress;
use super::judge::{Arrived, Judged, judge};
use super::ledger::{Ledger, lock};
use crate::base::{Clock, Version, Versions};
use crate::cloud::{Ask, Caller, Cloud, Fault, Fixture};
use crate::contract::{Code, Contracts, Mounted, Part, Violation, complaint};
use crate::message::{Base, Body, Intake, Marks, Request, Response};
use crate::recording::{Interaction, Journal, Recorder};
use crate::snapshot::Collector;

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
    /// What collects snapshots, if they are taken.
    pub collector: Option<Collector>,
}

/// Called with the answer once it may leave.
pub type Done = Box<dyn FnOnce(Response) + Send>;

/// Answers requests out of the simulated cloud, judges them, and records both.
#[derive(Debug)]
pub struct Exchange {
    contracts: Arc<Contracts>,
    clock: Clock,
    state: Mutex<State>,
    on_violation: OnViolation,
    ledger: Ledger,
}

#[derive(Debug)]
struct State {
    cloud: Cloud,
    sequence: u64,
}

impl State {
    fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// What a request gets when the cloud has handled it: its place in the recording, and its id.
    fn ticket(&mut self) -> Ticket {
        Ticket { request_id: self.cloud.request_id(), sequence: self.next_sequence() }
    }
}

struct Ticket {
    request_id: String,
    sequence: u64,
}

/// A request with what is known of who sent it.
struct Sent<'a> {
    request: &'a Request,
    body: &'a Body,
    caller: Option<Arc<Caller>>,
    origin: String,
}

impl Exchange {
    /// An exchange that answers out of `cloud`. Several may share their contracts, which are read only once then.
    pub fn new(contracts: impl Into<Arc<Contracts>>, cloud: Cloud, options: Options) -> Exchange {
        let Options { on_violation, recorder, collector } = options;
        let ledger = Ledger::new(recorder, collector);
        Exchange {
            contracts: contracts.into(),
            clock: cloud.clock,
            state: Mutex::new(State { cloud, sequence: 0 }),
            on_violation,
            ledger,
        }
    }

    /// How the body of a request is to be read.
    pub fn intake(&self, method: &str, path: &str) -> Intake {
        const ELSEWHERE: Intake = Intake::Document(114_688);
        let Some(Mounted { contract, path, .. }) = self.contracts.mounted(path) else { return ELSEWHERE };
        let is_raw = matches!(method, "PUT" | "POST" | "PATCH")
            && contract.route(method, path).is_ok_and(|found| found.operations.iter().any(|operation| operation.raw));
        if is_raw { Intake::Contents } else { Intake::Document(contract.service.body_limit) }
    }

    /// The contracts that it judges by.
    pub fn contracts(&self) -> &Contracts {
        &self.contracts
    }

    /// What the cloud was filled with, and who may log in now.
    pub fn fixture(&self) -> Arc<Fixture> {
        Arc::clone(&lock(&self.state).cloud.fixture)
    }

    /// What happened so far.
    pub fn journal(&self) -> Journal {
        self.ledger.journal(None)
    }

    /// What happened so far, in all or in the project of that name.
    pub fn journal_of(&self, project: Option<&str>) -> Journal {
        self.ledger.journal(project)
    }

    /// Has the cloud a project of that name?
    pub fn has_project(&self, name: &str) -> bool {
        lock(&self.state).cloud.fixture.project_id(name).is_some()
    }

    /// What the cloud holds: the names and states of its resources by collection, of all or of one project.
    pub fn state(&self, project: Option<&str>) -> Value {
        let summary = lock(&self.state).cloud.summary(project);
        self.ledger.redactor.names(&summary)
    }

    /// Starts again from the fixture: everything, or one project's resources and what was noted of it.
    pub fn reset(&self, project: Option<&str>) {
        lock(&self.state).cloud.reset(project);
        if let Some(project) = project {
            self.ledger.forget(project);
        }
    }

    /// Operation and text of everything that was asked, if snapshots are taken.
    pub fn texts(&self) -> Vec<(String, String)> {
        self.ledger.texts()
    }

    /// The run is over: the recording gets its last line, which holds `end`.
    pub fn end(&self, end: &Value) {
        let sequence = lock(&self.state).next_sequence();
        self.ledger.end(sequence, end);
    }

    /// Bytes that were no HTTP request.
    pub fn garbage(&self, why: &str) {
        let expected = format!("malformed: the bytes that arrived are no HTTP request ({why})");
        let violations = vec![Violation::plain(Code::Malformed, Part::Path, "", expected, "")];
        let (request, body) = (Request::default(), Body::Empty);
        let mut interaction = self.interaction(&request, &body);
        interaction.diagnostic =
            Some(complaint("bytes that are no request".to_owned(), &violations, 0, None, Versions::NONE));
        interaction.violations = violations;
        interaction.sequence = lock(&self.state).next_sequence();
        self.tell(interaction, &request, &body, None, Response::empty(400), Box::new(|_| ()));
        self.record();
    }

    /// Answers `request`; `done` is called with the answer once the interaction is in the recording.
    pub fn handle(&self, request: &Request, done: Done) {
        self.take(request, done);
        self.record();
    }

    /// Writes down what was taken, and lets the answers leave.
    pub fn record(&self) {
        self.ledger.record();
    }

    /// As [`Exchange::handle`], but the interaction waits for the next [`Exchange::record`]: requests that come together are
    /// written down together.
    pub fn take(&self, request: &Request, done: Done) {
        let body = request.read_body();
        let token = request.headers.get("X-Auth-Token");
        let caller = token.and_then(|token| lock(&self.state).cloud.caller(token));
        let sent = Sent { request, body: &body, caller, origin: origin(request) };
        let mut interaction = self.interaction(request, &body);
        let mut marks = None;
        let response = match self.contracts.asked(&request.method, &request.path) {
            None => self.unmounted(request, &mut interaction),
            Some(Mounted { contract, mount, path }) => {
                let arrived = Arrived {
                    request,
                    body: &body,
                    redactor: &self.ledger.redactor,
                    caller: sent.caller.as_deref(),
                    origin: &sent.origin,
                    mount,
                    path,
                };
                let mut judged = judge(contract, &arrived);
                self.tell_of_other_releases(request, &mut judged.violations);
                let table = contract.table().ok();
                marks = judged.operation.zip(table).map(|(operation, table)| operation.marks(&table.schemas));
                self.respond(&sent, judged, marks.clone(), &mut interaction)
            }
        };
        self.tell(interaction, request, &body, marks, response, done);
    }

    /// The contract's answer, or else the cloud's; `interaction` is told of both.
    fn respond(
        &self,
        sent: &Sent<'_>,
        mut judged: Judged<'_>,
        marks: Option<Arc<Marks>>,
        interaction: &mut Interaction,
    ) -> Response {
        if let Some(operation) = judged.operation {
            self.ledger
                .collect(&operation.id, sent.request, sent.body, marks, |id| lock(&self.state).cloud.name_of(id));
        }
        let may_serve = judged.violations.is_empty() || self.on_violation == OnViolation::Report;
        let is_final = !may_serve || judged.refusal.is_some() || judged.operation.is_none() || judged.version.is_none();
        let (answer, ticket) = match judged.answer.take() {
            Some(answer) if is_final => (answer, lock(&self.state).ticket()),
            answer => {
                let (performed, ticket) = self.perform(sent, &mut judged);
                (performed.or(answer).unwrap_or_else(|| Response::empty(500)), ticket)
            }
        };
        let service = &judged.contract.service;
        interaction.sequence = ticket.sequence;
        interaction.service = Some(service.name.clone());
        interaction.operation = judged.operation.map(|operation| Arc::clone(&operation.id));
        interaction.unauthenticated = judged.operation.is_some_and(|operation| !operation.token);
        interaction.version = judged.version.filter(|_| service.told_apart().is_some());
        if !judged.violations.is_empty() {
            let headline = headline(sent.request, interaction.operation.as_deref(), interaction.version);
            let complaint =
                complaint(headline, &judged.violations, judged.more, judged.remedy.as_ref(), service.versions());
            interaction.diagnostic = Some(complaint.row_if("right as", self.right_elsewhere(&judged)));
        }
        interaction.violations = judged.violations;
        interaction.refusal = judged.refusal;
        interaction.project = sent.caller.as_ref().and_then(|caller| caller.project_name.clone());
        dress(service, answer, judged.depth, ticket.request_id)
    }

    /// The answer of the simulated cloud, if it has one.
    fn perform(&self, sent: &Sent<'_>, judged: &mut Judged<'_>) -> (Option<Response>, Ticket) {
        let (Some(operation), Some(version), Ok(table)) = (judged.operation, judged.version, judged.contract.table())
        else {
            return (None, lock(&self.state).ticket());
        };
        let service = &judged.contract.service;
        let base =
            Base { origin: &sent.origin, root: judged.root, mount: judged.mount, project: judged.project.as_deref() };
        let mut state = lock(&self.state);
        let ticket = state.ticket();
        let ask = Ask {
            contracts: &self.contracts,
            service,
            schemas: &table.schemas,
            operation,
            version,
            parameters: &judged.parameters,
            query: &judged.query,
            headers: &sent.request.headers,
            contents: sent.request.contents.as_ref(),
            body: judged.body,
            base: &base,
            caller: sent.caller.as_ref(),
            request_id: &ticket.request_id,
        };
        let performed = state.cloud.perform(&ask);
        drop(state);
        let answer = match performed {
            Ok(answer) => Some(answer),
            Err(fault) if judged.violations.is_empty() => Some(refused(fault, sent, judged)),
            // What cannot be served is refused as the contract has it.
            Err(fault) if fault.violation().is_some() || fault.status == 401 || fault.code == Code::NotSimulated => {
                // A field that is missing is told already.
                if fault.at.as_ref().is_some_and(|at| at.find(judged.body).is_some()) {
                    refused(fault, sent, judged);
                }
                None
            }
            Err(fault) => Some(refused(fault, sent, judged)),
        };
        (answer, ticket)
    }

    /// A body whose shape is wrong may be one of another version of the API.
    fn right_elsewhere(&self, judged: &Judged<'_>) -> Option<String> {
        let is_shape = |violation: &Violation| violation.part == Part::Body && violation.code != Code::Reference;
        let operation = judged.operation.filter(|_| judged.violations.iter().any(is_shape))?;
        self.contracts.right_as(judged.contract, operation, judged.body)
    }

    /// A path that leads nowhere may lead somewhere in another release.
    fn tell_of_other_releases(&self, request: &Request, violations: &mut [Violation]) {
        let unknown = violations.iter_mut().find(|v| v.code == Code::UnknownOperation && v.part == Part::Path);
        if let Some(violation) = unknown
            && let Some(releases) = self.contracts.elsewhere(&request.method, &request.path)
        {
            let own = self.contracts.release().map_or("", |release| release.name.as_str());
            violation.expected = format!("unknown in {own}: the operation lives in {releases}");
        }
    }

    fn unmounted(&self, request: &Request, interaction: &mut Interaction) -> Response {
        let mounts: Vec<&str> = {
            let mut mounts: Vec<&str> =
                self.contracts.living().map(|contract| contract.service.mount.as_str()).collect();
            mounts.dedup();
            mounts
        };
        interaction.sequence = lock(&self.state).next_sequence();
        let expected = format!("unknown: no service is mounted there; they are at {}", mounts.join(", "));
        let body = serde_json::json!({"error": {"code": 404, "title": "Not Found", "message": expected}});
        interaction.violations = vec![Violation::plain(Code::UnknownOperation, Part::Path, "", expected, "")];
        self.tell_of_other_releases(request, &mut interaction.violations);
        let diagnostic = complaint(headline(request, None, None), &interaction.violations, 0, None, Versions::NONE);
        interaction.diagnostic = Some(diagnostic);
        Response::json(404, body)
    }

    fn interaction(&self, request: &Request, body: &Body) -> Interaction {
        Interaction::new(0, self.clock.now(), request, body)
    }

    /// Hands the interaction to the ledger.
    fn tell(
        &self,
        mut interaction: Interaction,
        request: &Request,
        body: &Body,
        marks: Option<Arc<Marks>>,
        response: Response,
        done: Done,
    ) {
        interaction.status = response.status;
        self.ledger.tell(interaction, request, body, marks, response, done);
    }
}

/// The cloud says no: a violation, or else a refusal that is only counted.
fn refused(fault: Fault, sent: &Sent<'_>, judged: &mut Judged<'_>) -> Response {
    let accept = sent.request.headers.get("Accept").unwrap_or_default();
    let answer = fault.render(judged.contract.service.dialect, accept);
    let answer = match fault.status {
        401 => answer.with("WWW-Authenticate", format!("Keystone uri=\"{}/identity/v3\"", sent.origin)),
        _ => answer,
    };
    judged.told_by(fault);
    answer
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
    ["http://", request.headers.get("Host").unwrap_or("127.0.0.1")].concat()
}
