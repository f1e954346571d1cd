//! Writes JSON.

use std::fmt::{self, Write};

use super::Value;
use super::surrogate::{FIRST_BYTE, half};

/// The bytes that are not written as they are, beside those below a blank; of those that start a character of four bytes, few are not.
const SPECIAL: [u8; 3] = [b'"', b'\\', FIRST_BYTE];

fn is_special(byte: u8) -> bool {
    byte < b' ' || SPECIAL.contains(&byte)
}

/// Has none of `bytes` to be escaped? Eight are looked at in one step, of the last some a second time.
fn are_plain(bytes: &[u8]) -> bool {
    /// Each byte of a word is `byte`.
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    /// Is a byte of `word` below `limit`, which is at most 128? After "Bit Twiddling Hacks" by S. E. Anderson.
    const fn has_below(word: u64, limit: u8) -> bool {
        word.wrapping_sub(all(limit)) & !word & all(0x80) != 0
    }
    let is_plain = |eight: &[u8; 8]| {
        let word = u64::from_ne_bytes(*eight);
        !SPECIAL.iter().fold(has_below(word, b' '), |any, byte| any | has_below(word ^ all(*byte), 1))
    };
    match bytes.last_chunk() {
        None => !bytes.iter().copied().any(is_special),
        Some(last) => bytes.as_chunks().0.iter().all(is_plain) && is_plain(last),
    }
}

/// Writes `text` with its quotes.
pub(super) fn write_text(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    let is_plain = are_plain(text.as_bytes());
    let mut rest = text;
    while !is_plain && let Some(at) = rest.bytes().position(is_special) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut others = special.chars();
        if let Some(c) = others.next() {
            escape(c, out);
        }
        rest = others.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    let short = match c {
        '"' => '"',
        '\\' => '\\',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\x08' => 'b',
        '\x0c' => 'f',
        c => {
            // Writing to a String cannot fail.
            let _ = match half(c).or((c < ' ').then_some(c.into())) {
                Some(code) => write!(out, "\\u{code:04x}"),
                None => out.write_char(c),
            };
            return;
        }
    };
    out.extend(['\\', short]);
}

/// Writes `value` in one line.
pub(super) fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (place, (name, value)) in map.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

impl Value {
    /// The value in one line, as `to_string` gives it, without a detour.
    pub(crate) fn written(&self) -> String {
        /// Most answers are shorter.
        const ROOM: usize = 2048;
        let mut out = String::with_capacity(if self.is_object() { ROOM } else { 0 });
        write_value(self, &mut out);
        out
    }
}

/// Writes `value` in lines, of which those that are `depth` deep start with twice as many blanks.
fn write_lines(value: &Value, depth: usize, out: &mut String) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let after = |place: usize| if place > 0 { "," } else { "" };
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                out.push_str(after(place));
                line(out, depth + 1);
                write_lines(item, depth + 1, out);
            }
            line(out, depth);
            out.push(']');
        }
        Value::Object(map) if !map.is_empty() => {
            out.push('{');
            for (place, (name, value)) in map.iter().enumerate() {
                out.push_str(after(place));
                line(out, depth + 1);
                write_text(name, out);
                out.push_str(": ");
                write_lines(value, depth + 1, out);
            }
            line(out, depth);
            out.push('}');
        }
        other => write_value(other, out),
    }
}

/// In one line, or with `{:#}` in many.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return f.write_str(&self.written());
        }
        let mut out = String::new();
        write_lines(self, 0, &mut out);
        f.write_str(&out)
    }
}

/// As it is shown.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
