//! The simulated cloud answers.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard};

use crate::cloud::{self, Ask, Caller, Cloud, Fault, Fields, Shown};
use crate::contract::{Code, Contracts, Effect};
use crate::exchange::answered::Answered;
use crate::exchange::call::Call;
use crate::exchange::ruling::{Findings, Next, Question, Ruling};
use crate::exchange::sequence::{Sequence, lock};
use crate::exchange::service_headers::with_service_headers;
use crate::message::{Base, Response};

/// What the client gets for a request that violates its contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnViolation {
    /// Exactly the answer that the real service gives.
    #[default]
    Reject,
    /// The answer of the cloud, as far as it can serve the request.
    Report,
}

/// The simulated cloud as a responder.
#[derive(Debug)]
pub struct Simulate {
    cloud: Mutex<Cloud>,
    /// What the client gets for a violation.
    pub on_violation: OnViolation,
}

impl Simulate {
    /// Answers from `cloud`.
    pub fn new(cloud: Cloud, on_violation: OnViolation) -> Simulate {
        Simulate { cloud: Mutex::new(cloud), on_violation }
    }

    /// The cloud.
    pub fn cloud(&self) -> MutexGuard<'_, Cloud> {
        lock(&self.cloud)
    }

    /// Has the cloud do what another answered: add what was `made`, or else what the request asks. What it cannot do is left undone.
    pub fn follow(&self, contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>, made: &[Shown]) {
        let Next::Ask { question, .. } = &ruling.next else { return };
        let mut cloud = self.cloud();
        if made.is_empty() {
            let request_id = cloud.request_id();
            // Whatever it answers, the client has its answer already.
            let _ = perform(&mut cloud, contracts, call, question, &request_id);
            return;
        }
        let (fields, nobody) = (Fields::of(contracts), Caller::default());
        let is_boot = question.operation.effect == Some(Effect::CreateServer);
        for shown in made {
            let has_ports = || made.iter().any(|port| port.fields.get("device_id").is_some_and(|id| *id == *shown.id));
            let caller = call.caller.as_deref().unwrap_or(&nobody);
            let is_booted = is_boot
                && shown.collection == "servers"
                && cloud.boot_as(&shown.id, caller, question.body, has_ports());
            if !is_booted {
                cloud.put_shown(shown, fields);
            }
        }
    }

    /// The contract's answer, or else the cloud's, with the service's own headers.
    pub fn answer(&self, contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>, sequence: &Sequence) -> Answered {
        self.answer_without(None, contracts, call, ruling, sequence)
    }

    /// The same, of a cloud that does not know of the resource `hidden`.
    pub fn answer_without(
        &self,
        hidden: Option<&str>,
        contracts: &Contracts,
        call: &Call<'_>,
        ruling: &Ruling<'_>,
        sequence: &Sequence,
    ) -> Answered {
        let Some(contract) = ruling.target.contract else {
            return Answered { response: known(ruling), sequence: sequence.next(), ..Answered::default() };
        };
        let mut cloud = self.cloud();
        let request_id = cloud.request_id();
        let asked = match &ruling.next {
            Next::Ask { question, refusal } if refusal.is_none() || self.on_violation == OnViolation::Report => {
                let asked = |cloud: &mut Cloud| perform(cloud, contracts, call, question, &request_id);
                let performed = cloud.within(question.region, |cloud| match hidden {
                    Some(id) => cloud.without(id, asked),
                    None => asked(cloud),
                });
                Some((question, performed))
            }
            _ => None,
        };
        let made = cloud.take_made();
        // Recorded in the order in which the cloud handles them.
        let sequence = sequence.next();
        drop(cloud);
        let (response, findings) = match asked {
            Some((question, performed)) => served(call, question, ruling, performed),
            None => (known(ruling), Findings::default()),
        };
        let response = with_service_headers(&contract.service, response, ruling.depth, request_id);
        let contents = response.contents.as_deref().cloned();
        Answered { response, sequence, findings, contents, made, ..Answered::default() }
    }
}

/// The answer that the contract has without the cloud.
fn known(ruling: &Ruling<'_>) -> Response {
    // Who asks has no need of it.
    ruling.answer().cloned().unwrap_or_else(|| Response::empty(500))
}

fn perform(
    cloud: &mut Cloud,
    contracts: &Contracts,
    call: &Call<'_>,
    question: &Question<'_>,
    request_id: &str,
) -> Result<Response, Fault> {
    let Question { contract, table, operation, version, parameters, project, mount, root, region, query, body, pace } =
        question;
    let mount = if region.is_empty() { Cow::Borrowed(*mount) } else { format!("{mount}@{region}").into() };
    let base = Base { origin: &call.origin, root, mount: &mount, project: project.as_deref() };
    cloud.perform(&Ask {
        contracts,
        service: &contract.service,
        schemas: &table.schemas,
        operation,
        instead: None,
        version: *version,
        parameters,
        query,
        sent_query: &call.request.query,
        headers: &call.request.headers,
        contents: call.request.contents.as_ref(),
        body,
        base: &base,
        caller: call.caller.as_ref(),
        request_id,
        pace: *pace,
        types: cloud::resource_type,
    })
}

/// The answer of the cloud; for what it cannot serve that of the contract, if there is one.
fn served(
    call: &Call<'_>,
    question: &Question<'_>,
    ruling: &Ruling<'_>,
    performed: Result<Response, Fault>,
) -> (Response, Findings) {
    match performed {
        Ok(served) => (served, Findings::default()),
        Err(fault) if ruling.answer().is_none() => refused(call, question, fault),
        // What cannot be served is refused as the contract has it.
        Err(fault) if fault.violation().is_some() || fault.status == 401 || fault.code == Code::NotSimulated => {
            // A field that is missing is told already.
            let is_news = fault.at.as_ref().is_some_and(|at| at.find(question.body).is_some());
            let findings = if is_news { refused(call, question, fault).1 } else { Findings::default() };
            (known(ruling), findings)
        }
        Err(fault) => refused(call, question, fault),
    }
}

/// The cloud says no: a violation, or else a refusal that is only counted. The answer is the service's.
fn refused(call: &Call<'_>, question: &Question<'_>, fault: Fault) -> (Response, Findings) {
    let answer = fault.render(question.contract.service.dialect, call.accept());
    let answer = match fault.status {
        401 => answer.with("WWW-Authenticate", format!("Keystone uri=\"{}/identity/v3\"", call.origin)),
        _ => answer,
    };
    let mut findings = Findings::default();
    findings.told_by(fault, Some(question.operation), question.body);
    (answer, findings)
}
