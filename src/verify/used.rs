//! What a client uses of the contracts, by its recordings.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::json::Value;
use crate::contract::{Change, Changed, Level};
use crate::message::Query;
use crate::recording::Interaction;

/// The requests and answers of a client, by operation.
#[derive(Debug, Default)]
pub struct Used {
    by_operation: HashMap<Arc<str>, Vec<Exchanged>>,
}

#[derive(Debug)]
struct Exchanged {
    query: Value,
    body: Value,
    answer: Value,
}

impl Used {
    /// Adds what was asked and answered.
    pub fn add(&mut self, interaction: Interaction) {
        let Some(operation) = interaction.operation else { return };
        let query = interaction.request.target.split_once('?').map_or("", |(_, query)| query);
        let exchanged = Exchanged {
            query: Query::parse(query).to_document(),
            body: interaction.request.body.unwrap_or_default(),
            answer: interaction.response.body.unwrap_or_default(),
        };
        self.by_operation.entry(operation).or_default().push(exchanged);
    }

    /// Was nothing asked?
    pub fn is_empty(&self) -> bool {
        self.by_operation.is_empty()
    }

    /// The changes that matter to the client. What breaks others and none of its requests is only a warning; what it does not use
    /// is left out, and so is what it might use now.
    pub fn of<'c>(&self, changes: Vec<Change<'c>>) -> Vec<Change<'c>> {
        changes.into_iter().filter_map(|change| self.seen(change)).collect()
    }

    fn seen<'c>(&self, mut change: Change<'c>) -> Option<Change<'c>> {
        if change.part == Changed::Service {
            let prefix = format!("{}.", change.operation);
            return self.by_operation.keys().any(|id| id.starts_with(&prefix)).then_some(change);
        }
        let all = self.by_operation.get(&change.operation)?;
        let documents = all.iter().map(|exchanged| match change.part {
            Changed::Query => &exchanged.query,
            Changed::Answer(_) => &exchanged.answer,
            _ => &exchanged.body,
        });
        match (change.part, change.level) {
            (Changed::Query | Changed::Body, Level::Breaking) => {
                let (mut breaks, mut touches) = (false, false);
                for document in documents {
                    breaks |= change.covers(document);
                    touches |= change.touches(document);
                }
                if !breaks {
                    change.level = Level::Warning;
                }
                (breaks || touches).then_some(change)
            }
            (Changed::Operation, _) => Some(change),
            _ => documents.into_iter().any(|document| change.touches(document)).then_some(change),
        }
    }
}
