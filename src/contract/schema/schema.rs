//! A JSON schema (draft 2020-12, the part that OpenStack uses) in which keywords, fields and alternatives have lifetimes.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, OnceLock};

use foldhash::HashMap;
use regex::Regex;

use super::formats::Format;
use crate::base::json::{Map, Value};
use crate::base::{Place, Version, Versions};

/// The place of a schema in [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub(in crate::contract) usize);

/// All schemas of a service; they name each other by [`SchemaId`], so they may be recursive.
#[derive(Debug, Default)]
pub struct Schemas(pub(in crate::contract) Vec<Schema>);

impl Schemas {
    /// The schema at `id`.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.0[id.0]
    }

    /// The schemas that `id` is composed of, or that its items have: they describe a value of the same name.
    pub fn composed(&self, id: SchemaId) -> Vec<SchemaId> {
        let inner = |(_, keyword): &(Versions, Keyword)| match keyword {
            Keyword::Items(id) => vec![*id],
            Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) | Keyword::PrefixItems(all) => {
                all.iter().map(|(_, id)| *id).collect()
            }
            _ => Vec::new(),
        };
        self.get(id).keywords.iter().flat_map(inner).collect()
    }

    /// Has the object `id` a field `name` at `version`?
    pub fn has_field(&self, id: SchemaId, name: &str, version: Version) -> bool {
        self.get(id).property(name).is_some_and(|property| property.form_at(version).is_some())
    }

    /// Every name that a field has anywhere below `id`, by itself and where it is stored under another.
    pub fn field_names(&self, id: SchemaId, names: &mut BTreeSet<String>) {
        let (mut open, mut seen) = (vec![id], HashSet::new());
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let schema = self.get(id);
            names.extend(schema.notes.from.clone());
            names.extend(schema.properties.iter().map(|property| property.name.as_ref().to_owned()));
            open.extend(schema.properties.iter().flat_map(|property| &property.forms).map(|(_, form)| *form));
            for (_, keyword) in &schema.keywords {
                match keyword {
                    Keyword::Items(id) | Keyword::AdditionalProperties(id) => open.push(*id),
                    Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) | Keyword::PrefixItems(all) => {
                        open.extend(all.iter().map(|(_, id)| *id))
                    }
                    Keyword::Choice(choice) => open.extend([choice.with, choice.without]),
                    _ => {}
                }
            }
        }
    }
}

impl Schemas {
    /// The stored fields without which the resource in the answer `id` cannot be shown: required in every version, without a default.
    pub fn required_of_resource(&self, id: SchemaId) -> BTreeSet<String> {
        let schema = self.get(self.resource(id));
        let required = schema.keywords.iter().filter_map(|(_, keyword)| match keyword {
            Keyword::Required(fields) => Some(fields),
            _ => None,
        });
        let always = required.flatten().filter(|(_, versions)| *versions == Versions::ALL).map(|(name, _)| name);
        always.filter(|name| !self.has_default(schema, name)).map(|name| self.stored_name(schema, name)).collect()
    }

    /// The fields of the resource in `body`, which the schema `id` let pass, under the names by which they are stored.
    pub fn stored(&self, id: SchemaId, body: &Value) -> Map {
        if let Some(choice) = self.get(id).choice() {
            return self.stored(choice.of(body), body);
        }
        // `{"volume": {…}}`; Glance takes an image without a wrapper.
        let empty = |schema: &Schema| schema.properties.is_empty() && schema.patterns.is_empty();
        let mut in_body =
            self.get(id).properties.iter().filter(|own| body.get(&*own.name).is_some_and(Value::is_object));
        let wrapper = in_body.find(|own| own.forms.iter().any(|(_, form)| !empty(self.get(*form))));
        let (id, body) = match wrapper.and_then(|wrapper| Some((wrapper.forms.first()?.1, body.get(&*wrapper.name)?))) {
            Some(inner) => inner,
            None if self.get(id).properties.is_empty() => {
                let inner = body.as_object().and_then(|body| body.values().next()).filter(|inner| inner.is_object());
                (id, inner.unwrap_or(body))
            }
            None => (id, body),
        };
        let schema = self.get(id);
        let fields = body.as_object().into_iter().flatten();
        fields.map(|(key, value)| (self.stored_name(schema, key), value.clone())).collect()
    }

    /// The name under which the field `name` of `schema` is stored.
    pub(in crate::contract) fn stored_name(&self, schema: &Schema, name: &str) -> String {
        let form = schema.property(name).and_then(|property| property.forms.first());
        form.and_then(|(_, form)| self.get(*form).notes.from.clone()).unwrap_or_else(|| name.to_owned())
    }

