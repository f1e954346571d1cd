//! Lone surrogates: Python has a character for each, Rust has none.
//!
//! In a string such a surrogate is replaced by one character of the last plane for private use. It has the same length as in Python, is as
//! unprintable, and is written as `\ud800` again. Nothing else uses these characters; a client that sends one gets a surrogate back.

use super::Value;

/// The halves: U+D800 to U+DFFF.
const HALVES: std::ops::RangeInclusive<u32> = 0xd800..=0xdfff;

/// What stands for the first of them.
const FIRST: u32 = 0x10_f000;

/// The first byte of each such character in UTF-8.
pub const FIRST_BYTE: u8 = 0xf4;

/// The character that represents the surrogate `code`; `None` if it is not one.
pub fn stand_in(code: u32) -> Option<char> {
    HALVES.contains(&code).then(|| char::from_u32(FIRST + (code - HALVES.start())))?
}

/// Does a text or a name in `value` hold one?
pub fn is_in(value: &Value) -> bool {
    match value {
        Value::String(text) => is_in_text(text),
        Value::Array(items) => items.iter().any(is_in),
        Value::Object(map) => map.iter().any(|(name, value)| is_in_text(name) || is_in(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_in_text(text: &str) -> bool {
    text.as_bytes().contains(&FIRST_BYTE) && text.chars().any(|c| half(c).is_some())
}

/// The surrogate that `c` represents.
pub fn half(c: char) -> Option<u32> {
    let code = u32::from(c).checked_sub(FIRST)? + HALVES.start();
    HALVES.contains(&code).then_some(code)
}
