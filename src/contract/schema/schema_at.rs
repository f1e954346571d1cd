//! A schema for one field, and at one version.

use super::schema::{Keyword, Property, Schema, SchemaId};
use crate::base::Version;

impl Schema {
    /// The field `name`, if the schema names it at any version.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.index.get(name).map(|place| &self.properties[*place])
    }

    /// The keywords that hold at `version`.
    pub fn keywords_at(&self, version: Version) -> impl Iterator<Item = &Keyword> {
        self.keywords.iter().filter(move |(versions, _)| versions.contains(version)).map(|(_, keyword)| keyword)
    }

    /// The schema of the items of a list at `version`.
    pub fn items_at(&self, version: Version) -> Option<SchemaId> {
        self.keywords_at(version).find_map(|keyword| match keyword {
            Keyword::Items(id) => Some(*id),
            _ => None,
        })
    }

    /// The schema at `version` of the fields that are not named.
    pub fn others_at(&self, version: Version) -> Option<SchemaId> {
        self.keywords_at(version).find_map(|keyword| match keyword {
            Keyword::AdditionalProperties(id) => Some(*id),
            _ => None,
        })
    }
}

impl Property {
    /// The schema of the field at `version`; `None` if it does not have the field then.
    pub fn form_at(&self, version: Version) -> Option<SchemaId> {
        self.forms.iter().find(|(versions, _)| versions.contains(version)).map(|(_, id)| *id)
    }
}
