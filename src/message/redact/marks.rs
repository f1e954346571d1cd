//! What the contract of an operation says of the fields of its bodies.

use foldhash::HashMap;

/// What a contract says of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It is there.
    Known,
    /// It is no text, and a secret stands somewhere in it: a text in its place is likely to be that secret.
    Around,
    /// It is a secret.
    Secret,
}

/// The fields of an operation's bodies, each by its name and the name of the field that it stands in. A place in a body of the
/// wrong shape is found by its name all the same.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    fields: HashMap<String, Vec<(String, Mark)>>,
    /// Does a secret stand somewhere in the body of a request?
    pub holds_secrets: bool,
}

impl Marks {
    /// What is said of `field` in `parent` (empty at the top); `None` if there is no such field.
    pub fn get(&self, parent: &str, field: &str) -> Option<Mark> {
        self.fields.get(field)?.iter().find(|(own, _)| own == parent).map(|(_, mark)| *mark)
    }

    /// Says it; of two marks of one place the stronger counts.
    pub fn set(&mut self, parent: &str, field: &str, mark: Mark) {
        let places = self.fields.entry(field.to_owned()).or_default();
        match places.iter_mut().find(|(own, _)| own == parent) {
            Some((_, own)) => *own = mark.max(*own),
            None => places.push((parent.to_owned(), mark)),
        }
    }
}
