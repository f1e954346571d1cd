//! What there is to touch, and what of it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::suite::{Requests, Suite};
use crate::base::Versions;

/// A kind of what there is to touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An operation that is asked.
    Operations,
    /// A field of a body, or a parameter of a query, that is sent.
    Fields,
    /// A value at its limit, or a version on either side of the lifetime of a field.
    Boundaries,
    /// A fault of the catalogue that happens at an operation.
    Faults,
}

impl Kind {
    /// All of them, with their names.
    pub const ALL: [(&'static str, Kind); 4] = [
        ("operations", Kind::Operations),
        ("fields", Kind::Fields),
        ("boundaries", Kind::Boundaries),
        ("faults", Kind::Faults),
    ];
}

/// Something to touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What kind of thing it is.
    pub kind: Kind,
    /// What: `/server/tags`, `/server/name at maxLength 255`, `/server/tags before 2.52`, `rate-limited`.
    pub what: String,
    /// Did the suite touch it?
    pub is_touched: bool,
}

/// A fault that happens at an operation unless another is given.
#[derive(Clone, Debug)]
pub struct Usual {
    /// Its name: `rate-limited`.
    pub name: String,
    /// The id of the operation.
    pub operation: String,
}

/// An operation, and what there is to touch of it.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Its id.
    pub operation: Arc<str>,
    /// How often the suite asked it, and was right.
    pub requests: u64,
    /// What there is to touch, the operation itself first.
    pub points: Vec<Point>,
}

/// What a suite touches, by operation.
#[derive(Clone, Debug)]
pub struct Coverage(pub Vec<Covered>);

impl Coverage {
    /// What `suite` touches of what the client of `used` uses; without one, of all that its own operations have.
    pub fn of(suite: &Suite, used: Option<&Suite>, usual: &[Usual]) -> Coverage {
        let all = &used.unwrap_or(suite).operations;
        let covered = |(operation, wanted): (&Arc<str>, &Requests)| {
            let own = suite.operations.get(operation);
            let mut points = vec![(Kind::Operations, operation.to_string(), own.is_some())];
            points.extend(fields(wanted, own, used.is_some()));
            points.extend(boundaries(wanted, own));
            points.extend(injected(operation, own, usual));
            let points = points.into_iter().map(|(kind, what, is_touched)| Point { kind, what, is_touched });
            Covered {
                operation: Arc::clone(operation),
                requests: own.map_or(0, |own| own.times),
                points: points.collect(),
            }
        };
        Coverage(all.iter().map(covered).collect())
    }

    /// How many of `kind`, or of all kinds, were touched, and how many there are.
    pub fn count(&self, kind: Option<Kind>) -> (usize, usize) {
        let points =
            || self.0.iter().flat_map(|own| &own.points).filter(|own| kind.is_none_or(|kind| own.kind == kind));
        (points().filter(|own| own.is_touched).count(), points().count())
    }
}

type Told = (Kind, String, bool);

/// The fields of the contract, or those alone that the client sends.
fn fields(wanted: &Requests, own: Option<&Requests>, is_of_client: bool) -> Vec<Told> {
    let is_sent = |requests: &Requests, pointer: &String| requests.sent.contains_key(pointer);
    let named = wanted.known.iter().filter(|(pointer, reached)| reached.is_named && !is_wrapper(wanted, pointer));
    let of_client = named.filter(|(pointer, _)| !is_of_client || is_sent(wanted, pointer));
    of_client
        .map(|(pointer, _)| (Kind::Fields, pointer.clone(), own.is_some_and(|own| is_sent(own, pointer))))
        .collect()
}

/// Is it the one name around everything else, as `server` in `{"server": {…}}`?
fn is_wrapper(wanted: &Requests, pointer: &str) -> bool {
    let is_top = |pointer: &str| pointer.starts_with('/') && pointer.matches('/').count() == 1;
    let below = format!("{pointer}/");
    is_top(pointer)
        && wanted.known.keys().filter(|other| is_top(other)).count() == 1
        && wanted.known.keys().any(|other| other.starts_with(&below))
}

/// The limits and the lifetimes of what is sent.
fn boundaries(wanted: &Requests, own: Option<&Requests>) -> Vec<Told> {
    let sent = wanted.known.iter().filter(|(pointer, _)| wanted.sent.contains_key(*pointer));
    let mut all = Vec::new();
    for (pointer, reached) in sent {
        let there = own.and_then(|own| own.sent.get(pointer));
        let is_at = |limit: &String| there.is_some_and(|sent| sent.limits.contains(limit));
        all.extend(
            reached.limits.keys().map(|limit| (Kind::Boundaries, format!("{pointer} at {limit}"), is_at(limit))),
        );
        for (told, side, is_inside) in sides(reached.lifetime, wanted.api) {
            let asked = match is_inside {
                true => there.map_or(Versions::NONE, |sent| sent.versions),
                false => own.map_or(Versions::NONE, |own| own.versions),
            };
            all.push((Kind::Boundaries, format!("{pointer} {told}"), asked.meets(side)));
        }
    }
    all
}

/// Both sides of each end of a lifetime: what it is called, the versions of the side, whether the field exists there.
fn sides(lifetime: Versions, api: Versions) -> Vec<(String, Versions, bool)> {
    let (mut all, outside) = (Vec::new(), api.without(lifetime));
    let runs = (lifetime & api).runs();
    for (first, last) in runs {
        let run = Versions::range(first, last) & api;
        let (before, after) = outside.iter().partition::<Vec<_>, _>(|version| *version < first);
        let set = |versions: Vec<_>| versions.into_iter().fold(Versions::NONE, |all, one| all | Versions::only(one));
        if !before.is_empty() {
            all.push((format!("before {first}"), set(before), false));
            all.push((format!("since {first}"), run, true));
        }
        if !after.is_empty() {
            all.push((format!("until {last}"), run, true));
            all.push((format!("after {last}"), set(after), false));
        }
    }
    all
}

/// The faults that happen at the operation unless another is given.
fn injected(operation: &str, own: Option<&Requests>, usual: &[Usual]) -> Vec<Told> {
    let happened: BTreeMap<&str, bool> =
        own.iter().flat_map(|own| &own.faults).map(|fault| (fault.as_str(), true)).collect();
    let usual = usual.iter().filter(|fault| fault.operation == operation).map(|fault| (fault.name.as_str(), false));
    let all: BTreeMap<&str, bool> = usual.chain(happened).collect();
    all.into_iter().map(|(fault, has_happened)| (Kind::Faults, fault.to_owned(), has_happened)).collect()
}
