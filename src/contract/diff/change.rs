//! A change from one contract to another, and what it means for a client.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::demand::{Demand, Tightening};
use crate::base::json::Value;
use crate::base::{Place, Versions};

/// How much a change matters to a client that was right before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something new that the client may use or ignore.
    Information,
    /// A client that relies on more than the contract promised may go wrong.
    Warning,
    /// What was right is refused, or an answer lacks what it always had.
    Breaking,
}

impl Level {
    /// All of them, by name.
    pub const ALL: [(&'static str, Level); 3] =
        [("breaking", Level::Breaking), ("warning", Level::Warning), ("information", Level::Information)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, level)| *level == self).map_or("", |(name, _)| name)
    }
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// An API version as a whole.
    Service,
    /// The operation as a whole.
    Operation,
    /// The parameters of the query.
    Query,
    /// The body of the request.
    Body,
    /// The body of the answer with that status.
    Answer(u16),
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Changed::Service => f.write_str("service"),
            Changed::Operation => f.write_str("operation"),
            Changed::Query => f.write_str("query"),
            Changed::Body => f.write_str("body"),
            Changed::Answer(status) => write!(f, "answer {status}"),
        }
    }
}

/// A change from one contract to another.
#[derive(Clone, Debug)]
pub struct Change<'c> {
    /// How much it matters.
    pub level: Level,
    /// The operation, or the service.
    pub operation: Arc<str>,
    /// The part of it that changed.
    pub part: Changed,
    /// The place as a JSON pointer, in which `*` is every item.
    pub pointer: String,
    /// What of the contract changed: a keyword of schemas, or `operation`, `policy`, `status`, …
    pub about: &'static str,
    /// What is different now.
    pub text: String,
    /// The rule before, if there was one.
    pub was: Option<Place>,
    /// The rule now, if there is one.
    pub now: Option<Place>,
    pub(super) tightening: Option<Tightening<'c>>,
}

impl Change<'_> {
    /// Does it refuse something in `document`? Only what a request may no longer contain can be found in one.
    pub fn covers(&self, document: &Value) -> bool {
        self.tightening.as_ref().is_some_and(|tightening| tightening.covers(document))
    }

    /// Is the place in `document`?
    pub fn touches(&self, document: &Value) -> bool {
        self.tightening.as_ref().is_none_or(|tightening| tightening.touches(document))
    }

    /// What stays the same when lines of the contracts move: twelve hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let Change { operation, part, pointer, about, text, .. } = self;
        let all = [operation.as_ref(), &part.to_string(), pointer, about, text].join("\n");
        let digest = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, all.as_bytes()).simple().to_string();
        digest.chars().take(12).collect()
    }
}

/// Places are written as `file:line`.
impl Serialize for Change<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("level", &self.level)?;
        map.serialize_entry("operation", &*self.operation)?;
        map.serialize_entry("part", &self.part.to_string())?;
        map.serialize_entry("pointer", &self.pointer)?;
        map.serialize_entry("about", self.about)?;
        map.serialize_entry("text", &self.text)?;
        map.serialize_entry("was", &self.was.as_ref().map(Place::short))?;
        map.serialize_entry("now", &self.now.as_ref().map(Place::short))?;
        map.serialize_entry("fingerprint", &self.fingerprint())?;
        map.end()
    }
}

/// What the one side demands and the other does not, seen by a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// Requests must be so now.
    Refused,
    /// Requests had to be so before.
    Taken,
    /// Answers are always so now.
    Promised,
    /// Answers were always so before.
    Broken,
}

