//! What a run came to.

use std::sync::Arc;

use super::ending::{Ending, Run, Snapshots};
use super::exit::{Cause, Exit};
use super::rules::Rules;
use crate::base::Diagnostic;
use crate::contract::Code;
use crate::recording::{
    AnswerReport, Diagnosis, Ended, FaultReport, Interaction, Journal, Keep, Label, Leftover, Reader, Refused, Test,
};

/// The outcome of a run: everything that a report contains.
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
    /// What ends the run so.
    pub cause: Cause,
    /// A line about it.
    pub text: String,
}

impl Outcome {
    /// Weighs what happened and how it ended.
    pub fn new(mut journal: Journal, ending: Ending) -> Outcome {
        ending.left.iter().for_each(|own| journal.left_behind(own));
        let unused = ending
            .rules
            .unused(&journal, (&ending.unasked, &ending.left, &ending.faults))
            .into_iter()
            .map(ToString::to_string);
        let unused_allows = unused.chain(unused_of_tests(&journal)).collect();
        let reasons = reasons(&journal, &ending);
        let exit_code = reasons.first().map_or(Exit::Clean.code(), |reason| reason.cause.code());
        Outcome { journal, ending, reasons, unused_allows, exit_code }
    }

    /// The outcome of a part of a run, such as a project: what else is allowed may be used by other parts.
    pub fn of_part(journal: Journal, ending: Ending) -> Outcome {
        let outcome = Outcome::new(journal, ending);
        Outcome { unused_allows: unused_of_tests(&outcome.journal).collect(), ..outcome }
    }

    /// The outcome of a recorded run: the same that the run itself printed. An incomplete recording fails. So much of it is kept to be
    /// shown.
    ///
    /// # Errors
    /// The recording cannot be read, or has a broken line before its last.
    pub fn of_recording(mut recording: Reader, keep: Keep) -> Result<Outcome, Diagnostic> {
        let mut journal = Journal::keeping(keep);
        for interaction in recording.by_ref() {
            journal.take(&interaction?);
        }
        let run = Run::of(&recording.header);
        let ended = recording.end();
        journal.recording_failed = not_whole(&ended);
        let mut ending = ended.end.and_then(|end| Ending::from_json(&end)).unwrap_or_default();
        ending.silent.iter().for_each(|label| journal.announce(&Arc::new(label.clone())));
        ending.run = run;
        Ok(Outcome::new(journal, ending))
    }

    /// Does nothing fail it?
    pub fn is_clean(&self) -> bool {
        self.reasons.is_empty()
    }

    /// `clean`, or the name of the decisive reason.
    pub fn name(&self) -> &'static str {
        self.reasons.first().map_or(Exit::Clean.row().name, |reason| reason.cause.name())
    }

    /// Does the test fail the run?
    pub fn has_failed(&self, test: &Test) -> bool {
        !test.awaited.is_empty() || self.failures(test).next().is_some() || self.left_by(Some(test)).next().is_some()
    }

    /// The complaints about a test that fail the run.
    pub fn failures<'o>(&'o self, test: &'o Test) -> impl Iterator<Item = &'o Diagnosis> + use<'o> {
        let is_its = |diagnosis: &&Diagnosis| diagnosis.test.as_ref().is_some_and(|own| own.name == test.label.name);
        self.journal.diagnoses.iter().filter(move |own| is_its(own) && self.is_failing(own))
    }

    /// What was left behind and fails the run.
    pub fn left_behind(&self) -> impl Iterator<Item = &Leftover> {
        self.ending.left.iter().filter(|own| is_failing_left(&self.journal, &self.ending.rules, own))
    }

    /// The same of a test, or of none.
    pub fn left_by(&self, test: Option<&Test>) -> impl Iterator<Item = &Leftover> {
        let name = test.map(|test| test.label.name.to_string());
        self.left_behind().filter(move |own| own.test == name)
    }

    /// Does the complaint fail the run?
    pub fn is_failing(&self, diagnosis: &Diagnosis) -> bool {
        fails(&self.ending.rules, diagnosis, |_| true)
    }

    /// Does the request fail the run?
    pub fn is_failing_request(&self, interaction: &Interaction) -> bool {
        let operation = interaction.operation.as_deref().unwrap_or_default();
        let (rules, label) = (&self.ending.rules, interaction.test.as_deref());
        let refused = interaction.refusal.as_ref().map(|Refused { code, .. }| *code);
        let mut codes = interaction.violations.iter().map(|violation| violation.code).chain(refused);
        codes.any(|code| fails_at(rules, code, operation, label))
    }
}

/// What tests may do that they did not make use of.
fn unused_of_tests(journal: &Journal) -> impl Iterator<Item = String> {
    let of = |test: &Test| test.unused.iter().map(|rule| format!("{rule} of {}", test.label.name)).collect::<Vec<_>>();
    journal.tests.values().flat_map(of)
}

