//! The outcome as JUnit XML: a case for each test of the suite, and of what no test asked for each operation, version and shape of request; another for each reason that is not about
//! a request, and for each snapshot.

use std::fmt::Write;

use super::ending::{Run, Snapshots};
use super::outcome::Outcome;
use crate::contract::Code;
use crate::recording::{Case, CaseTally, Diagnosis, Leftover, Test};

#[derive(Default)]
struct TestCase {
    class: String,
    name: String,
    /// More attributes.
    attributes: String,
    failure: Option<(String, String)>,
}

/// The outcome as JUnit XML.
pub fn junit(outcome: &Outcome) -> String {
    let mut cases: Vec<TestCase> = outcome.journal.tests.values().map(|test| of_test(outcome, test)).collect();
    let of_no_test = outcome.journal.cases.iter().filter(|(_, tally)| tally.of_no_test > 0);
    cases.extend(of_no_test.map(|(case, tally)| of_request(outcome, case, tally)));
    cases.extend(outcome.left_by(None).map(of_leftover));
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
        "  <testsuite name=\"mockstack\" tests=\"{}\" failures=\"{failures}\" errors=\"0\"{}>",
        cases.len(),
        times(outcome)
    );
    properties(&mut xml, &outcome.ending.run);
    cases.iter().for_each(|case| write_case(&mut xml, case));
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// When the first test began, and how long all of them took.
fn times(outcome: &Outcome) -> String {
    let times = || outcome.journal.tests.values().filter_map(|test| test.times);
    let first = times().map(|(first, _)| first).min();
    let seconds: f64 = outcome.journal.tests.values().map(Test::seconds).sum();
    first.map_or_else(String::new, |first| format!(" timestamp=\"{first:.0}\" time=\"{seconds:.3}\""))
}

fn properties(xml: &mut String, run: &Run) {
    let seed = run.seed.map(|seed| seed.to_string());
    let all = [("version", Some(&run.version)), ("release", run.release.as_ref()), ("seed", seed.as_ref())];
    let known: Vec<_> =
        all.into_iter().filter_map(|(name, value)| Some((name, value.filter(|own| !own.is_empty())?))).collect();
    if known.is_empty() {
        return;
    }
    xml.push_str("    <properties>\n");
    for (name, value) in known {
        // Writing to a String cannot fail.
        let _ = writeln!(xml, "      <property name=\"{name}\" value=\"{}\"/>", escape(value));
    }
    xml.push_str("    </properties>\n");
}

/// A test of the suite.
fn of_test(outcome: &Outcome, test: &Test) -> TestCase {
    let label = &test.label;
    let failing: Vec<&Diagnosis> = outcome.failures(test).collect();
    let codes = failing.iter().flat_map(|own| &own.violations).map(|violation| violation.code.row().name.to_owned());
    let left = || outcome.left_by(Some(test));
    let codes = codes.chain(test.awaited.iter().map(|rule| format!("expected {rule}")));
    let codes: Vec<String> = codes.chain(left().next().map(|_| Code::Leftover.to_string())).collect();
    let mut text: String = failing.iter().map(|own| own.diagnostic.to_string()).collect();
    test.awaited.iter().for_each(|rule| text += &format!("expected {rule}, which did not happen\n"));
    left().for_each(|own| text += &format!("left behind: {own}\n"));
    let file = label.file.as_ref().map(|file| format!(" file=\"{}\"", escape(file)));
    let line = label.line.map(|line| format!(" line=\"{line}\""));
    let time = format!(" time=\"{:.3}\"", test.seconds());
    TestCase {
        class: label.file.clone().unwrap_or_else(|| "mockstack.tests".to_owned()),
        name: label.name.to_string(),
        attributes: [file, line, Some(time)].into_iter().flatten().collect(),
        failure: outcome.has_failed(test).then(|| (codes.join(", "), text)),
    }
}

fn of_request(outcome: &Outcome, case: &Case, tally: &CaseTally) -> TestCase {
    let complaints = tally.diagnoses.iter().filter_map(|place| outcome.journal.diagnoses.get(*place));
    let failing: Vec<_> = complaints.filter(|own| own.test.is_none() && outcome.is_failing(own)).collect();
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
        ..TestCase::default()
    }
}

/// What no test left behind.
fn of_leftover(left: &Leftover) -> TestCase {
    TestCase {
        class: format!("mockstack.{}", Code::Leftover),
        name: left.told(),
        failure: Some((Code::Leftover.to_string(), format!("left behind: {left}"))),
        ..TestCase::default()
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
            ..TestCase::default()
        })
        .collect();
    cases.extend(comparison.unreferenced.iter().map(|file| {
        TestCase {
            class: "mockstack.snapshots".to_owned(),
            name: file.clone(),
            failure: snapshots
                .enforced
                .then(|| ("snapshot unreferenced".to_owned(), "no request of this run matched it".to_owned())),
            ..TestCase::default()
        }
    }));
    cases
}

fn of_verdict(outcome: &Outcome) -> TestCase {
    let text: Vec<&str> = outcome.reasons.iter().map(|reason| reason.text.as_str()).collect();
    let failure = (!outcome.is_clean()).then(|| (outcome.name().to_owned(), text.join("\n")));
    TestCase { class: "mockstack".to_owned(), name: "verdict".to_owned(), failure, ..TestCase::default() }
}

fn write_case(xml: &mut String, case: &TestCase) {
    let (class, name, more) = (escape(&case.class), escape(&case.name), &case.attributes);
    // Writing to a String cannot fail.
    let _ = match &case.failure {
        None => writeln!(xml, "    <testcase classname=\"{class}\" name=\"{name}\"{more}/>"),
        Some((message, text)) => writeln!(
            xml,
            "    <testcase classname=\"{class}\" name=\"{name}\"{more}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
            escape(message),
            escape(text)
        ),
    };
}

/// What XML 1.0 cannot hold at all becomes U+FFFD.
pub(super) fn escape(text: &str) -> String {
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
