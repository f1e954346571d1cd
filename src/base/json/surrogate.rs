//! Halves of surrogate pairs that stand alone: Python has a character for each, Rust has none.
//!
//! In a text such a half is a stand-in: one character of the last plane for private use. It is as long as the half is in Python, no more
//! printable than it, and written as `\ud800` again. Nobody else gives a meaning to these characters; whoever sends one gets a half back.

use super::Value;

/// The halves: U+D800 to U+DFFF.
const HALVES: std::ops::RangeInclusive<u32> = 0xd800..=0xdfff;

/// What stands for the first of them.
const FIRST: u32 = 0x10_f000;

/// The first byte of each stand-in in UTF-8.
pub const FIRST_BYTE: u8 = 0xf4;

/// What stands for the half `code`; `None` if it is none.
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

/// The half that `c` stands for.
pub fn half(c: char) -> Option<u32> {
    let code = u32::from(c).checked_sub(FIRST)? + HALVES.start();
    HALVES.contains(&code).then_some(code)
}
