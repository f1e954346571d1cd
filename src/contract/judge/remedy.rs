//! What would make a refused request right: another version, or one edit.

use crate::base::json::Value;
use std::collections::HashSet;
use std::fmt;

use super::judgement::Judgement;
use crate::base::{Pointer, Version, Versions};
use crate::contract::finding::{Code, Finding, Kind, Subject};
use crate::contract::schema::Schemas;

/// What would make a request right.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The versions in which it is right as it was sent.
    pub as_sent: Versions,
    /// Single edits, and the versions in which the request is right after each.
    pub edits: Vec<(Edit, Versions)>,
    /// What to do, in a line.
    pub fix: String,
}

/// A change to the body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Leave it out.
    Drop(Pointer),
    /// Put it in.
    Add(Pointer),
    /// Give it another value.
    Change(Pointer),
}

impl Edit {
    fn pointer(&self) -> &Pointer {
        let (Edit::Drop(pointer) | Edit::Add(pointer) | Edit::Change(pointer)) = self;
        pointer
    }

    /// Does it edit only a part of what `other` edits?
    fn is_below(&self, other: &Edit) -> bool {
        let (own, other) = (&self.pointer().0, &other.pointer().0);
        own.len() > other.len() && own.starts_with(other)
    }

    /// `"networks/0/uuid"`; what has no name is told in words.
    fn name(&self) -> String {
        let pointer = self.pointer();
        let keys: Vec<String> = pointer.0.iter().map(ToString::to_string).collect();
        // Below the resource's own object the last steps are enough; in lists the index matters.
        let own = keys.get(1..).filter(|keys| !keys.is_empty()).unwrap_or(&keys);
        match (own, own.last().map(String::as_str)) {
            ([], _) => "body".to_owned(),
            ([_], Some("")) => "the field whose name is empty".to_owned(),
            ([parents @ .., _], Some("")) => format!("the field of \"{}\" whose name is empty", parents.join("/")),
            (own, _) => format!("\"{}\"", own.join("/")),
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self {
            Edit::Drop(_) => "drop",
            Edit::Add(_) => "add",
            Edit::Change(_) => "change",
        };
        let article = if self.pointer().0.is_empty() { "the " } else { "" };
        write!(f, "{verb} {article}{}", self.name())
    }
}

/// More edits than this are noise.
const MOST_EDITS: usize = 3;

/// So many edits are tried: each is another judgement of the whole body.
const MOST_TRIED: usize = 8;

impl Remedy {
    /// What would make the judged request right; `version` is the one it was sent under, `header` the line that would
    /// ask for another (`OpenStack-API-Version: compute`).
    pub fn find(
        judgement: &Judgement<'_>,
        schemas: &Schemas,
        body: &Value,
        version: Version,
        header: Option<&str>,
    ) -> Remedy {
        let as_sent = judgement.valid();
        let mut edits: Vec<(Edit, Versions)> = Vec::new();
        for (subject, edit) in candidates(judgement, version) {
            let valid = valid_after(judgement, schemas, body, subject, &edit);
            // An edit that helps only where the request is right as it is helps nobody.
            if !valid.without(as_sent).is_empty() {
                edits.push((edit, valid));
            }
        }
        edits.sort_by_key(|(_, valid)| !valid.contains(version));
        let all = edits.clone();
        edits.retain(|(edit, valid)| {
            !all.iter().any(|(other, more)| other.is_below(edit) && valid.without(*more).is_empty())
        });
        edits.truncate(MOST_EDITS);
        let fix = fix(judgement, as_sent, &edits, version, header);
        Remedy { as_sent, edits, fix }
    }

