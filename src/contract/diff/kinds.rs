//! The kinds of JSON values, as a set.

use crate::base::json::Value;
use crate::contract::schema::{JsonType, number};

/// A set of kinds of values. Whole numbers are a kind of their own, because `integer` takes them alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    pub const NONE: Kinds = Kinds(0);
    pub const NULL: Kinds = Kinds(1);
    pub const BOOLEAN: Kinds = Kinds(2);
    const INTEGER: Kinds = Kinds(4);
    const FRACTION: Kinds = Kinds(8);
    pub const NUMBER: Kinds = Kinds(12);
    pub const STRING: Kinds = Kinds(16);
    pub const ARRAY: Kinds = Kinds(32);
    pub const OBJECT: Kinds = Kinds(64);
    pub const ALL: Kinds = Kinds(127);

    /// Each alone.
    pub fn each(self) -> impl Iterator<Item = Kinds> {
        (0..7).map(|bit| Kinds(1 << bit)).filter(move |kind| self.meets(*kind))
    }

    /// The kind of `value`.
    pub fn of(value: &Value) -> Kinds {
        match value {
            Value::Null => Kinds::NULL,
            Value::Bool(_) => Kinds::BOOLEAN,
            Value::Number(number) if number::is_integer(number) => Kinds::INTEGER,
            Value::Number(_) => Kinds::FRACTION,
            Value::String(_) => Kinds::STRING,
            Value::Array(_) => Kinds::ARRAY,
            Value::Object(_) => Kinds::OBJECT,
        }
    }

    /// What a `type` takes.
    pub fn of_types(types: &[JsonType]) -> Kinds {
        types.iter().fold(Kinds::NONE, |all, one| all.and_also(Kinds::of_type(*one)))
    }

    fn of_type(one: JsonType) -> Kinds {
        match one {
            JsonType::Null => Kinds::NULL,
            JsonType::Boolean => Kinds::BOOLEAN,
            JsonType::Integer => Kinds::INTEGER,
            JsonType::Number => Kinds::INTEGER.and_also(Kinds::FRACTION),
            JsonType::String => Kinds::STRING,
            JsonType::Array => Kinds::ARRAY,
            JsonType::Object => Kinds::OBJECT,
        }
    }

    pub fn and_also(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub fn meets(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// `string or null`; `nothing` if there is none.
    pub fn text(self) -> String {
        let is_covered = |one: &JsonType| self.0 & Kinds::of_type(*one).0 == Kinds::of_type(*one).0;
        // A number that need not be whole says that it may be.
        let is_wider = |one: &JsonType| *one == JsonType::Integer && self.meets(Kinds::FRACTION);
        let names = JsonType::ALL.iter().filter(|(_, one)| is_covered(one) && !is_wider(one)).map(|(name, _)| *name);
        match names.collect::<Vec<_>>() {
            none if none.is_empty() => "nothing".to_owned(),
            names => names.join(" or "),
        }
    }
}
