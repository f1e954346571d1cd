//! Judges the documents of one file.

use std::ops::Range;
use std::sync::Arc;

use super::context::{Context, is_named_wrong};
use super::evidence::{Evidence, Role};
use super::finding::{Document, Finding, Linted, Removal};
use super::inner::documents;
use super::lines::Lines;
use super::literal::{Kind, Literal};
use super::problem::{Problem, decisive, nearest, problems};
use super::read::read;
use super::rule::LintRule;
use super::secret::secret;
use super::shapes::{Candidate, Shapes, What};
use crate::base::{Diagnostic, Microversion, Place, Versions};
use crate::contract::Edit;

/// What is judged, and how strictly.
#[derive(Debug)]
pub struct Linter<'c> {
    /// What documents may be.
    pub shapes: Shapes<'c>,
    /// The only microversion that counts.
    pub microversion: Option<Microversion>,
    /// Is told what is only likely, too?
    pub strict: bool,
    /// Are all documents listed?
    pub list: bool,
}

/// The file that is judged.
struct File<'l, 'c, 't> {
    linter: &'l Linter<'c>,
    name: Arc<str>,
    text: &'t str,
    lines: &'t Lines<'t>,
    is_code: bool,
    linted: Linted,
}

/// A document, what is known of it, and what it may be.
struct Found<'l, 'c> {
    literal: Literal,
    evidence: Evidence,
    candidates: Vec<&'l Candidate<'c>>,
}

/// A document as one of its candidates, and what is wrong with it.
struct Judged<'a, 'c> {
    candidate: &'a Candidate<'c>,
    problems: Vec<Problem>,
    possible: Versions,
    wanted: Versions,
}

/// The edits that mend `problems`, the first of them by name.
fn edited(problems: &[&Problem]) -> String {
    const MOST: usize = 4;
    let edits: Vec<String> = problems.iter().take(MOST).map(|problem| problem.edit().to_string()).collect();
    let more = problems.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    edits.join(" and ") + &more
}

impl Linter<'_> {
    /// What is in the file `name` with that text, which its repository has at the path `inner`.
    ///
    /// # Errors
    /// A contract cannot be read.
    pub fn file(&self, name: &str, inner: &str, text: &str) -> Result<Linted, Diagnostic> {
        let lines = Lines::new(text);
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_code = !["json", "har", "yaml", "yml"].contains(&ending.as_str());
        let literals = read(text, &ending, &lines);
        let linted = Linted { files: 1, ..Linted::default() };
        let mut file = File { linter: self, name: name.into(), text, lines: &lines, is_code, linted };
        let mut evidence = Evidence::of_path(inner);
        evidence.version = self.microversion.map(|version| (version, "--microversion".to_owned())).or(evidence.version);
        let mut found = Vec::new();
        literals.iter().for_each(|literal| file.find(literal, &evidence, &mut found));
        file.judge_all(found)?;
        Ok(file.linted)
    }
}

