//! The outcome as annotations of a GitHub workflow.

use super::outcome::Outcome;
use crate::base::Place;
use crate::recording::Label;

/// A line for each complaint and each snapshot that differs, and one for the verdict.
pub fn github(outcome: &Outcome) -> String {
    let mut lines = Vec::new();
    for diagnosis in &outcome.journal.diagnoses {
        let level = if outcome.is_failing(diagnosis) { "error" } else { "notice" };
        let rule = diagnosis.violations.first().map_or("mockstack", |violation| violation.code.row().name);
        let (title, text) = (format!("mockstack: {rule}"), diagnosis.diagnostic.to_string());
        lines.push(annotation_at(level, diagnosis.test.as_deref(), &title, &text));
    }
    for test in outcome.journal.tests.values() {
        for rule in &test.awaited {
            let text = format!("{} expected {rule}, which did not happen", test.label.name);
            lines.push(annotation_at("error", Some(&test.label), "mockstack: expected", &text));
        }
    }
    for left in outcome.left_behind() {
        let test = left.test.as_deref().and_then(|name| outcome.journal.tests.get(name));
        let text = format!("left behind: {left}");
        lines.push(annotation_at("error", test.map(|test| &*test.label), "mockstack: leftover", &text));
    }
    if let Some(snapshots) = &outcome.ending.snapshots {
        let level = if snapshots.enforced { "error" } else { "notice" };
        let comparison = &snapshots.comparison;
        for change in comparison.missing.iter().chain(&comparison.changed) {
            lines.push(annotation(level, &format!("mockstack: snapshot {}", change.file), &change.diff));
        }
        for file in &comparison.unreferenced {
            lines.push(annotation(level, "mockstack: snapshot unreferenced", file));
        }
    }
    let level = if outcome.is_clean() { "notice" } else { "error" };
    let reasons: Vec<&str> = outcome.reasons.iter().map(|reason| reason.text.as_str()).collect();
    let verdict = format!("{} (exit code {})\n{}", outcome.name(), outcome.exit_code, reasons.join("\n"));
    lines.push(annotation(level, "mockstack: verdict", &verdict));
    lines.concat()
}

fn annotation(level: &str, title: &str, text: &str) -> String {
    annotation_at(level, None, title, text)
}

/// An annotation at the file and line of a test, if it has them.
fn annotation_at(level: &str, test: Option<&Label>, title: &str, text: &str) -> String {
    let place = test.and_then(|label| Some((label.file.as_deref()?, label.line)));
    annotation_of(level, place, title, text)
}

/// An annotation at a place of a file.
pub fn annotation_of_place(level: &str, place: Option<&Place>, title: &str, text: &str) -> String {
    annotation_of(level, place.map(|place| (&*place.file, Some(u64::from(place.line)))), title, text)
}

/// An annotation, in the workflow commands' own escapes.
fn annotation_of(level: &str, place: Option<(&str, Option<u64>)>, title: &str, text: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let file = place.map(|(file, _)| format!("file={},", property(file)));
    let line = place.and_then(|(_, line)| line).map(|line| format!("line={line},"));
    let place = file.unwrap_or_default() + &line.unwrap_or_default();
    format!("::{level} {place}title={}::{}\n", property(title), data(text.trim_end()))
}
