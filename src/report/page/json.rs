//! JSON as HTML text: short parts on one line, and marks where something is wrong.

use crate::base::json::{Map, Value};
use crate::base::{Pointer, Segment};

/// What is not longer stays on one line.
const WIDTH: usize = 88;

/// `text` as the text of an element.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // No other control character may be in HTML.
            letter if letter.is_control() && !matches!(letter, '\n' | '\t') => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

/// `value` as HTML text of about `most` bytes, in which the places `wrong` are marked.
pub fn marked(value: &Value, wrong: &[Pointer], most: usize) -> String {
    let mut printer = Printer { out: String::new(), wrong, at: Vec::new(), most };
    printer.value(value, 0);
    if printer.is_full() {
        printer.out.push_str("\n<i>… the rest is in the recording</i>");
    }
    printer.out
}

struct Printer<'w> {
    out: String,
    wrong: &'w [Pointer],
    at: Vec<Segment>,
    most: usize,
}

impl Printer<'_> {
    fn is_full(&self) -> bool {
        self.out.len() >= self.most
    }

    /// Is something wrong below, or with what is missing here?
    fn leads_to_wrong(&self) -> bool {
        self.wrong.iter().any(|pointer| pointer.0.len() > self.at.len() && pointer.0.starts_with(&self.at))
    }

    fn is_wrong(&self) -> bool {
        self.wrong.iter().any(|pointer| pointer.0 == self.at)
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(map) if self.is_long(value, depth) => self.object(map, depth),
            Value::Array(items) if self.is_long(value, depth) => self.list(items, depth),
            _ => {
                let mut line = String::new();
                inline(value, &mut line);
                self.out.push_str(&escaped(&line));
            }
        }
    }

    fn is_long(&self, value: &Value, depth: usize) -> bool {
        self.leads_to_wrong() || length(value, WIDTH.saturating_sub(2 * depth)).is_none()
    }

    fn object(&mut self, map: &Map, depth: usize) {
        self.out.push('{');
        for (place, (name, value)) in map.iter().enumerate() {
            let head = format!("{}: ", Value::from(name.as_str()));
            self.part(Segment::Key(name.as_str().to_owned()), place, &head, value, depth);
        }
        self.missing(map, depth);
        self.end('}', depth);
    }

    fn list(&mut self, items: &[Value], depth: usize) {
        self.out.push('[');
        for (place, item) in items.iter().enumerate() {
            self.part(Segment::Index(place), place, "", item, depth);
        }
        self.end(']', depth);
    }

    fn part(&mut self, step: Segment, place: usize, head: &str, value: &Value, depth: usize) {
        if self.is_full() {
            return;
        }
        self.line(if place > 0 { "," } else { "" }, depth + 1);
        self.at.push(step);
        let is_wrong = self.is_wrong();
        self.out.push_str(if is_wrong { "<mark>" } else { "" });
        self.out.push_str(&escaped(head));
        self.value(value, depth + 1);
        self.out.push_str(if is_wrong { "</mark>" } else { "" });
        self.at.pop();
    }

    /// What should be in `map`.
    fn missing(&mut self, map: &Map, depth: usize) {
        let wrong = self.wrong;
        for pointer in wrong {
            if let (Some((Segment::Key(key), parents)), false) = (pointer.0.split_last(), self.is_full())
                && parents == self.at
                && !map.contains_key(key)
            {
                self.line("", depth + 1);
                self.out
                    .push_str(&format!("<ins>{} is missing</ins>", escaped(&Value::from(key.as_str()).to_string())));
            }
        }
    }

    fn end(&mut self, bracket: char, depth: usize) {
        if !self.is_full() {
            self.line("", depth);
            self.out.push(bracket);
        }
    }

    fn line(&mut self, before: &str, depth: usize) {
        self.out.push_str(before);
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", depth));
    }
}

/// The length of `value` on one line, if it is at most `most`.
fn length(value: &Value, most: usize) -> Option<usize> {
    match value {
        Value::Object(map) => {
            summed(map.iter().map(|(name, value)| Some(name.as_str().len() + 4 + length(value, most)?)), most)
        }
        Value::Array(items) => summed(items.iter().map(|item| length(item, most)), most),
        Value::String(text) => Some(text.len() + 2).filter(|length| *length <= most),
        other => Some(other.to_string().len()),
    }
}

fn summed(mut parts: impl Iterator<Item = Option<usize>>, most: usize) -> Option<usize> {
    parts.try_fold(2, |sum, part| Some(sum + part? + 2).filter(|sum| *sum <= most))
}

fn inline(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let head = |name: &str| format!("{}: ", Value::from(name));
            list(out, '{', map.iter().map(|(name, value)| (head(name.as_str()), value)), '}');
        }
        Value::Array(items) => list(out, '[', items.iter().map(|item| (String::new(), item)), ']'),
        other => out.push_str(&other.to_string()),
    }
}

fn list<'v>(out: &mut String, open: char, parts: impl Iterator<Item = (String, &'v Value)>, close: char) {
    out.push(open);
    for (place, (head, value)) in parts.enumerate() {
        out.push_str(if place > 0 { ", " } else { "" });
        out.push_str(&head);
        inline(value, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::{from_str, json};

    fn shown(value: &Value, wrong: &[&str]) -> String {
        let wrong: Vec<Pointer> = wrong.iter().map(|pointer| Pointer::parse(pointer)).collect();
        marked(value, &wrong, 10_000)
    }

    #[test]
    fn what_is_wrong_is_marked_where_it_is_or_should_be() {
        let body = json!({"server": {"name": "<vm>", "tags": ["web", 1]}});
        assert_eq!(shown(&body, &[]), r#"{"server": {"name": "&lt;vm&gt;", "tags": ["web", 1]}}"#);
        let expected = "{\n  \"server\": {\n    \"name\": \"&lt;vm&gt;\",\n    \"tags\": [\n      \"web\",\n      \
                        <mark>1</mark>\n    ]\n    <ins>\"flavorRef\" is missing</ins>\n  }\n}";
        assert_eq!(shown(&body, &["/server/tags/1", "/server/flavorRef"]), expected);
    }

    /// Whatever is printed is the same document when the marks are left out.
    #[test]
    fn nothing_is_lost() {
        let body =
            json!({"a": {"b": "x".repeat(90), "c": [], "d": {}, "e": [1.5, null, true, "\u{1}\""]}, "f": {"g": 1}});
        let text = shown(&body, &["/f/g", "/a"]).replace("<mark>", "").replace("</mark>", "");
        assert_eq!(from_str::<Value>(&text).unwrap(), body);
    }

    #[test]
    fn what_is_long_is_cut() {
        let body: Value = (0..1000).map(|number| json!({"name": "x".repeat(80), "number": number})).collect();
        let text = marked(&body, &[], 500);
        assert!(text.len() < 700 && text.ends_with("recording</i>"), "{text}");
    }
}
