//! Where a cloud differs from its release: vendors stop at a microversion, leave services out, or write their catalog in their
//! own way. A fixture tells it.

use super::contracts::{Contracts, mounts};
use super::service::{CatalogEntry, Service, microversion};
use crate::base::{Diagnostic, Entry, Node, Place, Yaml, unknown_key};

/// The release of a cloud, and what it has otherwise.
#[derive(Clone, Debug, Default)]
pub struct Deviations {
    release: Option<Node>,
    /// By the name of the API version, in the order of the files.
    services: Vec<Entry>,
}

/// The key that names the release; all others are API versions.
const NAME: &str = "name";

impl Deviations {
    /// Reads the section `release` of a fixture over what was read before; what it means is checked by
    /// [`Contracts::deviating`].
    ///
    /// # Errors
    /// It is not a mapping, or the name of the release is not a string.
    pub fn read(&mut self, section: &Node) -> Result<(), Diagnostic> {
        for (key, place, value) in section.entries()? {
            if key == NAME {
                value.text()?;
                self.release = Some(value.clone());
            } else {
                self.services.retain(|(service, ..)| service != key);
                self.services.push((key.clone(), place.clone(), value.clone()));
            }
        }
        Ok(())
    }
}

impl Contracts {
    /// The contracts as a cloud has them that is the release `name`, or else the one that `deviations` names, and differs from it as
    /// `deviations` says.
    ///
    /// # Errors
    /// The release or API version does not exist, or has nothing that can differ.
    pub fn deviating(self, name: Option<&str>, deviations: &Deviations) -> Result<Contracts, Diagnostic> {
        let mut contracts = match (name, &deviations.release) {
            (Some(name), _) => self.of_release(name)?,
            (None, Some(node)) => self.of_release(node.text()?).map_err(|error| error.at(&node.place))?,
            (None, None) => self,
        };
        for (service, place, row) in &deviations.services {
            contracts.deviate(service, place, row)?;
        }
        deviations.services.iter().try_for_each(|(service, _, row)| contracts.check_endpoint(service, row))?;
        Ok(contracts)
    }

    fn deviate(&mut self, name: &str, place: &Place, row: &Node) -> Result<(), Diagnostic> {
        let known: Vec<String> = self.services().iter().map(|contract| contract.service.name.clone()).collect();
        let Some(contract) = self.service_mut(name) else {
            let known: Vec<&str> = [NAME].into_iter().chain(known.iter().map(String::as_str)).collect();
            return Err(unknown_key(name, place, &known));
        };
        row.only(&["offered", "microversions", "maximum", "headers", "catalog"])?;
        contract.lives = row.get("offered").map_or(Ok(contract.lives), Node::boolean)?;
        contract.service.deviate(row)
    }

    /// A client that follows the catalog must come to the service.
    fn check_endpoint(&self, name: &str, row: &Node) -> Result<(), Diagnostic> {
        let Some(path) = row.get("catalog").and_then(|catalog| catalog.get("path")) else { return Ok(()) };
        let asked = path.text()?.replace("/{project}", "");
        let own = self.living().filter(|contract| contract.service.name == name);
        let leads_there = own.flat_map(|contract| mounts(contract, &asked)).any(|mounted| {
            mounted.contract.service.root_of(mounted.path).is_some() || matches!(mounted.path, "" | "/")
        });
        if leads_there {
            return Ok(());
        }
        let roots = self.living().filter(|contract| contract.service.name == name).flat_map(|contract| {
            let service = &contract.service;
            service.roots().map(|root| format!("{}{}", service.mount, root.path)).chain([service.mount.clone()])
        });
        let roots: Vec<String> = roots.collect();
        Err(match roots.is_empty() {
            true => path.expected(&format!("no path: the cloud does not offer {name}")),
            false => path.expected(&format!("a path at which {name} answers, at or below {}", roots.join(", "))),
        })
    }
}

impl Service {
    fn deviate(&mut self, row: &Node) -> Result<(), Diagnostic> {
        self.deviate_microversions(row)?;
        match row.get("catalog") {
            None => {}
            Some(node) if matches!(node.yaml(), Yaml::Bool(false)) => self.catalog.clear(),
            Some(node) => self.catalog = vec![self.deviating_entry(node)?],
        }
        Ok(())
    }

    fn deviate_microversions(&mut self, row: &Node) -> Result<(), Diagnostic> {
        let has_some = row.get("microversions").map_or(Ok(true), Node::boolean)?;
        let Some(microversions) = self.microversions.as_mut().filter(|_| has_some) else {
            self.microversions = None;
            return match row.get("maximum").or(row.get("headers")) {
                Some(node) => Err(node.expected(&format!("nothing: {} has no microversions there", self.name))),
                None => Ok(()),
            };
        };
        if let Some(node) = row.get("maximum") {
            let (minimum, last) = (microversions.minimum, microversions.maximum);
            let maximum = microversion(node)?;
            if maximum < minimum || maximum > last {
                return Err(node.expected(&format!("a microversion from {minimum} to {last}, which the release has")));
            }
            microversions.limit(maximum);
        }
        let Some(node) = row.get("headers") else { return Ok(()) };
        let kept: Vec<&str> = node.items()?.iter().map(Node::text).collect::<Result<_, _>>()?;
        if kept.is_empty() || kept.iter().any(|word| !["current", "legacy"].contains(word)) {
            return Err(node.expected("a list of `current`, `legacy` or both"));
        }
        microversions.service.take_if(|_| !kept.contains(&"current"));
        microversions.legacy_header.take_if(|_| !kept.contains(&"legacy"));
        Ok(())
    }

    /// The entry of the catalog, with what `node` says of it.
    fn deviating_entry(&self, node: &Node) -> Result<CatalogEntry, Diagnostic> {
        node.only(&["type", "name", "path"])?;
        let own = self.catalog.first();
        let word = |key: &str, own: Option<&String>| {
            node.optional(key)?.or(own.cloned()).ok_or_else(|| node.expected(&format!("{key:?} next to it")))
        };
        Ok(CatalogEntry {
            kind: word("type", own.map(|entry| &entry.kind))?,
            name: word("name", own.map(|entry| &entry.name))?,
            path: word("path", own.map(|entry| &entry.path))?,
            releases: None,
        })
    }
}
