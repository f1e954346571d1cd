//! Which codes fail the verdict: the table's default, moved by `--allow` and `--deny`.

use super::unasked::Unasked;
use crate::contract::Code;
use crate::recording::{Diagnosis, FaultReport, Journal, Leftover, Rule};

/// What was allowed and denied.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Codes that do not fail.
    pub allow: Vec<Rule>,
    /// Codes that fail.
    pub deny: Vec<Rule>,
}

impl Rules {
    /// Does `code` on `operation` fail the verdict, in that `test` or in none? What is denied fails even if it is allowed too.
    pub fn fails(&self, code: Code, operation: &str, test: Option<&str>) -> bool {
        let is_denied = self.deny.iter().any(|rule| rule.covers(code, operation, test));
        is_denied || (code.row().fails && !self.allows(code, operation, test))
    }

    /// Is `code` on `operation` allowed?
    pub fn allows(&self, code: Code, operation: &str, test: Option<&str>) -> bool {
        self.allow.iter().any(|rule| rule.covers(code, operation, test))
    }

    /// The `allow` rules that nothing in the journal, nothing that was left `unasked` or `left` behind, and nothing that was missed
    /// after a fault made use of.
    pub fn unused(
        &self,
        journal: &Journal,
        (unasked, left, faults): (&[Unasked], &[Leftover], &[FaultReport]),
    ) -> Vec<&Rule> {
        let violated = |rule: &Rule| {
            let is_its = |d: &Diagnosis, code| rule.covers(code, &d.operation, d.test_name());
            journal.diagnoses.iter().any(|d| d.violations.iter().any(|v| is_its(d, v.code)))
        };
        let refused = |rule: &Rule| {
            let mut refusals = journal.refusals.iter();
            refusals
                .any(|((code, operation), tally)| tally.shares().any(|(test, _)| rule.covers(*code, operation, test)))
        };
        let left_out = |rule: &Rule| unasked.iter().any(|own| rule.covers(Code::NotAsked, &own.operation, None));
        let missed = |rule: &Rule| {
            faults.iter().any(|fault| fault.missed().any(|(code, _)| rule.covers(code, &fault.operation, None)))
        };
        let remained =
            |rule: &Rule| left.iter().any(|own| rule.covers(Code::Leftover, &own.operation, own.test.as_deref()));
        let is_used = |rule: &Rule| missed(rule) || violated(rule) || refused(rule) || left_out(rule) || remained(rule);
        self.allow.iter().filter(|rule| !is_used(rule)).collect()
    }
}
