//! A place in all documents that a contract describes.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::base::json::Value;
use crate::contract::schema::Schema;

/// The way from the top of a document to a place.
#[derive(Clone, Debug, Default)]
pub struct Way<'c>(Vec<Step<'c>>);

/// A step of it.
#[derive(Clone, Debug)]
pub enum Step<'c> {
    /// The field of that name.
    Key(Arc<str>),
    /// Every item of a list.
    Items,
    /// The item at that index.
    Index(usize),
    /// No step: what follows is said of objects that have the field, or that do not.
    Has(&'c Arc<str>, bool),
    /// Each field whose name matches the pattern and is none of `named`.
    Matching(&'c Pattern, Rc<[Arc<str>]>),
    /// Each field whose name is none of `named` and matches no pattern of the parts.
    Others(Rc<[Arc<str>]>, Vec<&'c Schema>),
}

/// See [`Schema::patterns`].
pub type Pattern = (crate::contract::schema::Pattern, crate::contract::schema::SchemaId);

impl<'c> Way<'c> {
    pub fn to(&self, step: Step<'c>) -> Way<'c> {
        let mut steps = self.0.clone();
        steps.push(step);
        Way(steps)
    }

    /// Is one of the values at the place such that `is` holds?
    pub fn any(&self, document: &Value, is: &mut impl FnMut(&Value) -> bool) -> bool {
        any(&self.0, document, is)
    }
}

fn any(steps: &[Step<'_>], value: &Value, is: &mut impl FnMut(&Value) -> bool) -> bool {
    let Some((step, rest)) = steps.split_first() else { return is(value) };
    match (step, value) {
        (Step::Has(field, wanted), _) => value.get(&***field).is_some() == *wanted && any(rest, value, is),
        (Step::Key(key), Value::Object(map)) => map.get(key).is_some_and(|value| any(rest, value, is)),
        (Step::Items, Value::Array(items)) => items.iter().any(|item| any(rest, item, is)),
        (Step::Index(index), Value::Array(items)) => items.get(*index).is_some_and(|item| any(rest, item, is)),
        (Step::Matching(..) | Step::Others(..), Value::Object(map)) => {
            map.iter().any(|(key, value)| step.is_to(key.as_str()) && any(rest, value, is))
        }
        _ => false,
    }
}

impl Step<'_> {
    fn is_to(&self, key: &str) -> bool {
        let is_named = |named: &[Arc<str>]| named.iter().any(|name| **name == *key);
        let matches = |part: &&Schema| part.patterns.iter().any(|(pattern, _)| pattern.is_found_in(key));
        match self {
            Step::Matching((pattern, _), named) => !is_named(named) && pattern.is_found_in(key),
            Step::Others(named, parts) => !is_named(named) && !parts.iter().any(matches),
            _ => false,
        }
    }
}

/// As a JSON pointer, in which `*` is every item or every other field, and `{…}` the pattern of a name.
impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Items | Step::Others(..) => f.write_str("/*"),
            Step::Index(index) => write!(f, "/{index}"),
            Step::Has(..) => Ok(()),
            Step::Matching((pattern, _), _) => write!(f, "/{{{}}}", pattern.source),
        })
    }
}
