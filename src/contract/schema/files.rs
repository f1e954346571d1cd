//! The files of one API.

use std::collections::BTreeMap;

use crate::base::{Diagnostic, Entry, Node, Place};

/// The files of one API: name (`servers.yaml`) to content.
#[derive(Debug, Default)]
pub struct Files(pub(in crate::contract) BTreeMap<String, File>);

/// What a file of contracts has.
#[derive(Debug)]
pub struct File(Node);

impl File {
    /// The file whose content is `node`.
    ///
    /// # Errors
    /// It is not laid out as a file of contracts is.
    pub fn of_node(node: Node) -> Result<File, Diagnostic> {
        node.only(&["resource", "operations", "routes", "schemas"])?;
        let file = File(node);
        ["operations", "schemas"]
            .iter()
            .try_for_each(|name| file.0.get(name).map_or(Ok(()), |part| part.entries().map(drop)))?;
        file.resource().map_or(Ok(()), check_resource)?;
        Ok(file)
    }

    /// Where it begins.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What its rows have in common: `collection` and `source`.
    pub fn resource(&self) -> Option<&Node> {
        self.0.get("resource")
    }

    /// Its rows by name.
    pub fn operations(&self) -> &[Entry] {
        self.entries("operations")
    }

    /// Its schemas by name.
    pub fn schemas(&self) -> &[Entry] {
        self.entries("schemas")
    }

    /// Routes of the service that may have no row: a list of `METHOD /path`.
    pub fn routes(&self) -> Option<&Node> {
        self.0.get("routes")
    }

    fn entries(&self, name: &str) -> &[Entry] {
        self.0.get(name).and_then(|part| part.entries().ok()).unwrap_or(&[])
    }
}

/// `{collection: NAME, source: FILE}`, of which each may be left out.
fn check_resource(node: &Node) -> Result<(), Diagnostic> {
    const KEYS: [&str; 2] = ["collection", "source"];
    node.only(&KEYS)?;
    KEYS.iter().try_for_each(|key| node.optional(key).map(drop))
}
