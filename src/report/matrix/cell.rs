//! One client in one cloud.

use std::time::Duration;

use crate::report::exit::{Cause, Exit};
use crate::report::outcome::Outcome;
use crate::report::text::text;

/// What one client came to in one cloud.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The name of the client.
    pub client: String,
    /// The release, or the name of another cloud.
    pub cloud: String,
    /// What fails it, if anything does.
    pub cause: Option<Cause>,
    /// The first that is wrong, in a line; empty if nothing is.
    pub reason: String,
    /// The verdict with all complaints, as `run` prints it.
    pub verdict: String,
    /// The last of what the client printed.
    pub output: String,
    /// How many requests arrived, and how many were right and were answered with success.
    pub requests: (u64, u64),
    /// How long the client ran.
    pub took: Duration,
    /// Why it is known to fail.
    pub known: Option<String>,
}

/// What a cell does to the verdict of its matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Everything was right.
    Clean,
    /// It fails, and that is known.
    Known,
    /// It fails.
    Failing,
    /// It is known to fail, and does not.
    Stale,
}

impl State {
    /// All of them, with their names.
    pub const ALL: [(State, &'static str); 4] =
        [(State::Clean, "clean"), (State::Known, "known"), (State::Failing, "failing"), (State::Stale, "stale")];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    /// Does it fail the matrix?
    pub fn fails(self) -> bool {
        matches!(self, State::Failing | State::Stale)
    }
}

impl Cell {
    /// The cell of a client that ran to `outcome`; `why` is the reason that tells more than the outcome, if there is one.
    pub fn new(client: &str, cloud: &str, outcome: &Outcome, why: Option<String>) -> Cell {
        let reason = why.or_else(|| broken(outcome)).or_else(|| Some(outcome.reasons.first()?.text.clone()));
        Cell {
            client: client.to_owned(),
            cloud: cloud.to_owned(),
            cause: outcome.reasons.first().map(|reason| reason.cause),
            reason: reason.filter(|_| !outcome.is_clean()).unwrap_or_default(),
            verdict: text(outcome),
            output: String::new(),
            requests: (outcome.journal.requests, outcome.journal.accepted),
            took: Duration::ZERO,
            known: None,
        }
    }

    /// What it does to the verdict.
    pub fn state(&self) -> State {
        match (self.cause, &self.known) {
            (None, None) => State::Clean,
            (None, Some(_)) => State::Stale,
            (Some(_), Some(_)) => State::Known,
            (Some(_), None) => State::Failing,
        }
    }

    /// What it ends the matrix with.
    pub fn ends_with(&self) -> Option<Cause> {
        match self.state() {
            State::Clean | State::Known => None,
            State::Failing => self.cause,
            State::Stale => Some(Cause::Exit(Exit::Unmatched)),
        }
    }

    /// `clean`, or the name of what fails it.
    pub fn name(&self) -> &'static str {
        self.cause.map_or(Exit::Clean.row().name, Cause::name)
    }

    /// The exit code that `run` would have had.
    pub fn exit_code(&self) -> i32 {
        self.cause.map_or(Exit::Clean.code(), Cause::code)
    }

    /// `clean`, `violation (40)`, `command (1), known`, `clean, stale`.
    pub fn told(&self) -> String {
        let code = self.cause.map(|cause| format!(" ({})", cause.code())).unwrap_or_default();
        let more = match self.state() {
            State::Known => ", known",
            State::Stale => ", stale",
            State::Clean | State::Failing => "",
        };
        format!("{}{code}{more}", self.name())
    }

    /// The reason, and why it is known or stale.
    pub fn told_reason(&self) -> String {
        match (&self.known, self.state()) {
            (Some(known), State::Stale) => format!("no longer fails as known: {known}"),
            (Some(known), _) => format!("{} (known: {known})", self.reason),
            (None, _) => self.reason.clone(),
        }
    }
}

/// The first complaint that fails the run: `compute.servers.create /server/tags not yet: lives in 2.52.., you sent 2.37`.
fn broken(outcome: &Outcome) -> Option<String> {
    let diagnosis = outcome.journal.diagnoses.iter().find(|diagnosis| outcome.is_failing(diagnosis))?;
    let violation = diagnosis.violations.iter().find(|violation| violation.code.row().fails)?;
    let subject = match diagnosis.operation.as_str() {
        "" => diagnosis.diagnostic.headline.split("   ").next().unwrap_or_default(),
        operation => operation,
    };
    let place = match violation.pointer.0.is_empty() {
        true => violation.part.name().to_owned(),
        false => violation.pointer.to_string(),
    };
    Some(format!("{subject} {place} {}", violation.text()))
}
