//! The fields of objects: which may be there, which must, and what is in them.

use std::rc::Rc;
use std::sync::Arc;

use super::compare::Compare;
use super::demand::Demand;
use super::form::{Form, Side};
use super::kinds::Kinds;
use super::step::{Pattern, Step, Way};
use crate::base::{Place, Versions};
use crate::contract::schema::{Keyword, Schema, SchemaId};

/// What a side says of a field.
enum Child<'c> {
    /// It is not taken.
    Refused(&'c Place),
    /// All of these.
    All(Vec<SchemaId>),
}

impl<'c> Compare<'c> {
    pub(super) fn fields(&mut self, from: &Form<'c>, to: &Form<'c>, way: &Way<'c>) {
        let named: Vec<Arc<str>> = self.named(from, to);
        for name in &named {
            match (self.from.child(from, name), self.to.child(to, name)) {
                (Child::All(_), Child::Refused(place)) => {
                    let demand = Demand::Without(Arc::clone(name), lifetime(to, name));
                    self.report(
                        way,
                        Kinds::OBJECT,
                        demand,
                        place_of_name(from, name),
                        place_of_name(to, name).unwrap_or(place),
                    );
                }
                (Child::All(from), Child::All(to)) => {
                    self.place(&from, &to, &way.to(Step::Key(Arc::clone(name))), Kinds::ALL);
                }
                (Child::Refused(_), _) => {}
            }
        }
        self.required(from, to, way);
        self.unnamed(from, to, way, &named.into());
    }

    /// The names of fields that one side has, in the order of the contract.
    fn named(&self, from: &Form<'c>, to: &Form<'c>) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for (side, form) in [(self.from, from), (self.to, to)] {
            let living = form.parts.iter().flat_map(|part| &part.properties);
            for property in living.filter(|property| property.form_at(side.version).is_some()) {
                if !names.contains(&property.name) {
                    names.push(Arc::clone(&property.name));
                }
            }
        }
        names
    }

    fn required(&mut self, from: &Form<'c>, to: &Form<'c>, way: &Way<'c>) {
        let own: Vec<&str> = self.from.required(from).map(|(name, _)| name).collect();
        for (name, place) in self.to.required(to).filter(|(name, _)| !own.contains(name)) {
            self.report(
                way,
                Kinds::OBJECT,
                Demand::Required(name.to_owned()),
                from.parts.first().map(|part| &part.place),
                place,
            );
        }
    }

    /// The fields that neither side names: those whose names match a pattern, and all others.
    fn unnamed(&mut self, from: &Form<'c>, to: &Form<'c>, way: &Way<'c>, named: &Rc<[Arc<str>]>) {
        let mut refused = None;
        let others = Step::Others(Rc::clone(named), from.parts.iter().chain(&to.parts).copied().collect());
        let mut pairs = vec![(others, self.from.other(from, None), self.to.other(to, None))];
        for pattern in patterns(from).chain(patterns(to)) {
            let step = || Step::Matching(pattern, Rc::clone(named));
            let (own, other) = (self.from.other(from, Some(pattern)), self.to.other(to, Some(pattern)));
            // A name may match other patterns of the first side instead.
            let is_known = patterns(from).any(|(known, _)| known.source == pattern.0.source);
            let instead = patterns(from).filter(|_| !is_known).map(|(_, id)| Child::All(vec![*id]));
            pairs.extend(instead.map(|own| (step(), own, self.to.other(to, Some(pattern)))));
            pairs.push((step(), own, other));
        }
        for (step, own, other) in pairs {
            match (own, other) {
                (Child::All(_), Child::Refused(place)) => refused = refused.or(Some(place)),
                (Child::All(from), Child::All(to)) => self.place(&from, &to, &way.to(step), Kinds::ALL),
                (Child::Refused(_), _) => {}
            }
        }
        if let Some(place) = refused {
            let parts = to.parts.clone();
            let demand = Demand::Names { named: named.to_vec(), parts, side: self.to };
            self.report(way, Kinds::OBJECT, demand, None, place);
        }
    }
}

