//! What a schema can say of the values that a validator takes.

use super::formats::Format;
use super::schema::{JsonType, Keyword};
use super::validator::Validator;

impl Validator {
    /// The keywords that it stands for: itself first.
    pub fn keywords(self) -> Vec<Keyword> {
        let (kind, format) = match self {
            Validator::Uuid | Validator::UuidOrNone => (JsonType::String, Some(Format::Uuid)),
            Validator::IpAddressOrNone => (JsonType::String, Some(Format::IpAddress)),
            Validator::ExternalGateway => (JsonType::Object, None),
            _ => (JsonType::Array, None),
        };
        let or_none = (!self.takes_something_alone()).then_some(JsonType::Null);
        let typed = [Keyword::Validator(self), Keyword::Type([kind].into_iter().chain(or_none).collect())];
        typed.into_iter().chain(format.map(Keyword::Format)).collect()
    }
}
