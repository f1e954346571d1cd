//! Fields that one cloud has beside those of its release.

use crate::base::Pattern;
use crate::contract::{Code, Violation};

/// A place of answers in which a cloud has fields of its own: `/servers/*/acme:*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Where.
    pub pattern: Pattern,
    /// Why it is there.
    pub reason: String,
}

impl Extension {
    /// Is `violation` about a field that it allows?
    pub fn covers(&self, violation: &Violation) -> bool {
        let steps: Vec<String> = violation.pointer.0.iter().map(ToString::to_string).collect();
        violation.code == Code::AnswerUnknownField && self.pattern.covers(steps.iter())
    }
}
