//! What an answer no longer has at another version.

use std::collections::{BTreeMap, HashSet};

use super::schema::{Keyword, SchemaId};
use super::schemas::Schemas;
use crate::base::{Place, Pointer, Version};

impl Schemas {
    /// The places of the fields that an answer may have that was a schema at a version, and has not where it is another at
    /// another version, each with its line in the contract. A field below one that is gone is not told.
    pub fn lost(&self, was: (SchemaId, Version), is: (SchemaId, Version)) -> Vec<(Pointer, Place)> {
        let mut lost = Lost { schemas: self, was: was.1, is: is.1, seen: HashSet::new(), found: Vec::new() };
        lost.walk(vec![was.0], vec![is.0], &Pointer::default());
        lost.found
    }

    /// The schemas that hold of a value for which `ids` hold at `version`: themselves, and what they are composed of.
    fn parts(&self, ids: &[SchemaId], version: Version) -> Vec<SchemaId> {
        let (mut open, mut parts) = (ids.to_vec(), Vec::new());
        while let Some(id) = open.pop().filter(|id| !parts.contains(id)) {
            parts.push(id);
            for keyword in self.get(id).keywords_at(version) {
                match keyword {
                    Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) => {
                        open.extend(all.iter().filter(|(versions, _)| versions.contains(version)).map(|(_, id)| *id));
                    }
                    Keyword::Choice(choice) => open.extend([choice.with, choice.without]),
                    _ => {}
                }
            }
        }
        parts
    }

    fn items(&self, ids: &[SchemaId], version: Version) -> Vec<SchemaId> {
        let items = self.parts(ids, version).into_iter().filter_map(|id| self.get(id).items_at(version));
        items.collect()
    }

    /// The fields of an object for which `ids` hold, with their schemas and the place of the first.
    fn fields(&self, ids: &[SchemaId], version: Version) -> BTreeMap<&str, (Vec<SchemaId>, &Place)> {
        let mut fields: BTreeMap<&str, (Vec<SchemaId>, &Place)> = BTreeMap::new();
        for property in self.parts(ids, version).into_iter().flat_map(|id| &self.get(id).properties) {
            if let Some(form) = property.form_at(version) {
                fields.entry(&property.name).or_insert_with(|| (Vec::new(), &property.place)).0.push(form);
            }
        }
        fields
    }
}

struct Lost<'s> {
    schemas: &'s Schemas,
    was: Version,
    is: Version,
    seen: HashSet<(Vec<SchemaId>, Vec<SchemaId>)>,
    found: Vec<(Pointer, Place)>,
}

impl Lost<'_> {
    fn walk(&mut self, was: Vec<SchemaId>, is: Vec<SchemaId>, at: &Pointer) {
        if was.is_empty() || is.is_empty() || !self.seen.insert((was.clone(), is.clone())) {
            return;
        }
        let (schemas, fields) = (self.schemas, self.schemas.fields(&is, self.is));
        for (name, (forms, place)) in schemas.fields(&was, self.was) {
            match fields.get(name) {
                Some((others, _)) => self.walk(forms, others.clone(), &at.key(name)),
                // A value of which nothing is said may still have it.
                None if fields.is_empty() => {}
                None => self.found.push((at.key(name), place.clone())),
            }
        }
        self.walk(schemas.items(&was, self.was), schemas.items(&is, self.is), at);
    }
}
