//! YAML as a tree in which every value knows its line and column, so that every complaint can name them.

use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Options, Spanned};

use super::json::{Number, Value};
use super::{Diagnostic, Place};

/// A YAML value and its place in the file.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub yaml: Yaml,
    /// Its first character.
    pub place: Place,
}

/// The kinds of YAML values; a map keeps the order of the file.
#[derive(Clone, Debug)]
pub enum Yaml {
    /// `null` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a float.
    Number(Number),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping: key, place of the key, value.
    Map(Vec<(String, Place, Node)>),
}

/// Reads one YAML document; `file` is the name that places will carry.
///
/// # Errors
/// A diagnostic with the place at which the text is not YAML (or has a duplicate key).
pub fn parse_yaml(file: &str, text: &str) -> Result<Node, Diagnostic> {
    let file: Arc<str> = Arc::from(file);
    let options = serde_yaml::options! {
        // Deeper than any contract, and not too deep for the stack of a thread.
        budget: serde_yaml::budget! { max_depth: 32, enforce_alias_anchor_ratio: false },
        strict_booleans: true,
        with_snippet: false,
    };
    read(text, options).map(|raw| raw.into_node(&file)).map_err(|error| {
        let place = error.location().map_or(Place::start(&file), |l| place(&file, l));
        Diagnostic::new("this is not valid YAML").at(&place).row("found", error.without_snippet().to_string())
    })
}

fn read(text: &str, options: Options) -> Result<Spanned<Raw>, serde_yaml::Error> {
    serde_yaml::from_str_with_options(text, options)
}

impl Node {
    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match &self.yaml {
            Yaml::Null => Value::Null,
            Yaml::Bool(bool) => Value::Bool(*bool),
            Yaml::Number(number) => Value::Number(number.clone()),
            Yaml::Text(text) => Value::String(text.clone()),
            Yaml::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Yaml::Map(entries) => Value::Object(entries.iter().map(|(k, _, v)| (k.clone(), v.to_json())).collect()),
        }
    }

    /// The value below `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.yaml {
            Yaml::Map(entries) => entries.iter().find(|(k, ..)| k == key).map(|(.., node)| node),
            _ => None,
        }
    }

    /// The entries of a mapping; nothing (`key:`) counts as an empty one.
    ///
    /// # Errors
    /// The value is something else.
    pub fn entries(&self) -> Result<&[(String, Place, Node)], Diagnostic> {
        match &self.yaml {
            Yaml::Map(entries) => Ok(entries),
            Yaml::Null => Ok(&[]),
            _ => Err(self.expected("a mapping")),
        }
    }

    /// The items of a list.
    ///
    /// # Errors
    /// The value is something else.
    pub fn items(&self) -> Result<&[Node], Diagnostic> {
        match &self.yaml {
            Yaml::List(items) => Ok(items),
            _ => Err(self.expected("a list")),
        }
    }

    /// The text of a string. A number is not one: `2.10` without quotes is the number 2.1.
    ///
    /// # Errors
    /// The value is something else.
    pub fn text(&self) -> Result<&str, Diagnostic> {
        match &self.yaml {
            Yaml::Text(text) => Ok(text),
            Yaml::Number(_) => {
                Err(self.expected("a string").row("fix", "put the number in quotes (YAML reads 2.10 as 2.1)"))
            }
            _ => Err(self.expected("a string")),
        }
    }

    /// A whole number, 0 or greater.
    ///
    /// # Errors
    /// The value is something else.
    pub fn integer(&self) -> Result<u64, Diagnostic> {
        match &self.yaml {
            Yaml::Number(number) if number.as_u64().is_some() => Ok(number.as_u64().unwrap_or_default()),
            _ => Err(self.expected("a whole number from 0")),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// The value is something else.
    pub fn boolean(&self) -> Result<bool, Diagnostic> {
        match self.yaml {
            Yaml::Bool(bool) => Ok(bool),
            _ => Err(self.expected("true or false")),
        }
    }

    /// The complaint that something else was expected here.
    pub fn expected(&self, what: &str) -> Diagnostic {
        Diagnostic::new(format!("expected {what}")).at(&self.place).row("found", self.kind())
    }

    /// What it is, in words: `the number 2.1`.
    pub fn kind(&self) -> String {
        match &self.yaml {
            Yaml::Null => "nothing".to_owned(),
            Yaml::Bool(bool) => format!("the boolean {bool}"),
            Yaml::Number(number) => format!("the number {number}"),
            Yaml::Text(text) => format!("the string {text:?}"),
            Yaml::List(_) => "a list".to_owned(),
            Yaml::Map(_) => "a mapping".to_owned(),
        }
    }

    /// The value below `key`.
    ///
    /// # Errors
    /// The key is missing, or this is not a mapping.
    pub fn required(&self, key: &str) -> Result<&Node, Diagnostic> {
        self.get(key).ok_or_else(|| Diagnostic::new(format!("the key {key:?} is missing")).at(&self.place))
    }

    /// The text below `key`, if there is one.
    ///
    /// # Errors
    /// It is not a string.
    pub fn optional(&self, key: &str) -> Result<Option<String>, Diagnostic> {
        self.get(key).map(|value| value.text().map(str::to_owned)).transpose()
    }

    /// The list of texts below `key`; empty without the key.
    ///
    /// # Errors
    /// It is not a list, or an item is invalid.
    pub fn texts(&self, key: &str) -> Result<Vec<String>, Diagnostic> {
        let Some(list) = self.get(key) else { return Ok(Vec::new()) };
        list.items()?.iter().map(|item| item.text().map(str::to_owned)).collect()
    }

    /// The meaning of a word from a closed set.
    ///
    /// # Errors
    /// It is not one of them.
    pub fn choice<T: Copy>(&self, all: &[(&str, T)]) -> Result<T, Diagnostic> {
        let word = self.text()?;
        all.iter().find(|(name, _)| *name == word).map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            self.expected(&format!("one of {}", names.join(", "))).did_you_mean(word, names.iter().copied())
        })
    }

    /// Complains of the first key that is not `known`.
    ///
    /// # Errors
    /// The key exists, or this is not a mapping.
    pub fn only(&self, known: &[&str]) -> Result<(), Diagnostic> {
        match self.entries()?.iter().find(|(key, ..)| !known.contains(&key.as_str())) {
            Some((key, place, _)) => Err(unknown_key(key, place, known)),
            None => Ok(()),
        }
    }
}

