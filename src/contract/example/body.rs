//! A body of an operation that is right by its contract.

use super::make::{Extent, Maker};
use crate::base::json::Value;
use crate::base::{Pointer, Segment, Version, Versions};
use crate::contract::finding::{Code, Kind, Subject};
use crate::contract::judge::Judgement;
use crate::contract::schema::Schemas;
use crate::contract::table::Operation;

/// What the service's code may miss, one thing after the other.
const MOST: usize = 4;

/// A body of `row` that is right at `version`, with nothing that need not be there; `None` if there is none, or none is found. What
/// the service's own code misses after the schema is added.
pub fn example(schemas: &Schemas, row: &Operation, api: Versions, version: Version) -> Option<Value> {
    let id = row.body.filter(|_| !row.raw)?;
    let mut maker = Maker::new(schemas, version, Extent::Required, |_| 0);
    let mut body = maker.document(id);
    for _ in 0..MOST {
        let judgement = Judgement::new(row, schemas, api, None, &body);
        let Some((Subject::Body, finding)) = judgement.at(version).next() else { return Some(body) };
        let Kind::Checked { code: Code::Missing, at, .. } = &finding.kind else { return None };
        let path: Vec<String> = at.0.iter().map(ToString::to_string).collect();
        let value = maker.field(id, &path)?;
        put(&mut body, at, value)?;
    }
    None
}

/// Puts `value` at `place`, whose object is there.
fn put(document: &mut Value, place: &Pointer, value: Value) -> Option<()> {
    let (last, parents) = place.0.split_last()?;
    let parent = parents.iter().try_fold(document, |value, segment| match segment {
        Segment::Key(key) => value.get_mut(key),
        Segment::Index(index) => value.get_mut(*index),
    })?;
    parent.as_object_mut()?.insert(last.to_string(), value);
    Some(())
}
