//! What may be part of the id of an operation.

use crate::base::{Diagnostic, Place};

/// Refuses a `what` that cannot be part of the id of an operation: the id is used in names of snapshot files, in options and in
/// reports.
pub fn named(what: &str, name: &str, place: &Place) -> Result<(), Diagnostic> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-:".contains(&b));
    match name.split('.').all(is_word) {
        true => Ok(()),
        false => Err(Diagnostic::new(format!("{what} has an invalid name"))
            .at(place)
            .row("expected", "words of letters, digits, _ and -, separated by dots")
            .row("found", name)),
    }
}
