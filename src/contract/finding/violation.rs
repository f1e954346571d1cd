//! A finding at one version, as shown to the developer of the client.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::code::Code;
use super::finding::{Finding, Kind, Subject};
use crate::base::json::Value;
use crate::base::{Place, Pointer, Segment, Version, Versions, as_text, python_repr};
use crate::contract::schema::Format;
use crate::message::Redaction;

/// The part of a request that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The method or the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// The body.
    Body,
    /// The answer: what the cloud did wrong, not the client.
    Answer,
}

impl Part {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Part::Path => "path",
            Part::Query => "query",
            Part::Header => "header",
            Part::Body => "body",
            Part::Answer => "answer",
        }
    }
}

/// One thing that is wrong with a request, as data. Recordings and reports have its fields in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// What kind of wrong.
    #[serde(with = "as_text")]
    pub code: Code,
    /// The part of the request.
    pub part: Part,
    /// The offending key; in a query the parameter, in a header its name.
    #[serde(with = "as_text")]
    pub pointer: Pointer,
    /// What would have been right.
    pub expected: String,
    /// What was there, without secrets; empty if nothing was.
    pub found: String,
    /// The line of the contract that it violates, if there is one.
    #[serde(with = "rule", default)]
    pub rule: Option<Place>,
    /// The versions in which the offending thing may or must be there, where that is what is wrong. Not kept in recordings.
    #[serde(skip)]
    pub lifetime: Option<Versions>,
}

/// A rule is written as `file:line`.
mod rule {
    use super::*;

    pub fn serialize<S: Serializer>(rule: &Option<Place>, serializer: S) -> Result<S::Ok, S::Error> {
        rule.as_ref().map(Place::short).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Place>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.and_then(|rule| {
            let (file, line) = rule.rsplit_once(':')?;
            Some(Place { file: file.into(), line: line.parse().ok()?, column: 1 })
        }))
    }
}

/// Is a request right about which this was found? What does not fail a verdict is a note.
pub fn is_right(found: &[Violation]) -> bool {
    found.iter().all(|violation| !violation.code.row().fails)
}

impl Violation {
    /// A violation without a schema behind it.
    pub fn plain(code: Code, part: Part, at: &str, expected: impl Into<String>, found: impl Into<String>) -> Violation {
        let pointer = if at.is_empty() { Pointer::default() } else { Pointer::default().key(at) };
        Violation { code, part, pointer, expected: expected.into(), found: found.into(), rule: None, lifetime: None }
    }

    /// What `finding` is at `version`.
    pub fn new(
        subject: Subject,
        finding: &Finding,
        document: &Value,
        api: Versions,
        version: Version,
        redaction: &Redaction<'_>,
    ) -> Violation {
        let (pointer, lifetime) = place(finding);
        let found = match &finding.kind {
            // It is the name that is wrong, whatever stands under it.
            Kind::Unexpected { key, patterns, .. } if !patterns.is_empty() && subject == Subject::Body => {
                cut(&redaction.text(&python_repr(&Value::from(key.as_str()))))
            }
            _ => pointer.find(document).map(|value| shown(&pointer, value, redaction)).unwrap_or_default(),
        };
        let is_deeper = matches!(&finding.kind, Kind::NoAlternative(closest) if closest.iter().any(|first| place(first).0 != pointer));
        Violation {
            code: Violation::code_of(subject, finding, version),
            part: if subject == Subject::Query { Part::Query } else { Part::Body },
            expected: expected(subject, finding, api, version),
            // What is wrong deeper down is named there; the whole around it would hide it.
            found: if is_deeper { String::new() } else { found },
            pointer: subject.named(pointer),
            rule: Some(finding.rule.clone()),
            lifetime,
        }
    }

    /// The code of `finding` at `version`.
    pub fn code_of(subject: Subject, finding: &Finding, version: Version) -> Code {
        match &finding.kind {
            Kind::Type(_) => Code::Type,
            Kind::Missing { .. } => Code::Missing,
            Kind::Unexpected { read_only: true, .. } => Code::ReadOnly,
            Kind::Unexpected { lifetime, patterns, .. } if lifetime.is_empty() => match subject {
                Subject::Query => Code::UnknownQuery,
                Subject::Body if patterns.is_empty() => Code::UnknownField,
                Subject::Body => Code::Pattern,
            },
            Kind::Unexpected { lifetime, .. } if lifetime.iter().any(|living| living > version) => Code::NotYet,
            Kind::Unexpected { .. } => Code::NoLonger,
            Kind::MinItems(_)
            | Kind::MaxItems(_)
            | Kind::MinProperties(_)
            | Kind::MaxProperties(_)
            | Kind::MinLength(_)
            | Kind::MaxLength(_) => Code::Length,
            Kind::NotUnique => Code::Unique,
            Kind::Pattern(_) | Kind::Format(Format::Printable) => Code::Pattern,
            Kind::Format(_) | Kind::Objection(_) => Code::Format,
            Kind::Enum(_) => Code::Choice,
            Kind::Minimum(_) | Kind::Maximum(_) | Kind::ExclusiveMinimum(_) => Code::Range,
            Kind::NoAlternative(_) | Kind::ManyAlternatives => Code::Alternative,
            Kind::Checked { code, .. } => *code,
        }
    }

