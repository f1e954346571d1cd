//! What would make a refused request right: another version, or one edit.

use std::fmt;

use serde_json::Value;

use super::finding::{Kind, Subject};
use super::judgement::Judgement;
use super::schema::Schemas;
use crate::base::{Pointer, Version, Versions};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Leave it out.
    Drop(Pointer),
    /// Put it in.
    Add(Pointer),
    /// Give it another value.
    Change(Pointer),
}

impl Edit {
    fn name(&self) -> String {
        let (Edit::Drop(pointer) | Edit::Add(pointer) | Edit::Change(pointer)) = self;
        let keys: Vec<String> = pointer.0.iter().map(ToString::to_string).collect();
        // Below the resource's own object the last steps are enough; in lists the index matters.
        keys.get(1..).filter(|keys| !keys.is_empty()).unwrap_or(&keys).join("/")
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self {
            Edit::Drop(_) => "drop",
            Edit::Add(_) => "add",
            Edit::Change(_) => "change",
        };
        write!(f, "{verb} \"{}\"", self.name())
    }
}

/// More edits than this are noise.
const MOST_EDITS: usize = 3;

impl Remedy {
    /// What would make the judged request right; `version` is the one it was sent under, `header` the line that would
    /// ask for another (`OpenStack-API-Version: compute`).
    pub fn find(judgement: &Judgement<'_>, schemas: &Schemas, body: &Value, version: Version, header: Option<&str>) -> Remedy {
        let as_sent = judgement.valid();
        let mut edits: Vec<(Edit, Versions)> = Vec::new();
        for edit in candidates(judgement) {
            let valid = valid_after(judgement, schemas, body, &edit);
            if !valid.is_empty() && !edits.iter().any(|(other, _)| *other == edit) {
                edits.push((edit, valid));
            }
        }
        edits.sort_by_key(|(_, valid)| !valid.contains(version));
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
            format!("{preposition} \"{}\" {}", edit.name(), valid.within(api))
        }));
        parts.join(" · ")
    }
}

/// The edits that the findings of any version suggest.
fn candidates(judgement: &Judgement<'_>) -> Vec<Edit> {
    let of_body = judgement.findings.iter().filter(|(subject, _)| *subject == Subject::Body);
    of_body.map(|(_, finding)| edit_for(&finding.kind, &finding.pointer)).collect()
}

fn edit_for(kind: &Kind, pointer: &Pointer) -> Edit {
    match kind {
        Kind::Unexpected { key, .. } => Edit::Drop(pointer.key(key)),
        Kind::Missing { key, .. } => Edit::Add(pointer.key(key)),
        Kind::Checked { at, code: super::code::Code::Missing, .. } => Edit::Add(at.clone()),
        Kind::Checked { at, .. } => Edit::Change(at.clone()),
        _ => Edit::Change(pointer.clone()),
    }
}

/// What is dropped is judged again; what is added or changed is taken to be right.
fn valid_after(judgement: &Judgement<'_>, schemas: &Schemas, body: &Value, edit: &Edit) -> Versions {
    if let Edit::Drop(pointer) = edit {
        let mut edited = body.clone();
        pointer.remove(&mut edited);
        return Judgement::new(judgement.operation, schemas, judgement.api, None, &edited).valid();
    }
    let rest = judgement.findings.iter().filter(|(_, finding)| edit_for(&finding.kind, &finding.pointer) != *edit);
    let failing = rest.fold(Versions::NONE, |all, (_, finding)| all | finding.versions);
    (judgement.api & judgement.operation.lifetime).without(failing)
}

fn fix(judgement: &Judgement<'_>, as_sent: Versions, edits: &[(Edit, Versions)], version: Version, header: Option<&str>) -> String {
    let here = edits.iter().find(|(_, valid)| valid.contains(version)).map(|(edit, _)| edit.to_string());
    let elsewhere = header.and_then(|header| Some(format!("send {header} {}", nearest(as_sent, version, judgement.api)?)));
    match (here, elsewhere) {
        (Some(edit), Some(header)) => format!("{edit}, or {header}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => all_edits(judgement, version),
    }
}

/// Every edit that this version needs, together.
fn all_edits(judgement: &Judgement<'_>, version: Version) -> String {
    let mut edits: Vec<String> = Vec::new();
    for (_, finding) in judgement.at(version) {
        let edit = edit_for(&finding.kind, &finding.pointer).to_string();
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    edits.join(", ")
}

/// `2.52 or later`, `2.56 or earlier`, `2.32`
fn nearest(valid: Versions, version: Version, api: Versions) -> Option<String> {
    let nearest = valid.nearest(version)?;
    let (first, last) = valid.runs().into_iter().find(|(first, last)| (*first..=*last).contains(&nearest))?;
    let edges = (api.iter().next(), api.iter().last());
    Some(match (first == last, nearest == first, nearest == last) {
        (true, ..) => nearest.to_string(),
        (_, true, _) if Some(last) == edges.1 => format!("{nearest} or later"),
        (_, true, _) => format!("{first} to {last}"),
        (_, _, true) if Some(first) == edges.0 => format!("{nearest} or earlier"),
        _ => format!("{first} to {last}"),
    })
}
