//! One recorded interaction, judged again.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::stand_in::with_stand_ins;
use crate::base::{Version, Versions};
use crate::contract::{AnswerTo, Code, Contracts, Dialect, Judgement, Part, Violation, judge_answer};
use crate::exchange::{Call, Next, Question, Ruling, diagnose, judge};
use crate::message::{Body, Query, Redactor, Request};
use crate::recording::{Interaction, RecordedRequest, Refused, shape};

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
        ruling.findings.violations.extend(disagreements(&ruling, &interaction));
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
    fn judged<'s>(&'s self, (request, body): &'s (Request, Body), time: Timestamp) -> (Call<'s>, Ruling<'s>) {
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
fn sent(recorded: &RecordedRequest) -> (Request, Body) {
    match recorded.request() {
        (request, Body::Json(body)) => (request, Body::Json(with_stand_ins(&body).into_owned())),
        other => other,
    }
}

/// What is wrong with the answer, and where cloud and contract differ about the request.
fn disagreements(ruling: &Ruling<'_>, interaction: &Interaction) -> Vec<Violation> {
    let (Some(contract), Some(operation)) = (ruling.target.contract, ruling.target.operation) else {
        return Vec::new();
    };
    let Ok(table) = contract.table() else { return Vec::new() };
    let is_right = ruling.findings.violations.is_empty();
    let version = ruling.target.version.unwrap_or(Version::FIRST);
    let api = contract.service.versions();
    let body = interaction.response.body.as_ref().unwrap_or(&Value::Null);
    let query = interaction.request.target.split_once('?').map_or("", |(_, query)| query);
    let answer = AnswerTo {
        method: &interaction.request.method,
        is_right,
        is_partial: Query::parse(query).last("fields").is_some(),
        status: interaction.status,
        body,
    };
    let mut wrong = judge_answer(operation, &table.schemas, api, version, answer);
    let disagreement = |code, expected: &str, found: String| {
        let plain = Violation::plain(code, Part::Answer, "", expected, found);
        Violation { rule: Some(operation.place.clone()), ..plain }
    };
    if !is_right && interaction.status < 300 {
        let found = interaction.status.to_string();
        wrong.push(disagreement(Code::AcceptedThoughWrong, "a refusal of what is wrong", found));
    }
    if is_right && interaction.status == 400 && is_of_the_schema(contract.service.dialect, &message(body)) {
        wrong.push(disagreement(Code::RefusedThoughRight, "an answer to what is right", "400".to_owned()));
    }
    wrong
}

/// Is it the sentence in which the service's schema refuses a request? Its code refuses others for what the cloud holds, which
/// a recording does not tell.
fn is_of_the_schema(dialect: Dialect, message: &str) -> bool {
    match dialect {
        Dialect::Nova | Dialect::Cinder => message.starts_with("Invalid input for"),
        Dialect::Keystone => message.contains("Failed validating") || message.starts_with("Expecting to find"),
        Dialect::Glance => message.starts_with("Provided object does not match schema"),
        Dialect::Neutron => message.starts_with("Invalid input for") || message.starts_with("Unrecognized attribute"),
    }
}

/// The sentence of a refusal: `{"badRequest": {"message": …}}`, `{"error": {…}}`, `{"NeutronError": {…}}`; Glance says it in HTML.
fn message(body: &Value) -> String {
    let inner = body.as_object().and_then(|map| map.values().find_map(|value| value.get("message")?.as_str()));
    inner.or_else(|| body.get("message")?.as_str()).or(body.as_str()).unwrap_or_default().to_owned()
}

/// Why the cloud said no to what is right, by the status alone where nobody said it before.
fn refusal_of(interaction: &Interaction) -> Option<Refused> {
    if interaction.refusal.is_some() {
        return interaction.refusal.clone();
    }
    let code = match interaction.status {
        400 => Code::State,
        401 => Code::Token,
        403 => Code::Policy,
        404 => Code::NotFound,
        409 => Code::State,
        413 | 429 => Code::Quota,
        _ => return None,
    };
    Some(Refused { code, message: message(interaction.response.body.as_ref().unwrap_or(&Value::Null)) })
}
