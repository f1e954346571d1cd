//! One thing that is wrong with a document, with the versions in which it is wrong.

use std::sync::Arc;

use super::code::Code;
use crate::base::json::Value;
use crate::base::{Place, Pointer, Version, Versions, python_repr, python_str};
use crate::contract::schema::{Format, JsonType, Objection};

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The versions in which it is wrong.
    pub versions: Versions,
    /// Where Nova sees it: the containing object for a missing or unknown key.
    pub pointer: Pointer,
    /// The line of the contract that says so.
    pub rule: Place,
    /// What is wrong.
    pub kind: Kind,
}

/// The ways in which a document can be wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// None of these types.
    Type(Vec<JsonType>),
    /// A field that must be there is not.
    Missing {
        /// Its name.
        key: String,
        /// The versions in which it must be there.
        required: Versions,
    },
    /// A field that must not be there is.
    Unexpected {
        /// Its name.
        key: String,
        /// The versions in which it may be there: none for an unknown field.
        lifetime: Versions,
        /// The patterns that names of further fields must match, if there are any.
        patterns: Arc<[String]>,
        /// Every such field of the object, itself included, and the versions in which it must not be there: the service
        /// names them all in one sentence.
        all: Arc<[(String, Versions)]>,
        /// Is it a field of the resource that only the service sets?
        read_only: bool,
    },
    /// Fewer items than this.
    MinItems(u64),
    /// More items than this.
    MaxItems(u64),
    /// Two equal items.
    NotUnique,
    /// Fewer fields than this.
    MinProperties(u64),
    /// More fields than this.
    MaxProperties(u64),
    /// Fewer characters than this.
    MinLength(u64),
    /// More characters than this.
    MaxLength(u64),
    /// The pattern is not found.
    Pattern(String),
    /// Not of this format.
    Format(Format),
    /// What a validator of Neutron's has against it.
    Objection(Objection),
    /// None of these values.
    Enum(Arc<[(Value, Versions)]>),
    /// Less than this.
    Minimum(Value),
    /// More than this.
    Maximum(Value),
    /// Not more than this.
    ExclusiveMinimum(Value),
    /// No alternative matches; what each would have needed.
    NoAlternative(Vec<Finding>),
    /// More than one alternative matches where one should.
    ManyAlternatives,
    /// A check in the service's own code refuses it, with this message.
    Checked {
        /// What kind of wrong it is.
        code: Code,
        /// The status of the refusal.
        status: u16,
        /// The service's sentence.
        message: String,
        /// Where it really is, for the reader; the service itself names no place.
        at: Pointer,
    },
}

/// Is it a body or a query that is judged? Nova's sentence differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The body.
    Body,
    /// The query, as an object of lists.
    Query,
}

impl Subject {
    /// The place by the name that a client knows: of a query the parameter, without the place among its values.
    pub fn named(self, pointer: Pointer) -> Pointer {
        match self {
            Subject::Body => pointer,
            Subject::Query => Pointer(pointer.0.into_iter().take(1).collect()),
        }
    }
}

impl Finding {
    /// The sentence of Nova's refusal at `version`.
    pub fn message(&self, document: &Value, subject: Subject, version: Version) -> String {
        if let Kind::Format(format) = self.kind
            && let Some(rule) = format.name_rule()
        {
            return format!("An invalid 'name' value was provided. The name must be: {rule}");
        }
        let value = self.pointer.find(document).unwrap_or(&Value::Null);
        let text = self.jsonschema_text(value, version);
        let last = match subject {
            Subject::Body => self.pointer.last(),
            Subject::Query => self.pointer.first(),
        };
        let what = match subject {
            Subject::Body => "field/attribute",
            Subject::Query => "query parameters",
        };
        match last {
            None => text,
            Some(last) => format!("Invalid input for {what} {last}. Value: {}. {text}", python_str(value)),
        }
    }

    /// The message of Keystone's older validator. It checks what is below the only key of the body, names the whole
    /// path from there, and goes on with the schema as its code has it, which is left out here.
    pub fn message_with_path(&self, document: &Value, version: Version) -> String {
        let value = self.pointer.find(document).unwrap_or(&Value::Null);
        let text = self.jsonschema_text(value, version);
        let path: Vec<String> = self.pointer.0.iter().skip(1).map(ToString::to_string).collect();
        match path.is_empty() {
            true => text,
            false => format!("Invalid input for field '{}': {text}", path.join("/")),
        }
    }

