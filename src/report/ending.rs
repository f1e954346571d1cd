//! How a run ended, beside what was asked: the command's code, the rules, the snapshots. The last line of a recording
//! keeps it, so that every report can be made again later.

use serde_json::{Value, json};

use super::rules::{Rule, Rules};
use crate::snapshot::{Change, Comparison};

/// How a run ended.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    /// The exit code of the command, if one was run.
    pub command: Option<i32>,
    /// What was allowed and denied.
    pub rules: Rules,
    /// What comparing snapshots found, if they were compared.
    pub snapshots: Option<Snapshots>,
    /// What was asked for and could not be done when the run was over: a report that cannot be written, snapshots that cannot be
    /// compared. A line each.
    pub failures: Vec<String>,
    /// Recorded writes that a replay was not asked for, a line each.
    pub unused: Vec<String>,
    /// Do they fail the run?
    pub strict: bool,
    /// Of how many operations nobody can tell whether a real cloud keeps their contract.
    pub undecided: usize,
    /// Places at which the recording of a real cloud had what looks like a secret, undecided, a line each.
    pub suspects: Vec<String>,
    /// Entries of `extensions`, `redact` and `keep` that nothing was like, a line each.
    pub unused_patterns: Vec<String>,
}

/// What comparing snapshots came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshots {
    /// What was found.
    pub comparison: Comparison,
    /// Does a difference fail the run? It does in CI.
    pub enforced: bool,
}

impl Ending {
    /// The last line of a recording.
    pub fn to_json(&self) -> Value {
        let texts = |rules: &[Rule]| rules.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut json = json!({
            "command": self.command,
            "allow": texts(&self.rules.allow),
            "deny": texts(&self.rules.deny),
            "snapshots": self.snapshots.as_ref().map(Snapshots::to_json),
            "failures": self.failures,
        });
        if !self.unused.is_empty() {
            json["unused"] = json!(self.unused);
            json["strict"] = json!(self.strict);
        }
        if self.undecided > 0 {
            json["undecided"] = json!(self.undecided);
        }
        if !self.suspects.is_empty() {
            json["suspects"] = json!(self.suspects);
        }
        if !self.unused_patterns.is_empty() {
            json["unused_patterns"] = json!(self.unused_patterns);
        }
        json
    }

    /// Reads what [`Ending::to_json`] wrote; `None` if it is something else.
    pub fn from_json(json: &Value) -> Option<Ending> {
        let rules = |key: &str| {
            json.get(key)?.as_array()?.iter().map(|rule| rule.as_str()?.parse().ok()).collect::<Option<_>>()
        };
        let command = match json.get("command")? {
            Value::Null => None,
            code => Some(i32::try_from(code.as_i64()?).ok()?),
        };
        let snapshots = match json.get("snapshots")? {
            Value::Null => None,
            snapshots => Some(Snapshots::from_json(snapshots)?),
        };
        let failures = texts(json.get("failures")?)?;
        let listed = |key: &str| json.get(key).map_or(Some(Vec::new()), texts);
        let (unused, suspects, unused_patterns) = (listed("unused")?, listed("suspects")?, listed("unused_patterns")?);
        let strict = json.get("strict").is_some_and(|strict| strict == true);
        let rules = Rules { allow: rules("allow")?, deny: rules("deny")? };
        let undecided = json.get("undecided").map_or(Some(0), |count| usize::try_from(count.as_u64()?).ok())?;
        Some(Ending { command, rules, snapshots, failures, unused, strict, undecided, suspects, unused_patterns })
    }
}

impl Snapshots {
    /// The form in recordings and in the JSON report.
    pub fn to_json(&self) -> Value {
        let Comparison { matched, missing, changed, unreferenced } = &self.comparison;
        let change = |change: &Change| json!({"file": change.file, "operation": change.operation, "diff": change.diff});
        json!({
            "enforced": self.enforced,
            "matched": matched,
            "missing": missing.iter().map(change).collect::<Vec<_>>(),
            "changed": changed.iter().map(change).collect::<Vec<_>>(),
            "unreferenced": unreferenced,
        })
    }

    fn from_json(json: &Value) -> Option<Snapshots> {
        let text = |value: &Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
        let change = |value: &Value| {
            Some(Change {
                file: text(value, "file")?,
                operation: text(value, "operation")?,
                diff: text(value, "diff")?,
            })
        };
        let changes = |key: &str| json.get(key)?.as_array()?.iter().map(change).collect::<Option<_>>();
        let comparison = Comparison {
            matched: usize::try_from(json.get("matched")?.as_u64()?).ok()?,
            missing: changes("missing")?,
            changed: changes("changed")?,
            unreferenced: texts(json.get("unreferenced")?)?,
        };
        Some(Snapshots { comparison, enforced: json.get("enforced")?.as_bool()? })
    }
}

fn texts(list: &Value) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}
