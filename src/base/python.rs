//! Values as Python prints them: Nova's messages quote them so.

use super::compiled_pattern::compiled_pattern;
use super::json::{Number, Value, surrogate};

/// `str(value)`: a string unchanged, everything else as its `repr`.
///
/// ```
/// use mockstack::base::python_str;
/// let value = mockstack::base::json::json!({"name": "it's", "on": true, "none": null});
/// assert_eq!(python_str(&value), r#"{'name': "it's", 'on': True, 'none': None}"#);
/// ```
pub fn python_str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => python_repr(other),
    }
}

/// `bool(value)`: what is empty, zero or nothing is false.
pub fn python_bool(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(own) => *own,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
    }
}

/// `repr(value)`.
pub fn python_repr(value: &Value) -> String {
    let mut out = String::new();
    write_repr(value, &mut out);
    out
}

fn write_repr(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(number) => out.push_str(&number_repr(number)),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => write_list('[', ']', items.iter(), out, write_repr),
        Value::Object(map) => write_list('{', '}', map.iter(), out, |(key, value), out| {
            write_string(key, out);
            out.push_str(": ");
            write_repr(value, out);
        }),
    }
}

fn write_list<T>(
    open: char,
    close: char,
    items: impl Iterator<Item = T>,
    out: &mut String,
    each: impl Fn(T, &mut String),
) {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        each(item, out);
    }
    out.push(close);
}

/// Integers of any size keep their digits; floats get Python's shortest form (`1e+20`, `1.0`).
fn number_repr(number: &Number) -> String {
    match (number.is_f64(), number.as_f64()) {
        (true, Some(float)) => float_repr(float),
        _ => number.as_i64().map_or_else(|| number.to_string(), |number| number.to_string()),
    }
}

fn float_repr(float: f64) -> String {
    if !float.is_finite() {
        return float.to_string().to_lowercase();
    }
    if float != 0.0 && !(1e-4..1e16).contains(&float.abs()) {
        let text = format!("{float:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    format!("{float:?}")
}

/// Single quotes unless the text holds some and no double ones; unprintable characters are escaped.
fn write_string(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&escape(c)),
        }
    }
    out.push(quote);
}

fn escape(c: char) -> String {
    match surrogate::half(c).unwrap_or(c.into()) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// `str.isprintable()`: no control, format, surrogate, private or unassigned character, and of the separators only the space.
fn is_printable(c: char) -> bool {
    c == ' ' || !(c.is_ascii_control() || (!c.is_ascii() && unprintable().is_match(c.encode_utf8(&mut [0; 4]))))
}

fn unprintable() -> &'static regex::Regex {
    static UNPRINTABLE: std::sync::OnceLock<regex::Regex> = std::sync::OnceLock::new();
    compiled_pattern(&UNPRINTABLE, r"[\p{C}\p{Z}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repr(json: &str) -> String {
        python_repr(&crate::base::json::from_str(json).unwrap())
    }

    #[test]
    fn numbers_print_as_python_prints_them() {
        for (json, python) in [
            ("1", "1"),
            ("1.0", "1.0"),
            ("1.5", "1.5"),
            ("1e20", "1e+20"),
            ("1e-7", "1e-07"),
            ("0.0001", "0.0001"),
            ("123456789012345680.0", "1.2345678901234568e+17"),
            ("100000000000000000000", "100000000000000000000"),
            ("-0.0", "-0.0"),
            ("-0", "0"),
            ("1e999", "inf"),
            ("NaN", "nan"),
            ("-Infinity", "-inf"),
        ] {
            assert_eq!(repr(json), python);
        }
    }

    #[test]
    fn quotes_and_escapes_follow_python() {
        assert_eq!(repr(r#""o'brien""#), r#""o'brien""#);
        assert_eq!(repr(r#""o'b\"x""#), r#"'o\'b"x'"#);
        assert_eq!(repr(r#""a\u0000\u00a0é\u200b\n\\""#), r"'a\x00\xa0é\u200b\n\\'");
        assert_eq!(repr("\"\u{1F600}\""), "'😀'");
        assert_eq!(repr(r#""\ud800""#), r"'\ud800'");
    }
}
