//! What is wrong with a document taken for one candidate, in all versions at once.

use super::literal::Doubts;
use super::shapes::{Candidate, What};
use crate::base::json::Value;
use crate::base::{Diagnostic, Place, Pointer, Version, Versions};
use crate::contract::{AnswerTo, Code, Edit, Finding, Judgement, Kind, Schemas, Subject, Violation, judge_answer};
use crate::message::Redactor;

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The versions in which it is wrong.
    pub versions: Versions,
    /// What is wrong, or what lacks.
    pub pointer: Pointer,
    /// The kind of wrong.
    pub code: Code,
    /// What would be right.
    pub expected: String,
    /// The line of the contract that says so.
    pub rule: Option<Place>,
    /// Is it about one value, such as a name that is too long or an id that is none? Tests make these up.
    pub is_value: bool,
}

impl Problem {
    /// What would mend it.
    pub fn edit(&self) -> Edit {
        match self.code {
            Code::UnknownField | Code::NotYet | Code::NoLonger | Code::ReadOnly | Code::AnswerUnknownField => {
                Edit::Drop(self.pointer.clone())
            }
            Code::Missing | Code::AnswerMissing => Edit::Add(self.pointer.clone()),
            _ => Edit::Change(self.pointer.clone()),
        }
    }

    /// `tags (2.26..)`, `no description (..2.18)`: what is there, and the versions that allow it.
    pub fn text(&self, all: Versions) -> String {
        let name = self.pointer.to_string();
        let right = all.without(self.versions);
        match self.edit() {
            Edit::Drop(_) if right.is_empty() => format!("{name}: no version has it"),
            Edit::Drop(_) => format!("{name}: only in {}", right.within(all)),
            Edit::Add(_) if right.is_empty() => format!("no {name}: every version has it"),
            Edit::Add(_) => format!("no {name}: only in {}", right.within(all)),
            Edit::Change(_) if right.is_empty() => format!("{name}: {}", self.expected),
            Edit::Change(_) => format!("{name}: {} in {}", self.expected, self.versions.within(all)),
        }
    }
}

/// What is wrong with `value` as `candidate`, as far as it can be told.
///
/// # Errors
/// A contract cannot be read.
pub fn problems(candidate: &Candidate<'_>, value: &Value, doubts: &Doubts) -> Result<Vec<Problem>, Diagnostic> {
    let schemas = &candidate.contract.table()?.schemas;
    let found = match candidate.what {
        What::Body => of_body(candidate, schemas, value, doubts),
        What::Answer(status) => of_answer(candidate, schemas, status, value, doubts),
    };
    Ok(without_partial(found, candidate.versions))
}

fn of_body(candidate: &Candidate<'_>, schemas: &Schemas, value: &Value, doubts: &Doubts) -> Vec<Problem> {
    let api = candidate.contract.service.versions();
    let judgement = Judgement::new(candidate.operation, schemas, api, None, value);
    let redactor = Redactor::default();
    let told = |(subject, finding): &(Subject, Finding)| {
        let versions = finding.versions & candidate.versions;
        let first = versions.iter().next()?;
        let violation = Violation::new(*subject, finding, value, api, first, &redactor.of_no_exchange());
        (*subject == Subject::Body && is_sure(finding, doubts)).then(|| Problem {
            versions,
            pointer: violation.pointer.clone(),
            code: violation.code,
            expected: violation.text(),
            rule: violation.rule,
            is_value: is_of_value(finding, value),
        })
    };
    judgement.findings.iter().filter_map(told).collect()
}

/// Does the finding hold whatever the values are that are not known?
fn is_sure(finding: &Finding, doubts: &Doubts) -> bool {
    match &finding.kind {
        Kind::Unexpected { .. } => !doubts.hide(&finding.pointer),
        Kind::Missing { .. } => !doubts.is_open(&finding.pointer),
        Kind::Checked { .. } => doubts.is_empty(),
        _ => doubts.spare(&finding.pointer),
    }
}

/// Fields that a test adds to see that a client passes on what it does not know.
const MADE_UP: [&str; 5] = ["foo", "bar", "baz", "qux", "spam"];

fn is_of_value(finding: &Finding, document: &Value) -> bool {
    match &finding.kind {
        Kind::Pattern(_)
        | Kind::Format(_)
        | Kind::MinLength(_)
        | Kind::MaxLength(_)
        | Kind::Minimum(_)
        | Kind::Maximum(_)
        | Kind::ExclusiveMinimum(_)
        | Kind::ManyAlternatives => true,
        Kind::NoAlternative(closest) => {
            let is_text = finding.pointer.find(document).is_some_and(Value::is_string);
            is_text || (!closest.is_empty() && closest.iter().all(|finding| is_of_value(finding, document)))
        }
        // The service's own code: which combinations a test needs is not known.
        Kind::Checked { .. } => true,
        Kind::Unexpected { patterns, key, .. } => !patterns.is_empty() || MADE_UP.contains(&key.as_str()),
        _ => false,
    }
}

fn of_answer(
    candidate: &Candidate<'_>,
    schemas: &Schemas,
    status: u16,
    value: &Value,
    doubts: &Doubts,
) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    let api = candidate.contract.service.versions();
    for (version, versions) in candidate.turning_points(schemas) {
        let method = &candidate.operation.method;
        let answer = AnswerTo { method, is_right: true, is_partial: false, status, body: value };
        let violations = judge_answer(candidate.operation, schemas, api, version, answer);
        for violation in violations.into_iter().filter(|violation| is_sure_of_answer(violation, doubts)) {
            let pointer = in_full(&violation);
            match found.iter_mut().find(|known| known.code == violation.code && known.pointer == pointer) {
                Some(known) => known.versions |= versions,
                None => found.push(Problem {
                    versions,
                    pointer,
                    code: violation.code,
                    expected: violation.text(),
                    is_value: is_made_up(&violation, value),
                    rule: violation.rule,
                }),
            }
        }
    }
    found.extend(lacking(candidate, schemas, value, doubts));
    found
}

