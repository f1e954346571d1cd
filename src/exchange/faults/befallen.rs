//! A request in a cloud that has faults: which befalls it, what the client gets, and how it takes those before.

use std::time::Instant;

use super::engine::{Faults, Strike};
use super::kind::{Expectation, Site};
use super::reaction::Seen;
use super::trigger::Occasion;
use crate::base::json::Value;
use crate::contract::{Contracts, Effect, Operation, Violation, is_right};
use crate::exchange::answered::Answered;
use crate::exchange::call::Call;
use crate::exchange::judge::judge;
use crate::exchange::responder::Responder;
use crate::exchange::ruling::{Next, Question, Ruling};
use crate::exchange::sequence::Sequence;
use crate::message::Query;

/// A request in a cloud that has faults.
#[derive(Debug)]
pub struct Befallen<'f, 'c> {
    faults: &'f Faults,
    contracts: &'c Contracts,
    responder: &'f Responder,
    strike: Option<Strike>,
    /// The operation, also where the request has lost its token and is judged no further.
    operation: Option<&'c Operation>,
    time: Instant,
    /// The request.
    pub call: Call<'c>,
    /// The ruling on it.
    pub ruling: Ruling<'c>,
}

impl<'f, 'c> Befallen<'f, 'c> {
    /// Decides whether a fault befalls `call`. Only a request that the contract finds right uses one up; one that ends its token has it
    /// judged again.
    pub fn new(
        faults: &'f Faults,
        contracts: &'c Contracts,
        (responder, time): (&'f Responder, Instant),
        call: Call<'c>,
        ruling: Ruling<'c>,
    ) -> Befallen<'f, 'c> {
        let strike = strike(faults, responder, &call, &ruling);
        let operation = ruling.target.operation;
        let own = Befallen { faults, contracts, responder, strike, operation, time, call, ruling };
        match own.strike.as_ref().is_some_and(|strike| strike.kind.ignores_token()) {
            true => own.without_token(),
            false => own,
        }
    }

    fn without_token(self) -> Befallen<'f, 'c> {
        let token = self.call.request.headers.get("X-Auth-Token");
        if let (Some(token), true) = (token, self.strike.as_ref().is_some_and(|strike| strike.kind.ends_token())) {
            self.responder.cloud().into_iter().for_each(|mut cloud| cloud.end_token(token));
        }
        let call = self.call.by(None);
        let ruling = judge(self.contracts, &call);
        Befallen { call, ruling, ..self }
    }

    /// What the client gets; what is wrong with how it takes the faults before is in the findings.
    pub fn answer(&mut self, sequence: &Sequence) -> Answered {
        let (mut answered, expectation) = match self.strike.clone() {
            Some(strike) => {
                let Befallen { contracts, responder, call, ruling, .. } = self;
                let mut site = Site { contracts, call, ruling, responder, sequence };
                let (answered, expectation) = strike.kind.strike(&mut site);
                (Answered { fault: Some(strike.name), ..answered }, expectation)
            }
            None => (self.usual_answer(sequence), Expectation::Nothing),
        };
        let wrong = self.observe(&answered, expectation);
        answered.findings.violations.extend(wrong);
        answered
    }

    fn usual_answer(&self, sequence: &Sequence) -> Answered {
        let hidden = match question(&self.ruling) {
            Some(question) if self.call.request.method == "GET" => self.faults.hidden(&question.parameters),
            _ => None,
        };
        match (&hidden, self.responder) {
            (Some(id), Responder::Simulate(simulate)) => {
                let answered = simulate.answer_without(Some(id), self.contracts, &self.call, &self.ruling, sequence);
                Answered { fault: Some("hidden".to_owned()), ..answered }
            }
            _ => self.responder.answer(self.contracts, &self.call, &self.ruling, sequence),
        }
    }

    fn observe(&self, answered: &Answered, expectation: Expectation) -> Vec<Violation> {
        let Some(operation) = self.operation else { return Vec::new() };
        let asked = question(&self.ruling);
        let none = (Vec::new(), Query::default());
        let seen = Seen {
            sequence: answered.sequence,
            time: self.time,
            operation: &operation.id,
            project: project(&self.call),
            request: self.call.request,
            parameters: asked.map_or(&none.0, |question| &question.parameters),
            query: asked.map_or(&none.1, |question| &question.query),
            is_login: matches!(operation.effect, Some(Effect::IssueToken | Effect::IssueTokenV2)),
            answer: answered.response.body.as_ref(),
        };
        let is_accepted = answered.response.status < 400 && is_right(&self.ruling.findings.violations);
        let struck = self.strike.as_ref().map(|strike| (strike, expectation));
        let is_there = |id: &str| self.responder.name_of(id).is_some();
        self.faults.observe(&seen, is_accepted, struck, is_there)
    }
}

fn strike(faults: &Faults, responder: &Responder, call: &Call<'_>, ruling: &Ruling<'_>) -> Option<Strike> {
    let Next::Ask { question, refusal: None } = &ruling.next else { return None };
    let name = name_given(question.body).or_else(|| {
        let named = question.parameters.iter().find_map(|id| responder.name_of(id))?;
        named.split_once(' ').map(|(_, name)| name.to_owned())
    });
    let flavor = responder.cloud().and_then(|cloud| cloud.flavor_meant(question.body, &question.parameters));
    let flavor = [flavor.as_ref().map(|(id, _)| id.as_str()), flavor.as_ref().map(|(_, name)| name.as_str())];
    faults.strike(&Occasion {
        operation: &question.operation.id,
        project: project(call),
        name: name.as_deref(),
        flavor,
    })
}

fn question<'r>(ruling: &'r Ruling<'_>) -> Option<&'r Question<'r>> {
    match &ruling.next {
        Next::Ask { question, .. } => Some(question),
        Next::Answer(_) => None,
    }
}

fn project<'r>(call: &'r Call<'_>) -> Option<&'r str> {
    call.caller.as_ref().and_then(|caller| caller.project_name.as_deref())
}

/// The name that a body gives what it creates: `{"server": {"name": …}}`, or that of the object itself.
fn name_given(body: &Value) -> Option<String> {
    let inner = body.as_object()?.values().next().and_then(|inner| inner.get("name"));
    inner.or_else(|| body.get("name")).and_then(Value::as_str).map(str::to_owned)
}