impl<'c> Side<'c> {
    fn child(self, form: &Form<'c>, name: &str) -> Child<'c> {
        self.gathered(form, |part| {
            let own = part.property(name).and_then(|property| property.form_at(self.version));
            let patterns = part.patterns.iter().filter(|(pattern, _)| pattern.is_found_in(name));
            own.into_iter().chain(patterns.map(|(_, id)| *id)).collect()
        })
    }

    /// What all parts say of a field of which each says what `own` gives, or what it says of other fields.
    fn gathered(self, form: &Form<'c>, own: impl Fn(&Schema) -> Vec<SchemaId>) -> Child<'c> {
        let (mut all, mut is_named) = (Vec::new(), false);
        for part in &form.parts {
            match (own(part), self.unnamed_of(part)) {
                (ids, Child::Refused(place)) if ids.is_empty() && !self.is_answer => return Child::Refused(place),
                (ids, Child::All(others)) if ids.is_empty() => all.extend(others),
                (ids, _) => all.extend(ids),
            }
            is_named |= !part.properties.is_empty() || !part.patterns.is_empty();
        }
        match form.parts.first() {
            Some(part) if self.is_answer && is_named && all.is_empty() => Child::Refused(&part.place),
            _ => Child::All(all),
        }
    }

    /// What is said of the field `name`; `None` if it is not taken.
    pub fn field(self, form: &Form<'c>, name: &str) -> Option<Vec<SchemaId>> {
        match self.child(form, name) {
            Child::All(ids) => Some(ids),
            Child::Refused(_) => None,
        }
    }

    /// The fields that match `pattern`, or that match none.
    fn other(self, form: &Form<'c>, pattern: Option<&Pattern>) -> Child<'c> {
        let is_it = |(own, _): &&Pattern| pattern.is_some_and(|(other, _)| other.source == own.source);
        self.gathered(form, |part| part.patterns.iter().filter(is_it).map(|(_, id)| *id).collect())
    }

    fn unnamed_of(self, part: &'c Schema) -> Child<'c> {
        let said = part.keywords_at(self.version).find_map(|keyword| match keyword {
            Keyword::NoAdditionalProperties => Some(Child::Refused(&part.place)),
            Keyword::AdditionalProperties(id) => Some(Child::All(vec![*id])),
            _ => None,
        });
        said.unwrap_or(Child::All(Vec::new()))
    }

    /// Does `part` take a field of that name?
    pub fn names(self, part: &'c Schema, key: &str) -> bool {
        let is_named = part.property(key).is_some_and(|property| property.form_at(self.version).is_some());
        is_named
            || part.patterns.iter().any(|(pattern, _)| pattern.is_found_in(key))
            || matches!(self.unnamed_of(part), Child::All(_))
    }

    /// The fields that must be there, each with the rule that says so.
    pub fn required(self, form: &Form<'c>) -> impl Iterator<Item = (&'c str, &'c Place)> {
        let fields = move |(keyword, place): (&'c Keyword, &'c Place)| {
            let all: &'c [(String, Versions)] = if let Keyword::Required(all) = keyword { all } else { &[] };
            let living = all.iter().filter(move |(_, versions)| versions.contains(self.version));
            living.map(move |(name, _)| (name.as_str(), place))
        };
        self.rules(form).flat_map(fields)
    }
}

fn patterns<'c>(form: &Form<'c>) -> impl Iterator<Item = &'c Pattern> {
    form.parts.iter().flat_map(|part| &part.patterns)
}

/// The versions in which a form has the field.
fn lifetime(form: &Form<'_>, name: &str) -> Versions {
    form.parts
        .iter()
        .filter_map(|part| part.property(name))
        .fold(Versions::NONE, |all, property| all | property.lifetime)
}

fn place_of_name<'c>(form: &Form<'c>, name: &str) -> Option<&'c Place> {
    form.parts.iter().find_map(|part| part.property(name)).map(|property| &property.place)
}
