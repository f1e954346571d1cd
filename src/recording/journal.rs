//! What a verdict needs of all that happened: counts, and each distinct complaint once.

use std::collections::BTreeMap;

use super::interaction::Interaction;
use crate::base::Diagnostic;
use crate::contract::Code;

/// What happened so far.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// How many requests arrived.
    pub requests: u64,
    /// How many of them were right and were answered with success.
    pub accepted: u64,
    /// Requests by operation; those that led to none under the empty name.
    pub operations: BTreeMap<String, u64>,
    /// Each distinct complaint, in the order in which it first came up.
    pub diagnoses: Vec<Diagnosis>,
    /// Refusals that are no violations, by code and operation.
    pub refusals: BTreeMap<(Code, String), Tally>,
    /// Why the recording is not whole, if it is not.
    pub recording_failed: Option<String>,
}

/// A complaint about a request, and how often it came up.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The codes of its violations.
    pub codes: Vec<Code>,
    /// The id of the operation; empty if the path led to none.
    pub operation: String,
    /// The first request that it was about.
    pub sequence: u64,
    /// How many requests it was about.
    pub times: u64,
    /// What to print.
    pub diagnostic: Diagnostic,
}

/// How often, and one example.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How often.
    pub times: u64,
    /// The sentence of the first.
    pub example: String,
}

impl Journal {
    /// Takes note of an interaction; `diagnostic` tells its violations, if it has any.
    pub fn note(&mut self, interaction: &Interaction, status: u16, diagnostic: Option<Diagnostic>) {
        self.requests += 1;
        let operation = interaction.operation.clone().unwrap_or_default();
        *self.operations.entry(operation.clone()).or_default() += 1;
        if interaction.violations.is_empty() && status < 400 {
            self.accepted += 1;
        }
        if let Some((code, message)) = &interaction.refusal {
            let tally = self.refusals.entry((*code, operation.clone())).or_default();
            tally.times += 1;
            if tally.example.is_empty() {
                tally.example.clone_from(message);
            }
        }
        if let Some(diagnostic) = diagnostic {
            self.diagnose(interaction, operation, diagnostic);
        }
    }

    fn diagnose(&mut self, interaction: &Interaction, operation: String, diagnostic: Diagnostic) {
        if let Some(same) = self.diagnoses.iter_mut().find(|other| other.diagnostic == diagnostic) {
            same.times += 1;
            return;
        }
        let codes = interaction.violations.iter().map(|violation| violation.code).collect();
        self.diagnoses.push(Diagnosis { codes, operation, sequence: interaction.sequence, times: 1, diagnostic });
    }
}
