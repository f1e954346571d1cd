//! JSON as Nova reads it: one ordered tree, its reader and its writer.
//!
//! It differs from RFC 8259 as Python's `json` does: `NaN`, `Infinity` and `-Infinity` are numbers, and a lone surrogate is
//! allowed in a string (see [`surrogate`]). A number keeps its digits, an object the order of its fields;
//! of two fields with one name the last counts, in the place of the first.

mod change;
mod de;
mod error;
mod field;
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
pub use macros::{json, object};
pub use name::Name;
pub use number::Number;
pub use pick::Index;
pub use read::{from_slice, from_str, from_str_within};
pub use reader::DEEPEST;
pub use ser::{from_value, to_string, to_value};
pub use show::Written;
pub use value::{Map, Value};

#[cfg(test)]
mod tests;