    /// The resource in the answer `id`, without the wrapper.
    fn resource(&self, id: SchemaId) -> SchemaId {
        match self.get(id).properties.as_slice() {
            [wrapper] => wrapper.forms.first().map_or(id, |(_, inner)| *inner),
            _ => id,
        }
    }

    /// What the answer `id` may show of the field that its resource stores as `name`, each form with its versions.
    pub fn forms_of(&self, id: SchemaId, name: &str) -> Vec<(Versions, SchemaId)> {
        let (mut open, mut forms) = (vec![self.resource(id)], Vec::new());
        while let Some(id) = open.pop() {
            let schema = self.get(id);
            for property in &schema.properties {
                let stored = |form: SchemaId| self.get(form).notes.from.as_deref().unwrap_or(&property.name) == name;
                forms.extend(property.forms.iter().filter(|(_, form)| stored(*form)));
            }
            for (_, keyword) in &schema.keywords {
                if let Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) = keyword {
                    open.extend(all.iter().map(|(_, part)| *part));
                }
            }
        }
        forms
    }

    fn has_default(&self, schema: &Schema, name: &str) -> bool {
        let forms = schema.property(name).map(|property| property.forms.as_slice());
        forms.into_iter().flatten().any(|(_, id)| self.get(*id).notes.default.is_some())
    }
}

/// One schema.
#[derive(Debug)]
pub struct Schema {
    /// Its place, for the `rule` line of a violation.
    pub place: Place,
    /// The keywords in the order of the file, which is the order in which Nova reports errors, each with its lifetime.
    pub keywords: Vec<(Versions, Keyword)>,
    /// The fields of an object, in the order of the file.
    pub properties: Vec<Property>,
    /// Name of a field to its place in `properties`.
    pub(in crate::contract) index: HashMap<String, usize>,
    /// Schemas for fields by pattern of their names.
    pub patterns: Vec<(Pattern, SchemaId)>,
    /// The notes of the schema for the serializer.
    pub notes: Notes,
}

impl Schema {
    /// The choice that it is, if it is one.
    pub fn choice(&self) -> Option<&Choice> {
        match self.keywords.as_slice() {
            [(_, Keyword::Choice(choice))] => Some(choice),
            _ => None,
        }
    }

    /// May an object have fields that the schema does not name?
    pub fn is_open(&self) -> bool {
        self.keywords.iter().any(|(_, keyword)| matches!(keyword, Keyword::AdditionalProperties(_)))
    }
}

/// A field of an object.
#[derive(Debug)]
pub struct Property {
    /// Its name.
    pub name: Arc<str>,
    /// The place of its name.
    pub place: Place,
    /// Its schemas, each with the versions in which it holds; they do not overlap.
    pub forms: Vec<(Versions, SchemaId)>,
    /// The versions in which the field exists at all.
    pub lifetime: Versions,
}

/// The notes of a schema for the serializer; the check of requests ignores them.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// Who sees the field: versions in which only an administrator does.
    pub admin_only: Versions,
    /// States of the resource in which the field is shown; empty: in all.
    pub shown_while: Vec<String>,
    /// The stored field that holds this form, if it has another name.
    pub from: Option<String>,
    /// Is the stored text a link that is made absolute?
    pub link: bool,
    /// The value where the stored resource has none.
    pub default: Option<Value>,
    /// The versions in which a parameter of a query may be given only once.
    pub once: Versions,
    /// Is the value a secret, which is never written down?
    pub secret: bool,
}

/// A keyword with its argument.
#[derive(Debug)]
pub enum Keyword {
    /// One of these types.
    Type(Vec<JsonType>),
    /// Check the fields of [`Schema::properties`].
    Properties,
    /// Check the fields of [`Schema::patterns`].
    PatternProperties,
    /// No field but those of `properties` and `patternProperties`.
    NoAdditionalProperties,
    /// Every other field must match.
    AdditionalProperties(SchemaId),
    /// Fields that must be there, each with the versions in which it must.
    Required(Vec<(String, Versions)>),
    /// Every item must match.
    Items(SchemaId),
    /// The first items, each with its own schema.
    PrefixItems(Vec<(Versions, SchemaId)>),
    /// At least so many items.
    MinItems(u64),
    /// At most so many items.
    MaxItems(u64),
    /// No two equal items.
    UniqueItems,
    /// At least so many fields.
    MinProperties(u64),
    /// At most so many fields.
    MaxProperties(u64),
    /// At least so many characters.
    MinLength(u64),
    /// At most so many characters.
    MaxLength(u64),
    /// A regular expression that must be found.
    Pattern(Pattern),
    /// A named format.
    Format(Format),
    /// One of these values, each with its lifetime.
    Enum(Arc<[(Value, Versions)]>),
    /// A number or, Nova's extension, a text that is one, of at least this.
    Minimum(Value),
    /// A number or, Nova's extension, a text that is one, of at most this.
    Maximum(Value),
    /// A number greater than this.
    ExclusiveMinimum(Value),
    /// Exactly one alternative matches.
    OneOf(Vec<(Versions, SchemaId)>),
    /// At least one alternative matches.
    AnyOf(Vec<(Versions, SchemaId)>),
    /// Every one matches.
    AllOf(Vec<(Versions, SchemaId)>),
    /// One of two schemas.
    Choice(Choice),
}

