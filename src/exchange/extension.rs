//! Fields that one cloud has beside those of its release.

use crate::base::{Pattern, Patterns};
use crate::contract::{Code, Violation};

/// All that one cloud has of its own.
#[derive(Debug, Default)]
pub struct Extensions(Patterns);

impl Extensions {
    /// Those at `places` of answers, such as `/servers/*/acme:*`.
    pub fn new(places: impl IntoIterator<Item = Pattern>) -> Extensions {
        Extensions(places.into_iter().collect())
    }

    /// Is `violation` about a field that they allow?
    pub fn cover(&self, violation: &Violation) -> bool {
        let steps: Vec<String> = violation.pointer.0.iter().map(ToString::to_string).collect();
        violation.code == Code::AnswerUnknownField && self.0.cover(steps.iter())
    }

    /// Those that no answer had, a line each.
    pub fn unused(&self) -> Vec<String> {
        self.0.unused().map(|pattern| format!("extensions {pattern}")).collect()
    }
}
