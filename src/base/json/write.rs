//! Writes JSON.

use std::fmt::{self, Write};

use super::Value;
use super::surrogate::{FIRST_BYTE, half};

/// The bytes that are not written as they are; of those that start a character of four bytes, few are not.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special[FIRST_BYTE as usize] = true;
    special
};

/// Writes `text` with its quotes.
pub(super) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| SPECIAL[usize::from(byte)]) {
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