    /// The text of the jsonschema package (4.26).
    pub(in crate::contract) fn jsonschema_text(&self, value: &Value, version: Version) -> String {
        let repr = || python_repr(value);
        match &self.kind {
            Kind::Type(types) => format!("{} is not of type {}", repr(), quoted(types.iter().map(|t| t.name()))),
            Kind::Missing { key, .. } => format!("{} is a required property", quote(key)),
            Kind::Unexpected { patterns, .. } => self.unexpected_text(patterns, version),
            Kind::MinItems(least) | Kind::MinProperties(least) | Kind::MinLength(least) if *least == 1 => {
                format!("{} should be non-empty", repr())
            }
            Kind::MaxItems(0) | Kind::MaxProperties(0) | Kind::MaxLength(0) => {
                format!("{} is expected to be empty", repr())
            }
            Kind::MinItems(_) | Kind::MinLength(_) => format!("{} is too short", repr()),
            Kind::MaxItems(_) | Kind::MaxLength(_) => format!("{} is too long", repr()),
            Kind::MinProperties(_) => format!("{} does not have enough properties", repr()),
            Kind::MaxProperties(_) => format!("{} has too many properties", repr()),
            Kind::NotUnique => format!("{} has non-unique elements", repr()),
            Kind::Pattern(pattern) => format!("{} does not match {}", repr(), quote(pattern)),
            Kind::Format(Format::Printable) => format!("{} does not match '^[printable characters]*$'", repr()),
            Kind::Format(format) => format!("{} is not a '{}'", repr(), format.label()),
            Kind::Objection(objection) => objection.text().to_owned(),
            Kind::Enum(values) => format!("{} is not one of {}", repr(), live_values(values, version)),
            Kind::Minimum(least) => {
                format!("{} is less than the minimum of {}", number_repr(value), python_repr(least))
            }
            Kind::Maximum(most) => {
                format!("{} is greater than the maximum of {}", number_repr(value), python_repr(most))
            }
            Kind::ExclusiveMinimum(bound) => {
                format!("{} is less than or equal to the minimum of {}", repr(), python_repr(bound))
            }
            Kind::NoAlternative(_) => format!("{} is not valid under any of the given schemas", repr()),
            Kind::ManyAlternatives => format!("{} is valid under more than one of the given schemas", repr()),
            // What code checks names no place, so that nothing comes before its sentence.
            Kind::Checked { message, .. } => message.clone(),
        }
    }

    /// The fields that must not be there at `version`, in the order of the object; none if that is not what is wrong.
    pub fn unexpected(&self, version: Version) -> impl Iterator<Item = &str> {
        let all: &[(String, Versions)] = if let Kind::Unexpected { all, .. } = &self.kind { all } else { &[] };
        all.iter().filter(move |(_, wrong)| wrong.contains(version)).map(|(key, _)| key.as_str())
    }

    /// All unknown keys of the object in one sentence, in alphabetical order.
    fn unexpected_text(&self, patterns: &[String], version: Version) -> String {
        let mut keys: Vec<&str> = self.unexpected(version).collect();
        keys.sort_unstable();
        let one = keys.len() == 1;
        let keys = quoted(keys.into_iter());
        if patterns.is_empty() || version == Version::LEGACY_V2 {
            return format!(
                "Additional properties are not allowed ({keys} {} unexpected)",
                if one { "was" } else { "were" }
            );
        }
        let mut patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        patterns.sort_unstable();
        let verb = if one { "does" } else { "do" };
        format!("{keys} {verb} not match any of the regexes: {}", quoted(patterns.into_iter()))
    }
}

/// Nova turns a text into the number it spells before it compares.
fn number_repr(value: &Value) -> String {
    crate::contract::schema::number_of(value)
        .map_or_else(|| python_repr(value), |number| python_repr(&Value::Number(number)))
}

fn live_values(values: &[(Value, Versions)], version: Version) -> String {
    let live = values.iter().filter(|(_, lifetime)| lifetime.contains(version)).map(|(value, _)| value.clone());
    python_repr(&Value::Array(live.collect()))
}

fn quote(text: &str) -> String {
    python_repr(&Value::from(text))
}

fn quoted<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(quote).collect::<Vec<_>>().join(", ")
}
