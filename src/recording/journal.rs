//! What a verdict needs of all that happened: counts, and each distinct complaint once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::FixedState;
use jiff::Timestamp;

use super::format::{Interaction, Refused};
use super::kept::{Keep, Kept};
use super::label::{Label, Told};
use super::leftover::Leftover;
use super::rule::Rule;
use crate::base::{Diagnostic, Version};
use crate::contract::{Code, Violation, is_right};

/// The most distinct complaints, and the most distinct cases, of which each is kept. What comes after them is counted by kind, so
/// that the verdict is the same.
const MOST: usize = 1000;

/// What happened so far.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// How many requests arrived.
    pub requests: u64,
    /// How many of them were right and were answered with success.
    pub accepted: u64,
    /// How many of those used a token that the operation needs; the others log in or look for versions.
    pub authenticated: u64,
    /// Each operation, version and shape of request that was asked; after the first 1000 the shape is `…`.
    pub cases: BTreeMap<Arc<Case>, CaseTally>,
    /// Each distinct complaint, in the order in which it first came up; after the first 1000 one for each operation and set of codes.
    pub diagnoses: Vec<Diagnosis>,
    /// Places of the complaints by their hash.
    by_hash: HashMap<u64, Vec<usize>>,
    /// The tests that asked, by name, and those that were announced.
    pub tests: BTreeMap<Arc<str>, Test>,
    /// Refusals that are not violations, by code and operation.
    pub refusals: BTreeMap<(Code, String), Tally>,
    /// The interactions themselves, as far as somebody wants to see them.
    pub kept: Kept,
    /// Why the recording is incomplete, if it is.
    pub recording_failed: Option<String>,
}

/// What makes two requests the same case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// The id of the operation, if the path led to one.
    pub operation: Option<Arc<str>>,
    /// The version, if the service has microversions.
    pub version: Option<Version>,
    /// See [`Interaction::shape`].
    pub shape: Arc<str>,
}

/// How often a case occurred, and the complaint about it.
#[derive(Clone, Debug, Default)]
pub struct CaseTally {
    /// How often.
    pub times: u64,
    /// How many of them were right and were answered with success.
    pub accepted: u64,
    /// How many of them were of no test.
    pub of_no_test: u64,
    /// Its complaints: places in [`Journal::diagnoses`].
    pub diagnoses: BTreeSet<usize>,
}

/// A complaint about a request, and how often it came up.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// Its violations.
    pub violations: Vec<Violation>,
    /// The id of the operation; empty if the path led to none.
    pub operation: String,
    /// The first request that it was about.
    pub sequence: u64,
    /// When that request arrived.
    pub time: Timestamp,
    /// The program that sent it, by its `User-Agent`.
    pub client: Option<String>,
    /// The test that all of them are of.
    pub test: Option<Arc<Label>>,
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
    /// How many of them were of each test.
    pub by_test: BTreeMap<Arc<str>, u64>,
}

/// What a test asked.
#[derive(Clone, Debug)]
pub struct Test {
    /// The test.
    pub label: Arc<Label>,
    /// How many requests were its.
    pub requests: u64,
    /// How many of them were right and were answered with success.
    pub accepted: u64,
    /// When the first and the last of them arrived.
    pub times: Option<(Timestamp, Timestamp)>,
    /// What it expected that did not happen yet.
    pub awaited: Vec<Rule>,
    /// What it may do that it did not make use of yet.
    pub unused: Vec<Rule>,
}

/// How often an operation was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How often.
    pub times: u64,
    /// How often it was valid and was answered with success.
    pub accepted: u64,
}

impl fmt::Display for Asked {
    /// `3`, or `2 of 3` if not all were accepted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.accepted == self.times {
            true => write!(f, "{}", self.times),
            false => write!(f, "{} of {}", self.accepted, self.times),
        }
    }
}

impl Diagnosis {
    /// The name of the test that all of them are of.
    pub fn test_name(&self) -> Option<&str> {
        self.test.as_ref().map(|label| label.name.as_ref())
    }
}

impl Tally {
    /// How many of them were of each test, and how many of none.
    pub fn shares(&self) -> impl Iterator<Item = (Option<&str>, u64)> {
        let of_none = self.times - self.by_test.values().sum::<u64>();
        let by_test = self.by_test.iter().map(|(name, times)| (Some(name.as_ref()), *times));
        by_test.chain((of_none > 0).then_some((None, of_none)))
    }

