//! How often awkward answers were given: the last line of a recording keeps it.

use serde::{Deserialize, Serialize};

/// How often an awkward answer was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerReport {
    /// Its name: `image-of-volume`.
    pub name: String,
    /// Was it asked for by this name, rather than with all others?
    pub named: bool,
    /// How often.
    pub times: u64,
}

impl AnswerReport {
    /// Adds what is reported of another project.
    pub fn put_together(reports: &mut Vec<AnswerReport>, other: AnswerReport) {
        match reports.iter_mut().find(|own| own.name == other.name) {
            Some(own) => {
                own.times += other.times;
                own.named |= other.named;
            }
            None => reports.push(other),
        }
    }
}
