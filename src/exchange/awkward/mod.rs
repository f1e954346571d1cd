//! Awkward answers: what the contract of an answer allows, some clouds give, and clients forget. Nothing of it breaks the contract:
//! a change that would is left out.

mod change;
mod row;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::call::Call;
use super::disagreement::breaks_contract;
use super::faults::limit_to;
use super::ruling::{Next, Ruling};
use crate::message::Response;
use crate::recording::AnswerReport;

use self::change::Change;
pub use self::row::{AwkwardRow, Choice, answers, awkward_rows, chosen, chosen_one};

/// The awkward answers of a cloud, and how often each was given.
#[derive(Debug, Default)]
pub struct Awkward {
    chosen: Vec<Chosen>,
}

/// An awkward answer that somebody asked for.
#[derive(Debug)]
struct Chosen {
    row: Arc<AwkwardRow>,
    /// Was it asked for by its name, rather than with all others?
    is_named: bool,
    times: AtomicU64,
}

impl Awkward {
    /// Those.
    pub fn new(chosen: Vec<Choice>) -> Awkward {
        let chosen = chosen.into_iter().map(|(row, is_named)| Chosen { row, is_named, times: AtomicU64::new(0) });
        Awkward { chosen: chosen.collect() }
    }

    /// What was asked for, to have the same elsewhere.
    pub fn choices(&self) -> Vec<Choice> {
        self.chosen.iter().map(|own| (Arc::clone(&own.row), own.is_named)).collect()
    }

    /// Are there none? Then nothing needs to be looked at.
    pub fn is_idle(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Are the names of header lines to be lower-case on the wire?
    pub fn has_lower_case_headers(&self) -> bool {
        self.chosen.iter().any(|own| matches!(own.row.change, Change::LowerCaseHeaders))
    }

    /// What is changed about the question, before it is asked: how much of a list is shown.
    pub fn ask(&self, ruling: &mut Ruling<'_>) {
        let Some(operation) = ruling.target.operation else { return };
        let Next::Ask { question, .. } = &mut ruling.next else { return };
        for own in self.chosen.iter().filter(|own| own.row.is_about(&operation.id)) {
            if let Change::Page(size) = own.row.change {
                limit_to(&mut question.query, size);
                own.times.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// The answer to `call`, as an awkward cloud gives it.
    pub fn answer(&self, call: &Call<'_>, ruling: &Ruling<'_>, mut response: Response) -> Response {
        let Some(operation) = ruling.target.operation else { return response };
        if response.status >= 400 {
            return response;
        }
        let query = call.request.query();
        for own in self.chosen.iter().filter(|own| own.row.is_about(&operation.id)) {
            let mut changed = response.clone();
            if own.row.apply(&query, &mut changed) && !breaks_contract(ruling, call.request, &changed) {
                response = changed;
                own.times.fetch_add(1, Ordering::Relaxed);
            }
        }
        response
    }

    /// How often each was given.
    pub fn reports(&self) -> Vec<AnswerReport> {
        let report = |own: &Chosen| AnswerReport {
            name: own.row.name.clone(),
            named: own.is_named,
            times: own.times.load(Ordering::Relaxed),
        };
        self.chosen.iter().map(report).collect()
    }
}
