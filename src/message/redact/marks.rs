//! The marks in the contract of an operation on the fields of its bodies.

use foldhash::HashMap;

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
    fields: HashMap<String, Vec<(String, Mark)>>,
    /// Does the body of a request contain a secret?
    pub holds_secrets: bool,
}

impl Marks {
    /// The mark of `field` in `parent` (empty at the top); `None` if the field does not exist.
    pub fn get(&self, parent: &str, field: &str) -> Option<Mark> {
        self.fields.get(field)?.iter().find(|(own, _)| own == parent).map(|(_, mark)| *mark)
    }

    /// Adds a mark; of two marks of one place the stronger counts.
    pub fn set(&mut self, parent: &str, field: &str, mark: Mark) {
        let places = self.fields.entry(field.to_owned()).or_default();
        match places.iter_mut().find(|(own, _)| own == parent) {
            Some((_, own)) => *own = mark.max(*own),
            None => places.push((parent.to_owned(), mark)),
        }
    }
}
