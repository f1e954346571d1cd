//! The outcome as Markdown, for the summary of a CI job.

use std::fmt::Write;

use super::outcome::Outcome;
use super::text::requests;

/// The outcome as Markdown.
pub fn markdown(outcome: &Outcome) -> String {
    let mut out = String::new();
    let mark = if outcome.is_clean() { "✅" } else { "❌" };
    line(&mut out, format!("## {mark} mockstack: {} (exit code {})\n", outcome.name(), outcome.exit_code));
    outcome.reasons.iter().for_each(|reason| line(&mut out, format!("- {}", reason.text)));
    let journal = &outcome.journal;
    line(&mut out, format!("\n{}, {} accepted.\n", requests(journal), journal.accepted));
    line(&mut out, "| operation | accepted |\n| --- | ---: |");
    journal.operations().iter().for_each(|(id, asked)| line(&mut out, format!("| `{id}` | {asked} |")));
    for diagnosis in &journal.diagnoses {
        let state = if outcome.is_failing(diagnosis) { "" } else { " (allowed)" };
        let test = diagnosis.test.as_ref().map(|label| format!(" of `{}`", label.told())).unwrap_or_default();
        line(&mut out, format!("\n**request {}{test}, ×{}{state}**\n", diagnosis.sequence, diagnosis.times));
        fenced(&mut out, "text", &diagnosis.diagnostic.to_string());
    }
    if let Some(snapshots) = &outcome.ending.snapshots {
        let comparison = &snapshots.comparison;
        for change in comparison.missing.iter().chain(&comparison.changed) {
            line(&mut out, format!("\n**snapshot `{}`**\n", change.file));
            fenced(&mut out, "diff", &change.diff);
        }
        comparison
            .unreferenced
            .iter()
            .for_each(|file| line(&mut out, format!("\n**snapshot unreferenced: `{file}`**")));
    }
    if !journal.refusals.is_empty() {
        line(&mut out, "\n| refused | operation | requests | for example |\n| --- | --- | ---: | --- |");
    }
    for ((code, operation), tally) in &journal.refusals {
        let tests = tally.told_tests().map(|tests| format!(" ({tests})")).unwrap_or_default();
        line(
            &mut out,
            format!("| {code} | `{operation}` | {} | {} |", tally.times, cell(&(tally.example.clone() + &tests))),
        );
    }
    if !outcome.ending.faults.is_empty() {
        line(&mut out, "\n| fault | operation | times | the client |\n| --- | --- | ---: | --- |");
    }
    for fault in &outcome.ending.faults {
        let told = cell(&fault.told());
        line(&mut out, format!("| `{}` | `{}` | {} | {told} |", fault.name, fault.operation, fault.times));
    }
    outcome.ending.told_anew().iter().for_each(|told| line(&mut out, format!("\n{told}.")));
    let unasked = &outcome.ending.unasked;
    unasked.iter().for_each(|own| line(&mut out, format!("\nNot asked: {}, `{}`.", own.request, own.operation)));
    for left in outcome.left_behind() {
        let test = left.test.as_ref().map(|test| format!(" of `{test}`")).unwrap_or_default();
        line(&mut out, format!("\nLeft behind: {left}{test}."));
    }
    outcome.unused_allows.iter().for_each(|rule| line(&mut out, format!("\n`--allow {rule}` allowed nothing.")));
    let unused = &outcome.ending.unused_patterns;
    unused.iter().for_each(|pattern| line(&mut out, format!("\n`{pattern}` matched nothing.")));
    out
}

fn line(out: &mut String, text: impl AsRef<str>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", text.as_ref());
}

/// A fence that is longer than any run of backquotes inside.
pub(super) fn fenced(out: &mut String, language: &str, text: &str) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    line(out, format!("{fence}{language}\n{}\n{fence}", text.trim_end()));
}

/// A text as the cell of a table.
pub fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
