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
        json!({
            "command": self.command,
            "allow": texts(&self.rules.allow),
            "deny": texts(&self.rules.deny),
            "snapshots": self.snapshots.as_ref().map(Snapshots::to_json),
        })
    }

    /// Reads what [`Ending::to_json`] wrote; what cannot be read is left out.
    pub fn from_json(json: &Value) -> Ending {
        let rules = |key: &str| {
            json[key].as_array().into_iter().flatten().filter_map(|rule| rule.as_str()?.parse().ok()).collect()
        };
        Ending {
            command: json["command"].as_i64().and_then(|code| i32::try_from(code).ok()),
            rules: Rules { allow: rules("allow"), deny: rules("deny") },
            snapshots: json.get("snapshots").filter(|snapshots| !snapshots.is_null()).map(Snapshots::from_json),
        }
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

    fn from_json(json: &Value) -> Snapshots {
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let change = |value: &Value| Change {
            file: text(value, "file"),
            operation: text(value, "operation"),
            diff: text(value, "diff"),
        };
        let changes = |key: &str| json[key].as_array().into_iter().flatten().map(change).collect();
        let unreferenced =
            json["unreferenced"].as_array().into_iter().flatten().filter_map(|file| file.as_str().map(str::to_owned));
        let comparison = Comparison {
            matched: json["matched"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default(),
            missing: changes("missing"),
            changed: changes("changed"),
            unreferenced: unreferenced.collect(),
        };
        Snapshots { comparison, enforced: json["enforced"].as_bool().unwrap_or_default() }
    }
}
