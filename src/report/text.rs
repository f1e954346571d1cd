//! The verdict as text for people.

use std::fmt::Write;

use super::ending::Snapshots;
use super::outcome::Outcome;
use crate::base::colour::{BOLD, GREEN, PLAIN, RED, without_colours};
use crate::recording::{AnswerReport, Diagnosis, FaultReport, Journal};
use crate::snapshot::Change;

/// The verdict without colours.
pub fn text(outcome: &Outcome) -> String {
    without_colours(coloured(outcome))
}

/// The verdict: each complaint, what was asked, the snapshots, the refusals, the unused rules, and last the line that says
/// how it ended. The caller strips the colours if the output is not a terminal.
pub fn coloured(outcome: &Outcome) -> String {
    let mut out = String::new();
    outcome.journal.diagnoses.iter().for_each(|diagnosis| complaint(&mut out, outcome, diagnosis));
    operations(&mut out, outcome);
    if let Some(snapshots) = &outcome.ending.snapshots {
        tell_snapshots(&mut out, snapshots);
    }
    for (label, text) in notes(outcome) {
        line(&mut out, format!("{label:12}  {text}"));
    }
    for reason in &outcome.reasons {
        line(&mut out, format!("fails         {}", reason.text));
    }
    let colour = if outcome.is_clean() { GREEN } else { RED };
    line(&mut out, format!("{colour}verdict       {} (exit code {}){PLAIN}", outcome.name(), outcome.exit_code));
    out
}

fn line(out: &mut String, text: impl AsRef<str>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", text.as_ref());
}

fn complaint(out: &mut String, outcome: &Outcome, diagnosis: &Diagnosis) {
    let text = diagnosis.diagnostic.to_string();
    let (headline, rows) = text.split_once('\n').unwrap_or((&text, ""));
    let times = if diagnosis.times > 1 { format!("   ×{}", diagnosis.times) } else { String::new() };
    let allowed = if outcome.is_failing(diagnosis) { "" } else { "   (allowed)" };
    line(out, format!("{BOLD}{headline}{PLAIN}{times}{allowed}"));
    out.push_str(rows);
    if let Some(label) = &diagnosis.test {
        let client = diagnosis.client.as_deref().unwrap_or("an unnamed client");
        line(out, format!("  test           {}, request {} of {client}", label.told(), diagnosis.sequence));
    }
    line(out, "");
}

/// `awkward: image-of-volume ×3, reversed-keys ×12`, of those that were given.
fn answers(reports: &[AnswerReport]) -> Option<String> {
    let given = reports.iter().filter(|own| own.times > 0);
    let told: Vec<String> = given.map(|own| format!("{} ×{}", own.name, own.times)).collect();
    (!told.is_empty()).then(|| format!("awkward: {}", told.join(", ")))
}

/// What a reader should know besides the complaints: refusals, faults, what was not asked, rules without a use. A label and a text each.
pub fn notes(outcome: &Outcome) -> Vec<(&'static str, String)> {
    let refused = outcome.journal.refusals.iter().map(|((code, operation), tally)| {
        let about = if operation.is_empty() { "no operation" } else { operation };
        let tests = tally.told_tests().map(|tests| format!("   ({tests})")).unwrap_or_default();
        ("refused", format!("{code} ×{}   {about}   {}{tests}", tally.times, tally.example))
    });
    let ending = &outcome.ending;
    let asked =
        ending.unasked.iter().map(|own| ("not asked", format!("{} of the recording, {}", own.request, own.operation)));
    let left = outcome.left_behind().map(|own| {
        let test = own.test.as_ref().map(|test| format!(" of {test}")).unwrap_or_default();
        ("left behind", format!("{own}{test}"))
    });
    let allows = outcome.unused_allows.iter().map(|rule| format!("--allow {rule} allowed nothing; drop it"));
    let patterns = ending.unused_patterns.iter().map(|pattern| format!("{pattern} matched nothing; drop it"));
    refused
        .chain(ending.told_anew().map(|told| ("note", told)))
        .chain(ending.faults.iter().map(|fault| ("fault", told_fault(fault))))
        .chain(answers(&ending.answers).map(|told| ("answers", told)))
        .chain(asked)
        .chain(left)
        .chain(allows.chain(patterns).map(|text| ("unused", text)))
        .collect()
}

/// `rate-limited@compute.servers.create ×1   retried after 1.0 s`
fn told_fault(fault: &FaultReport) -> String {
    let told = Some(fault.told()).filter(|told| !told.is_empty()).map(|told| format!("   {told}")).unwrap_or_default();
    format!("{fault} ×{}{told}", fault.times)
}

/// `1 request`, `2 requests`.
pub fn requests(journal: &Journal) -> String {
    format!("{} request{}", journal.requests, if journal.requests == 1 { "" } else { "s" })
}

/// How often each operation was accepted, and of how many; as many in a line as fit into 100 columns.
fn operations(out: &mut String, outcome: &Outcome) {
    let journal = &outcome.journal;
    let served: Vec<String> = journal.operations().iter().map(|(id, asked)| format!("{id} {asked}")).collect();
    let colon = if served.is_empty() { "" } else { ":" };
    line(out, format!("{}, {} accepted{colon}", requests(journal), journal.accepted));
    let mut row = String::new();
    for item in &served {
        if row.chars().count() + item.chars().count() > 96 {
            line(out, std::mem::take(&mut row));
        }
        row += if row.is_empty() { "  " } else { " · " };
        row += item;
    }
    if !row.is_empty() {
        line(out, row);
    }
}

fn tell_snapshots(out: &mut String, snapshots: &Snapshots) {
    let comparison = &snapshots.comparison;
    for (what, changes) in [("missing", &comparison.missing), ("changed", &comparison.changed)] {
        for change in changes {
            let test = change.test.as_ref().map(|test| format!(" of {test}")).unwrap_or_default();
            let Change { operation, file, .. } = change;
            line(out, format!("\n{BOLD}snapshot {what}: {operation}{test}{PLAIN}   pending in {file}.new"));
            change.diff.lines().for_each(|text| line(out, format!("  {text}")));
        }
    }
    for file in &comparison.unreferenced {
        line(
            out,
            format!(
                "\n{BOLD}snapshot unreferenced: {file}{PLAIN}   no request of this run matched it; delete it, or use --partial"
            ),
        );
    }
    let counts = (comparison.missing.len(), comparison.changed.len(), comparison.unreferenced.len());
    let (missing, changed, unreferenced) = counts;
    line(
        out,
        format!(
            "snapshots     {} matched, {missing} missing, {changed} changed, {unreferenced} unreferenced",
            comparison.matched
        ),
    );
    if missing + changed > 0 {
        line(out, "              `mockstack accept` accepts what is pending, `mockstack reject` drops it");
    }
}
