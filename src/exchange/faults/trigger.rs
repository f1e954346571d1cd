//! When a fault happens.

use std::sync::Arc;

use foldhash::HashSet;
use uuid::Uuid;

use crate::base::{Diagnostic, Glob, Node};
use crate::contract::Contracts;

/// When a fault happens: at which requests, and how often.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// The operations as they were given: `compute.servers.create`, `compute.*`, `*`.
    pub operation: String,
    /// Their ids; `None`: all.
    operations: Option<HashSet<Arc<str>>>,
    /// The name of the project that asks, if only one is meant.
    pub project: Option<String>,
    /// The names of the resources, where only some are meant.
    name: Option<Glob>,
    /// The flavors, by id or name, where only servers of some are meant.
    flavor: Option<Glob>,
    /// The first of the matching requests at which it happens, from 1.
    nth: u64,
    /// It happens at each so-manieth of them.
    every: u64,
    /// How often at most.
    times: Option<u64>,
    /// It is over once one of these operations was accepted.
    until: Option<HashSet<Arc<str>>>,
    /// How probable it is at each, from 0 to 1.
    probability: Option<f64>,
    /// May it never happen at all?
    pub is_optional: bool,
}

/// What is known of a request when it is to be decided.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The operation.
    pub operation: &'a str,
    /// The name of the project that asks.
    pub project: Option<&'a str>,
    /// The name of the resource that is created or asked for, if it has one.
    pub name: Option<&'a str>,
    /// The id and the name of the flavor of the server that is created or asked for.
    pub flavor: [Option<&'a str>; 2],
}

/// The keys of a fault that say when it happens.
pub const KEYS: [&str; 10] =
    ["operation", "project", "name", "flavor", "nth", "every", "times", "until", "probability", "optional"];

impl Trigger {
    /// Reads the keys of `node` that say when a fault happens.
    ///
    /// # Errors
    /// A value is of the wrong kind, or the release in force has no such operation.
    pub fn read(contracts: &Contracts, node: &Node) -> Result<Trigger, Diagnostic> {
        let given = node.required("operation")?;
        let number = |key: &str| node.get(key).map(positive).transpose();
        let probability = node.get("probability").map(probability).transpose()?;
        let until = node.get("until").map(|node| operations(contracts, node)).transpose()?.flatten();
        let every = number("every")?;
        // What says by itself when it ends, or how often it happens, is not limited to once.
        let is_open = every.is_some() || until.is_some() || probability.is_some();
        Ok(Trigger {
            operation: given.text()?.to_owned(),
            operations: operations(contracts, given)?,
            project: node.optional("project")?,
            name: node.get("name").map(glob).transpose()?,
            flavor: node.get("flavor").map(glob).transpose()?,
            nth: number("nth")?.unwrap_or(1),
            every: every.unwrap_or(1),
            times: number("times")?.or((!is_open).then_some(1)),
            until,
            probability,
            is_optional: node.get("optional").map_or(Ok(false), Node::boolean)?,
        })
    }

    /// Is it about this request?
    pub fn covers(&self, occasion: &Occasion<'_>) -> bool {
        self.operations.as_ref().is_none_or(|own| own.contains(occasion.operation))
            && self.project.as_deref().is_none_or(|own| occasion.project == Some(own))
            && is_one_of(self.name.as_ref(), &[occasion.name])
            && is_one_of(self.flavor.as_ref(), &occasion.flavor)
    }

    /// Does it happen at the matching request number `seen` (from 1), having happened `fired` times? `chance` tells faults and
    /// seeds apart: the same always gives the same.
    pub fn happens(&self, seen: u64, fired: u64, chance: &str) -> bool {
        seen >= self.nth
            && (seen - self.nth).is_multiple_of(self.every)
            && self.times.is_none_or(|times| fired < times)
            && self.probability.is_none_or(|probability| drawn(chance, seen) < probability)
    }

    /// Will it never happen again, having happened `fired` times?
    pub fn is_over(&self, fired: u64) -> bool {
        self.times.is_some_and(|times| fired >= times)
    }

    /// Does it end because `operation` was accepted?
    pub fn ends_with(&self, operation: &str) -> bool {
        self.until.as_ref().is_some_and(|until| until.contains(operation))
    }
}

