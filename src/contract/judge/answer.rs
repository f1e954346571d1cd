//! Judges an answer by the contract: the schemas that the simulated cloud uses for its answers.

use crate::base::json::{Map, Value};
use crate::base::{Path, Place, Version, Versions};
use crate::contract::finding::{Code, Part, Violation};
use crate::contract::schema::{JsonType, Keyword, Schema, SchemaId, Schemas};
use crate::contract::table::{Operation, ResponseRow};

/// The most that is told of one answer.
const MOST: usize = 50;

/// Statuses that what stands before every operation gives: a slash that lacks, no token, no such version, too large, too fast.
const BEFORE_ALL: [u16; 8] = [301, 302, 307, 308, 401, 406, 413, 429];
/// With these a row without a schema has no body; with others, such as the version documents, it is whatever it is.
const EMPTY: [u16; 2] = [202, 204];
/// What a service says of a request that breaks its contract.
const OF_WRONG_REQUESTS: [u16; 5] = [400, 404, 405, 411, 415];

/// An answer, and what of its request decides on what it may be.
#[derive(Clone, Copy, Debug)]
pub struct AnswerTo<'a> {
    /// The method.
    pub method: &'a str,
    /// Did the request keep its contract? One that did not may be refused in other ways.
    pub is_right: bool,
    /// Did it ask for some of the fields alone, as Neutron's `fields` does?
    pub is_partial: bool,
    /// The status of the answer.
    pub status: u16,
    /// Its body; null if it has none.
    pub body: &'a Value,
}

/// What is wrong with the answer of `operation` at `version`; `api` has the versions of its service.
///
/// Findings name only the type of a value: an answer may contain secrets in unexpected places.
pub fn judge_answer(
    operation: &Operation,
    schemas: &Schemas,
    api: Versions,
    version: Version,
    answer: AnswerTo<'_>,
) -> Vec<Violation> {
    let AnswerTo { method, is_right, is_partial, status, body } = answer;
    let is_refusal = operation.faults.contains(&status)
        || BEFORE_ALL.contains(&status)
        || (!is_right && OF_WRONG_REQUESTS.contains(&status));
    let row = operation.responses.iter().find(|row| row.status == status && row.versions.contains(version));
    match row {
        // A row without answers is one that the contract knows no answers of.
        None if is_refusal || operation.responses.is_empty() => Vec::new(),
        None => vec![other_status(operation, version, status)],
        Some(ResponseRow { body: None, .. }) if EMPTY.contains(&status) && !body.is_null() => {
            let found = type_of(body).to_owned();
            vec![violation(&operation.place, Code::AnswerType, &Path::Top, "no body".to_owned(), found)]
        }
        Some(ResponseRow { body: Some(id), .. }) if method != "HEAD" => {
            let mut walk = Walk { schemas, api, version, is_partial, found: Vec::new() };
            walk.value(*id, body, &Path::Top);
            walk.found
        }
        Some(_) => Vec::new(),
    }
}

fn other_status(operation: &Operation, version: Version, status: u16) -> Violation {
    let mut known: Vec<String> = operation
        .responses
        .iter()
        .filter(|row| row.versions.contains(version))
        .map(|row| row.status.to_string())
        .collect();
    known.extend(operation.faults.iter().map(u16::to_string));
    let expected = format!("one of {}", known.join(", "));
    violation(&operation.place, Code::AnswerStatus, &Path::Top, expected, status.to_string())
}

fn violation(rule: &Place, code: Code, path: &Path<'_>, expected: String, found: String) -> Violation {
    let plain = Violation::plain(code, Part::Answer, "", expected, found);
    Violation { pointer: path.to_pointer(), rule: Some(rule.clone()), ..plain }
}

struct Walk<'c> {
    schemas: &'c Schemas,
    api: Versions,
    version: Version,
    is_partial: bool,
    found: Vec<Violation>,
}

impl<'c> Walk<'c> {
    fn report(&mut self, rule: &Place, code: Code, path: &Path<'_>, expected: String, found: String) {
        if self.found.len() < MOST {
            self.found.push(violation(rule, code, path, expected, found));
        }
    }

    fn value(&mut self, id: SchemaId, value: &Value, path: &Path<'_>) {
        let schema = self.schemas.get(id);
        let mut parts = Vec::new();
        let types = self.parts(schema, value, &mut parts);
        if !types.is_empty() && !types.iter().any(|one| one.holds(value)) {
            let names: Vec<&str> = types.iter().map(|one| one.name()).collect();
            self.report(&schema.place, Code::AnswerType, path, names.join(" or "), type_of(value).to_owned());
            return;
        }
        match value {
            Value::Object(map) => self.object(schema, &parts, map, path),
            Value::Array(items) => {
                let Some(id) = parts.iter().find_map(|part| part.items_at(self.version)) else { return };
                for (index, item) in items.iter().enumerate() {
                    self.value(id, item, &Path::Index(path, index));
                }
            }
            _ => {}
        }
    }

