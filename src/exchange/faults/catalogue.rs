//! The faults that have a name: fixtures/faults/catalogue.yaml.

use super::injected::{InjectedFault, merged};
use super::kind::FaultKind;
use super::trigger::KEYS;
use crate::base::{Catalogue, Diagnostic, Entry, Node, Place, Yaml, parse_yaml};
use crate::contract::Contracts;

static FAULTS: Catalogue<Entry> = Catalogue::new(
    "fixtures/faults/catalogue.yaml",
    include_str!("../../../fixtures/faults/catalogue.yaml"),
    "faults",
    |row| Ok(row.clone()),
);

/// A fault of the catalogue, for its readers.
#[derive(Clone, Debug)]
pub struct CatalogueRow {
    /// Its name: `rate-limited`.
    pub name: String,
    /// What happens, in a sentence.
    pub summary: String,
    /// What clients got wrong about it.
    pub because: String,
    /// Where it happens unless another operation is given.
    pub operation: String,
}

/// All faults that have a name, in the order of the file.
///
/// # Errors
/// The file cannot be read: a defect of mockstack.
pub fn catalogue() -> Result<Vec<CatalogueRow>, Diagnostic> {
    let row = |(name, _, node): &Entry| {
        Ok(CatalogueRow {
            name: name.to_string(),
            summary: node.required_text("summary")?,
            because: node.required_text("because")?,
            operation: node.required_text("operation")?,
        })
    };
    FAULTS.rows()?.iter().map(row).collect()
}

/// Reads a fault of a fixture or of an admin route: one that has a name (`fault: NAME`), changed by its other keys, or one of its
/// own.
///
/// # Errors
/// There is none of that name, or as [`InjectedFault::read`].
pub fn fault(contracts: &Contracts, node: &Node) -> Result<InjectedFault, Diagnostic> {
    let Some(named) = node.get("fault") else { return InjectedFault::read(contracts, None, node) };
    let name = named.text()?;
    let base = find(name).map_err(|told| told.at(&named.place))?;
    let Yaml::Map(entries) = node.yaml() else { return Err(node.expected("a mapping")) };
    let changes = entries.iter().filter(|(key, ..)| key != "fault").cloned().collect();
    let changes = Node::new(Yaml::Map(changes), node.place.clone());
    InjectedFault::read(contracts, Some(name), &merged(&base, &changes))
}

/// Reads the value of `--fault`: `NAME[@OPERATION][=KEY=VALUE,…]`.
///
/// # Errors
/// There is none of that name, or as [`InjectedFault::read`].
pub fn option(contracts: &Contracts, text: &str) -> Result<InjectedFault, Diagnostic> {
    let (head, parameters) = text.split_once('=').map_or((text, ""), |(head, parameters)| (head, parameters));
    let (name, operation) = head.split_once('@').map_or((head, None), |(name, operation)| (name, Some(operation)));
    let base = find(name)?;
    let mut entries = Vec::new();
    let place = Place::start(&"--fault".into());
    let mut set = |key: &str, value: Node| entries.push((key.to_owned().into(), place.clone(), value));
    if let Some(operation) = operation {
        set("operation", Node::new(Yaml::Text(operation.to_owned().into()), place.clone()));
    }
    let kind = base.entries()?.iter().map(|(key, ..)| key.as_ref()).find(|key| FaultKind::is_one(key));
    let mut own = Vec::new();
    for parameter in parameters.split(',').filter(|parameter| !parameter.is_empty()) {
        let (key, value) = parameter.split_once('=').ok_or_else(|| not_a_parameter(text, parameter))?;
        let value = parse_yaml("--fault", value)?;
        match KEYS.contains(&key) {
            true => set(key, value),
            false => own.push((key.to_owned().into(), place.clone(), value)),
        }
    }
    if let (Some(kind), false) = (kind, own.is_empty()) {
        set(kind, Node::new(Yaml::Map(own), place.clone()));
    }
    let changes = Node::new(Yaml::Map(entries), place);
    InjectedFault::read(contracts, Some(name), &merged(&base, &changes)).map_err(|told| told.row("given", text))
}

fn not_a_parameter(text: &str, parameter: &str) -> Diagnostic {
    Diagnostic::new(format!("{parameter:?} is not a parameter of a fault"))
        .row("given", text)
        .row("expected", "NAME[@OPERATION][=KEY=VALUE,…], such as rate-limited@compute.servers.create=times=2")
}

fn find(name: &str) -> Result<Node, Diagnostic> {
    let all = FAULTS.rows()?;
    let found = all.iter().find(|(own, ..)| own == name).map(|(.., node)| node.clone());
    found.ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(own, ..)| own.as_ref()).collect();
        Diagnostic::new(format!("no fault is called {name:?}"))
            .row("expected", names.join(", "))
            .did_you_mean(name, names)
            .row("fix", "see docs/faults.md for what each does")
    })
}