/// The ids of the operations that `node` names, `None` for all.
fn operations(contracts: &Contracts, node: &Node) -> Result<Option<HashSet<Arc<str>>>, Diagnostic> {
    let text = node.text()?;
    if text == "*" {
        return Ok(None);
    }
    let ids = contracts.operations_named(text)?;
    match ids.is_empty() {
        true => Err(contracts.no_operation(text).at(&node.place)),
        false => Ok(Some(ids.into_iter().collect())),
    }
}

fn positive(node: &Node) -> Result<u64, Diagnostic> {
    Some(node.integer()?).filter(|number| *number > 0).ok_or_else(|| node.expected("a whole number from 1"))
}

fn probability(node: &Node) -> Result<f64, Diagnostic> {
    let read = node.to_json().as_f64().filter(|number| (0.0..=1.0).contains(number));
    read.ok_or_else(|| node.expected("a number from 0 to 1, such as 0.25"))
}

/// Is one of the words meant? Without a pattern each is.
fn is_one_of(meant: Option<&Glob>, words: &[Option<&str>]) -> bool {
    meant.is_none_or(|own| words.iter().flatten().any(|word| own.is_match(word)))
}

/// A name in which `*` stands for anything.
fn glob(node: &Node) -> Result<Glob, Diagnostic> {
    node.text()?.parse().map_err(|_| node.expected("a name, such as web-*"))
}

/// A number from 0 to 1, always the same for the same arguments.
fn drawn(chance: &str, seen: u64) -> f64 {
    let (high, _) = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{chance} {seen}").as_bytes()).as_u64_pair();
    high as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::parse_yaml;

    fn trigger(text: &str) -> Result<Trigger, Diagnostic> {
        Trigger::read(&Contracts::embedded().unwrap(), &parse_yaml("f.yaml", text).unwrap())
    }

    /// The numbers of the first ten matching requests at which it happens.
    fn when(text: &str) -> Vec<u64> {
        let trigger = trigger(text).unwrap();
        let mut fired = 0;
        let happens = |seen: &u64| {
            let happens = trigger.happens(*seen, fired, "1 x");
            fired += u64::from(happens);
            happens
        };
        (1..=10).filter(happens).collect()
    }

    #[test]
    fn a_fault_happens_as_often_as_it_says() {
        assert_eq!(when("operation: '*'"), [1]);
        assert_eq!(when("{operation: '*', times: 3}"), [1, 2, 3]);
        assert_eq!(when("{operation: '*', nth: 4}"), [4]);
        assert_eq!(when("{operation: '*', nth: 2, times: 2}"), [2, 3]);
        assert_eq!(when("{operation: '*', every: 3}"), [1, 4, 7, 10]);
        assert_eq!(when("{operation: '*', every: 3, nth: 3, times: 2}"), [3, 6]);
        assert!(when("{operation: '*', probability: 0}").is_empty());
        assert_eq!(when("{operation: '*', probability: 1}").len(), 10);
        let some = when("{operation: '*', probability: 0.5}");
        assert!((1..10).contains(&some.len()) && some == when("{operation: '*', probability: 0.5}"), "{some:?}");
    }

    #[test]
    fn a_fault_is_about_the_operations_projects_and_names_that_it_says() {
        let boot = Occasion {
            operation: "compute.servers.create",
            project: Some("demo"),
            name: Some("web-1"),
            flavor: [Some("4"), Some("m1.large")],
        };
        for covering in [
            "operation: compute.servers.create",
            "operation: servers.create",
            "operation: compute.*",
            "operation: '*'",
            "{operation: nova.servers.create, project: demo, name: web-*}",
            "{operation: '*', name: '*-1'}",
            "{operation: '*', flavor: '4'}",
            "{operation: '*', flavor: '*.large', name: web-*}",
        ] {
            assert!(trigger(covering).unwrap().covers(&boot), "{covering}");
        }
        for other in [
            "operation: compute.servers.delete",
            "operation: network.*",
            "{operation: '*', project: admin}",
            "{operation: '*', name: web}",
            "{operation: '*', flavor: m1.tiny}",
        ] {
            assert!(!trigger(other).unwrap().covers(&boot), "{other}");
        }
    }

    #[test]
    fn what_cannot_happen_is_refused() {
        for (text, told) in [
            ("operation: compute.servers.creat", "no operation is called"),
            ("{operation: '*', times: 0}", "a whole number from 1"),
            ("{operation: '*', probability: 2}", "a number from 0 to 1"),
            ("{times: 1}", "the key \"operation\" is missing"),
        ] {
            assert!(trigger(text).unwrap_err().to_string().contains(told), "{text}");
        }
    }
}
