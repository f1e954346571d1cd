//! What became of the faults of a run: the last line of a recording keeps it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::as_text;
use crate::contract::Code;

/// What became of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultReport {
    /// Its name: `rate-limited`.
    pub name: String,
    /// The operation at which it waits, as it was given: `compute.servers.create`.
    pub operation: String,
    /// The project at which it waits, if only at one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// May it never happen at all?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// How often it happened.
    pub times: u64,
    /// How the client took it, once for each time that something was expected of it.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
}

/// How a client took a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// What it did: `retried after 1.0 s`.
    pub text: String,
    /// The code of what it did not do, which shows only at the end of a run. What a request was found wrong for is in its violations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Missed>,
}

/// A code as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Missed(#[serde(with = "as_text")] pub Code);

impl FaultReport {
    /// How the client took it, in a line; empty if nothing was expected of it.
    pub fn told(&self) -> String {
        self.reactions.iter().map(|reaction| reaction.text.as_str()).collect::<Vec<_>>().join("; ")
    }

    /// What the client did not do: the codes, and what it is told in.
    pub fn missed(&self) -> impl Iterator<Item = (Code, &str)> {
        self.reactions.iter().filter_map(|reaction| Some((reaction.missed?.0, reaction.text.as_str())))
    }
}

impl fmt::Display for FaultReport {
    /// `rate-limited@compute.servers.create`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.operation)
    }
}
