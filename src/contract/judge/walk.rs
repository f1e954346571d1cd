//! The judge: one walk over the unpruned schema finds what is wrong in every version at once.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::base::json::{Map, Name, Number, Value};
use crate::base::{Path, Version, Versions};
use crate::contract::finding::{Finding, Findings, Kind};
use crate::contract::schema::{JsonType, Keyword, Schema, SchemaId, Schemas, number};

/// What is wrong with `value`, in the order in which Nova looks: the refusal at a version is the first finding
/// whose versions hold it, and `value` is valid in the versions of `live` that no finding covers.
pub fn walk(schemas: &Schemas, root: SchemaId, value: &Value, live: Versions) -> Findings {
    let mut found = Findings::default();
    Walk { schemas }.schema(root, value, &Path::Top, live, &mut found);
    found
}

/// What a walk does with what it finds.
trait Sink {
    /// The versions in `versions` have something wrong; `finding` says what, if anybody wants to know.
    fn report(&mut self, versions: Versions, finding: impl FnOnce() -> Finding);
    /// Can nothing that is found below `live` change the outcome any more?
    fn is_settled(&self, live: Versions) -> bool;
}

/// Keeps the first findings of each version and counts the others.
impl Sink for Findings {
    fn report(&mut self, versions: Versions, finding: impl FnOnce() -> Finding) {
        self.add(versions, finding);
    }

    fn is_settled(&self, _: Versions) -> bool {
        false
    }
}

/// Keeps only the versions that have a finding: all that an alternative needs to tell.
#[derive(Default)]
struct Failing {
    versions: Versions,
}

impl Sink for Failing {
    fn report(&mut self, versions: Versions, _: impl FnOnce() -> Finding) {
        self.versions |= versions;
    }

    fn is_settled(&self, live: Versions) -> bool {
        live.without(self.versions).is_empty()
    }
}

struct Walk<'s> {
    schemas: &'s Schemas,
}