/// The changes that demands are. One that is said in both senses is told once: what is gone needs not be there either.
pub fn changes<'c>(
    operation: &Arc<str>,
    part: Changed,
    found: Vec<(Sense, Tightening<'c>)>,
    api: Versions,
) -> Vec<Change<'c>> {
    let known: Vec<(Sense, String, &'static str)> =
        found.iter().map(|(sense, one)| (*sense, one.pointer(), one.demand.topic())).collect();
    let has = |sense: Sense, pointer: &str, topic| {
        known.iter().any(|(own, at, about)| *own == sense && at == pointer && *about == topic)
    };
    let mut changes = Vec::new();
    for (sense, tightening) in found {
        let (pointer, about) = (tightening.pointer(), tightening.demand.topic());
        let is_told = match (sense, &tightening.demand) {
            (Sense::Taken, Demand::Required(_)) => has(Sense::Refused, &pointer, "properties"),
            (Sense::Taken, Demand::Without(..)) => has(Sense::Refused, &pointer, "required"),
            (Sense::Taken, Demand::Rule(_, Some(_))) => has(Sense::Refused, &pointer, about),
            (Sense::Broken, Demand::Required(_)) => has(Sense::Promised, &pointer, "properties"),
            (Sense::Broken, Demand::Without(..)) => false,
            (Sense::Promised, Demand::Required(_)) => has(Sense::Broken, &pointer, "properties"),
            (Sense::Promised, Demand::Rule(_, Some(_))) => has(Sense::Broken, &pointer, about),
            _ => false,
        };
        if is_told {
            continue;
        }
        let shown =
            if part == Changed::Query { pointer.strip_suffix("/*").filter(|own| !own.is_empty()) } else { None };
        let shown = shown.unwrap_or(&pointer).to_owned();
        let was_required = has(Sense::Broken, &pointer, "required");
        let (level, text) = said(sense, &tightening, was_required, api);
        let (other, own) = (tightening.was.cloned(), Some(tightening.now.clone()));
        let (was, now) = if matches!(sense, Sense::Refused | Sense::Promised) { (other, own) } else { (own, other) };
        let tightening = Some(tightening);
        changes.push(Change {
            level,
            operation: Arc::clone(operation),
            part,
            pointer: shown,
            about,
            text,
            was,
            now,
            tightening,
        });
    }
    changes
}

/// The level and the sentence of a demand.
fn said(
    sense: Sense,
    Tightening { demand, kinds, .. }: &Tightening<'_>,
    was_required: bool,
    api: Versions,
) -> (Level, String) {
    let text = demand.text(api);
    let gained = kinds.text();
    let (breaking, warning, information) = (Level::Breaking, Level::Warning, Level::Information);
    match (sense, demand) {
        (Sense::Refused, Demand::Kinds(_)) => (breaking, format!("takes only {text}, no longer {gained}")),
        (Sense::Refused, Demand::Required(_)) => (breaking, "must be there".to_owned()),
        (Sense::Refused, Demand::Without(..)) => (breaking, format!("may no longer be there: {text}")),
        (Sense::Refused, Demand::Names { .. }) => (breaking, "no other fields are taken any more".to_owned()),
        (Sense::Refused, Demand::Forms(..)) => (breaking, "must have one of other forms".to_owned()),
        (Sense::Refused, _) => (breaking, text),
        (Sense::Taken, Demand::Kinds(_)) => (information, format!("also takes {gained}")),
        (Sense::Taken, Demand::Required(_)) => (information, "need no longer be there".to_owned()),
        (Sense::Taken, Demand::Without(..)) => (information, "may be there".to_owned()),
        (Sense::Taken, Demand::Names { .. }) => (information, "other fields are taken too".to_owned()),
        (Sense::Taken, Demand::Forms(..)) => (information, "may have other forms".to_owned()),
        (Sense::Taken, Demand::Values(_, gone)) if !gone.is_empty() => (information, text.replacen("not", "also", 1)),
        (Sense::Taken, _) => (information, demand.text_of_loosened()),
        (Sense::Promised, Demand::Required(_)) => (information, "is always there".to_owned()),
        (Sense::Promised, Demand::Without(..)) if was_required => (breaking, format!("is gone: {text}")),
        (Sense::Promised, Demand::Without(..)) => (warning, format!("is gone: {text}")),
        (Sense::Promised, Demand::Kinds(_)) => (information, format!("is never {gained} any more")),
        (Sense::Promised, Demand::Names { .. }) => (information, "has no other fields any more".to_owned()),
        (Sense::Promised, _) => (information, text),
        (Sense::Broken, Demand::Required(_)) => (warning, "may be missing".to_owned()),
        (Sense::Broken, Demand::Without(..)) => (information, "is new".to_owned()),
        (Sense::Broken, Demand::Kinds(_)) => (breaking, format!("may be {gained}")),
        (Sense::Broken, Demand::Names { .. }) => (information, "may have other fields".to_owned()),
        (Sense::Broken, Demand::Forms(..)) => (warning, "may have other forms".to_owned()),
        (Sense::Broken, Demand::Values(_, gone)) if !gone.is_empty() => (warning, text.replacen("not", "may be", 1)),
        (Sense::Broken, _) => (warning, demand.text_of_loosened()),
    }
}
