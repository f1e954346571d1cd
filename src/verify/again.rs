//! One recorded interaction, judged again.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::stand_in::with_stand_ins;
use crate::base::Versions;
use crate::base::json::Value;
use crate::contract::{Code, Contracts, Judgement, Part, Violation, is_right};
use crate::exchange::{
    Call, Extensions, Given, Next, Question, Ruling, diagnose, disagreements, judge, refusal_by_status, valid,
};
use crate::message::{Body, Marks, Redactor, Request};
use crate::recording::{Interaction, RecordedRequest, RecordedResponse, Refused, shape};

/// Holds recorded interactions against contracts.
#[derive(Debug)]
pub struct Verifier<'c> {
    contracts: &'c Contracts,
    redactor: Arc<Redactor>,
    /// Do requests and answers have their secrets still?
    with_secrets: bool,
    /// What the cloud has of its own.
    extensions: Arc<Extensions>,
}

impl<'c> Verifier<'c> {
    /// A verifier by `contracts`; `redactor` keeps secrets out of reports. Only a recording comes without them.
    pub fn new(contracts: &'c Contracts, redactor: Arc<Redactor>, with_secrets: bool) -> Verifier<'c> {
        Verifier { contracts, redactor, with_secrets, extensions: Arc::default() }
    }

    /// The same, but for fields of `extensions`, which answers may have.
    #[must_use]
    pub fn with_extensions(self, extensions: &Arc<Extensions>) -> Verifier<'c> {
        Verifier { extensions: Arc::clone(extensions), ..self }
    }

    /// Remembers the secrets of an interaction, so that they are recognized in others.
    pub fn survey(&self, interaction: &Interaction) {
        let (request, body) = interaction.request.request();
        let call = Call::new(self.contracts, &self.redactor, &request, &body, interaction.time).by_anyone();
        let marks = judge(self.contracts, &call).target.marks();
        drop(self.redactor.inspect(marks, &request, &body, Some(&interaction.response.response())));
    }

    /// The same interaction, judged again: its request and its answer. Complaints about a body that was not kept
    /// are unchanged.
    pub fn again(&self, interaction: Interaction) -> Interaction {
        self.judged_again(interaction).0
    }

    /// The same as [`Verifier::again`], and without its secrets: what may be written down.
    pub fn kept(&self, interaction: Interaction) -> Interaction {
        let (mut again, marks) = self.judged_again(interaction);
        let (request, body) = again.request.request();
        let response = again.response.response();
        let redaction = self.redactor.inspect(marks, &request, &body, Some(&response));
        again.redact(&redaction);
        again.project = again.project.map(|project| redaction.text(&project).into_owned());
        let request = RecordedRequest::redacted(&redaction, &request, &body, None).owned();
        let body = request.body.filter(|_| again.request.unreadable.is_none());
        again.request = RecordedRequest { body, unreadable: again.request.unreadable, ..request };
        let RecordedResponse { contents, failure, .. } = again.response;
        let kept = RecordedResponse::redacted(&redaction, &response, None).owned();
        again.response = RecordedResponse { contents, failure, ..kept };
        again
    }

    fn judged_again(&self, interaction: Interaction) -> (Interaction, Option<Arc<Marks>>) {
        let sent = sent(&interaction);
        let (call, mut ruling) = self.judged(&sent, interaction.time);
        let marks = ruling.target.marks();
        if is_settled(&interaction) {
            return (interaction, marks);
        }
        let own = std::mem::take(&mut ruling.findings.refusal);
        let refusal = own.map(|(code, message)| Refused { code, message }).or_else(|| refusal_of(&interaction));
        let wrong = disagreements_of(&ruling, &interaction);
        let reactions = interaction.violations.iter().filter(|own| own.code.is_reaction()).cloned();
        ruling.findings.violations.extend(reactions);
        ruling.findings.violations.extend(wrong.into_iter().filter(|violation| !self.extensions.cover(violation)));
        let diagnostic = diagnose(self.contracts, &call, &ruling);
        let valid = valid(&ruling);
        let target = ruling.target;
        let service = target.contract.map(|contract| &contract.service);
        let mut again = Interaction {
            service: service.map(|service| service.name.clone()),
            operation: target.operation.map(|operation| Arc::clone(&operation.id)),
            version: target.version.filter(|_| service.is_some_and(|service| service.told_apart().is_some())),
            unauthenticated: target.operation.is_some_and(|operation| !operation.token),
            shape: shape(call.request, call.body).into(),
            refusal: refusal.filter(|_| is_right(&ruling.findings.violations)),
            diagnostic,
            valid,
            violations: ruling.findings.violations,
            ..interaction
        };
        if self.with_secrets || again.diagnostic.is_some() || again.refusal.is_some() {
            let response = again.response.response();
            again.redact(&self.redactor.inspect(marks.clone(), call.request, call.body, Some(&response)));
        }
        (again, marks)
    }

    /// The path of a request, for messages.
    pub fn told_path(&self, interaction: &Interaction) -> String {
        let (request, body) = sent(interaction);
        let response = interaction.response.response();
        // What a header shows to be a secret is one in the path, too.
        self.redactor.inspect(None, &request, &body, Some(&response)).told_target(&request.path)
    }

    /// The first thing that is wrong with the request, as [`Verifier::again`] would tell it.
    pub fn first_violation(&self, interaction: &Interaction) -> Option<Code> {
        if is_settled(interaction) {
            let of_request = interaction.violations.iter().find(|violation| violation.part != Part::Answer);
            return of_request.map(|violation| violation.code);
        }
        let sent = sent(interaction);
        let (_, ruling) = self.judged(&sent, interaction.time);
        ruling.findings.violations.first().map(|violation| violation.code)
    }

    /// What the request asks, and in which versions it would be right.
    pub fn outline(&self, interaction: &Interaction) -> Outline {
        let sent = sent(interaction);
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

/// Was it said what is wrong with a body that was not kept? Then that stands.
fn is_settled(interaction: &Interaction) -> bool {
    interaction.request.unreadable.is_some() && !interaction.violations.is_empty()
}

/// The request and its body as they were sent, with values of their kind in place of secrets.
pub(super) fn sent(interaction: &Interaction) -> (Request, Body) {
    match (interaction.request.request(), &interaction.request.unreadable) {
        ((request, _), Some(unreadable)) => {
            (Request { body: vec![b'?'], ..request }, Body::Unreadable(unreadable.because.as_str().into()))
        }
        ((request, Body::Json(body)), None) => {
            let with = match with_stand_ins(&body, &interaction.violations) {
                Cow::Owned(with) => Some(with),
                Cow::Borrowed(_) => None,
            };
            (request, Body::Json(with.unwrap_or(body)))
        }
        (other, None) => other,
    }
}

/// Where cloud and contract differ about the recorded request and its answer; what did not arrive is nobody's answer.
fn disagreements_of(ruling: &Ruling<'_>, interaction: &Interaction) -> Vec<Violation> {
    let RecordedResponse { body, contents, failure, .. } = &interaction.response;
    // What a fault made the client get is not the cloud's.
    if failure.is_some() || interaction.fault.is_some() {
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
    if interaction.fault.is_some() {
        return None;
    }
    interaction.refusal.clone().or_else(|| {
        let body = interaction.response.body.as_ref().unwrap_or(&Value::Null);
        refusal_by_status(interaction.status, body).map(|(code, message)| Refused { code, message })
    })
}
