//! Where interactions go: into the journals, the recording, and the session's collection of snapshots.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde::Serialize;

use super::answered::Answered;
use super::call::Call;
use super::diagnose::valid;
use super::leavings::Maker;
use super::ruling::{Ruling, Target};
use super::sequence::{Sequence, lock};
use super::session::Session;
use crate::base::Diagnostic;
use crate::base::json::Value;
use crate::message::{Decisions, Marks, Redaction, Redactor, Response};
use crate::recording::{
    Case, End, Interaction, Journal, Keep, Kept, Label, RecordedRequest, RecordedResponse, Recorder, Refused, log_line,
    shape, to_line,
};
use crate::snapshot::Asked;

/// Who is told a line of each interaction.
pub type Log = fn(String);

/// Where interactions go.
#[derive(Debug)]
pub struct Ledger {
    sequence: Sequence,
    redactor: Redactor,
    journals: Mutex<Journals>,
    recorder: Option<Recorder>,
    log: Option<Log>,
    /// Are interactions kept for who wants to see them?
    is_kept: bool,
    /// Places at which something looks like a secret, each with its operation.
    suspects: Mutex<BTreeSet<String>>,
}

/// What happened, in all and by project.
#[derive(Debug, Default)]
struct Journals {
    all: Journal,
    kept: Kept,
    by_project: BTreeMap<String, Journal>,
    /// How many projects are kept without a look at whether they are still there.
    enough: usize,
}

/// An answer that is sent once its interaction is written. It is written even if nobody waits for it any more.
#[derive(Debug)]
#[must_use = "the answer is in it"]
pub struct Taken<'l> {
    ledger: &'l Ledger,
    sequence: u64,
    response: Response,
    /// The JSON of its body, if the recording needed it.
    sent: Option<String>,
}

impl Taken<'_> {
    /// Whether there is something to write; then others that have arrived are best taken first, so that one write does for all.
    pub fn is_recorded(&self) -> bool {
        self.ledger.recorder.is_some()
    }

    /// Writes down what was taken, and lets the answer leave.
    pub fn flush(mut self) -> Response {
        std::mem::take(&mut self.response)
    }

    /// The same. The body is a text if it was written already, and is not written again.
    pub fn send(mut self) -> Response {
        let body = self.sent.take().map(Value::String);
        let response = std::mem::take(&mut self.response);
        Response { body: body.or(response.body), ..response }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.ledger.flush(self.sequence);
    }
}

impl Ledger {
    pub fn new(recorder: Option<Recorder>, decisions: Decisions, (keep, log): (Keep, Option<Log>)) -> Ledger {
        Ledger {
            sequence: Sequence::default(),
            redactor: Redactor::new(decisions),
            suspects: Mutex::default(),
            journals: Mutex::new(Journals { kept: Kept::new(keep), ..Journals::default() }),
            is_kept: keep.most > 0,
            recorder,
            log,
        }
    }

    /// Keeps secrets out of recordings and reports.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The places of the interactions.
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// What a snapshot shows of the request, if snapshots are taken. Before the answer, as the
    /// answer may delete it.
    pub fn capture(
        &self,
        session: &Session,
        operation: &str,
        call: &Call<'_>,
        marks: Option<Arc<Marks>>,
    ) -> Option<Asked> {
        let collector = session.collector.as_ref()?;
        let Call { request, body, redactor, .. } = *call;
        let redaction = redactor.inspect(marks, request, body, None);
        let mut collector = lock(collector);
        Some(Asked::capture(operation, request, body, &redaction, &mut |id| {
            collector.name(id, |id| session.responder.name_of(id))
        }))
    }

