//! The outcome as JSON; docs/report.schema.json describes it.

use super::ending::Snapshots;
use super::outcome::Outcome;
use crate::base::json::{Map, Value, json, to_value};
use crate::recording::{Diagnosis, Leftover, Test};

/// The outcome as JSON, indented.
pub fn json(outcome: &Outcome) -> String {
    let journal = &outcome.journal;
    let reasons: Vec<Value> =
        outcome.reasons.iter().map(|reason| json!({"name": reason.cause.name(), "text": reason.text})).collect();
    let refusals: Vec<Value> = journal
        .refusals
        .iter()
        .map(|((code, operation), tally)| {
            let tests: Map = tally.by_test.iter().map(|(name, times)| (name.to_string(), (*times).into())).collect();
            json!({
                "code": code.row().name, "operation": operation, "times": tally.times, "example": tally.example,
                "tests": tests,
            })
        })
        .collect();
    let operations: Map =
        journal.operations().iter().map(|(id, asked)| ((*id).to_owned(), asked.times.into())).collect();
    let report = json!({
        "mockstack": "report",
        "verdict": outcome.name(),
        "exit_code": outcome.exit_code,
        "reasons": reasons,
        "command": outcome.ending.command,
        "requests": journal.requests,
        "accepted": journal.accepted,
        "operations": operations,
        "complaints": journal.diagnoses.iter().map(|diagnosis| complaint(outcome, diagnosis)).collect::<Vec<_>>(),
        "refusals": refusals,
        "tests": journal.tests.values().map(|test| of_test(outcome, test)).collect::<Vec<_>>(),
        "unused_allows": outcome.unused_allows,
        "unused_patterns": outcome.ending.unused_patterns,
        "not_asked": to_value(&outcome.ending.unasked).unwrap_or_default(),
        "faults": to_value(&outcome.ending.faults).unwrap_or_default(),
        "answers": to_value(&outcome.ending.answers).unwrap_or_default(),
        "left_behind": left_behind(outcome),
        "recorded_anew": outcome.ending.anew,
        "snapshots": outcome.ending.snapshots.as_ref().map(Snapshots::to_json),
    });
    format!("{report:#}\n")
}

fn left_behind(outcome: &Outcome) -> Value {
    let failing: Vec<_> = outcome.left_behind().collect();
    let row = |own: &Leftover| {
        let Leftover { kind, name, id, region, operation, request, test } = own;
        json!({
            "kind": kind, "name": name, "id": id, "region": region, "operation": operation, "request": request,
            "test": test, "fails": failing.contains(&own),
        })
    };
    outcome.ending.left.iter().map(row).collect()
}

fn of_test(outcome: &Outcome, test: &Test) -> Value {
    let label = &test.label;
    json!({
        "name": label.name.to_string(), "file": label.file, "line": label.line,
        "time": test.times.map(|(first, _)| format!("{first:.6}")), "seconds": test.seconds(),
        "requests": test.requests, "accepted": test.accepted, "fails": outcome.has_failed(test),
        "missing": test.awaited.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn complaint(outcome: &Outcome, diagnosis: &Diagnosis) -> Value {
    json!({
        "operation": diagnosis.operation,
        "sequence": diagnosis.sequence,
        "time": format!("{:.6}", diagnosis.time),
        "client": diagnosis.client,
        "test": diagnosis.test.as_ref().map(|label| label.name.to_string()),
        "times": diagnosis.times,
        "fails": outcome.is_failing(diagnosis),
        "violations": to_value(&diagnosis.violations).unwrap_or_default(),
        "text": diagnosis.diagnostic.to_string(),
    })
}
