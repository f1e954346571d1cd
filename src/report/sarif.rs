//! The outcome as SARIF 2.1.0, for code scanning: a result for each complaint, at the test's file and line if it has them.

use std::collections::BTreeSet;

use super::outcome::{Outcome, Reason};
use crate::base::json::{Map, Name, Value, json, object};
use crate::contract::Code;
use crate::recording::{Diagnosis, Label};

/// What stands for an expectation that was not met.
const EXPECTED: &str = "expected";

/// The outcome as SARIF.
pub fn sarif(outcome: &Outcome) -> String {
    let complaints = outcome.journal.diagnoses.iter().map(|diagnosis| complaint(outcome, diagnosis));
    let tests = outcome.journal.tests.values();
    let awaited = tests.flat_map(|test| {
        let text = |rule| format!("{} expected {rule}, which did not happen", test.label.name);
        test.awaited.iter().map(move |rule| result(EXPECTED, "error", text(rule), Some(&test.label)))
    });
    let left = outcome.left_behind().map(|own| {
        let test = own.test.as_deref().and_then(|name| outcome.journal.tests.get(name));
        result(Code::Leftover.row().name, "error", format!("left behind: {own}"), test.map(|test| &*test.label))
    });
    let results: Vec<Value> = complaints.chain(awaited).chain(left).collect();
    let run = &outcome.ending.run;
    let invocation = json!({
        "executionSuccessful": outcome.is_clean(), "exitCode": outcome.exit_code,
        "toolExecutionNotifications": outcome.reasons.iter().map(reason).collect::<Vec<_>>(),
    });
    let properties = json!({"release": run.release, "seed": run.seed});
    log(object!({"properties": properties, "invocations": [invocation], "results": results}), rules(outcome))
}

/// A log with one run, which has these `rules` besides what `run` says.
pub fn log(run: Map, rules: Value) -> String {
    let tool = json!({"driver": {
        "name": "mockstack", "version": env!("CARGO_PKG_VERSION"),
        "informationUri": "https://docs.openstack.org/api-quick-start/", "rules": rules,
    }});
    let run: Map = [(Name::from("tool"), tool)].into_iter().chain(run).collect();
    let log = json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [Value::Object(run)]});
    format!("{log:#}\n")
}

fn reason(reason: &Reason) -> Value {
    json!({"level": "error", "message": {"text": reason.text}, "descriptor": {"id": reason.cause.name()}})
}

/// The codes that occur, and what they mean.
fn rules(outcome: &Outcome) -> Value {
    let left = outcome.left_behind().map(|_| Code::Leftover);
    let codes: BTreeSet<Code> = outcome.journal.diagnoses.iter().flat_map(codes).chain(left).collect();
    let rule = |code: Code| rule(code.row().name, code.row().meaning, code.row().advice);
    let text = "Something that a test expected did not happen.";
    let expected = json!({"id": EXPECTED, "shortDescription": {"text": text}});
    let is_awaited = outcome.journal.tests.values().any(|test| !test.awaited.is_empty());
    codes.into_iter().map(rule).chain(is_awaited.then_some(expected)).collect()
}

/// A rule, what it means, and what to do about it.
pub fn rule(id: &str, meaning: &str, advice: &str) -> Value {
    json!({"id": id, "shortDescription": {"text": meaning}, "help": {"text": advice}})
}

fn codes(diagnosis: &Diagnosis) -> impl Iterator<Item = Code> {
    diagnosis.violations.iter().map(|violation| violation.code)
}

fn complaint(outcome: &Outcome, diagnosis: &Diagnosis) -> Value {
    let level = if outcome.is_failing(diagnosis) { "error" } else { "note" };
    let id = codes(diagnosis).next().map_or("mockstack", |code| code.row().name);
    let mut result = result(id, level, diagnosis.diagnostic.to_string(), diagnosis.test.as_deref());
    result["occurrenceCount"] = json!(diagnosis.times);
    result["properties"] = json!({
        "operation": diagnosis.operation, "sequence": diagnosis.sequence, "time": format!("{:.6}", diagnosis.time),
        "client": diagnosis.client, "test": diagnosis.test.as_ref().map(|label| label.name.to_string()),
    });
    result
}

fn result(id: &str, level: &str, text: String, test: Option<&Label>) -> Value {
    let mut location = json!({});
    if let Some(label) = test {
        location["logicalLocations"] = json!([{"fullyQualifiedName": label.name.to_string(), "kind": "function"}]);
    }
    if let Some(file) = test.and_then(|label| label.file.as_ref()) {
        let line = test.and_then(|label| label.line).unwrap_or(1);
        location["physicalLocation"] = json!({"artifactLocation": {"uri": file}, "region": {"startLine": line}});
    }
    let locations = if test.is_some() { json!([location]) } else { json!([]) };
    json!({"ruleId": id, "level": level, "message": {"text": text}, "locations": locations})
}