impl Walk<'_> {
    fn schema(&self, id: SchemaId, value: &Value, path: &Path<'_>, live: Versions, sink: &mut impl Sink) {
        let schema = self.schemas.get(id);
        for (lifetime, keyword) in &schema.keywords {
            let live = live & *lifetime;
            if live.is_empty() || sink.is_settled(live) {
                continue;
            }
            if !matches!(keyword, Keyword::Validator(_)) {
                self.keyword(schema, keyword, value, path, live, sink);
            } else if let Some(kind) = scalar(keyword, value) {
                // What a validator refuses nothing else looks at.
                return report(schema, path, live, sink, || kind);
            }
        }
    }

    fn keyword(
        &self,
        schema: &Schema,
        keyword: &Keyword,
        value: &Value,
        path: &Path<'_>,
        live: Versions,
        sink: &mut impl Sink,
    ) {
        match (keyword, value) {
            (Keyword::Properties, Value::Object(map)) => self.properties(schema, map, path, live, sink),
            (Keyword::PatternProperties, Value::Object(map)) => self.pattern_properties(schema, map, path, live, sink),
            (Keyword::NoAdditionalProperties, Value::Object(map)) => no_additional(schema, map, path, live, sink),
            (Keyword::AdditionalProperties(id), Value::Object(map)) => {
                for (key, value) in map {
                    let live = live.without(schema.lifetime_of(key));
                    if !live.is_empty() {
                        self.schema(*id, value, &Path::Key(path, key), live, sink);
                    }
                }
            }
            (Keyword::Required(required), Value::Object(map)) => missing(schema, required, map, path, live, sink),
            (Keyword::Items(id), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.schema(*id, item, &Path::Index(path, index), live, sink);
                }
            }
            (Keyword::PrefixItems(first), Value::Array(items)) => {
                for (index, (item, (lifetime, id))) in items.iter().zip(first).enumerate() {
                    self.schema(*id, item, &Path::Index(path, index), live & *lifetime, sink);
                }
            }
            (Keyword::OneOf(alternatives), _) => self.alternatives(schema, alternatives, true, value, path, live, sink),
            (Keyword::AnyOf(alternatives), _) => {
                self.alternatives(schema, alternatives, false, value, path, live, sink)
            }
            (Keyword::AllOf(all), _) => {
                for (lifetime, id) in all {
                    self.schema(*id, value, path, live & *lifetime, sink);
                }
            }
            (Keyword::Choice(choice), _) => self.schema(choice.of(value), value, path, live, sink),
            (Keyword::Enum(values), _) => {
                let wrong = values
                    .iter()
                    .filter(|(choice, _)| number::equal(choice, value))
                    .fold(live, |wrong, (_, lifetime)| wrong.without(*lifetime));
                report(schema, path, wrong, sink, || Kind::Enum(Arc::clone(values)));
            }
            _ => {
                if let Some(kind) = scalar(keyword, value) {
                    report(schema, path, live, sink, || kind);
                }
            }
        }
    }

    /// The fields that are there, in the order of the schema.
    fn properties(&self, schema: &Schema, map: &Map, path: &Path<'_>, live: Versions, sink: &mut impl Sink) {
        let present =
            map.iter().filter_map(|(key, value)| Some((*schema.index.get(key.as_str())?, key.as_str(), value)));
        let mut look = |(place, key, value): (usize, &str, &Value)| {
            for (lifetime, id) in &schema.properties[place].forms {
                let live = live & *lifetime;
                if !live.is_empty() {
                    self.schema(*id, value, &Path::Key(path, key), live, sink);
                }
            }
        };
        match map.len() {
            0 | 1 => present.for_each(look),
            _ => {
                let mut sorted: Vec<_> = present.collect();
                sorted.sort_unstable_by_key(|(place, ..)| *place);
                sorted.into_iter().for_each(&mut look);
            }
        }
    }

    fn pattern_properties(&self, schema: &Schema, map: &Map, path: &Path<'_>, live: Versions, sink: &mut impl Sink) {
        for (pattern, id) in &schema.patterns {
            for (key, value) in map.iter().filter(|(key, _)| pattern.is_found_in(key)) {
                self.schema(*id, value, &Path::Key(path, key), live, sink);
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the state of the walk, passed down flat so that it stays on the stack"
    )]
    fn alternatives(
        &self,
        schema: &Schema,
        alternatives: &[(Versions, SchemaId)],
        only_one: bool,
        value: &Value,
        path: &Path<'_>,
        live: Versions,
        sink: &mut impl Sink,
    ) {
        let (mut matched, mut matched_twice) = (Versions::NONE, Versions::NONE);
        for (lifetime, id) in alternatives {
            let live = live & *lifetime;
            let mut failing = Failing::default();
            self.schema(*id, value, path, live, &mut failing);
            let matching = live.without(failing.versions);
            matched_twice |= matched & matching;
            matched |= matching;
        }
        report(schema, path, live.without(matched), sink, || {
            Kind::NoAlternative(self.closest(alternatives, value, path, live.without(matched)))
        });
        if only_one {
            report(schema, path, matched_twice & live, sink, || Kind::ManyAlternatives);
        }
    }

    /// What the alternative that takes values of this type would have needed, for the reader: nothing if none does.
    fn closest(
        &self,
        alternatives: &[(Versions, SchemaId)],
        value: &Value,
        path: &Path<'_>,
        live: Versions,
    ) -> Vec<Finding> {
        let needs = |(lifetime, id): &(Versions, SchemaId)| {
            let mut found = Findings::default();
            self.schema(*id, value, path, live & *lifetime, &mut found);
            found.into_vec()
        };
        let here = path.to_pointer();
        let deeper = |findings: &Vec<Finding>| {
            !findings.is_empty()
                && !findings.iter().any(|f| f.pointer == here && matches!(f.kind, Kind::Type(_) | Kind::Enum(_)))
        };
        alternatives.iter().map(needs).find(deeper).unwrap_or_default()
    }
}

impl Schema {
    fn is_read_only(&self, key: &str) -> bool {
        self.property(key).is_some_and(|property| property.lifetime.is_empty())
    }

    fn matches_a_pattern(&self, key: &str) -> bool {
        self.patterns.iter().any(|(pattern, _)| pattern.is_found_in(key))
    }

    /// The versions in which `key` may be there.
    fn lifetime_of(&self, key: &str) -> Versions {
        match self.index.get(key) {
            Some(place) if !self.matches_a_pattern(key) => self.properties[*place].lifetime,
            None if !self.matches_a_pattern(key) => Versions::NONE,
            _ => Versions::ALL,
        }
    }
}

fn report(schema: &Schema, path: &Path<'_>, versions: Versions, sink: &mut impl Sink, kind: impl FnOnce() -> Kind) {
    if !versions.is_empty() {
        sink.report(versions, || Finding {
            versions,
            pointer: path.to_pointer(),
            rule: schema.place.clone(),
            kind: kind(),
        });
    }
}

fn missing(
    schema: &Schema,
    required: &[(String, Versions)],
    map: &Map,
    path: &Path<'_>,
    live: Versions,
    sink: &mut impl Sink,
) {
    for (key, lifetime) in required.iter().filter(|(key, _)| !map.contains_key(key)) {
        report(schema, path, live & *lifetime, sink, || Kind::Missing { key: key.clone(), required: *lifetime });
    }
}

