//! A fault: what happens, and when.

use super::kind::FaultKind;
use super::trigger::{KEYS, Trigger};
use crate::base::{Diagnostic, Node, Yaml, unknown_key};
use crate::contract::Contracts;

/// A fault.
#[derive(Clone, Debug)]
pub struct InjectedFault {
    /// Its name in reports: that of the catalogue, or of its kind.
    pub name: String,
    /// When it happens.
    pub trigger: Trigger,
    /// What happens.
    pub kind: FaultKind,
}

/// What is said about a fault to its readers.
pub const TEXTS: [&str; 2] = ["summary", "because"];

impl InjectedFault {
    /// Reads a fault: its kind is the one key that is neither about time nor a text.
    ///
    /// # Errors
    /// A key is unknown, missing or of the wrong kind, or the release in force has no such operation.
    pub fn read(contracts: &Contracts, name: Option<&str>, node: &Node) -> Result<InjectedFault, Diagnostic> {
        let is_kind = |key: &str| !KEYS.contains(&key) && !TEXTS.contains(&key);
        let mut kinds = node.entries()?.iter().filter(|(key, ..)| is_kind(key));
        let (key, place, arguments) = kinds.next().ok_or_else(|| without_kind(node))?;
        let kind = FaultKind::read(key, arguments).unwrap_or_else(|| Err(unknown_key(key, place, &all_keys())))?;
        if let Some((key, place, _)) = kinds.next() {
            return Err(match FaultKind::is_one(key) {
                true => Diagnostic::new("a fault does one thing").at(place).row("fix", "make two faults of it"),
                false => unknown_key(key, place, &all_keys()),
            });
        }
        let name = name.unwrap_or(key).to_owned();
        Ok(InjectedFault { name, trigger: Trigger::read(contracts, node)?, kind })
    }
}

fn all_keys() -> Vec<&'static str> {
    ["fault"].into_iter().chain(FaultKind::names()).chain(KEYS).collect()
}

fn without_kind(node: &Node) -> Diagnostic {
    let kinds: Vec<&str> = FaultKind::names().collect();
    Diagnostic::new("the fault does not say what happens")
        .at(&node.place)
        .row("expected", format!("`fault` with the name of a known one, or one of {}", kinds.join(", ")))
}

/// `node` with what `changes` says over it: a key replaces, the keys of a mapping are merged.
pub fn merged(node: &Node, changes: &Node) -> Node {
    let (Yaml::Map(old), Yaml::Map(new)) = (node.yaml(), changes.yaml()) else { return changes.clone() };
    let mut entries = old.clone();
    for (key, place, value) in new {
        match entries.iter_mut().find(|(own, ..)| own == key) {
            Some((_, own, old)) => {
                *own = place.clone();
                *old = merged(old, value);
            }
            None => entries.push((key.clone(), place.clone(), value.clone())),
        }
    }
    Node::new(Yaml::Map(entries), changes.place.clone())
}