/// Has the complaint a `wanted` code that fails? What its test may do does not.
fn fails(rules: &Rules, diagnosis: &Diagnosis, wanted: impl Fn(Code) -> bool) -> bool {
    let Diagnosis { operation, test, .. } = diagnosis;
    let mut codes = diagnosis.violations.iter().map(|violation| violation.code);
    codes.any(|code| wanted(code) && fails_at(rules, code, operation, test.as_deref()))
}

/// Does the code fail on an operation, asked by that test or by none? What a test may do does not.
fn fails_at(rules: &Rules, code: Code, operation: &str, test: Option<&Label>) -> bool {
    rules.fails(code, operation, test.map(|label| label.name.as_ref()))
        && !test.is_some_and(|label| label.covers(code, operation))
}

/// Does it fail that it was left behind? What its test may do does not.
fn is_failing_left(journal: &Journal, rules: &Rules, left: &Leftover) -> bool {
    let test = left.test.as_deref().and_then(|name| journal.tests.get(name));
    fails_at(rules, Code::Leftover, &left.operation, test.map(|test| &*test.label))
}

/// What leads to nothing, rather than breaking a contract.
const UNMATCHED: [Code; 4] = [Code::UnknownOperation, Code::NotRecorded, Code::Repeated, Code::TooEarly];

/// Why a recording that ended so is incomplete, if it is.
pub fn not_whole(ended: &Ended) -> Option<String> {
    let is_odd = ended.end.as_ref().is_some_and(|end| Ending::from_json(end).is_none());
    ended.cut.clone().or_else(|| is_odd.then(|| "its last line cannot be read".to_owned()))
}

fn reasons(journal: &Journal, ending: &Ending) -> Vec<Reason> {
    let reason = |exit, text: Option<String>| text.map(|text| Reason { cause: Cause::Exit(exit), text });
    let violations = failing(journal, &ending.rules, |code| !UNMATCHED.contains(&code) && code != Code::Upstream);
    let unmatched = failing(journal, &ending.rules, |code| code == Code::UnknownOperation);
    let unrecorded = failing(journal, &ending.rules, |code| code == Code::NotRecorded);
    let repeated = failing(journal, &ending.rules, |code| code == Code::Repeated);
    let early = failing(journal, &ending.rules, |code| code == Code::TooEarly);
    let unanswered = failing(journal, &ending.rules, |code| code == Code::Upstream);
    let unasked = ending.unasked.iter().filter(|unasked| ending.fails(unasked)).count();
    let not_whole = journal.recording_failed.as_ref().map(|why| format!("the recording is incomplete: {why}"));
    let suspects = ending
        .suspects
        .iter()
        .map(|place| format!("a possible secret was left out at {place}; decide with --redact or --keep POINTER"));
    let failed = ending.command.filter(|code| *code != 0);
    [reason(Exit::Recording, not_whole)]
        .into_iter()
        .chain(suspects.map(|text| reason(Exit::Recording, Some(text))))
        .chain(ending.failures.iter().map(|why| reason(Exit::Usage, Some(why.clone()))))
        .chain([
            failed.map(|code| Reason { cause: Cause::Command(code), text: format!("the command ended with {code}") }),
            reason(Exit::Violation, counted(violations, "broke its contract", "broke their contract")),
            reason(Exit::Violation, missed(ending)),
            reason(Exit::Violation, left_behind(journal, ending)),
            reason(
                Exit::Violation,
                counted(unanswered, "got no complete answer from the cloud", "got no complete answer from the cloud"),
            ),
            reason(Exit::Unmatched, counted(unmatched, "matched no operation", "matched no operation")),
            reason(Exit::Unmatched, counted(unrecorded, "was never recorded", "were never recorded")),
            reason(
                Exit::Unmatched,
                counted(
                    repeated,
                    "was sent more often than it was recorded",
                    "were sent more often than they were recorded",
                ),
            ),
            reason(
                Exit::Unmatched,
                counted(early, "came earlier than it was recorded", "came earlier than they were recorded"),
            ),
            reason(Exit::Unmatched, not_asked(unasked)),
        ])
        .chain(awaited(journal).map(|text| reason(Exit::Unmatched, Some(text))))
        .chain([
            reason(Exit::Unmatched, ending.stale.map(|stale| stale.to_string())),
            reason(Exit::Unmatched, unfired(&ending.faults)),
            reason(Exit::Unmatched, ungiven(&ending.answers)),
            reason(Exit::Snapshots, ending.snapshots.as_ref().and_then(differences)),
            // What could not be asked is told as such.
            reason(Exit::NothingAsked, nothing(journal, ending.command).filter(|_| ending.undecided == 0)),
            reason(Exit::Undecided, undecided(ending.undecided)),
        ])
        .flatten()
        .collect()
}