    /// Records the outcome of `call`: its snapshot, the ruling, a fix, and the answer.
    pub fn append(
        &self,
        session: &Session,
        call: &Call<'_>,
        asked: Option<Asked>,
        ruling: Ruling<'_>,
        diagnostic: Option<Diagnostic>,
        answered: Answered,
    ) -> Taken<'_> {
        let Answered { response, sequence, contents, failure, fault, made, .. } = answered;
        let redaction = self.redactor.inspect(ruling.target.marks(), call.request, call.body, Some(&response));
        let (asked_as, sent) = match self.keeps_lines() {
            true => (redaction.as_asked(call.body), redaction.as_sent(&response)),
            false => (None, None),
        };
        let Target { contract, operation, version } = ruling.target;
        let service = contract.map(|contract| &contract.service);
        // Only complaints tell it.
        let client = call.request.headers.get("User-Agent").filter(|_| diagnostic.is_some());
        let valid = valid(&ruling);
        let mut interaction = Interaction {
            sequence,
            time: call.time,
            service: service.map(|service| service.name.clone()),
            operation: operation.map(|operation| Arc::clone(&operation.id)),
            version: version.filter(|_| service.is_some_and(|service| service.told_apart().is_some())),
            session: session.name().map(str::to_owned),
            test: call.test.clone(),
            client: client.map(|client| redaction.text(client).into_owned()),
            project: service.and(call.caller.as_ref()).and_then(|caller| caller.project_name.clone()),
            unauthenticated: operation.is_some_and(|operation| !operation.token),
            shape: shape(call.request, call.body).into(),
            status: response.status,
            violations: ruling.findings.violations,
            diagnostic,
            valid,
            refusal: ruling.findings.refusal.map(|(code, message)| Refused { code, message }),
            fault,
            request: RecordedRequest::redacted(&redaction, call.request, call.body, asked_as.as_deref()),
            response: RecordedResponse {
                contents,
                failure,
                ..RecordedResponse::redacted(&redaction, &response, sent.as_deref())
            },
        };
        interaction.redact(&redaction);
        self.note(session, &interaction);
        if let (false, Some(maker), Some(cloud)) = (made.is_empty(), Maker::of(&interaction), session.cloud()) {
            session.leavings.note(made, maker, &cloud);
        }
        if let (Some(collector), Some(asked)) = (&session.collector, asked) {
            // What the answer shows to be a secret is one in the request too.
            lock(collector).take(session.asker(call.test.as_ref()), asked.without_secrets(&redaction));
        }
        self.suspect(&redaction, interaction.operation.as_deref().unwrap_or("no operation"));
        self.keep(&interaction);
        if let Some(log) = self.log {
            log(log_line(&interaction));
        }
        Taken { ledger: self, sequence, response, sent }
    }

    /// Is a line of each interaction wanted by anybody?
    fn keeps_lines(&self) -> bool {
        self.recorder.is_some() || self.is_kept
    }

    /// Hands the line of `interaction` to who writes it, and to who wants to see it.
    fn keep<B: Serialize, H: Serialize>(&self, interaction: &Interaction<B, H>) {
        if !self.keeps_lines() {
            return;
        }
        let line = to_line(interaction);
        if self.is_kept {
            lock(&self.journals).kept.add(interaction, &line);
        }
        if let Some(recorder) = &self.recorder {
            recorder.put(interaction.sequence, line);
        }
    }

    /// Forgets what happened in projects that are gone, once there are many more than were left the last time.
    pub fn prune(&self, is_there: impl Fn(&str) -> bool) {
        const FEW: usize = 100;
        let names: Vec<String> = {
            let journals = lock(&self.journals);
            if journals.by_project.len() <= journals.enough.max(FEW) {
                return;
            }
            journals.by_project.keys().cloned().collect()
        };
        let gone: Vec<String> = names.into_iter().filter(|name| !is_there(name)).collect();
        let mut journals = lock(&self.journals);
        gone.iter().for_each(|name| drop(journals.by_project.remove(name)));
        journals.enough = 2 * journals.by_project.len();
    }

    /// Takes note of the places at which `operation` has what looks like a secret.
    fn suspect(&self, redaction: &Redaction<'_>, operation: &str) {
        const MOST: usize = 100;
        for place in redaction.suspects.iter().filter(|_| self.recorder.is_some()) {
            let mut suspects = lock(&self.suspects);
            if suspects.len() < MOST {
                suspects.insert(format!("{} of {operation}", redaction.text(place)));
            }
        }
    }

    /// See [`Redaction::suspects`]; the first hundred.
    pub fn suspects(&self) -> Vec<String> {
        lock(&self.suspects).iter().cloned().collect()
    }

    /// Counts the interaction, in all and in its session, or its project in the server's own.
    fn note<B, H>(&self, session: &Session, interaction: &Interaction<B, H>) {
        let case = Case::of(interaction);
        let mut journals = lock(&self.journals);
        journals.all.note(interaction, &case);
        if session.owner.is_some() {
            session.journal().note(interaction, &case);
        } else if let Some(project) = &interaction.project {
            match journals.by_project.get_mut(project) {
                Some(journal) => journal.note(interaction, &case),
                None => journals.by_project.entry(project.clone()).or_default().note(interaction, &case),
            }
        }
    }

    /// A test begins.
    pub fn announce(&self, label: &Arc<Label>) {
        lock(&self.journals).all.announce(label);
    }

    /// Returns once what has that place is in the recording, or could not be written.
    fn flush(&self, sequence: u64) {
        if let Some(recorder) = &self.recorder
            && let Err(why) = recorder.flush(sequence)
        {
            lock(&self.journals).all.recording_failed.get_or_insert(why);
        }
    }

    /// Writes the last line of the recording, which says that the run came to its end, and waits until it is written.
    pub fn end(&self, end: &Value) {
        if let Some(recorder) = &self.recorder {
            let sequence = self.sequence.next();
            recorder.put(sequence, to_line(&End { end: self.redactor.texts(end), requests: Some(sequence - 1) }));
            self.flush(sequence);
        }
    }

    /// What happened so far, in all or in the project of that name.
    pub fn journal(&self, project: Option<&str>) -> Journal {
        let journals = lock(&self.journals);
        match project {
            None => journals.all.clone().with_kept(journals.kept.clone()),
            Some(project) => journals.by_project.get(project).cloned().unwrap_or_default(),
        }
    }

    /// How many there were so far.
    pub fn requests(&self) -> u64 {
        lock(&self.journals).all.requests
    }

    /// What is kept of the interactions of a project, the newest `count`.
    pub fn kept_of(&self, project: &str, count: u64) -> Kept {
        lock(&self.journals).kept.of_project(project, count)
    }

    /// Forgets what happened in a project.
    pub fn forget(&self, project: &str) {
        lock(&self.journals).by_project.remove(project);
    }
}
