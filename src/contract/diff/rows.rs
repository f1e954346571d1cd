//! What changes in the table of operations.

use std::collections::HashMap;
use std::sync::Arc;

use super::change::{Change, Changed, Level, Sense, changes};
use super::compare::{Bound, tightened};
use super::demand::{Demand, Tightening};
use super::form::Side;
use super::kinds::Kinds;
use super::step::Way;
use super::view::View;
use crate::base::{Diagnostic, Place, Version, Versions};
use crate::contract::schema::SchemaId;
use crate::contract::table::{Operation, ResponseRow, ServiceContract, Table};

/// What changes for a client that goes from `a` to `b`, in the order of the table; of an operation the worst first.
///
/// # Errors
/// A contract cannot be read.
pub fn diff<'c>(a: &View<'c>, b: &View<'c>) -> Result<Vec<Change<'c>>, Diagnostic> {
    diff_of(a, b, &|_| true)
}

/// The same of the operations whose ids `is_wanted` takes; what is changed of a whole service is told in any case.
///
/// # Errors
/// A contract cannot be read.
pub fn diff_of<'c>(
    a: &View<'c>,
    b: &View<'c>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<Change<'c>>, Diagnostic> {
    let by_name = |view: &View<'c>| -> HashMap<&'c str, &'c ServiceContract> {
        view.contracts.services().iter().map(|contract| (contract.service.name.as_str(), contract)).collect()
    };
    let (own, other) = (by_name(a), by_name(b));
    let mut names: Vec<&str> = own.keys().chain(other.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let mut all = Vec::new();
    for name in names {
        let side = |view: &View<'c>, contract: Option<&&'c ServiceContract>| {
            let Some((contract, version)) = contract.and_then(|own| Some((*own, view.version(own)?))) else {
                return Ok(None);
            };
            Ok::<_, Diagnostic>(Some(Api { contract, table: contract.table()?, version, is_wanted }))
        };
        match (side(a, own.get(name))?, side(b, other.get(name))?) {
            (Some(a), Some(b)) => all.extend(operations(&a, &b)),
            (Some(a), None) => all.push(service(a.contract, Level::Breaking, "is not offered any more")),
            (None, Some(b)) => all.push(service(b.contract, Level::Information, "is offered")),
            (None, None) => {}
        }
    }
    Ok(all)
}

fn service<'c>(contract: &ServiceContract, level: Level, text: &str) -> Change<'c> {
    let name = Arc::from(contract.service.name.as_str());
    let text = text.to_owned();
    Change {
        level,
        operation: name,
        part: Changed::Service,
        pointer: String::new(),
        about: "service",
        text,
        was: None,
        now: None,
        tightening: None,
    }
}

/// An API version at a microversion.
#[derive(Clone, Copy)]
struct Api<'c, 'w> {
    contract: &'c ServiceContract,
    table: &'c Table,
    version: Version,
    is_wanted: &'w dyn Fn(&str) -> bool,
}

impl<'c, 'w> Api<'c, 'w> {
    fn rows(&self) -> impl Iterator<Item = &'c Operation> + use<'c, 'w> {
        let Api { version, is_wanted, .. } = *self;
        self.table.operations.iter().filter(move |row| row.lifetime.contains(version) && is_wanted(&row.id))
    }

    fn bound(&self, schema: Option<SchemaId>, place: &'c Place) -> Bound<'c> {
        let side = Side { schemas: &self.table.schemas, version: self.version, is_answer: false };
        Bound { side, schema, place }
    }
}

fn operations<'c>(a: &Api<'c, '_>, b: &Api<'c, '_>) -> Vec<Change<'c>> {
    let is_same = std::ptr::eq(a.contract, b.contract) && a.version == b.version;
    let theirs: HashMap<&str, &Operation> = b.rows().map(|row| (row.id.as_ref(), row)).collect();
    let mut known = HashMap::new();
    let mut all = Vec::new();
    for own in a.rows().filter(|_| !is_same) {
        known.insert(own.id.as_ref(), ());
        let mut changes = match theirs.get(own.id.as_ref()) {
            Some(other) => Pair { a: *a, b: *b, own, other }.changes(),
            None => vec![gone(b, own)],
        };
        changes.sort_by_key(|change| std::cmp::Reverse(change.level));
        all.extend(changes);
    }
    let new = b.rows().filter(|row| !is_same && !known.contains_key(row.id.as_ref()));
    all.extend(new.map(|row| Change {
        now: Some(row.place.clone()),
        ..whole(row, Level::Information, "operation", format!("is new: {}", b.contract.route_text(row)))
    }));
    all
}

/// What is wrong at `b` with an operation that it does not have.
fn gone<'c>(b: &Api<'c, '_>, own: &Operation) -> Change<'c> {
    let other = b.table.operations.iter().find(|row| row.id == own.id);
    let lives = other.map(|row| format!(": it lives in {}", row.lifetime.within(b.contract.service.versions())));
    let text = format!("is gone{}", lives.unwrap_or_default());
    let now = other.map(|row| row.place.clone());
    Change { was: Some(own.place.clone()), now, ..whole(own, Level::Breaking, "operation", text) }
}

fn whole<'c>(row: &Operation, level: Level, about: &'static str, text: String) -> Change<'c> {
    let operation = Arc::clone(&row.id);
    Change {
        level,
        operation,
        part: Changed::Operation,
        pointer: String::new(),
        about,
        text,
        was: None,
        now: None,
        tightening: None,
    }
}

/// An operation that both have.
struct Pair<'c, 'w> {
    a: Api<'c, 'w>,
    b: Api<'c, 'w>,
    own: &'c Operation,
    other: &'c Operation,
}