/// Refuses an empty file, such as one that was truncated or never written; `what` it should contain is in the error.
///
/// # Errors
/// It is one.
pub fn not_empty(what: &str, file: &Node) -> Result<(), Diagnostic> {
    match file.yaml {
        Yaml::Null => Err(Diagnostic::new("the file is empty").at(&file.place).row("expected", what)),
        _ => Ok(()),
    }
}

/// The complaint that a mapping has a key which means nothing here.
pub fn unknown_key(key: &str, place: &Place, known: &[&str]) -> Diagnostic {
    Diagnostic::new(format!("unknown key {key:?}"))
        .at(place)
        .row("expected", format!("one of {}", known.join(", ")))
        .did_you_mean(key, known.iter().copied())
}

enum Raw {
    Scalar(Yaml),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

trait IntoNode {
    fn into_node(self, file: &Arc<str>) -> Node;
}

impl IntoNode for Spanned<Raw> {
    fn into_node(self, file: &Arc<str>) -> Node {
        let yaml = match self.value {
            Raw::Scalar(yaml) => yaml,
            Raw::List(items) => Yaml::List(items.into_iter().map(|item| item.into_node(file)).collect()),
            Raw::Map(entries) => Yaml::Map(
                entries.into_iter().map(|(k, v)| (k.value, place(file, k.referenced), v.into_node(file))).collect(),
            ),
        };
        Node { yaml, place: place(file, self.referenced) }
    }
}

fn place(file: &Arc<str>, location: serde_yaml::Location) -> Place {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Place { file: Arc::clone(file), line: number(location.line()), column: number(location.column()) }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Null))
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, bool: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Bool(bool)))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Number(number.into())))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Number(number.into())))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Raw, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("a number must be finite"))?;
        Ok(Raw::Scalar(Yaml::Number(number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(Yaml::Text(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place_and_its_kind() {
        let node = parse_yaml("f.yaml", "a: 1\nb:\n  - 'x'\n  - 2.10\n  - yes\n  - \"\"\n  -\n").unwrap();
        let items = node.get("b").unwrap().items().unwrap();
        assert_eq!(items[0].text().unwrap(), "x");
        assert_eq!(items[0].place.to_string(), "f.yaml:3:5");
        assert!(items[1].text().unwrap_err().to_string().contains("quotes"));
        assert_eq!(items[2].text().unwrap(), "yes");
        assert_eq!(items[3].text().unwrap(), "");
        assert!(matches!(items[4].yaml, Yaml::Null));
    }

    #[test]
    fn a_broken_file_and_a_key_given_twice_are_located() {
        let text = parse_yaml("f.yaml", "a: 1\na: 2\n").unwrap_err().to_string();
        assert!(text.contains("f.yaml:2:1"), "{text}");
        assert!(parse_yaml("f.yaml", "a: [1\nb").unwrap_err().to_string().contains("f.yaml:"));
    }
}