impl<'l, 'c> File<'l, 'c, '_> {
    /// Finds the documents in `literal`, each with what is known of it; secrets beside them are told at once.
    fn find(&mut self, literal: &Literal, evidence: &Evidence, found: &mut Vec<Found<'l, 'c>>) {
        match &literal.kind {
            Kind::Map { .. } => {
                let candidates = self.linter.shapes.recognise(literal, evidence);
                if !candidates.is_empty() {
                    found.push(Found { literal: literal.clone(), evidence: evidence.clone(), candidates });
                    return;
                }
                for (entry, evidence) in evidence.of_fields(literal) {
                    self.secret(&entry.key, &entry.value, evidence.is_certain());
                    self.find(&entry.value, &evidence, found);
                }
            }
            Kind::List { items, .. } => items.iter().for_each(|item| self.find(item, evidence, found)),
            Kind::Text(text, places) if text.trim_start().starts_with(['{', '[']) => {
                documents(text, places).iter().for_each(|literal| self.find(literal, evidence, found));
            }
            _ => {}
        }
    }

    /// Judges what was found. In code the microversion may stand beside it.
    fn judge_all(&mut self, mut found: Vec<Found<'l, 'c>>) -> Result<(), Diagnostic> {
        let spans: Vec<Range<usize>> = found.iter().map(|own| own.literal.span.clone()).collect();
        for (place, own) in found.iter_mut().enumerate() {
            let neighbours = [place.checked_sub(1).map(|before| &spans[before]), spans.get(place + 1)];
            let context = Context::new(self.text, self.lines, &own.literal.span, self.is_code);
            let beside = || context.version(neighbours.into_iter().flatten());
            own.evidence.version = own.evidence.version.take().or_else(beside);
            self.judge(&own.literal, &own.evidence, &own.candidates)?;
        }
        Ok(())
    }

    fn judge(
        &mut self,
        literal: &Literal,
        evidence: &Evidence,
        candidates: &[&Candidate<'_>],
    ) -> Result<(), Diagnostic> {
        self.linted.count += 1;
        self.secrets_below(literal);
        let (value, doubts) = literal.to_value();
        let mut all = Vec::new();
        for candidate in candidates {
            let mut found = problems(candidate, &value, &doubts)?;
            found.retain(|problem| self.linter.strict || !problem.is_value);
            let failing = found.iter().fold(Versions::NONE, |all, problem| all | problem.versions);
            let possible = candidate.versions.without(failing);
            let wanted = candidate.narrowed(evidence);
            let judged = Judged { candidate, problems: found, possible, wanted };
            if possible.meets(wanted) {
                self.note(literal, &judged);
                return Ok(());
            }
            all.push(judged);
        }
        // What an operation does not have at the version that is named beside it, it may have been taken for by chance.
        all.retain(|judged| !judged.wanted.is_empty());
        let least = |judged: &&Judged<'_, '_>| {
            let count = nearest(&judged.problems, judged.wanted).map_or(0, |(_, own)| own.len());
            // An action answers as the resource itself does.
            (!judged.candidate.contract.lives, count, judged.candidate.operation.action.is_some())
        };
        if let Some(judged) = all.iter().min_by_key(least) {
            self.note(literal, judged);
            if self.linter.strict || !self.is_quiet(literal, evidence, judged) {
                self.report(literal, evidence, judged);
            }
        }
        Ok(())
    }

    fn note(&mut self, literal: &Literal, judged: &Judged<'_, '_>) {
        if self.linter.list {
            let place = self.place(literal.span.start);
            let possible = judged.candidate.told(judged.possible);
            self.linted.documents.push(Document { place, what: judged.candidate.name(), possible });
        }
    }

    /// Is it meant to be wrong, or only a part?
    fn is_quiet(&self, literal: &Literal, evidence: &Evidence, judged: &Judged<'_, '_>) -> bool {
        let context = Context::new(self.text, self.lines, &literal.span, self.is_code);
        let is_body = judged.candidate.what == What::Body;
        // Plugins of the other services change what they take and give: only Nova's documents are told by their shape.
        let is_sure = judged.candidate.is_of_compute() || (is_body && evidence.is_certain());
        !is_sure
            // What Nova's answers were before an operation ended depended on plugins, too.
            || (!is_body && judged.candidate.has_ended())
            || is_named_wrong(&self.name)
            || context.is_meant_to_be_wrong()
            || context.is_changed_later()
            || (is_body && evidence.is_refused())
    }

    fn report(&mut self, literal: &Literal, evidence: &Evidence, judged: &Judged<'_, '_>) {
        let Judged { candidate, problems, possible, wanted } = judged;
        let rule = match candidate.what.role() {
            _ if !possible.is_empty() => LintRule::OtherVersion,
            Role::Request => LintRule::ImpossibleRequest,
            Role::Answer => LintRule::ImpossibleAnswer,
        };
        let because = decisive(problems, *wanted);
        let Some(first) = because.first() else { return };
        let span = literal.place_of(&first.pointer);
        let mut told: Vec<String> = because.iter().map(|problem| problem.text(candidate.versions)).collect();
        if let (LintRule::OtherVersion, Some((version, who))) = (rule, &evidence.version) {
            told.insert(0, format!("{version} by {who}"));
        }
        let edits = nearest(problems, *wanted);
        let document = candidate.name();
        let parts: Vec<String> = because.iter().map(|problem| format!("{}{}", problem.code, problem.pointer)).collect();
        let finding = Finding {
            rule,
            document: document.clone(),
            possible: Some(candidate.told(*possible)),
            because: told,
            fix: edits.as_ref().map_or_else(String::new, |(version, problems)| {
                let at = candidate.contract.service.told_apart().map(|_| format!(" at {version}"));
                format!("{}{}", edited(problems), at.unwrap_or_default())
            }),
            contract: first.rule.as_ref().map(Place::short),
            removals: edits.map_or_else(Vec::new, |(_, problems)| self.removals(literal, &problems)),
            fingerprint: [document, parts.join(" ")].concat(),
            ..self.at(rule, &span)
        };
        self.push(finding, literal);
    }

    /// A finding of which only the place is known.
    fn at(&self, rule: LintRule, span: &Range<usize>) -> Finding {
        let place = self.place(span.start);
        let end = self.lines.place(span.end);
        Finding {
            rule,
            end_column: if end.0 == place.line { end.1 } else { place.column + 1 },
            document: String::new(),
            possible: None,
            because: Vec::new(),
            fix: String::new(),
            contract: None,
            line: self.lines.line(place.line).to_owned(),
            removals: Vec::new(),
            fingerprint: String::new(),
            place,
        }
    }

    fn push(&mut self, finding: Finding, literal: &Literal) {
        let context = Context::new(self.text, self.lines, &literal.span, self.is_code);
        match context.allowed(finding.rule, finding.place.line) {
            Some(_) => self.linted.allowed += 1,
            None => self.linted.findings.push(finding),
        }
    }

    /// What to leave out, if that mends it.
    fn removals(&self, literal: &Literal, problems: &[&Problem]) -> Vec<Removal> {
        let removal = |problem: &&Problem| match problem.edit() {
            Edit::Drop(pointer) => {
                let name = pointer.last()?;
                // A reader that does not say where each field is cannot say what to leave out.
                let is_there = |span: &Range<usize>| self.text.get(span.clone()).is_some_and(|own| own.contains(&name));
                literal.field_at(&pointer).filter(is_there).map(|span| self.with_comma(span))
            }
            _ => None,
        };
        let all: Option<Vec<Removal>> = problems.iter().map(removal).collect();
        all.unwrap_or_default()
    }

    /// A field with the comma that belongs to it: the one after it, or before it if it is the last.
    fn with_comma(&self, Range { start, end }: Range<usize>) -> Removal {
        let after = &self.text[end..];
        let blanks = |text: &str| text.len() - text.trim_start().len();
        let before = self.text[..start].trim_end();
        let (start, end) = match (after.trim_start().starts_with(','), before.ends_with(',')) {
            (true, _) => {
                let comma = end + blanks(after) + 1;
                (start, comma + blanks(&self.text[comma..]))
            }
            (false, true) => (before.len() - 1, end),
            _ => (start, end),
        };
        Removal { start: self.lines.place(start), end: self.lines.place(end) }
    }

    fn secrets_below(&mut self, literal: &Literal) {
        for entry in literal.entries() {
            self.secret(&entry.key, &entry.value, true);
            self.secrets_below(&entry.value);
        }
        if let Kind::List { items, .. } = &literal.kind {
            items.iter().for_each(|item| self.secrets_below(item));
        }
    }

    fn secret(&mut self, name: &str, value: &Literal, is_of_openstack: bool) {
        let Some(kind) = value.text().filter(|_| is_of_openstack).and_then(|text| secret(name, text)) else { return };
        let rule = LintRule::SecretInFixture;
        let finding = Finding {
            document: format!("{kind} in {name:?}"),
            fix: rule.row().advice.to_owned(),
            line: String::new(),
            fingerprint: format!("{kind} {name}"),
            ..self.at(rule, &value.span)
        };
        self.push(finding, value);
    }

    fn place(&self, at: usize) -> Place {
        let (line, column) = self.lines.place(at);
        Place { file: Arc::clone(&self.name), line, column }
    }
}
