//! The answers that contain resources of one collection, read without the rest of their contract.

use super::collections::inherited;
use super::effect::{Effect, effect};
use super::operation::responses;
use super::sources::{Sources, parsed, short};
use crate::base::{Diagnostic, Node};
use crate::contract::schema::{File, Loader, SchemaId, Schemas};

/// The bodies of the answers that contain resources of one collection.
#[derive(Debug)]
pub struct Answers {
    /// The bodies.
    pub bodies: Vec<SchemaId>,
    /// What they consist of.
    pub schemas: Schemas,
}

/// The rows they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Of those that show one resource.
    Show,
    /// Of all.
    All,
}

impl Answers {
    /// The answers of the rows of an API, whose files are `sources`, that are about `collection`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(in crate::contract) fn read(sources: &Sources, collection: &str, which: Which) -> Result<Answers, Diagnostic> {
        let schemas = Schemas::new();
        let (loader, mut bodies) = (Loader::new(&schemas, parsed(sources)?), Vec::new());
        let is_it = |file: &File, row: &Node| {
            let name = inherited(row, file.resource(), "collection");
            let of_it = name.is_some_and(|name| name.text().is_ok_and(|name| name == collection));
            let shows = || row.get("effect").is_some_and(|name| matches!(effect(name), Ok(Effect::Show)));
            of_it && (which == Which::All || shows())
        };
        let about_it = sources.iter().filter(|(_, source)| source.has_collection(collection));
        for (name, file) in about_it.filter_map(|(name, _)| loader.files().0.get_key_value(short(name))) {
            for (.., row) in file.operations().iter().filter(|(.., row)| is_it(file, row)) {
                let rows = responses(&loader, name, row.get("responses"))?;
                bodies.extend(rows.into_iter().filter_map(|row| row.body));
            }
        }
        Ok(Answers { bodies, schemas })
    }
}