    /// `2.52.. as sent · without "tags" 2.1..`
    pub fn valid_text(&self, api: Versions) -> String {
        let mut parts = vec![match self.as_sent.is_empty() {
            true => "nowhere as sent".to_owned(),
            false => format!("{} as sent", self.as_sent.within(api)),
        }];
        parts.extend(self.edits.iter().map(|(edit, valid)| {
            let preposition = match edit {
                Edit::Drop(_) => "without",
                Edit::Add(_) => "with",
                Edit::Change(_) => "with another",
            };
            format!("{preposition} {} {}", edit.name(), valid.within(api))
        }));
        parts.join(" · ")
    }
}

/// The edits that the findings suggest, each with the part of the request that it is about: those of `version` if there are
/// more than can be tried.
fn candidates(judgement: &Judgement<'_>, version: Version) -> Vec<(Subject, Edit)> {
    let mut known = HashSet::new();
    let suggested = judgement.findings.iter().map(|found| (found, edit_for(found)));
    let mut edits: Vec<_> = suggested.filter(|(_, edit)| known.insert(edit.clone())).collect();
    if edits.len() > MOST_TRIED {
        edits.sort_by_key(|((_, finding), _)| !finding.versions.contains(version));
        edits.truncate(MOST_TRIED);
    }
    edits.into_iter().map(|((subject, _), edit)| (*subject, edit)).collect()
}

fn edit_for((subject, Finding { kind, pointer, .. }): &(Subject, Finding)) -> Edit {
    let pointer = &subject.named(pointer.clone());
    match kind {
        Kind::Unexpected { key, .. } => Edit::Drop(pointer.key(key)),
        Kind::Missing { key, .. } => Edit::Add(pointer.key(key)),
        Kind::Checked { at, code: Code::Missing, .. } => Edit::Add(at.clone()),
        Kind::Checked { at, .. } => Edit::Change(at.clone()),
        _ => Edit::Change(pointer.clone()),
    }
}

/// What is dropped from the body is judged again; what is added or changed is taken to be right, where it is asked for.
fn valid_after(judgement: &Judgement<'_>, schemas: &Schemas, body: &Value, subject: Subject, edit: &Edit) -> Versions {
    if let (Subject::Body, Edit::Drop(pointer)) = (subject, edit) {
        let mut edited = body.clone();
        pointer.remove(&mut edited);
        return Judgement::new(judgement.operation, schemas, judgement.api, None, &edited).valid();
    }
    let rest = judgement.findings.iter().filter(|finding| edit_for(finding) != *edit);
    let failing = rest.fold(Versions::NONE, |all, (_, finding)| all | finding.versions);
    let asked = judgement.findings.iter().filter(|finding| edit_for(finding) == *edit);
    let wanted = asked.fold(Versions::NONE, |all, (_, finding)| match &finding.kind {
        Kind::Missing { required, .. } => all | *required,
        _ => Versions::ALL,
    });
    (judgement.api & judgement.operation.lifetime & wanted).without(failing)
}

fn fix(
    judgement: &Judgement<'_>,
    as_sent: Versions,
    edits: &[(Edit, Versions)],
    version: Version,
    header: Option<&str>,
) -> String {
    let here = edits.iter().find(|(_, valid)| valid.contains(version)).map(|(edit, _)| edit.to_string());
    let elsewhere =
        header.and_then(|header| Some(format!("send {header} {}", nearest(as_sent, version, judgement.api)?)));
    match (here, elsewhere) {
        (Some(edit), Some(header)) => format!("{edit}, or {header}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => all_edits(judgement, version),
    }
}

/// Every edit that this version needs, together.
fn all_edits(judgement: &Judgement<'_>, version: Version) -> String {
    let mut edits: Vec<String> = Vec::new();
    for finding in judgement.at(version) {
        let edit = edit_for(finding).to_string();
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    let more = judgement.more_at(version);
    let rest = if more > 0 { format!(" and fix {more} more") } else { String::new() };
    edits.join(" and ") + &rest
}

/// `2.52 or later`, `2.56 or earlier`, `2.32, or 2.42 or later`: the nearest versions on either side.
fn nearest(valid: Versions, version: Version, api: Versions) -> Option<String> {
    let runs = valid.runs();
    let below = runs.iter().rev().find(|(_, last)| *last < version);
    let above = runs.iter().find(|(first, _)| *first > version);
    let sides: Vec<String> = below.into_iter().chain(above).map(|(first, last)| side(*first, *last, api)).collect();
    (!sides.is_empty()).then(|| sides.join(", or "))
}

fn side(first: Version, last: Version, api: Versions) -> String {
    let edges = (api.iter().next(), api.iter().last());
    match first == last {
        true => first.to_string(),
        false if Some(last) == edges.1 => format!("{first} or later"),
        false if Some(first) == edges.0 => format!("{last} or earlier"),
        false => format!("{first} to {last}"),
    }
}
