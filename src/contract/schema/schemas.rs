//! The schemas of a service, each read when it is first looked at: a run sees few of them.

use std::fmt;
use std::sync::OnceLock;

use foldhash::HashSet;

use super::schema::{JsonType, Keyword, Schema, SchemaId};
use crate::base::{Diagnostic, Place, Versions};

/// All schemas of a service; they name each other by [`SchemaId`], so they may be recursive.
#[derive(Debug)]
pub struct Schemas {
    slots: boxcar::Vec<Slot>,
    /// Stands for one that could not be read: nothing satisfies it, so that nothing passes unjudged.
    unreadable: Schema,
}

enum Slot {
    Known(Schema),
    /// How it is read, and what came of it.
    Unread(Box<Read>, OnceLock<Result<Schema, Diagnostic>>),
}

/// Reads a schema; those that it consists of are added to the others.
type Read = dyn Fn(&Schemas) -> Result<Schema, Diagnostic> + Send + Sync;

impl Schemas {
    /// None.
    pub(in crate::contract) fn new() -> Schemas {
        let nothing = (Versions::ALL, Keyword::Type(Vec::<JsonType>::new()));
        let unreadable = Schema { keywords: vec![nothing], ..Schema::at(&Place::start(&"contracts".into())) };
        Schemas { slots: boxcar::Vec::new(), unreadable }
    }

    /// The schema at `id`.
    pub fn get(&self, id: SchemaId) -> &Schema {
        self.read(id).unwrap_or(&self.unreadable)
    }

    /// The schema at `id`.
    ///
    /// # Errors
    /// It cannot be read. What is embedded can.
    pub(in crate::contract) fn read(&self, id: SchemaId) -> Result<&Schema, Diagnostic> {
        match &self.slots[id.0] {
            Slot::Known(schema) => Ok(schema),
            Slot::Unread(read, schema) => schema.get_or_init(|| read(self)).as_ref().map_err(Clone::clone),
        }
    }

    /// Adds a schema.
    pub(in crate::contract) fn add(&self, schema: Schema) -> SchemaId {
        SchemaId(self.slots.push(Slot::Known(schema)))
    }

    /// Adds the schema that `read` gives when it is first looked at.
    pub(in crate::contract) fn add_unread(
        &self,
        read: impl Fn(&Schemas) -> Result<Schema, Diagnostic> + Send + Sync + 'static,
    ) -> SchemaId {
        SchemaId(self.slots.push(Slot::Unread(Box::new(read), OnceLock::new())))
    }

    /// Reads all.
    ///
    /// # Errors
    /// One cannot be read, or refers to itself without a step down into the document: that would never end.
    pub(in crate::contract) fn check(&self) -> Result<(), Diagnostic> {
        let mut next = 0;
        while next < self.slots.count() {
            self.read(SchemaId(next))?;
            next += 1;
        }
        let mut ended = HashSet::default();
        (0..next).try_for_each(|id| self.ends(SchemaId(id), &mut ended, &mut Vec::new()))
    }

    /// Is nothing that `id` is composed of one of those that it is `within`?
    fn ends(&self, id: SchemaId, ended: &mut HashSet<SchemaId>, within: &mut Vec<SchemaId>) -> Result<(), Diagnostic> {
        let schema = self.get(id);
        if within.contains(&id) {
            return Err(Diagnostic::new("the schema refers to itself").at(&schema.place));
        }
        if ended.contains(&id) {
            return Ok(());
        }
        within.push(id);
        schema.alternatives().try_for_each(|id| self.ends(id, ended, within))?;
        within.pop();
        ended.insert(id);
        Ok(())
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Known(schema) => schema.fmt(f),
            Slot::Unread(_, schema) => schema.fmt(f),
        }
    }
}
