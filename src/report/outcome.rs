//! What a run came to.

use super::exit::Exit;
use super::rules::Rules;
use crate::contract::Code;
use crate::recording::{Diagnosis, Journal};

/// What a run came to: all that a report tells.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What happened.
    pub journal: Journal,
    /// Everything that fails it, the decisive one first; empty if it is clean.
    pub reasons: Vec<Reason>,
    /// Rules of `--allow` that nothing made use of.
    pub unused_allows: Vec<String>,
    /// How the command ended, if one was run.
    pub command: Option<i32>,
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
    /// Weighs what happened by `rules`; `command` is the exit code of the command that was run.
    pub fn new(journal: Journal, rules: &Rules, command: Option<i32>) -> Outcome {
        let unused_allows = rules.unused(&journal).into_iter().map(ToString::to_string).collect();
        let reasons = reasons(&journal, rules, command);
        let exit_code = match reasons.first() {
            None => 0,
            Some(reason) if reason.name == "command" => command.unwrap_or(1),
            Some(reason) => i32::from(Exit::named(reason.name).code),
        };
        Outcome { journal, reasons, unused_allows, command, exit_code }
    }

    /// Does nothing fail it?
    pub fn is_clean(&self) -> bool {
        self.reasons.is_empty()
    }
}

fn reasons(journal: &Journal, rules: &Rules, command: Option<i32>) -> Vec<Reason> {
    let reason = |name, text: Option<String>| text.map(|text| Reason { name, text });
    let failing = |wanted: &dyn Fn(Code) -> bool| -> u64 {
        let fails = |d: &&Diagnosis| d.codes.iter().any(|code| wanted(*code) && rules.fails(*code, &d.operation));
        let refusals = journal.refusals.iter().filter(|((code, operation), _)| wanted(*code) && rules.fails(*code, operation));
        journal.diagnoses.iter().filter(fails).map(|d| d.times).sum::<u64>() + refusals.map(|(_, tally)| tally.times).sum::<u64>()
    };
    let violations = failing(&|code| code != Code::UnknownOperation);
    let unmatched = failing(&|code| code == Code::UnknownOperation);
    [
        reason("recording", journal.recording_failed.as_ref().map(|why| format!("the recording is not whole: {why}"))),
        reason("command", command.filter(|code| *code != 0).map(|code| format!("the command ended with {code}"))),
        reason("violation", (violations > 0).then(|| counted(violations, "broke its contract", "broke their contract"))),
        reason("unmatched", (unmatched > 0).then(|| counted(unmatched, "led to no operation", "led to no operation"))),
        reason("nothing-asked", (journal.accepted == 0).then(|| nothing(journal))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 request {one}"),
        _ => format!("{count} requests {many}"),
    }
}

fn nothing(journal: &Journal) -> String {
    match journal.requests {
        0 => "no request arrived: does the client use OS_AUTH_URL?".to_owned(),
        count => format!("none of {count} requests was accepted"),
    }
}
