//! What a run, or a project in it, has come to so far.

use std::sync::Arc;

use crate::exchange::Exchange;
use crate::report::{Ending, Outcome};

/// A run that goes on, in all or in a project.
#[derive(Clone, Debug)]
pub struct SoFar {
    /// What happens.
    pub exchange: Arc<Exchange>,
    /// The rules by which it is weighed.
    pub ending: Ending,
    /// The project, if it is one.
    pub project: Option<String>,
}

impl SoFar {
    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        let (exchange, project) = (&self.exchange, self.project.as_deref());
        let (faults, answers) = (exchange.fault_reports(project), exchange.answer_reports(project));
        let left = exchange.left_behind(project);
        let ending = Ending { faults, answers, left, ..self.ending.clone() };
        let journal = exchange.journal_of(project);
        if project.is_some() { Outcome::of_part(journal, ending) } else { Outcome::new(journal, ending) }
    }
}
