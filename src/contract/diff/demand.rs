//! What one side demands of a place and the other does not.

use std::sync::Arc;

use super::form::{Group, Side};
use super::kinds::Kinds;
use super::step::Way;
use crate::base::json::Value;
use crate::base::{Place, Versions, python_repr};
use crate::contract::check::Check;
use crate::contract::judge::{refuses, walk};
use crate::contract::schema::{Keyword, Schema, equal, scalar_argument};

/// A demand that only one of two sides makes.
#[derive(Clone, Debug)]
pub struct Tightening<'c> {
    /// The place; of a field that is missing or too much, the object.
    pub way: Way<'c>,
    /// The kinds of values of which it is demanded.
    pub kinds: Kinds,
    pub demand: Demand<'c>,
    /// The rule of the side that does not make it.
    pub was: Option<&'c Place>,
    /// The rule of the side that makes it.
    pub now: &'c Place,
}

/// What is demanded.
#[derive(Clone, Debug)]
pub enum Demand<'c> {
    /// No kinds but these.
    Kinds(Kinds),
    /// A keyword that looks at one value alone, and the one that the other side has in its place.
    Rule(&'c Keyword, Option<&'c Keyword>),
    /// One of the values; those that only the other side takes.
    Values(Vec<&'c Value>, Vec<&'c Value>),
    /// The field must be there.
    Required(String),
    /// The field must not be there; the versions in which it may.
    Without(Arc<str>, Versions),
    /// No fields but those that the `parts` name; of the `named` ones it is told apart.
    Names { named: Vec<Arc<str>>, parts: Vec<&'c Schema>, side: Side<'c> },
    /// Alternatives that the other side does not have.
    Forms(Side<'c>, Group<'c>),
    /// Steps of what the code of the service checks.
    Checked(Check, Vec<usize>),
}

impl Tightening<'_> {
    /// Is there a value in `document` that does not meet the demand?
    pub fn covers(&self, document: &Value) -> bool {
        self.way.any(document, &mut |value| self.kinds.meets(Kinds::of(value)) && self.demand.refuses(value))
    }

    /// Has `document` the place at all?
    pub fn touches(&self, document: &Value) -> bool {
        self.way.any(document, &mut |value| match &self.demand {
            Demand::Without(key, _) => value.get(&**key).is_some(),
            Demand::Required(key) => value.get(key).is_some(),
            _ => true,
        })
    }

    /// The place as a JSON pointer.
    pub fn pointer(&self) -> String {
        let key = |key: &str| self.way.to(super::step::Step::Key(key.into())).to_string();
        match &self.demand {
            Demand::Required(name) => key(name),
            Demand::Without(name, _) => key(name),
            Demand::Names { .. } => format!("{}/*", self.way),
            _ => self.way.to_string(),
        }
    }
}

impl Demand<'_> {
    fn refuses(&self, value: &Value) -> bool {
        match self {
            Demand::Kinds(kinds) => !kinds.meets(Kinds::of(value)),
            Demand::Rule(keyword, _) => refuses(keyword, value),
            Demand::Values(values, _) => !values.iter().any(|one| equal(one, value)),
            Demand::Required(key) => value.is_object() && value.get(key).is_none(),
            Demand::Without(key, _) => value.get(&**key).is_some(),
            Demand::Names { named, parts, side } => value.as_object().is_some_and(|map| {
                let is_refused = |key: &str| parts.iter().any(|part| !side.names(part, key));
                map.keys()
                    .map(|key| key.as_ref())
                    .any(|key: &str| !named.iter().any(|name| **name == *key) && is_refused(key))
            }),
            Demand::Forms(side, group) => {
                let holds = |id| walk(side.schemas, id, value, Versions::only(side.version)).into_vec().is_empty();
                let holding = side.living(group.alternatives).filter(|id| holds(*id)).count();
                holding == 0 || (group.one && holding > 1)
            }
            Demand::Checked(check, steps) => steps.iter().any(|step| check.refuses(*step, value)),
        }
    }

    /// Is it `other`, found for another kind of values?
    pub fn is(&self, other: &Demand<'_>) -> bool {
        match (self, other) {
            (Demand::Rule(own, _), Demand::Rule(other, _)) => std::ptr::eq(*own, *other),
            (Demand::Values(..), Demand::Values(..)) => true,
            (Demand::Names { .. }, Demand::Names { .. }) => true,
            (Demand::Forms(_, own), Demand::Forms(_, other)) => std::ptr::eq(own.alternatives, other.alternatives),
            _ => false,
        }
    }

    /// What it has in common with a demand of the other side about the same thing: `maxLength`.
    pub fn topic(&self) -> &'static str {
        match self {
            Demand::Kinds(_) => "type",
            Demand::Rule(keyword, _) => scalar_argument(keyword).map_or("", |(name, _)| name),
            Demand::Values(..) => "enum",
            Demand::Required(_) => "required",
            Demand::Without(..) => "properties",
            Demand::Names { .. } => "additionalProperties",
            Demand::Forms(..) => "oneOf",
            Demand::Checked(..) => "check",
        }
    }

    /// The demand in words, after which comes what was before.
    pub fn text(&self, api: Versions) -> String {
        let argument = |keyword| scalar_argument(keyword).map(|(_, value)| python_repr(&value));
        let listed = |values: &[&Value]| values.iter().map(|value| python_repr(value)).collect::<Vec<_>>().join(", ");
        match self {
            Demand::Kinds(kinds) => kinds.text(),
            Demand::Rule(Keyword::UniqueItems, _) => "no item twice".to_owned(),
            Demand::Rule(keyword, was) => {
                let before = was.and_then(argument).unwrap_or_else(|| "none".to_owned());
                format!("{} {}, was {before}", self.topic(), argument(keyword).unwrap_or_default())
            }
            Demand::Values(values, gone) if gone.is_empty() => format!("one of {}", listed(values)),
            Demand::Values(_, gone) => format!("not {}", listed(gone)),
            Demand::Required(_) => "required".to_owned(),
            Demand::Without(_, lives) if lives.is_empty() => "in no version".to_owned(),
            Demand::Without(_, lives) => format!("lives in {}", lives.within(api)),
            Demand::Names { .. } => "no other fields".to_owned(),
            Demand::Forms(..) => "one of other forms".to_owned(),
            Demand::Checked(..) => "the code of the service checks more".to_owned(),
        }
    }

    /// The same of a demand that is not made any more.
    pub fn text_of_loosened(&self) -> String {
        let argument = |keyword| scalar_argument(keyword).map(|(_, value)| python_repr(&value)).unwrap_or_default();
        match self {
            Demand::Rule(Keyword::UniqueItems, _) => "items may be repeated".to_owned(),
            Demand::Rule(keyword, now) => {
                let now = now.map_or_else(|| "none".to_owned(), argument);
                format!("{} {now}, was {}", self.topic(), argument(keyword))
            }
            _ => "takes other values too".to_owned(),
        }
    }
}
