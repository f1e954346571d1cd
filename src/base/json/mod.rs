//! JSON as Nova reads it: one ordered tree, its reader and its writer.
//!
//! What differs from RFC 8259 is what Python's `json` makes of it: `NaN`, `Infinity` and `-Infinity` are numbers, and half of a surrogate
//! pair may stand alone in a text (see [`surrogate`]). A number keeps the digits that were written, an object the order of its fields;
//! of two fields of one name the last counts, in the place of the first.

mod change;
mod de;
mod error;
mod from;
mod macros;
mod map;
mod name;
mod number;
mod parts;
mod pick;
mod read;
mod reader;
mod ser;
mod show;
pub mod surrogate;
mod value;
mod visit;
mod write;

pub use change::{with_sorted_keys, with_texts};
pub use error::{Error, TOO_DEEP};
pub use from::ToJson;
pub use macros::json;
pub use name::Name;
pub use number::Number;
pub use pick::Index;
pub use read::{from_slice, from_str, from_str_within};
pub use reader::DEEPEST;
pub use ser::{from_value, to_string, to_value};
pub use value::{Map, Value};

#[cfg(test)]
mod tests;