    /// Adds to `parts` the schema and what it is composed of at this version, without the alternatives that take no value of this
    /// type. Returns the types that they take, none if any type does.
    fn parts(&self, schema: &'c Schema, value: &Value, parts: &mut Vec<&'c Schema>) -> Vec<JsonType> {
        parts.push(schema);
        let mut types: Vec<JsonType> = Vec::new();
        for keyword in schema.keywords_at(self.version) {
            match keyword {
                Keyword::Type(own) => types.extend(own),
                Keyword::AllOf(all) => {
                    for id in self.living(all) {
                        types.extend(self.parts(self.schemas.get(id), value, parts));
                    }
                }
                Keyword::OneOf(all) | Keyword::AnyOf(all) => {
                    for id in self.living(all) {
                        let mut own = Vec::new();
                        let taken = self.parts(self.schemas.get(id), value, &mut own);
                        if taken.is_empty() || taken.iter().any(|one| one.holds(value)) {
                            parts.extend(own);
                        }
                        types.extend(taken);
                    }
                }
                _ => {}
            }
        }
        types
    }

    fn object(&mut self, schema: &'c Schema, parts: &[&'c Schema], map: &Map, path: &Path<'_>) {
        if !self.is_partial {
            parts.iter().for_each(|part| self.required(part, map, path));
        }
        let is_named = parts.iter().any(|part| !part.properties.is_empty() || !part.patterns.is_empty());
        // An object that names no field is shown whole, whatever it holds.
        let is_whole = !is_named && parts.iter().all(|part| part.is_open() || !self.is_closed(part));
        for (key, value) in map {
            let path = Path::Key(path, key);
            // The parts of a schema may name the same field: the last one counts.
            let form = parts.iter().rev().find_map(|part| part.property(key)?.form_at(self.version));
            match form.or_else(|| parts.iter().find_map(|part| self.unnamed_form(part, key))) {
                Some(form) => self.value(form, value, &path),
                None if is_whole => {}
                None => self.unknown(schema, parts, key, value, &path),
            }
        }
    }

    /// The schema of a field that the part does not name.
    fn unnamed_form(&self, part: &Schema, key: &str) -> Option<SchemaId> {
        let pattern = part.patterns.iter().find(|(pattern, _)| pattern.is_found_in(key)).map(|(_, id)| *id);
        pattern.or_else(|| part.others_at(self.version))
    }

    /// Tells of a field that no part has at this version.
    fn unknown(&mut self, schema: &Schema, parts: &[&Schema], key: &str, value: &Value, path: &Path<'_>) {
        let lives = parts
            .iter()
            .filter_map(|part| part.property(key))
            .fold(Versions::NONE, |all, property| all | property.lifetime);
        let expected = match lives.is_empty() {
            true => "no such field in any version".to_owned(),
            false => format!("the field only in {}; the answer is for {}", lives.within(self.api), self.version),
        };
        self.report(&schema.place, Code::AnswerUnknownField, path, expected, type_of(value).to_owned());
    }

    /// The fields without which no client gets it: those that are shown to everybody in every state.
    fn required(&mut self, part: &'c Schema, map: &Map, path: &Path<'_>) {
        let required = part.keywords_at(self.version).filter_map(|keyword| match keyword {
            Keyword::Required(required) => Some(required),
            _ => None,
        });
        let lacking: Vec<&String> = required
            .flatten()
            .filter(|(key, lifetime)| lifetime.contains(self.version) && !map.contains_key(key))
            .map(|(key, _)| key)
            .collect();
        for key in lacking {
            self.report(&part.place, Code::AnswerMissing, path, format!("{key:?}, which is required"), String::new());
        }
    }

    fn living(&self, ids: &'c [(Versions, SchemaId)]) -> impl Iterator<Item = SchemaId> + use<'c> {
        let version = self.version;
        ids.iter().filter(move |(versions, _)| versions.contains(version)).map(|(_, id)| *id)
    }

    fn is_closed(&self, part: &Schema) -> bool {
        part.keywords_at(self.version).any(|keyword| matches!(keyword, Keyword::NoAdditionalProperties))
    }
}

/// What a value is, without its value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
