//! What may be part of the id of an operation.

use crate::base::{Diagnostic, Place};

/// Refuses a `what` that cannot be part of the id of an operation: the id is a name of snapshot files too, and stands in options and
/// reports.
pub fn named(what: &str, name: &str, place: &Place) -> Result<(), Diagnostic> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-:".contains(&b));
    match name.split('.').all(is_word) {
        true => Ok(()),
        false => Err(Diagnostic::new(format!("{what} has a name that it cannot have"))
            .at(place)
            .row("expected", "letters, digits, _ and -, in words with a dot between them")
            .row("found", name)),
    }
}
