//! The fields of an operation's bodies, and which of them the contract marks as secrets.

use std::collections::HashMap;
use std::sync::Arc;

use super::operation::Operation;
use crate::contract::schema::{Keyword, SchemaId, Schemas};
use crate::message::{Mark, Marks};

/// What `schemas` say of the bodies of `operation`, of its query, and of all its answers.
fn marks(operation: &Operation, schemas: &Schemas) -> Marks {
    let mut marks = Marks::default();
    let mut reader = Reader { schemas, marks: &mut marks, seen: HashMap::new() };
    let holds_secrets = operation.body.is_some_and(|body| reader.read(body, ""));
    if let Some(query) = operation.query {
        reader.read(query, "");
    }
    for body in operation.responses.iter().filter_map(|row| row.body) {
        reader.read(body, "");
    }
    marks.holds_secrets = holds_secrets;
    marks
}

impl Operation {
    /// The fields of its bodies and which of them are secrets; `schemas` are those of its service.
    pub fn marks(&self, schemas: &Schemas) -> Arc<Marks> {
        Arc::clone(self.marks.get_or_init(|| Arc::new(marks(self, schemas))))
    }
}

struct Reader<'s, 'm> {
    schemas: &'s Schemas,
    marks: &'m mut Marks,
    /// Does a secret stand in that schema of that field? Schemas may be recursive, and be met again in another place.
    seen: HashMap<(SchemaId, String), bool>,
}

impl Reader<'_, '_> {
    /// Marks what is below the schema `id` of the field `parent`; does a secret stand there?
    fn read(&mut self, id: SchemaId, parent: &str) -> bool {
        let schema = self.schemas.get(id);
        let mut holds = schema.notes.secret;
        let place = (id, parent.to_owned());
        if let Some(holds) = self.seen.get(&place) {
            return *holds;
        }
        self.seen.insert(place.clone(), holds);
        for property in &schema.properties {
            let mut mark = Mark::Known;
            for (_, form) in &property.forms {
                let holds_inner = self.read(*form, &property.name);
                let own = match self.is_secret(*form) {
                    true => Mark::Secret,
                    false if holds_inner => Mark::Around,
                    false => Mark::Known,
                };
                mark = mark.max(own);
            }
            holds |= mark > Mark::Known;
            self.marks.set(parent, &property.name, mark);
        }
        // The fields that a free map takes are the client's own.
        for id in self.schemas.composed(id) {
            holds |= self.read(id, parent);
        }
        self.seen.insert(place, holds);
        holds
    }

    /// Is what the schema `id` describes a secret as a whole, by itself or by a part that it is composed of?
    fn is_secret(&self, id: SchemaId) -> bool {
        let schema = self.schemas.get(id);
        schema.notes.secret
            || schema.keywords.iter().any(|(_, keyword)| match keyword {
                Keyword::AllOf(all) => all.iter().any(|(_, id)| self.is_secret(*id)),
                _ => false,
            })
    }
}
