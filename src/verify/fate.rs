//! What becomes of a request under another release.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::base::json::{Value, json};
use crate::base::{Diagnostic, Place, Version};

/// Does it go on working?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It does not.
    No,
    /// A recording cannot show it.
    Unknown,
    /// It does.
    Yes,
}

/// Since when something is so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Since {
    /// The release.
    pub release: String,
    /// The microversion, if that is what makes the difference.
    pub version: Option<Version>,
}

/// What becomes of requests that ask alike.
#[derive(Clone, Debug)]
pub struct Fate {
    /// No or unknown.
    pub answer: Answer,
    /// The operation, if the path led to one.
    pub operation: Option<Arc<str>>,
    /// Method and path of the first.
    pub request: String,
    /// The version that it was served under.
    pub version: Option<Version>,
    /// The part of the request, or the place in it.
    pub place: String,
    /// What is wrong there.
    pub what: String,
    /// The line of the contract that says so.
    pub rule: Option<Place>,
    /// Since when.
    pub since: Since,
    /// The recording.
    pub file: String,
    /// The first of the requests.
    pub sequence: u64,
    /// How many there are.
    pub times: u64,
}

/// Those that say the same of the same operation are put together; the worst come first.
pub fn folded(fates: Vec<Fate>) -> Vec<Fate> {
    let mut folded: BTreeMap<_, Fate> = BTreeMap::new();
    for fate in fates {
        let subject = fate.operation.as_deref().unwrap_or(&fate.request).to_owned();
        let key = (fate.answer, subject, fate.place.clone(), fate.what.clone(), fate.since.clone());
        match folded.get_mut(&key) {
            Some(own) => own.times += fate.times,
            None => drop(folded.insert(key, fate)),
        }
    }
    folded.into_values().collect()
}

impl Answer {
    /// `yes`, `no`, `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Answer::No => "no",
            Answer::Unknown => "unknown",
            Answer::Yes => "yes",
        }
    }
}

impl Fate {
    /// What is told of it.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut headline = format!("{}: {}", self.answer.name(), self.request);
        headline.extend(self.operation.as_ref().map(|operation| format!("   {operation}")));
        headline.extend(self.version.map(|version| format!("   microversion {version}")));
        let more = match self.times {
            1 => String::new(),
            times => format!(", and {} like it", times - 1),
        };
        Diagnostic::new(headline)
            .row(self.place.as_str(), self.what.as_str())
            .row("since", self.since.to_string())
            .row_if("rule", self.rule.as_ref().map(Place::short))
            .row("seen", format!("{}, request {}{more}", self.file, self.sequence))
    }

    /// The same as JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "answer": self.answer.name(), "operation": self.operation, "request": self.request,
            "microversion": self.version.map(|version| version.to_string()),
            "place": self.place, "what": self.what, "rule": self.rule.as_ref().map(Place::short),
            "since": {"release": self.since.release, "microversion": self.since.version.map(|version| version.to_string())},
            "recording": self.file, "sequence": self.sequence, "times": self.times,
        })
    }
}

/// `2.57 (queens)`, or `rocky`.
impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            Some(version) => write!(f, "{version} ({})", self.release),
            None => f.write_str(&self.release),
        }
    }
}
