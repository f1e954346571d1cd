//! The outcome as annotations of a GitHub workflow.

use super::outcome::Outcome;

/// A line for each complaint and each snapshot that differs, and one for the verdict.
pub fn github(outcome: &Outcome) -> String {
    let mut lines = Vec::new();
    for diagnosis in &outcome.journal.diagnoses {
        let level = if outcome.is_failing(diagnosis) { "error" } else { "notice" };
        let rule = diagnosis.violations.first().map_or("mockstack", |violation| violation.code.row().name);
        lines.push(annotation(level, &format!("mockstack: {rule}"), &diagnosis.diagnostic.to_string()));
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

/// The workflow commands' own escapes.
fn annotation(level: &str, title: &str, text: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let title = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{level} title={title}::{}\n", data(text.trim_end()))
}
