//! The marks in the contract of an operation on the fields of its bodies.

use foldhash::HashMap;

use super::Kind;
use super::names::kind_by_name;

/// The mark of a field in a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The field exists.
    Known,
    /// It is not a string, and contains a secret: a string in its place is probably that secret.
    Around,
    /// It is a secret.
    Secret,
}

/// The fields of an operation's bodies, each by its name and the name of the enclosing field. A place in a body with the
/// wrong shape is found by its name too.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    fields: HashMap<String, Field>,
    /// Does the body of a request contain a secret?
    pub holds_secrets: bool,
}

/// What is known of all fields of one name.
#[derive(Clone, Debug)]
struct Field {
    /// What it is by its name.
    by_name: Option<Kind>,
    /// The fields that it is in, each with its mark there.
    parents: Vec<(String, Mark)>,
}

/// What is known of a field before its value is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its mark; `None` if the contract has no such field there.
    pub mark: Option<Mark>,
    /// The secret that it is by its name.
    pub by_name: Option<Kind>,
}

impl Marks {
    /// What is known of `field` in `parent` (empty at the top).
    pub fn told(&self, parent: &str, field: &str) -> Told {
        match self.fields.get(field) {
            None => Told { mark: None, by_name: kind_by_name(field) },
            Some(known) => {
                let mark = known.parents.iter().find(|(own, _)| own == parent).map(|(_, mark)| *mark);
                Told { mark, by_name: known.by_name }
            }
        }
    }

    /// Adds a mark; of two marks of one place the stronger counts.
    pub fn set(&mut self, parent: &str, field: &str, mark: Mark) {
        let new = || Field { by_name: kind_by_name(field), parents: Vec::new() };
        let parents = &mut self.fields.entry(field.to_owned()).or_insert_with(new).parents;
        match parents.iter_mut().find(|(own, _)| own == parent) {
            Some((_, own)) => *own = mark.max(*own),
            None => parents.push((parent.to_owned(), mark)),
        }
    }
}