/// A resource of which so many fields are always shown has states and roles that show more; smaller ones are shown in too many ways.
const LARGE: usize = 15;

/// What lacks in resources that are whole: those that have all that every version shows to everybody in every state, but for one or two
/// fields that a policy hides. The contract requires less, as a cell that is down gives less.
fn lacking(candidate: &Candidate<'_>, schemas: &Schemas, value: &Value, doubts: &Doubts) -> Vec<Problem> {
    let mut found = Vec::new();
    for (key, form) in candidate.resources(schemas) {
        let at = Pointer::default().key(key);
        match value.get(key) {
            Some(resource @ Value::Object(_)) => {
                found.extend(lacking_in(candidate, &schemas.always_shown(form), resource, (&at, doubts)));
            }
            Some(Value::Array(items)) => {
                let shown: Vec<_> =
                    schemas.items_of(form).into_iter().flat_map(|item| schemas.always_shown(item)).collect();
                for (index, item) in items.iter().enumerate() {
                    found.extend(lacking_in(candidate, &shown, item, (&at.index(index), doubts)));
                }
            }
            _ => {}
        }
    }
    found
}

fn lacking_in(
    candidate: &Candidate<'_>,
    shown: &[(&str, Versions)],
    resource: &Value,
    (at, doubts): (&Pointer, &Doubts),
) -> Vec<Problem> {
    let has = |name: &str| resource.get(name).is_some();
    let is_in_all = |versions: &Versions| candidate.versions.without(*versions).is_empty();
    let of_all: Vec<&str> = shown.iter().filter(|(_, versions)| is_in_all(versions)).map(|(name, _)| *name).collect();
    let absent = of_all.iter().filter(|name| !has(name)).count();
    if of_all.len() < LARGE || absent > 2 || doubts.is_open(at) {
        return Vec::new();
    }
    let lacking = shown.iter().filter(|(name, versions)| !is_in_all(versions) && !has(name));
    let problem = |(name, versions): &(&str, Versions)| Problem {
        versions: *versions & candidate.versions,
        pointer: at.key(name),
        code: Code::AnswerMissing,
        expected: format!("{name:?}, which is always shown"),
        rule: Some(candidate.operation.place.clone()),
        is_value: false,
    };
    lacking.map(problem).collect()
}

/// Is it an id of another type? Tests call their first server 1.
fn is_made_up(violation: &Violation, document: &Value) -> bool {
    let is_plain = |value: &Value| value.is_number() || value.is_string();
    let is_id = violation.pointer.last().is_some_and(|name| name == "id" || name.ends_with("_id"));
    violation.code == Code::AnswerType && is_id && violation.pointer.find(document).is_some_and(is_plain)
}

/// The pointer to what lacks, too: an answer's violation names the object that lacks it.
fn in_full(violation: &Violation) -> Pointer {
    match (violation.code, violation.expected.split('"').nth(1)) {
        (Code::AnswerMissing, Some(field)) => violation.pointer.key(field),
        _ => violation.pointer.clone(),
    }
}

fn is_sure_of_answer(violation: &Violation, doubts: &Doubts) -> bool {
    let pointer = &violation.pointer;
    match violation.code {
        Code::AnswerUnknownField => !parent(pointer).is_some_and(|parent| doubts.hide(&parent)),
        Code::AnswerMissing => !doubts.is_open(pointer),
        _ => doubts.spare(pointer),
    }
}

fn parent(pointer: &Pointer) -> Option<Pointer> {
    pointer.0.split_last().map(|(_, parents)| Pointer(parents.to_vec()))
}

/// Without what lacks in objects that are only a part: those that lack what every version has.
fn without_partial(mut problems: Vec<Problem>, all: Versions) -> Vec<Problem> {
    let lacking =
        |problem: &Problem| matches!(problem.edit(), Edit::Add(_)).then(|| parent(&problem.pointer)).flatten();
    let in_all = |problem: &&Problem| all.without(problem.versions).is_empty();
    let partial: Vec<Pointer> = problems.iter().filter(in_all).filter_map(lacking).collect();
    problems.retain(|problem| lacking(problem).is_none_or(|object| !partial.contains(&object)));
    problems
}

/// The fewest of `problems` that leave no version, or none of those that they could: the first that takes most of what is left.
pub fn decisive(problems: &[Problem], all: Versions) -> Vec<&Problem> {
    let (mut left, mut chosen) = (all, Vec::new());
    loop {
        let taken = |problem: &&Problem| (problem.versions & left).iter().count();
        let best = problems.iter().rev().max_by_key(taken).filter(|problem| taken(problem) > 0);
        let Some(best) = best else { return chosen };
        left = left.without(best.versions);
        chosen.push(best);
    }
}

/// The version with the fewest problems, the last of several, among `wanted`.
pub fn nearest(problems: &[Problem], wanted: Versions) -> Option<(Version, Vec<&Problem>)> {
    let at =
        |version: Version| problems.iter().filter(|problem| problem.versions.contains(version)).collect::<Vec<_>>();
    let all: Vec<(Version, Vec<&Problem>)> = wanted.iter().map(|version| (version, at(version))).collect();
    all.into_iter().rev().min_by_key(|(_, own)| own.len())
}