    /// Leaves out the secrets of the exchange that it is about.
    pub fn redact(&mut self, redaction: &Redaction<'_>) {
        self.expected = redaction.text(&self.expected).into_owned();
        self.found = redaction.text(&self.found).into_owned();
        for segment in &mut self.pointer.0 {
            if let Segment::Key(key) = segment {
                *key = redaction.text(key).into_owned();
            }
        }
    }

    /// The violation in a line.
    pub fn text(&self) -> String {
        let Violation { code, expected, found, .. } = self;
        match (code, found.as_str()) {
            (
                Code::NotYet
                | Code::NoLonger
                | Code::Missing
                | Code::UnknownField
                | Code::ReadOnly
                | Code::UnknownQuery,
                _,
            ) => expected.clone(),
            // The service's own sentences name what they found.
            (Code::Rule | Code::Version, _) | (_, "") => expected.clone(),
            (_, found) => format!("{expected}, found {found}"),
        }
    }
}

/// The offending key and, where the version is what is wrong, the versions in which it may or must be there.
fn place(finding: &Finding) -> (Pointer, Option<Versions>) {
    match &finding.kind {
        Kind::Missing { key, required } => (finding.pointer.key(key), Some(*required)),
        Kind::Unexpected { key, lifetime, .. } => {
            (finding.pointer.key(key), (!lifetime.is_empty()).then_some(*lifetime))
        }
        Kind::Checked { at, .. } => (at.clone(), None),
        _ => (finding.pointer.clone(), None),
    }
}

/// A text cut to a line.
fn cut(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The value as Python prints it, cut to a line, without secrets.
fn shown(pointer: &Pointer, value: &Value, redaction: &Redaction<'_>) -> String {
    let names = |segment: &Segment| matches!(segment, Segment::Key(_)).then(|| segment.to_string());
    let mut names = pointer.0.iter().rev().filter_map(names);
    let (field, parent) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    let kept = redaction.value(&parent, &field, value);
    if value.is_number() && kept.is_string() {
        return format!("a number {}", kept.as_str().unwrap_or_default());
    }
    cut(&redaction.text(&python_repr(&kept)))
}

fn expected(subject: Subject, finding: &Finding, api: Versions, version: Version) -> String {
    let quoted = |values: &[(Value, Versions)]| {
        let live =
            values.iter().filter(|(_, lifetime)| lifetime.contains(version)).map(|(value, _)| python_repr(value));
        live.collect::<Vec<_>>().join(", ")
    };
    match &finding.kind {
        Kind::Type(types) => {
            format!("wrong type: expected {}", types.iter().map(|t| t.name()).collect::<Vec<_>>().join(" or "))
        }
        Kind::Missing { required, .. } if *required == Versions::ALL => "missing: it is required".to_owned(),
        Kind::Missing { required, .. } => format!("missing: required in {}, you sent {version}", required.within(api)),
        Kind::Unexpected { lifetime, patterns, read_only, .. } if lifetime.is_empty() => match &patterns[..] {
            patterns if !patterns.is_empty() && subject == Subject::Body => {
                format!("not a name that is allowed here: expected {}", patterns.join(" or "))
            }
            _ if *read_only => "read-only: only the service sets it".to_owned(),
            _ => "unknown: no version has it".to_owned(),
        },
        Kind::Unexpected { lifetime, .. } => {
            let lives = lifetime.lives(api);
            match (lifetime.iter().any(|living| living < version), lifetime.iter().any(|living| living > version)) {
                (true, true) => format!("not in {version}: lives in {lives}"),
                (_, true) => format!("not yet: lives in {lives}, you sent {version}"),
                (_, false) => format!("no longer: lived in {lives}, you sent {version}"),
            }
        }
        Kind::MinItems(n) => format!("too short: expected at least {n} items"),
        Kind::MaxItems(n) => format!("too long: expected at most {n} items"),
        Kind::MinProperties(n) => format!("too small: expected at least {n} fields"),
        Kind::MaxProperties(n) => format!("too large: expected at most {n} fields"),
        Kind::MinLength(n) => format!("too short: expected at least {n} characters"),
        Kind::MaxLength(n) => format!("too long: expected at most {n} characters"),
        Kind::NotUnique => "the same item twice: expected distinct items".to_owned(),
        Kind::Pattern(pattern) => format!("wrong form: expected {pattern}"),
        Kind::Format(format) => match format.name_rule() {
            Some(rule) => format!("not a name: expected {rule}"),
            None => format!("wrong form: expected {}", format.label()),
        },
        Kind::Objection(objection) => format!("wrong form: {}", objection.text()),
        Kind::Enum(values) => format!("not a choice: expected one of {}", quoted(values)),
        Kind::Minimum(n) => format!("too small: expected at least {n}"),
        Kind::Maximum(n) => format!("too large: expected at most {n}"),
        Kind::ExclusiveMinimum(n) => format!("too small: expected more than {n}"),
        Kind::NoAlternative(closest) => {
            match closest.first().map(|first| (place(first).0, expected(subject, first, api, version))) {
                Some((pointer, first)) if pointer == finding.pointer => format!("matches none of its forms ({first})"),
                Some((pointer, first)) => format!("matches none of its forms ({pointer} {first})"),
                None => "matches none of its forms".to_owned(),
            }
        }
        Kind::ManyAlternatives => "matches more than one of its forms".to_owned(),
        Kind::Checked { message, .. } => message.clone(),
    }
}