/// One of two schemas, chosen by a field.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The field.
    pub field: Arc<str>,
    /// What holds of an object that has it.
    pub with: SchemaId,
    /// What holds of everything else.
    pub without: SchemaId,
}

impl Choice {
    /// The one that holds of `value`.
    pub fn of(&self, value: &Value) -> SchemaId {
        if value.get(&*self.field).is_some() { self.with } else { self.without }
    }
}

/// The types of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without a fraction; 1.0 is one.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// Every type, by the name that schemas use.
    pub const ALL: [(&'static str, JsonType); 7] = [
        ("null", JsonType::Null),
        ("boolean", JsonType::Boolean),
        ("integer", JsonType::Integer),
        ("number", JsonType::Number),
        ("string", JsonType::String),
        ("array", JsonType::Array),
        ("object", JsonType::Object),
    ];

    /// The name in schemas and messages.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, t)| *t == self).map_or("", |(name, _)| name)
    }

    /// Is `value` of this type, by Python's notion of an integer?
    pub fn holds(self, value: &Value) -> bool {
        match (self, value) {
            (JsonType::Null, Value::Null)
            | (JsonType::Boolean, Value::Bool(_))
            | (JsonType::Number, Value::Number(_))
            | (JsonType::String, Value::String(_))
            | (JsonType::Array, Value::Array(_))
            | (JsonType::Object, Value::Object(_)) => true,
            (JsonType::Integer, Value::Number(number)) => super::number::is_integer(number),
            _ => false,
        }
    }
}

/// A Python regular expression, compiled when it is first needed.
#[derive(Debug)]
pub struct Pattern {
    /// As the contract and the messages spell it.
    pub source: String,
    regex: OnceLock<Regex>,
}

impl Pattern {
    /// A pattern.
    ///
    /// # Errors
    /// Why it is not a regular expression.
    pub fn new(source: &str) -> Result<Pattern, String> {
        regex_syntax_check(source)?;
        Ok(Pattern { source: source.to_owned(), regex: OnceLock::new() })
    }

    /// `re.search(source, text)`.
    pub fn is_found_in(&self, text: &str) -> bool {
        let regex = self.regex.get_or_init(|| {
            // Parsed once by `new`; a pattern that grew too large to compile would match nothing.
            Regex::new(&python_dollar(&self.source)).unwrap_or_else(|_| never())
        });
        regex.is_match(text)
    }
}

fn regex_syntax_check(source: &str) -> Result<(), String> {
    regex_syntax::parse(&python_dollar(source)).map(|_| ()).map_err(|error| error.to_string())
}

fn never() -> Regex {
    #[expect(clippy::expect_used, reason = "a literal pattern")]
    Regex::new(r"[^\s\S]").expect("a literal pattern")
}

/// Python's `$` also matches before one newline at the end. The one look-around that Nova uses, no blank at either end of
/// characters of a class, is written out: the engine has none.
fn python_dollar(source: &str) -> String {
    if let Some(class) = source.strip_prefix("^(?! )[").and_then(|rest| rest.strip_suffix("]+(?<! )$")) {
        let ends = class.replace(' ', "");
        return format!(r"^[{ends}](?:[{class}]*[{ends}])?\n?\z");
    }
    match source.strip_suffix('$') {
        Some(start) if !start.ends_with('\\') => format!(r"{start}\n?\z"),
        _ => source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollar_matches_before_a_final_newline_as_in_python() {
        let pattern = Pattern::new("^[a-z]{1,3}$").unwrap();
        assert!(pattern.is_found_in("abc") && pattern.is_found_in("abc\n"));
        assert!(!pattern.is_found_in("abc\n\n") && !pattern.is_found_in("a\nb") && !pattern.is_found_in("abcd"));
        assert!(Pattern::new("[").is_err());
    }

    #[test]
    fn no_blank_at_either_end() {
        let pattern = Pattern::new("^(?! )[a-zA-Z0-9. _-]+(?<! )$").unwrap();
        assert!(["a", "a b", "a\n", "m1.tiny"].into_iter().all(|id| pattern.is_found_in(id)));
        assert!(["", " a", "a ", "a \n", "a/b"].into_iter().all(|id| !pattern.is_found_in(id)));
    }
}
