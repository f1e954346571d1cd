//! One recorded interaction, judged again.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::stand_in::with_stand_ins;
use crate::base::Versions;
use crate::contract::{Code, Contracts, Judgement, Part, Violation};
use crate::exchange::{Call, Given, Next, Question, Ruling, diagnose, disagreements, judge, refusal_by_status};
use crate::message::{Body, Redactor, Request};
use crate::recording::{Interaction, RecordedRequest, RecordedResponse, Refused, shape};

/// Holds recorded interactions against contracts.
#[derive(Debug)]
pub struct Verifier<'c> {
    contracts: &'c Contracts,
    redactor: Redactor,
}

impl<'c> Verifier<'c> {
    /// A verifier by `contracts`.
    pub fn new(contracts: &'c Contracts) -> Verifier<'c> {
        Verifier { contracts, redactor: Redactor::default() }
    }

    /// The same interaction with what is wrong with its request and with its answer. A request whose body was not kept cannot be
    /// judged again: what was said of it stands.
    pub fn again(&self, interaction: Interaction) -> Interaction {
        if interaction.request.unreadable.is_some() {
            return interaction;
        }
        let sent = sent(&interaction.request);
        let (call, mut ruling) = self.judged(&sent, interaction.time);
        let own = std::mem::take(&mut ruling.findings.refusal);
        let refusal = own.map(|(code, message)| Refused { code, message }).or_else(|| refusal_of(&interaction));
        ruling.findings.violations.extend(disagreements_of(&ruling, &interaction));
        let diagnostic = diagnose(self.contracts, &call, &ruling);
        let target = ruling.target;
        let service = target.contract.map(|contract| &contract.service);
        let mut again = Interaction {
            service: service.map(|service| service.name.clone()),
            operation: target.operation.map(|operation| Arc::clone(&operation.id)),
            version: target.version.filter(|_| service.is_some_and(|service| service.told_apart().is_some())),
            unauthenticated: target.operation.is_some_and(|operation| !operation.token),
            shape: shape(call.request, call.body).into(),
            refusal: refusal.filter(|_| ruling.findings.violations.is_empty()),
            diagnostic,
            violations: ruling.findings.violations,
            ..interaction
        };
        if again.diagnostic.is_some() {
            again.redact(&self.redactor.inspect(target.marks(), call.request, call.body, None));
        }
        again
    }

    /// The first thing that is wrong with the request, as [`Verifier::again`] would tell it.
    pub fn first_violation(&self, interaction: &Interaction) -> Option<Code> {
        if interaction.request.unreadable.is_some() {
            let of_request = interaction.violations.iter().find(|violation| violation.part != Part::Answer);
            return of_request.map(|violation| violation.code);
        }
        let sent = sent(&interaction.request);
        let (_, ruling) = self.judged(&sent, interaction.time);
        ruling.findings.violations.first().map(|violation| violation.code)
    }

    /// What the request asks, and in which versions it would be right.
    pub fn outline(&self, interaction: &Interaction) -> Outline {
        let sent = sent(&interaction.request);
        let (_, ruling) = self.judged(&sent, interaction.time);
        Outline { operation: ruling.target.operation.map(|row| Arc::clone(&row.id)), versions: versions(&ruling) }
    }

    /// The request as it was sent, judged.
    pub(super) fn judged<'s>(
        &'s self,
        (request, body): &'s (Request, Body),
        time: Timestamp,
    ) -> (Call<'s>, Ruling<'s>) {
        let call = Call::new(self.contracts, &self.redactor, request, body, time).by_anyone();
        let ruling = judge(self.contracts, &call);
        (call, ruling)
    }
}

/// What a request asks, and in which versions it would be right.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// The id of the operation, if the path led to one.
    pub operation: Option<Arc<str>>,
    /// The service, the versions in which the request would be right, and those that the service has; `None` if there are none to
    /// choose from.
    pub versions: Option<(String, Versions, Versions)>,
}

fn versions(ruling: &Ruling<'_>) -> Option<(String, Versions, Versions)> {
    let Next::Ask { question, .. } = &ruling.next else { return None };
    let Question { contract, table, operation, query, body, .. } = question;
    contract.service.told_apart()?;
    let api = contract.service.versions();
    let judgement = Judgement::new(operation, &table.schemas, api, Some(&query.to_document()), body);
    Some((contract.service.name.clone(), judgement.valid(), api))
}

/// The request and its body as they were sent, with values of their kind in place of secrets.
pub(super) fn sent(recorded: &RecordedRequest) -> (Request, Body) {
    match recorded.request() {
        (request, Body::Json(body)) => (request, Body::Json(with_stand_ins(&body).into_owned())),
        other => other,
    }
}

/// Where cloud and contract differ about the recorded request and its answer; what did not arrive is nobody's answer.
fn disagreements_of(ruling: &Ruling<'_>, interaction: &Interaction) -> Vec<Violation> {
    let RecordedResponse { body, contents, failure, .. } = &interaction.response;
    if failure.is_some() {
        return Vec::new();
    }
    let given = Given {
        method: &interaction.request.method,
        query: interaction.request.target.split_once('?').map_or("", |(_, query)| query),
        status: interaction.status,
        body: body.as_ref().unwrap_or(&Value::Null),
        is_whole: contents.is_none(),
    };
    disagreements(ruling, given)
}

/// Why the cloud said no to what is right, by the status alone where nobody said it before.
fn refusal_of(interaction: &Interaction) -> Option<Refused> {
    interaction.refusal.clone().or_else(|| {
        let body = interaction.response.body.as_ref().unwrap_or(&Value::Null);
        refusal_by_status(interaction.status, body).map(|(code, message)| Refused { code, message })
    })
}
