//! What one side says of a place: rules that all hold, and groups of which one alternative does.

use std::sync::Arc;

use super::kinds::Kinds;
use crate::base::json::Value;
use crate::base::{Place, Version, Versions};
use crate::contract::schema::{Keyword, Schema, SchemaId, Schemas};

/// A contract at one version.
#[derive(Clone, Copy, Debug)]
pub struct Side<'c> {
    pub schemas: &'c Schemas,
    pub version: Version,
    /// Is it about answers? They are made of their schemas, so an object that names fields has no others.
    pub is_answer: bool,
}

/// What is taken to be there or not in an object that a [`Keyword::Choice`] distinguishes.
pub type Chosen<'c> = Vec<(&'c Arc<str>, bool)>;

/// What a side says of a place.
#[derive(Debug, Default)]
pub struct Form<'c> {
    pub parts: Vec<&'c Schema>,
    pub groups: Vec<Group<'c>>,
    /// A field of which it is still open whether it is there.
    pub open: Option<&'c Arc<str>>,
}

/// Alternatives.
#[derive(Clone, Copy, Debug)]
pub struct Group<'c> {
    /// Must exactly one match?
    pub one: bool,
    pub alternatives: &'c [(Versions, SchemaId)],
    pub place: &'c Place,
}

impl<'c> Side<'c> {
    /// What all of `ids` say together.
    pub fn form(self, ids: &[SchemaId], chosen: &Chosen<'c>) -> Form<'c> {
        let mut form = Form::default();
        ids.iter().for_each(|id| self.add(*id, chosen, &mut form));
        form
    }

    fn add(self, id: SchemaId, chosen: &Chosen<'c>, form: &mut Form<'c>) {
        let schema = self.schemas.get(id);
        form.parts.push(schema);
        for keyword in schema.keywords_at(self.version) {
            match keyword {
                Keyword::AllOf(all) => self.living(all).for_each(|id| self.add(id, chosen, form)),
                Keyword::OneOf(all) | Keyword::AnyOf(all) => {
                    let one = matches!(keyword, Keyword::OneOf(_));
                    form.groups.push(Group { one, alternatives: all, place: &schema.place });
                }
                Keyword::Choice(choice) => match chosen.iter().find(|(field, _)| **field == choice.field) {
                    Some((_, true)) => self.add(choice.with, chosen, form),
                    Some((_, false)) => self.add(choice.without, chosen, form),
                    None => form.open = form.open.or(Some(&choice.field)),
                },
                _ => {}
            }
        }
    }

    /// Those that hold at its version.
    pub fn living(self, all: &'c [(Versions, SchemaId)]) -> impl Iterator<Item = SchemaId> {
        all.iter().filter(move |(versions, _)| versions.contains(self.version)).map(|(_, id)| *id)
    }

    /// The alternatives of `group` that take values of `kind`.
    pub fn possible(self, group: &Group<'c>, kind: Kinds) -> Vec<SchemaId> {
        let is_possible = |id: &SchemaId| self.of_kind(&self.form(&[*id], &Chosen::new()), kind).is_some();
        self.living(group.alternatives).filter(is_possible).collect()
    }

    /// What `form` says of values of `kind`, where a group of which only one alternative takes them is no choice any more;
    /// `None` if it takes none.
    pub fn of_kind(self, form: &Form<'c>, kind: Kinds) -> Option<Form<'c>> {
        let mut own = Form { parts: form.parts.clone(), ..Form::default() };
        let mut groups = form.groups.clone();
        while let Some(group) = groups.pop() {
            match self.possible(&group, kind).as_slice() {
                [] => return None,
                [only] => {
                    let inner = self.form(&[*only], &Chosen::new());
                    own.parts.extend(inner.parts);
                    groups.extend(inner.groups);
                }
                _ => own.groups.push(group),
            }
        }
        own.parts.iter().all(|part| self.takes(part, kind)).then_some(own)
    }

    fn takes(self, part: &Schema, kind: Kinds) -> bool {
        part.keywords_at(self.version).all(|keyword| match keyword {
            Keyword::Type(types) => Kinds::of_types(types).meets(kind),
            Keyword::Enum(values) => self.values(values, kind).next().is_some(),
            _ => true,
        })
    }

    /// The values of `kind` among those of an enumeration.
    pub fn values(self, all: &'c [(Value, Versions)], kind: Kinds) -> impl Iterator<Item = &'c Value> {
        let lives = move |(value, versions): &&(Value, Versions)| {
            versions.contains(self.version) && Kinds::of(value).meets(kind)
        };
        all.iter().filter(lives).map(|(value, _)| value)
    }

    /// The keywords of `form` that hold, each with its place.
    pub fn rules(self, form: &Form<'c>) -> impl Iterator<Item = (&'c Keyword, &'c Place)> {
        let rules = move |part: &&'c Schema| {
            let part = *part;
            part.keywords_at(self.version).map(move |keyword| (keyword, &part.place))
        };
        form.parts.iter().flat_map(rules).collect::<Vec<_>>().into_iter()
    }
}
