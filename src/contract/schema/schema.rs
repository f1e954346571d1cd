//! A JSON schema (draft 2020-12, the part that OpenStack uses) in which keywords, fields and alternatives have lifetimes.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;
use regex::Regex;

use super::formats::Format;
use super::validator::Validator;
use crate::base::json::Value;
use crate::base::{Place, Versions};

/// The place of a schema in [`Schemas`](super::Schemas).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub(in crate::contract) usize);

/// One schema.
#[derive(Clone, Debug)]
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
    /// One at `place` that everything satisfies.
    pub(in crate::contract) fn at(place: &Place) -> Schema {
        Schema {
            place: place.clone(),
            keywords: Vec::new(),
            properties: Vec::new(),
            index: HashMap::default(),
            patterns: Vec::new(),
            notes: Notes::default(),
        }
    }

    /// One at `place` that says `keywords` in every version.
    pub(in crate::contract) fn of(place: &Place, keywords: impl IntoIterator<Item = Keyword>) -> Schema {
        let keywords = keywords.into_iter().map(|keyword| (Versions::ALL, keyword)).collect();
        Schema { keywords, ..Schema::at(place) }
    }

    /// Adds a field, which exists where one of its `forms` does.
    pub(in crate::contract) fn add_property(&mut self, name: &str, place: &Place, forms: Vec<(Versions, SchemaId)>) {
        let lifetime = forms.iter().fold(Versions::NONE, |all, (versions, _)| all | *versions);
        self.index.insert(name.to_owned(), self.properties.len());
        self.properties.push(Property { name: name.into(), place: place.clone(), forms, lifetime });
    }

    /// The schemas that say of the same value what it is.
    pub(in crate::contract) fn alternatives(&self) -> impl Iterator<Item = SchemaId> {
        let of = |(_, keyword): &(Versions, Keyword)| match keyword {
            Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) => all.iter().map(|(_, id)| *id).collect(),
            Keyword::Choice(choice) => vec![choice.with, choice.without],
            _ => Vec::new(),
        };
        self.keywords.iter().flat_map(of)
    }

    /// The schemas of the items that it may have as a list.
    pub(in crate::contract) fn items(&self) -> impl Iterator<Item = SchemaId> {
        self.keywords.iter().filter_map(|(_, keyword)| match keyword {
            Keyword::Items(id) => Some(*id),
            _ => None,
        })
    }

    /// The schemas of all that it may have in it under a name or a number, and those of the value itself.
    pub(in crate::contract) fn nested(&self) -> impl Iterator<Item = SchemaId> {
        let forms = self.properties.iter().flat_map(|property| &property.forms).map(|(_, form)| *form);
        let others = self.keywords.iter().flat_map(|(_, keyword)| match keyword {
            Keyword::AdditionalProperties(id) => vec![*id],
            Keyword::PrefixItems(all) => all.iter().map(|(_, id)| *id).collect(),
            _ => Vec::new(),
        });
        forms.chain(self.items()).chain(self.alternatives()).chain(others)
    }

    /// The versions in which it may be other than in the version before, without what is in it.
    pub(in crate::contract) fn turns(&self) -> Versions {
        let forms = self.properties.iter().flat_map(|property| &property.forms).map(|(versions, _)| *versions);
        let parts = self.keywords.iter().flat_map(|(lifetime, keyword)| {
            let parts: Vec<Versions> = match keyword {
                Keyword::AllOf(all) | Keyword::OneOf(all) | Keyword::AnyOf(all) | Keyword::PrefixItems(all) => {
                    all.iter().map(|(versions, _)| *versions).collect()
                }
                Keyword::Required(all) => all.iter().map(|(_, versions)| *versions).collect(),
                _ => Vec::new(),
            };
            [*lifetime].into_iter().chain(parts)
        });
        forms.chain(parts).fold(Versions::NONE, |all, own| all | own.turns())
    }

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
#[derive(Clone, Debug)]
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
    /// Who may set the field, where a policy of its own says so; what is given as its default is not set.
    pub set_by: Option<Setter>,
}

/// Who may set a field, beside administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setter {
    /// Who may change the resource.
    Owner,
    /// A manager of its project.
    Manager,
    /// Nobody.
    Admin,
    /// Services alone, not even administrators.
    Service,
    /// Members of the project that owns the network.
    NetworkOwner,
    /// Its managers.
    NetworkManager,
    /// Whoever may use the network.
    NetworkUser,
    /// Anybody, but what belongs to the network itself as [`Setter::NetworkOwner`].
    DeviceOwner,
}

impl Setter {
    /// Every one, by the name that contracts use.
    pub const ALL: [(&'static str, Setter); 8] = [
        ("owner", Setter::Owner),
        ("manager", Setter::Manager),
        ("admin", Setter::Admin),
        ("service", Setter::Service),
        ("network-owner", Setter::NetworkOwner),
        ("network-manager", Setter::NetworkManager),
        ("network-user", Setter::NetworkUser),
        ("device-owner", Setter::DeviceOwner),
    ];
}

/// A keyword with its argument.
#[derive(Clone, Debug)]
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
    /// A validator of Neutron's.
    Validator(Validator),
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
#[derive(Clone, Debug)]
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
