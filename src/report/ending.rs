//! How a run ended, beside what was asked: the command's code, the rules, the snapshots. The last line of a recording
//! keeps it, so that every report can be made again later.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::rules::Rules;
use super::unasked::Unasked;
use crate::base::json::{Value, from_value, json, to_value};
use crate::contract::Code;
use crate::recording::{AnswerReport, FaultReport, Header, Label, Leftover, Rule};
use crate::snapshot::{Change, Comparison, Extent, Folder, Texts};

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
    /// Recorded writes that a replay was not asked for.
    pub unasked: Vec<Unasked>,
    /// Do they fail the run?
    pub strict: bool,
    /// The recording that was replayed is older than it may be.
    pub stale: Option<Stale>,
    /// What became of the faults that were injected.
    pub faults: Vec<FaultReport>,
    /// How often awkward answers were given.
    pub answers: Vec<AnswerReport>,
    /// What was left behind.
    pub left: Vec<Leftover>,
    /// Tests that asked nothing though they were to do something.
    pub silent: Vec<Label>,
    /// What ran: it is in the header of a recording.
    pub run: Run,
    /// How many requests that were not recorded a replay asked of a real cloud.
    pub anew: u64,
    /// The number of operations for which it is unclear whether a real cloud keeps their contract.
    pub undecided: usize,
    /// Places in the recording of a real cloud with undecided possible secrets, a line each.
    pub suspects: Vec<String>,
    /// Entries of `extensions`, `redact` and `keep` that nothing was like, a line each.
    pub unused_patterns: Vec<String>,
}

/// What ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The version of mockstack.
    pub version: String,
    /// The release of the cloud.
    pub release: Option<String>,
    /// The seed of its ids.
    pub seed: Option<u64>,
    /// The revision of the contracts.
    pub contracts: Option<String>,
}

impl Run {
    /// The run that a recording with that header is of.
    pub fn of(header: &Header) -> Run {
        let Header { version, release, contracts, seed, .. } = header.clone();
        Run { version, release, seed: Some(seed), contracts: Some(contracts) }
    }
}

/// A recording that is older than allowed, or of unknown age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// Its age in seconds; `None` if it does not say when it was made.
    pub age: Option<u64>,
    /// The most that was allowed, in seconds.
    pub most: u64,
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
    /// Compares what was `asked` with the snapshots in `folder`, if there is one.
    pub fn take_snapshots(&mut self, folder: Option<&Folder>, asked: impl FnOnce() -> Texts, extent: Extent) {
        match folder.map(|folder| Snapshots::compare(folder, asked(), extent)) {
            Some(Err(why)) => self.failures.push(why),
            compared => self.snapshots = compared.and_then(Result::ok),
        }
    }

    /// `3 new requests were recorded: a real cloud answered them`, if any were.
    pub fn told_anew(&self) -> Option<String> {
        match self.anew {
            0 => None,
            1 => Some("1 new request was recorded: a real cloud answered it".to_owned()),
            count => Some(format!("{count} new requests were recorded: a real cloud answered them")),
        }
    }

    /// Does it fail the run that the write was not asked for?
    pub fn fails(&self, unasked: &Unasked) -> bool {
        let rules = &self.rules;
        rules.fails(Code::NotAsked, &unasked.operation, None)
            || (self.strict && !rules.allows(Code::NotAsked, &unasked.operation, None))
    }

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
        if !self.unasked.is_empty() {
            json["unasked"] = to_value(&self.unasked).unwrap_or_default();
            json["strict"] = json!(self.strict);
        }
        if let Some(stale) = self.stale {
            json["stale"] = to_value(&stale).unwrap_or_default();
        }
        if !self.faults.is_empty() {
            json["faults"] = to_value(&self.faults).unwrap_or_default();
        }
        if !self.answers.is_empty() {
            json["answers"] = to_value(&self.answers).unwrap_or_default();
        }
        if !self.left.is_empty() {
            json["left_behind"] = to_value(&self.left).unwrap_or_default();
        }
        if !self.silent.is_empty() {
            json["silent"] = to_value(&self.silent).unwrap_or_default();
        }
        if self.anew > 0 {
            json["anew"] = json!(self.anew);
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
        let (suspects, unused_patterns) = (listed("suspects")?, listed("unused_patterns")?);
        let unasked = json.get("unasked").map_or(Some(Vec::new()), |list| from_value(list).ok())?;
        let faults = json.get("faults").map_or(Some(Vec::new()), |list| from_value(list).ok())?;
        let answers = json.get("answers").map_or(Some(Vec::new()), |list| from_value(list).ok())?;
        let silent = json.get("silent").map_or(Some(Vec::new()), |list| from_value(list).ok())?;
        let left = json.get("left_behind").map_or(Some(Vec::new()), |list| from_value(list).ok())?;
        let stale = json.get("stale").map(|stale| from_value::<Stale>(stale).ok());
        let stale = stale.map_or(Some(None), |stale| stale.map(Some))?;
        let strict = json.get("strict").is_some_and(|strict| strict == true);
        let rules = Rules { allow: rules("allow")?, deny: rules("deny")? };
        let undecided = json.get("undecided").map_or(Some(0), |count| usize::try_from(count.as_u64()?).ok())?;
        Some(Ending {
            command,
            rules,
            snapshots,
            failures,
            unasked,
            strict,
            stale,
            faults,
            answers,
            left,
            anew: json.get("anew").map_or(Some(0), Value::as_u64)?,
            undecided,
            suspects,
            silent,
            run: Run::default(),
            unused_patterns,
        })
    }
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = told(self.most);
        match self.age {
            Some(age) => write!(f, "the recording is {} old, and --max-age allows {most}: record it again", told(age)),
            None => write!(
                f,
                "the recording does not say when it was made, and --max-age allows {most}: only a recording of a \
                 real cloud says so"
            ),
        }
    }
}

/// So many seconds in the largest unit of which there are two: `45 days`, `26 hours`, `1 minute`.
fn told(seconds: u64) -> String {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60)];
    let (name, length) = units.into_iter().find(|(_, length)| seconds >= 2 * length).unwrap_or(("minute", 60));
    let count = seconds / length;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

impl Snapshots {
    /// Compares what was asked with what is accepted in `folder`; a line about why it cannot be.
    fn compare(folder: &Folder, asked: Texts, extent: Extent) -> Result<Snapshots, String> {
        let comparison = folder
            .compare(asked, extent)
            .map_err(|error| format!("cannot compare the snapshots in {}: {error}", folder.root.display()))?;
        Ok(Snapshots { comparison, enforced: folder.enforced })
    }

    /// The form in recordings and in the JSON report.
    pub fn to_json(&self) -> Value {
        let Comparison { matched, missing, changed, unreferenced } = &self.comparison;
        let change = |change: &Change| {
            let mut row = json!({"file": change.file, "operation": change.operation, "diff": change.diff});
            if let Some(test) = &change.test {
                row["test"] = json!(test);
            }
            row
        };
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
                test: text(value, "test"),
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