/// Unknown keys. Nova's relaxed form (`legacy_v2`) drops them instead, except beside patterns, and even there it lets an
/// object pass that holds nothing else.
fn no_additional(schema: &Schema, map: &Map, path: &Path<'_>, live: Versions, sink: &mut impl Sink) {
    let legacy = Versions::only(Version::LEGACY_V2);
    let unexpected = |key: &str| live.without(schema.lifetime_of(key));
    let relaxed = schema.patterns.is_empty() || map.keys().all(|key| unexpected(key).meets(legacy));
    let wrong = |key: &str| if relaxed { unexpected(key).without(legacy) } else { unexpected(key) };
    let keys: Vec<_> = map.keys().map(|key| (key, wrong(key))).filter(|(_, wrong)| !wrong.is_empty()).collect();
    // Services look for unknown names before they look who may set a known one.
    let (read_only, unknown): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(key, _)| schema.is_read_only(key));
    for (keys, read_only) in [(unknown, false), (read_only, true)] {
        unexpected_keys(schema, &keys, read_only, path, sink);
    }
}

fn unexpected_keys(
    schema: &Schema,
    keys: &[(&Name, Versions)],
    read_only: bool,
    path: &Path<'_>,
    sink: &mut impl Sink,
) {
    // Made once for all of them, and only if somebody wants to know.
    let all: OnceCell<Arc<[(String, Versions)]>> = OnceCell::new();
    let patterns: OnceCell<Arc<[String]>> = OnceCell::new();
    for (key, wrong) in keys {
        let known = schema.property(key);
        sink.report(*wrong, || Finding {
            versions: *wrong,
            pointer: path.to_pointer(),
            rule: known.map_or(&schema.place, |property| &property.place).clone(),
            kind: Kind::Unexpected {
                key: key.to_string(),
                lifetime: schema.lifetime_of(key),
                read_only,
                patterns: Arc::clone(
                    patterns
                        .get_or_init(|| schema.patterns.iter().map(|(pattern, _)| pattern.source.clone()).collect()),
                ),
                all: Arc::clone(
                    all.get_or_init(|| keys.iter().map(|(key, wrong)| (key.to_string(), *wrong)).collect()),
                ),
            },
        });
    }
}

/// Does a keyword that looks at one value and nothing below it refuse `value`?
pub fn refuses(keyword: &Keyword, value: &Value) -> bool {
    scalar(keyword, value).is_some()
}

/// The keywords that look at one value and nothing below it.
fn scalar(keyword: &Keyword, value: &Value) -> Option<Kind> {
    match (keyword, value) {
        (Keyword::Type(types), _) => {
            wrong(!types.iter().any(|t: &JsonType| t.holds(value)), || Kind::Type(types.clone()))
        }
        (Keyword::MinItems(n), Value::Array(items)) => wrong((items.len() as u64) < *n, || Kind::MinItems(*n)),
        (Keyword::MaxItems(n), Value::Array(items)) => wrong(items.len() as u64 > *n, || Kind::MaxItems(*n)),
        (Keyword::UniqueItems, Value::Array(items)) => {
            wrong(number::first_repeated(items).is_some(), || Kind::NotUnique)
        }
        (Keyword::MinProperties(n), Value::Object(map)) => wrong((map.len() as u64) < *n, || Kind::MinProperties(*n)),
        (Keyword::MaxProperties(n), Value::Object(map)) => wrong(map.len() as u64 > *n, || Kind::MaxProperties(*n)),
        (Keyword::MinLength(n), Value::String(text)) => wrong(length(text) < *n, || Kind::MinLength(*n)),
        (Keyword::MaxLength(n), Value::String(text)) => wrong(length(text) > *n, || Kind::MaxLength(*n)),
        (Keyword::Pattern(p), Value::String(text)) => wrong(!p.is_found_in(text), || Kind::Pattern(p.source.clone())),
        (Keyword::Format(format), Value::String(text)) => wrong(!format.holds(text), || Kind::Format(*format)),
        (Keyword::Validator(validator), _) => validator.object(value).map(Kind::Objection),
        (Keyword::Minimum(bound), _) => {
            wrong(compared(value, bound) == Some(Ordering::Less), || Kind::Minimum(bound.clone()))
        }
        (Keyword::Maximum(bound), _) => {
            wrong(compared(value, bound) == Some(Ordering::Greater), || Kind::Maximum(bound.clone()))
        }
        (Keyword::ExclusiveMinimum(bound), Value::Number(_)) => {
            wrong(compared(value, bound).is_some_and(Ordering::is_le), || Kind::ExclusiveMinimum(bound.clone()))
        }
        _ => None,
    }
}

fn wrong(is_wrong: bool, kind: impl FnOnce() -> Kind) -> Option<Kind> {
    is_wrong.then(kind)
}

/// Characters, as Python counts them.
fn length(text: &str) -> u64 {
    text.chars().count() as u64
}

fn compared(value: &Value, bound: &Value) -> Option<Ordering> {
    let bound: &Number = bound.as_number()?;
    number::number_of(value).map(|number| number::compare(&number, bound))
}