impl<'c> Pair<'c, '_> {
    fn changes(&self) -> Vec<Change<'c>> {
        let mut all = Vec::new();
        self.facts(&mut all);
        let (own, other) = (self.own, self.other);
        all.extend(self.request(Changed::Query, own.query, other.query));
        all.extend(self.request(Changed::Body, own.body, other.body));
        self.answers(&mut all);
        all
    }

    fn changed(&self, level: Level, about: &'static str, text: String) -> Change<'c> {
        let (was, now) = (Some(self.own.place.clone()), Some(self.other.place.clone()));
        Change { was, now, ..whole(self.other, level, about, text) }
    }

    /// What the row says besides its schemas.
    fn facts(&self, all: &mut Vec<Change<'c>>) {
        let (own, other) = (self.own, self.other);
        let (before, now) = (self.a.contract.route_text(own), self.b.contract.route_text(other));
        if before != now {
            all.push(self.changed(Level::Breaking, "route", format!("{now}, was {before}")));
        }
        if own.token != other.token {
            let (level, text) =
                if other.token { (Level::Breaking, "needs a token") } else { (Level::Information, "needs no token") };
            all.push(self.changed(level, "token", text.to_owned()));
        }
        let role = |row: &Operation| row.policy.as_ref().map_or("none".to_owned(), |policy| policy.role.clone());
        if role(own) != role(other) {
            all.push(self.changed(
                Level::Warning,
                "policy",
                format!("needs the role {}, was {}", role(other), role(own)),
            ));
        }
        let lost: Vec<&str> = own.media.iter().filter(|media| !other.takes(media)).map(String::as_str).collect();
        if !lost.is_empty() || (own.media.is_empty() && !other.media.is_empty()) {
            let text = format!("the body must be one of {}", other.media.join(", "));
            all.push(self.changed(Level::Breaking, "media", text));
        }
        let new: Vec<String> =
            other.faults.iter().filter(|fault| !own.faults.contains(fault)).map(u16::to_string).collect();
        if !new.is_empty() {
            all.push(self.changed(Level::Warning, "faults", format!("may be refused with {}", new.join(", "))));
        }
    }

    fn request(&self, part: Changed, own: Option<SchemaId>, other: Option<SchemaId>) -> Vec<Change<'c>> {
        let before = self.a.bound(own, &self.own.place);
        let now = self.b.bound(other, &self.other.place);
        let mut found = [
            tightened(before, now).into_iter().map(|one| (Sense::Refused, one)).collect::<Vec<_>>(),
            tightened(now, before).into_iter().map(|one| (Sense::Taken, one)).collect(),
        ]
        .concat();
        if self.other.check.is_some_and(|check| check.is_of_query() == (part == Changed::Query)) {
            found.extend(self.check());
        }
        changes(&self.other.id, part, found, self.api())
    }

    /// What the code of the service checks at `b` alone.
    fn check(&self) -> Option<(Sense, Tightening<'c>)> {
        let check = self.other.check?;
        let before = if self.own.check == Some(check) { check.steps_at(self.a.version) } else { Vec::new() };
        let new: Vec<usize> =
            check.steps_at(self.b.version).into_iter().filter(|step| !before.contains(step)).collect();
        let demand = Demand::Checked(check, new);
        let (was, now) = (Some(&self.own.place), &self.other.place);
        let is_new = matches!(&demand, Demand::Checked(_, steps) if !steps.is_empty());
        is_new.then(|| (Sense::Refused, Tightening { way: Way::default(), kinds: Kinds::ALL, demand, was, now }))
    }

    fn answers(&self, all: &mut Vec<Change<'c>>) {
        let rows = |row: &'c Operation, version: Version| -> Vec<&'c ResponseRow> {
            row.responses.iter().filter(|answer| answer.versions.contains(version)).collect()
        };
        let (own, other) = (rows(self.own, self.a.version), rows(self.other, self.b.version));
        let statuses =
            |rows: &[&ResponseRow]| rows.iter().map(|row| row.status.to_string()).collect::<Vec<_>>().join(", ");
        if statuses(&own) != statuses(&other) && !own.is_empty() {
            all.push(self.changed(
                Level::Breaking,
                "status",
                format!("answers {}, was {}", statuses(&other), statuses(&own)),
            ));
        }
        for row in own {
            let Some(now) = other.iter().find(|other| other.status == row.status) else { continue };
            let part = Changed::Answer(row.status);
            match (row.body, now.body) {
                (Some(_), None) => all
                    .push(Change { part, ..self.changed(Level::Breaking, "body", "has no body any more".to_owned()) }),
                (None, Some(_)) => {
                    all.push(Change { part, ..self.changed(Level::Information, "body", "has a body".to_owned()) })
                }
                (Some(_), Some(_)) => all.extend(self.answer(part, row, now)),
                (None, None) => {}
            }
        }
    }

    fn answer(&self, part: Changed, own: &ResponseRow, other: &ResponseRow) -> Vec<Change<'c>> {
        let of_answers = |bound: Bound<'c>| Bound { side: Side { is_answer: true, ..bound.side }, ..bound };
        let before = of_answers(self.a.bound(own.body, &self.own.place));
        let now = of_answers(self.b.bound(other.body, &self.other.place));
        let broken = tightened(now, before).into_iter().map(|one| (Sense::Broken, one));
        let promised = tightened(before, now).into_iter().map(|one| (Sense::Promised, one));
        changes(&self.other.id, part, broken.chain(promised).collect(), self.api())
    }

    fn api(&self) -> Versions {
        self.b.contract.service.versions()
    }
}