/// How many requests had a code that is `wanted` and fails.
fn failing(journal: &Journal, rules: &Rules, wanted: fn(Code) -> bool) -> u64 {
    let complained = journal.diagnoses.iter().filter(|diagnosis| fails(rules, diagnosis, wanted));
    let refused = journal.refusals.iter().filter(|((code, _), _)| wanted(*code));
    let failed = refused.flat_map(|((code, operation), tally)| {
        let is_let = |name: &str| journal.tests.get(name).is_some_and(|test| test.label.covers(*code, operation));
        let fails = move |test: Option<&str>| rules.fails(*code, operation, test) && !test.is_some_and(is_let);
        tally.shares().filter(move |(test, _)| fails(*test)).map(|(_, times)| times)
    });
    complained.map(|diagnosis| diagnosis.times).sum::<u64>() + failed.sum::<u64>()
}

/// A line about so many requests, if there are any.
fn counted(count: u64, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 request {one}")),
        _ => Some(format!("{count} requests {many}")),
    }
}

/// A line about so many recorded writes, if there are any.
fn not_asked(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 recorded write was not sent".to_owned()),
        _ => Some(format!("{count} recorded writes were not sent")),
    }
}

/// A line about the faults that never happened, if there are any.
fn unfired(faults: &[FaultReport]) -> Option<String> {
    let never: Vec<String> =
        faults.iter().filter(|own| own.times == 0 && !own.optional).map(FaultReport::to_string).collect();
    match never.as_slice() {
        [] => None,
        [one] => Some(format!("the fault {one} never happened")),
        many => Some(format!("{} faults never happened: {}", many.len(), many.join(", "))),
    }
}

/// A line about an awkward answer that was asked for and never given, if there is one.
fn ungiven(answers: &[AnswerReport]) -> Option<String> {
    let never = answers.iter().find(|own| own.named && own.times == 0)?;
    Some(format!("the answers {} were never given: nothing was asked that has them", never.name))
}

/// A line about what the client did not do after a fault, if that fails the run.
fn missed(ending: &Ending) -> Option<String> {
    let mut missed = ending.faults.iter().flat_map(|fault| fault.missed().map(move |(code, text)| (fault, code, text)));
    let (fault, _, text) = missed.find(|(fault, code, _)| ending.rules.fails(*code, &fault.operation, None))?;
    Some(format!("after the fault {fault} the client {text}"))
}

/// A line about what was left behind, if that fails the run.
fn left_behind(journal: &Journal, ending: &Ending) -> Option<String> {
    const FEW: usize = 3;
    let left: Vec<String> =
        ending.left.iter().filter(|own| is_failing_left(journal, &ending.rules, own)).map(Leftover::told).collect();
    match left.as_slice() {
        [] => None,
        [one] => Some(format!("{one} was left behind")),
        many if many.len() <= FEW => Some(format!("{} were left behind", many.join(", "))),
        many => Some(format!("{} and {} more were left behind", many[..FEW].join(", "), many.len() - FEW)),
    }
}

/// A line about so many operations, if there are any.
fn undecided(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("for 1 operation it is unclear whether the cloud keeps its contract".to_owned()),
        _ => Some(format!("for {count} operations it is unclear whether the cloud keeps their contracts")),
    }
}

/// A line about each thing that a test expected and that did not happen.
fn awaited(journal: &Journal) -> impl Iterator<Item = String> {
    let of = |test: &Test| {
        let told = test.label.told();
        test.awaited.iter().map(move |rule| format!("{told} expected {rule}, which did not happen")).collect::<Vec<_>>()
    };
    journal.tests.values().flat_map(of)
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

/// Why nothing was tested, if nothing was: no request was accepted, or none but those that need no token while all others were
/// refused. A request that broke its contract, even one that is allowed to, tested something.
fn nothing(journal: &Journal, command: Option<i32>) -> Option<String> {
    // As shells have it: the command, or one that it runs, cannot be run or is not there.
    let has_run = !matches!(command, Some(126 | 127));
    let only_opened = journal.authenticated == 0 && journal.diagnoses.is_empty() && journal.requests > journal.accepted;
    match (journal.requests, journal.accepted) {
        (0, _) => Some([NO_REQUEST, if has_run { IS_IT_ASKED } else { "" }].concat()),
        (1, 0) => Some("the only request was not accepted".to_owned()),
        (count, 0) => Some(format!("none of {count} requests was accepted")),
        (count, accepted) if only_opened => Some(format!(
            "only logins and version documents were accepted: {} of {count} requests were refused",
            count - accepted
        )),
        _ => None,
    }
}

const NO_REQUEST: &str = "no request arrived";
const IS_IT_ASKED: &str = ": does the client use OS_AUTH_URL? Clients written in Go need --env-for gophercloud";