    /// `t::a ×2, t::b ×1`, if they were of tests; of many tests the first few.
    pub fn told_tests(&self) -> Option<String> {
        const MOST: usize = 3;
        let told = self.by_test.iter().take(MOST).map(|(name, times)| format!("{name} ×{times}"));
        let more = self.by_test.len().saturating_sub(MOST);
        let told: Vec<String> = told.chain((more > 0).then(|| format!("{more} more tests"))).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

impl Test {
    /// `code` happened in it at `operation`, as it may or must do.
    fn came_to(&mut self, code: Code, operation: &str) {
        let Test { label, awaited, unused, .. } = self;
        [awaited, unused]
            .into_iter()
            .for_each(|rules| rules.retain(|rule| !rule.covers(code, operation, Some(&label.name))));
    }

    /// The seconds from its first request to its last.
    pub fn seconds(&self) -> f64 {
        // As precisely as a recording has them, so that it says the same.
        self.times.map_or(0.0, |(first, last)| (last.as_microsecond() - first.as_microsecond()) as f64 / 1e6)
    }
}

impl Case {
    /// The case that an interaction is.
    pub fn of<B, H>(interaction: &Interaction<B, H>) -> Arc<Case> {
        let Interaction { operation, version, shape, .. } = interaction;
        Arc::new(Case { operation: operation.clone(), version: *version, shape: Arc::clone(shape) })
    }
}

impl Journal {
    /// A journal that keeps so many interactions.
    pub fn keeping(keep: Keep) -> Journal {
        Journal { kept: Kept::new(keep), ..Journal::default() }
    }

    /// The same journal, with what was kept of its interactions.
    #[must_use]
    pub fn with_kept(mut self, kept: Kept) -> Journal {
        self.kept = kept;
        self
    }

    /// Takes note of an interaction out of a recording, and keeps it.
    pub fn take(&mut self, interaction: &Interaction) {
        self.note(interaction, &Case::of(interaction));
        self.kept.take(interaction);
    }

    /// Takes note of an interaction, which is a `case`.
    pub fn note<B, H>(&mut self, interaction: &Interaction<B, H>, case: &Arc<Case>) {
        self.requests += 1;
        let accepted = u64::from(is_right(&interaction.violations) && interaction.status < 400);
        self.accepted += accepted;
        self.authenticated += if interaction.unauthenticated { 0 } else { accepted };
        let operation = interaction.operation.as_deref().unwrap_or_default();
        if let Some(label) = &interaction.test {
            self.note_test(label, interaction, operation, accepted);
        }
        if let Some(Refused { code, message }) = &interaction.refusal {
            let tally = self.refusals.entry((*code, operation.to_owned())).or_default();
            tally.times += 1;
            if let Some(label) = &interaction.test {
                *tally.by_test.entry(Arc::clone(&label.name)).or_default() += 1;
            }
            if tally.example.is_empty() {
                tally.example.clone_from(message);
            }
        }
        let diagnosis =
            interaction.diagnostic.as_ref().map(|diagnostic| self.diagnose(interaction, operation, diagnostic));
        let tally = self.cases.entry(self.kept(case)).or_default();
        tally.times += 1;
        tally.accepted += accepted;
        tally.of_no_test += u64::from(interaction.test.is_none());
        tally.diagnoses.extend(diagnosis);
    }

    /// A test begins: what it expects counts even if it asks nothing.
    pub fn announce(&mut self, label: &Arc<Label>) {
        let rules = |told: &[Told]| told.iter().map(|Told(rule)| rule.clone()).collect::<Vec<_>>();
        let test = self.tests.entry(Arc::clone(&label.name)).or_insert_with(|| Test {
            label: Arc::clone(label),
            requests: 0,
            accepted: 0,
            times: None,
            awaited: rules(&label.expect),
            unused: rules(&label.allow),
        });
        if test.label != *label {
            // It is told anew, with other expectations.
            let is_new = |rule: &&Rule, known: &[Told]| !known.iter().any(|Told(own)| own == *rule);
            test.awaited.extend(rules(&label.expect).iter().filter(|rule| is_new(rule, &test.label.expect)).cloned());
            test.unused.extend(rules(&label.allow).iter().filter(|rule| is_new(rule, &test.label.allow)).cloned());
            test.label = Arc::clone(label);
        }
    }

    fn note_test<B, H>(&mut self, label: &Arc<Label>, interaction: &Interaction<B, H>, operation: &str, accepted: u64) {
        self.announce(label);
        let Some(test) = self.tests.get_mut(&label.name) else { return };
        test.requests += 1;
        test.accepted += accepted;
        let first = test.times.map_or(interaction.time, |(first, _)| first.min(interaction.time));
        let last = test.times.map_or(interaction.time, |(_, last)| last.max(interaction.time));
        test.times = Some((first, last));
        let violated = interaction.violations.iter().map(|violation| violation.code);
        let refused = interaction.refusal.as_ref().map(|refusal| refusal.code);
        violated.chain(refused).for_each(|code| test.came_to(code, operation));
    }

    /// A test left something behind.
    pub fn left_behind(&mut self, left: &Leftover) {
        if let Some(test) = left.test.as_deref().and_then(|name| self.tests.get_mut(name)) {
            test.came_to(Code::Leftover, &left.operation);
        }
    }

    /// The case as it is kept.
    fn kept(&self, case: &Arc<Case>) -> Arc<Case> {
        match self.cases.len() < MOST || self.cases.contains_key(case) {
            true => Arc::clone(case),
            false => Arc::new(Case { shape: "…".into(), ..Case::clone(case) }),
        }
    }

    /// The place of the complaint among the distinct ones.
    fn diagnose<B, H>(&mut self, interaction: &Interaction<B, H>, operation: &str, diagnostic: &Diagnostic) -> usize {
        let test = interaction.test.as_ref();
        let known = self.find(diagnostic, test);
        let summary = (known.is_none() && self.diagnoses.len() >= MOST).then(|| summary(interaction, operation));
        let diagnostic = summary.as_ref().unwrap_or(diagnostic);
        if let Some(place) = known.or_else(|| self.find(diagnostic, test)) {
            self.diagnoses[place].times += 1;
            return place;
        }
        let place = self.diagnoses.len();
        self.by_hash.entry(hash(diagnostic)).or_default().push(place);
        self.diagnoses.push(Diagnosis {
            violations: interaction.violations.clone(),
            operation: operation.to_owned(),
            sequence: interaction.sequence,
            time: interaction.time,
            client: interaction.client.clone(),
            test: test.cloned(),
            times: 1,
            diagnostic: diagnostic.clone(),
        });
        place
    }

    /// The place of the complaint of that test.
    fn find(&self, diagnostic: &Diagnostic, test: Option<&Arc<Label>>) -> Option<usize> {
        let places = self.by_hash.get(&hash(diagnostic))?;
        let name = |label: &Arc<Label>| Arc::clone(&label.name);
        let is_it =
            |known: &Diagnosis| known.diagnostic == *diagnostic && known.test.as_ref().map(name) == test.map(name);
        places.iter().copied().find(|place| is_it(&self.diagnoses[*place]))
    }

    /// How often each operation was asked, in alphabetical order; without the requests that led to none.
    pub fn operations(&self) -> BTreeMap<&str, Asked> {
        let mut operations: BTreeMap<&str, Asked> = BTreeMap::new();
        for (case, tally) in &self.cases {
            if let Some(operation) = case.operation.as_deref() {
                let asked = operations.entry(operation).or_default();
                asked.times += tally.times;
                asked.accepted += tally.accepted;
            }
        }
        operations
    }
}

fn hash(diagnostic: &Diagnostic) -> u64 {
    FixedState::default().hash_one(diagnostic)
}

/// What stands for all further complaints of the same codes about the same operation.
fn summary<B, H>(interaction: &Interaction<B, H>, operation: &str) -> Diagnostic {
    let codes: BTreeSet<&str> = interaction.violations.iter().map(|violation| violation.code.row().name).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let about = if operation.is_empty() { "requests that matched no operation" } else { operation };
    Diagnostic::new(format!("more complaints about {about}: {}", codes.join(", ")))
        .row("left out", format!("their text, as {MOST} different ones came before"))
        .row("fix", "fix the earlier ones; a recording (--record) has all of them")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Part;
    use crate::recording::Line;

    /// A client that makes another mistake, in another shape, with each request.
    #[test]
    fn a_journal_is_bounded_and_counts_all() {
        let mut journal = Journal::default();
        let line = r#"{"sequence":1,"time":"1970-01-01T00:00:00Z","service":null,"operation":"compute.servers.create","project":null,"shape":"","status":400,"violations":[],"diagnostic":null,"refusal":null,"request":{"method":"POST","target":"/","headers":[]},"response":{"status":400,"headers":[],"body":null}}"#;
        let Ok(Line::Interaction(mut interaction)) = Line::read(line.as_bytes()) else { panic!("{line}") };
        interaction.violations = vec![Violation::plain(Code::UnknownField, Part::Body, "x", "", "")];
        for sequence in 1..=3000 {
            interaction.shape = format!("server.key{sequence}").into();
            interaction.diagnostic = Some(Diagnostic::new(format!("mistake {sequence}")));
            journal.note(&interaction, &Case::of(&interaction));
        }
        assert_eq!((journal.diagnoses.len(), journal.cases.len()), (MOST + 1, MOST + 1));
        assert_eq!(journal.diagnoses.iter().map(|diagnosis| diagnosis.times).sum::<u64>(), 3000);
        assert_eq!(journal.cases.values().map(|tally| tally.times).sum::<u64>(), 3000);
        assert!(
            journal.diagnoses[MOST].diagnostic.headline.starts_with("more complaints about compute.servers.create")
        );
    }
}
