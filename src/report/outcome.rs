//! What a run came to.

use super::ending::{Ending, Snapshots};
use super::exit::Exit;
use super::rules::Rules;
use crate::contract::Code;
use crate::recording::{Case, Diagnosis, Journal, Recording};

/// What a run came to: all that a report tells.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What happened.
    pub journal: Journal,
    /// How the run ended.
    pub ending: Ending,
    /// Everything that fails it, the decisive one first; empty if it is clean.
    pub reasons: Vec<Reason>,
    /// Rules of `--allow` that nothing made use of.
    pub unused_allows: Vec<String>,
    /// The code to exit with.
    pub exit_code: i32,
}

/// Something that fails a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The row of the table of exit codes, or `command`.
    pub name: &'static str,
    /// A line about it.
    pub text: String,
}

impl Outcome {
    /// Weighs what happened and how it ended.
    pub fn new(journal: Journal, ending: Ending) -> Outcome {
        let unused_allows = ending.rules.unused(&journal).into_iter().map(ToString::to_string).collect();
        let reasons = reasons(&journal, &ending);
        let exit_code = match reasons.first() {
            None => 0,
            Some(reason) if reason.name == "command" => ending.command.unwrap_or(1),
            Some(reason) => i32::from(Exit::named(reason.name).code),
        };
        Outcome { journal, ending, reasons, unused_allows, exit_code }
    }

    /// What the recorded run came to: the same as the run itself said. A recording that was cut fails.
    pub fn of_recording(recording: &Recording) -> Outcome {
        let mut journal = Journal::default();
        recording.interactions.iter().for_each(|interaction| journal.note(interaction, &Case::of(interaction)));
        journal.recording_failed.clone_from(&recording.cut);
        let ending = recording.end.as_ref().map(Ending::from_json).unwrap_or_default();
        Outcome::new(journal, ending)
    }

    /// Does nothing fail it?
    pub fn is_clean(&self) -> bool {
        self.reasons.is_empty()
    }

    /// `clean`, or the name of the decisive reason.
    pub fn name(&self) -> &'static str {
        self.reasons.first().map_or("clean", |reason| reason.name)
    }

    /// Does the complaint fail the run?
    pub fn is_failing(&self, diagnosis: &Diagnosis) -> bool {
        diagnosis.violations.iter().any(|violation| self.ending.rules.fails(violation.code, &diagnosis.operation))
    }
}

fn reasons(journal: &Journal, ending: &Ending) -> Vec<Reason> {
    let reason = |name, text: Option<String>| text.map(|text| Reason { name, text });
    let violations = failing(journal, &ending.rules, |code| code != Code::UnknownOperation);
    let unmatched = failing(journal, &ending.rules, |code| code == Code::UnknownOperation);
    [
        reason("recording", journal.recording_failed.as_ref().map(|why| format!("the recording is not whole: {why}"))),
        reason(
            "command",
            ending.command.filter(|code| *code != 0).map(|code| format!("the command ended with {code}")),
        ),
        reason(
            "violation",
            (violations > 0).then(|| counted(violations, "broke its contract", "broke their contract")),
        ),
        reason("unmatched", (unmatched > 0).then(|| counted(unmatched, "led to no operation", "led to no operation"))),
        reason("snapshots", ending.snapshots.as_ref().and_then(differences)),
        reason("nothing-asked", nothing(journal)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How many requests had a code that is `wanted` and fails.
fn failing(journal: &Journal, rules: &Rules, wanted: fn(Code) -> bool) -> u64 {
    let fails = |code: Code, operation: &str| wanted(code) && rules.fails(code, operation);
    let complained = journal.diagnoses.iter().filter(|d| d.violations.iter().any(|v| fails(v.code, &d.operation)));
    let refused = journal.refusals.iter().filter(|((code, operation), _)| fails(*code, operation));
    complained.map(|diagnosis| diagnosis.times).sum::<u64>() + refused.map(|(_, tally)| tally.times).sum::<u64>()
}

fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 request {one}"),
        _ => format!("{count} requests {many}"),
    }
}

fn differences(snapshots: &Snapshots) -> Option<String> {
    let c = &snapshots.comparison;
    let text = format!(
        "snapshots: {} missing, {} changed, {} unreferenced",
        c.missing.len(),
        c.changed.len(),
        c.unreferenced.len()
    );
    (snapshots.enforced && !c.is_clean()).then_some(text)
}

/// Why nothing was tested, if that is so: a client that only logs in and is turned away tests nothing either.
fn nothing(journal: &Journal) -> Option<String> {
    let of_token = journal.refusals.iter().filter(|((code, _), _)| *code == Code::Token);
    let turned_away: u64 = of_token.map(|(_, tally)| tally.times).sum();
    match journal.requests {
        0 => Some(NO_REQUEST.to_owned()),
        count if journal.accepted == 0 => Some(format!("none of {count} requests was accepted")),
        _ if journal.authenticated == 0 && turned_away > 0 => {
            Some(format!("no request with a token was accepted, {turned_away} got 401"))
        }
        _ => None,
    }
}

const NO_REQUEST: &str =
    "no request arrived: does the client use OS_AUTH_URL? One written in Go needs --env-for gophercloud";
