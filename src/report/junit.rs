//! The outcome as JUnit XML: a case for each operation, version and shape of request; another for each reason that is not about
//! a request, and for each snapshot.

use std::fmt::Write;

use super::ending::Snapshots;
use super::outcome::Outcome;
use crate::recording::{Case, CaseTally};

struct TestCase {
    class: String,
    name: String,
    failure: Option<(String, String)>,
}

/// The outcome as JUnit XML.
pub fn junit(outcome: &Outcome) -> String {
    let mut cases: Vec<TestCase> =
        outcome.journal.cases.iter().map(|(case, tally)| of_request(outcome, case, tally)).collect();
    if let Some(snapshots) = &outcome.ending.snapshots {
        cases.extend(of_snapshots(snapshots));
    }
    cases.push(of_verdict(outcome));
    let failures = cases.iter().filter(|case| case.failure.is_some()).count();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(xml, "<testsuites name=\"mockstack\" tests=\"{}\" failures=\"{failures}\">", cases.len());
    let _ = writeln!(
        xml,
        "  <testsuite name=\"mockstack\" tests=\"{}\" failures=\"{failures}\" errors=\"0\">",
        cases.len()
    );
    cases.iter().for_each(|case| write_case(&mut xml, case));
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn of_request(outcome: &Outcome, case: &Case, tally: &CaseTally) -> TestCase {
    let complaints = tally.diagnoses.iter().filter_map(|place| outcome.journal.diagnoses.get(*place));
    let failing: Vec<_> = complaints.filter(|diagnosis| outcome.is_failing(diagnosis)).collect();
    let codes: Vec<&str> =
        failing.iter().flat_map(|d| &d.violations).map(|violation| violation.code.row().name).collect();
    let text: String = failing.iter().map(|diagnosis| diagnosis.diagnostic.to_string()).collect();
    let operation = case.operation.as_deref().unwrap_or("no operation");
    let version = case.version.map(|version| version.to_string()).unwrap_or_default();
    let parts = [version.as_str(), case.shape.as_ref()];
    let about = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    TestCase {
        class: format!("mockstack.{operation}"),
        name: if about.is_empty() { "request".to_owned() } else { about },
        failure: (!failing.is_empty()).then(|| (codes.join(", "), text)),
    }
}

fn of_snapshots(snapshots: &Snapshots) -> Vec<TestCase> {
    let comparison = &snapshots.comparison;
    let kinds = [("missing", &comparison.missing), ("changed", &comparison.changed)];
    let changes = kinds.into_iter().flat_map(|(what, changes)| changes.iter().map(move |change| (what, change)));
    let mut cases: Vec<TestCase> = changes
        .map(|(what, change)| TestCase {
            class: format!("mockstack.snapshots.{}", change.operation),
            name: change.file.clone(),
            failure: snapshots.enforced.then(|| (format!("snapshot {what}"), change.diff.clone())),
        })
        .collect();
    cases.extend(comparison.unreferenced.iter().map(|file| {
        TestCase {
            class: "mockstack.snapshots".to_owned(),
            name: file.clone(),
            failure: snapshots
                .enforced
                .then(|| ("snapshot unreferenced".to_owned(), "no request of this run matched it".to_owned())),
        }
    }));
    cases
}

fn of_verdict(outcome: &Outcome) -> TestCase {
    let text: Vec<&str> = outcome.reasons.iter().map(|reason| reason.text.as_str()).collect();
    let failure = (!outcome.is_clean()).then(|| (outcome.name().to_owned(), text.join("\n")));
    TestCase { class: "mockstack".to_owned(), name: "verdict".to_owned(), failure }
}

fn write_case(xml: &mut String, case: &TestCase) {
    let (class, name) = (escape(&case.class), escape(&case.name));
    // Writing to a String cannot fail.
    let _ = match &case.failure {
        None => writeln!(xml, "    <testcase classname=\"{class}\" name=\"{name}\"/>"),
        Some((message, text)) => writeln!(
            xml,
            "    <testcase classname=\"{class}\" name=\"{name}\">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
            escape(message),
            escape(text)
        ),
    };
}

/// What XML 1.0 cannot hold at all becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
