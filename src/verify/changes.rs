//! What is judged differently than it was by earlier contracts.

use std::collections::BTreeMap;
use std::fmt;

use super::again::Verifier;
use crate::contract::{Violation, is_right};
use crate::recording::Interaction;

/// How a judgement changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was right, and is wrong now.
    Broken,
    /// It was wrong, and is right now.
    Mended,
    /// It was wrong, and is wrong in another way.
    Other,
}

/// What is judged differently, by operation.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// How many requests were judged.
    pub requests: u64,
    all: BTreeMap<String, BTreeMap<(Change, String), Times>>,
}

/// How often, and the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Times {
    count: u64,
    first: u64,
}

/// A request that is judged differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    operation: String,
    change: Change,
    what: String,
    sequence: u64,
}

/// The change from `old` to `new`, if there is one.
pub fn changed(old: &Verifier<'_>, new: &Verifier<'_>, interaction: Interaction) -> Option<Changed> {
    let was = old.again(interaction.clone());
    let path = was.operation.is_none().then(|| new.told_path(&interaction));
    let is = new.again(interaction);
    let (gone, come) = (beyond(&was.violations, &is.violations), beyond(&is.violations, &was.violations));
    let change = match (is_right(&was.violations), is_right(&is.violations)) {
        _ if gone.is_empty() && come.is_empty() => return None,
        (true, _) => Change::Broken,
        (_, true) => Change::Mended,
        _ => Change::Other,
    };
    let what = match change {
        Change::Broken => come,
        Change::Mended => gone,
        Change::Other => [("before, ", gone), ("now, ", come)]
            .into_iter()
            .filter(|(_, what)| !what.is_empty())
            .map(|(when, what)| [when, &what].concat())
            .collect::<Vec<_>>()
            .join("; "),
    };
    let operation = is.operation.or(was.operation).map(|operation| operation.to_string()).or(path)?;
    Some(Changed { operation, change, what, sequence: is.sequence })
}

/// Those of `violations` that are not among `others`, as text.
fn beyond(violations: &[Violation], others: &[Violation]) -> String {
    let is_among = |own: &Violation| others.iter().any(|other| other.code == own.code && other.pointer == own.pointer);
    let told = |violation: &Violation| {
        let Violation { code, pointer, expected, .. } = violation;
        let place = if pointer.0.is_empty() { String::new() } else { format!("{pointer} ") };
        format!("{place}{}: {expected}", code.row().name)
    };
    violations.iter().filter(|own| !is_among(own)).map(told).collect::<Vec<_>>().join(", ")
}

impl Changes {
    /// Counts a request, and what changed for it.
    pub fn add(&mut self, changed: Option<Changed>) {
        self.requests += 1;
        if let Some(Changed { operation, change, what, sequence }) = changed {
            let of_operation = self.all.entry(operation).or_default();
            let times = of_operation.entry((change, what)).or_insert(Times { count: 0, first: sequence });
            times.count += 1;
        }
    }

    /// Was anything right that is wrong now, or wrong in another way?
    pub fn is_worse(&self) -> bool {
        self.all.values().flat_map(BTreeMap::keys).any(|(change, _)| *change != Change::Mended)
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (operation, changes) in &self.all {
            writeln!(f, "{operation}")?;
            for ((change, what), Times { count, first }) in changes {
                let change = match change {
                    Change::Broken => "was right, is wrong now",
                    Change::Mended => "was wrong, is right now",
                    Change::Other => "is wrong in another way",
                };
                let times = if *count > 1 { format!("   ×{count}, first in") } else { "   in".to_owned() };
                writeln!(f, "  {change}: {what}{times} request {first}")?;
            }
            writeln!(f)?;
        }
        let count: u64 = self.all.values().flat_map(BTreeMap::values).map(|times| times.count).sum();
        let (requests, plural) = (self.requests, if self.requests == 1 { "" } else { "s" });
        writeln!(f, "{requests} request{plural} judged, {count} judged differently")
    }
}
