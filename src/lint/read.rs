//! From a file to its literals.

use super::lines::Lines;
use super::literal::{Entry, Kind, Literal, Places};
use super::scan::literals;
use super::syntax::{YAML, language};
use crate::base::json::Value;
use crate::base::{Node, Place, Yaml, parse_yaml};

/// Are files with that ending read?
pub fn is_read(ending: &str) -> bool {
    YAML.contains(&ending) || language(ending).is_some()
}

/// The literals of a file with that ending. A file that is not what its ending says has none.
pub fn read(text: &str, ending: &str, lines: &Lines<'_>) -> Vec<Literal> {
    if YAML.contains(&ending) {
        return parse_yaml("", text).map_or_else(|_| Vec::new(), |node| vec![from_node(&node, text, lines)]);
    }
    language(ending).map_or_else(Vec::new, |syntax| literals(text, syntax))
}

fn from_node(node: &Node, text: &str, lines: &Lines<'_>) -> Literal {
    let byte = |place: &Place| lines.byte(place.line, place.column);
    let start = byte(&node.place);
    let kind = match node.yaml() {
        Yaml::Null => Kind::Scalar(Value::Null),
        Yaml::Bool(bool) => Kind::Scalar(Value::Bool(*bool)),
        Yaml::Number(number) => Kind::Scalar(Value::Number(number.clone())),
        Yaml::Text(own) => Kind::Text(own.to_string(), places(own, text, start)),
        Yaml::List(items) => {
            Kind::List { items: items.iter().map(|item| from_node(item, text, lines)).collect(), is_open: false }
        }
        Yaml::Map(entries) => {
            let entry = |(key, place, value): &(_, Place, Node)| {
                let (key, at): (&std::borrow::Cow<'static, str>, usize) = (key, byte(place));
                Entry { key: key.to_string(), key_span: at..at + key.len(), value: from_node(value, text, lines) }
            };
            Kind::Map { entries: entries.iter().map(entry).collect(), is_open: false }
        }
    };
    Literal { kind, span: start..start + 1 }
}

/// Where the bytes of a YAML text are, if it stands in the file as it is.
fn places(own: &str, text: &str, start: usize) -> Places {
    let quoted = usize::from(text[start..].starts_with(['\'', '"']));
    match text.get(start + quoted..).is_some_and(|rest| rest.starts_with(own)) {
        true => Places::From(start + quoted),
        false => Places::At(start),
    }
}
