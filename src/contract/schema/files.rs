//! The files of one API, each part decoded when it is asked for.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::base::{CompiledPart, Diagnostic, Node, Place};

/// The files of one API: name (`servers.yaml`) to content.
#[derive(Debug, Default)]
pub struct Files(pub(in crate::contract) BTreeMap<String, File>);

/// What a file of contracts has.
#[derive(Debug)]
pub struct File {
    /// Where it begins.
    pub place: Place,
    /// What its rows have in common: `collection` and `source`.
    pub resource: Option<Node>,
    /// Its rows by name.
    pub operations: Vec<(String, FilePart)>,
    /// Routes of the service that may have no row: a list of `METHOD /path`.
    pub routes: Option<Node>,
    /// Its schemas by name.
    pub schemas: Vec<(String, FilePart)>,
}

/// A row or a schema.
#[derive(Debug)]
pub enum FilePart {
    /// It was read with its file.
    Read(Node),
    /// It is decoded when it is first asked for.
    Compiled(CompiledPart, OnceCell<Result<Node, Diagnostic>>),
}

impl File {
    /// What `node` has.
    ///
    /// # Errors
    /// It is not laid out as a file of contracts is.
    pub fn of_node(node: &Node) -> Result<File, Diagnostic> {
        node.only(&PARTS)?;
        let read = |name| -> Result<Vec<(String, FilePart)>, Diagnostic> {
            let entries = node.get(name).map_or(Ok(&[][..]), Node::entries)?;
            Ok(entries.iter().map(|(name, _, part)| (name.clone(), FilePart::Read(part.clone()))).collect())
        };
        let resource = node.get("resource").map(resource).transpose()?;
        let (operations, schemas) = (read("operations")?, read("schemas")?);
        Ok(File { place: node.place.clone(), resource, operations, routes: node.get("routes").cloned(), schemas })
    }

    /// The parts of the file that was compiled to `whole`.
    ///
    /// # Errors
    /// As [`File::of_node`]; or what is embedded is damaged.
    pub fn of_compiled(whole: &CompiledPart) -> Result<File, Diagnostic> {
        let place = whole.place()?;
        let mut file = File { place, resource: None, operations: Vec::new(), routes: None, schemas: Vec::new() };
        for (name, part) in whole.entries()? {
            let own = match name {
                "resource" => {
                    file.resource = Some(resource(&part.node()?)?);
                    continue;
                }
                "routes" => {
                    file.routes = Some(part.node()?);
                    continue;
                }
                "operations" => &mut file.operations,
                "schemas" => &mut file.schemas,
                _ => return File::of_node(&whole.node()?),
            };
            let entries = part.entries()?.into_iter();
            *own = entries.map(|(name, part)| (name.to_owned(), FilePart::Compiled(part, OnceCell::new()))).collect();
        }
        Ok(file)
    }
}

const PARTS: [&str; 4] = ["resource", "operations", "routes", "schemas"];

/// `{collection: NAME, source: FILE}`, of which each may be left out.
fn resource(node: &Node) -> Result<Node, Diagnostic> {
    const KEYS: [&str; 2] = ["collection", "source"];
    node.only(&KEYS)?;
    KEYS.iter().try_for_each(|key| node.optional(key).map(drop))?;
    Ok(node.clone())
}

impl FilePart {
    /// Its content.
    ///
    /// # Errors
    /// What is embedded is damaged.
    pub fn node(&self) -> Result<&Node, Diagnostic> {
        match self {
            FilePart::Read(node) => Ok(node),
            FilePart::Compiled(part, node) => node.get_or_init(|| part.node()).as_ref().map_err(Clone::clone),
        }
    }

    /// What it says of `key`, if it does; the rest of it is not decoded for that.
    pub fn get(&self, key: &str) -> Option<Node> {
        match self {
            FilePart::Read(node) => node.get(key).cloned(),
            FilePart::Compiled(part, _) => part.get(key).ok()??.node().ok(),
        }
    }
}
