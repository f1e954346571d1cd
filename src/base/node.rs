//! YAML as a tree in which every value knows its line and column, so that every complaint can name them.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::json::{Number, Value};
use super::packed::{Unpacked, pack_number, pack_part, pack_place};
use super::{Diagnostic, Place};

/// A YAML value and its place in the file.
#[derive(Clone)]
pub struct Node {
    /// Its first character.
    pub place: Place,
    content: Content,
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
    Text(Text),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<Entry>),
}

/// A string, or the key of a mapping: what is embedded in mockstack is not copied.
pub type Text = Cow<'static, str>;

/// An entry of a mapping: its key, the place of the key, and the value.
pub type Entry = (Text, Place, Node);

#[derive(Clone)]
enum Content {
    Read(Yaml),
    /// What is embedded is read a level at a time, when it is first looked at: most of it never is.
    Packed(&'static [u8], OnceLock<Yaml>),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("place", &self.place).field("yaml", self.yaml()).finish()
    }
}

impl Node {
    /// The value `yaml` at `place`.
    pub fn new(yaml: Yaml, place: Place) -> Node {
        Node { place, content: Content::Read(yaml) }
    }

    /// The value.
    pub fn yaml(&self) -> &Yaml {
        match &self.content {
            Content::Read(yaml) => yaml,
            Content::Packed(bytes, yaml) => {
                // Damaged bytes are those of a damaged program; a test reads all that is embedded.
                yaml.get_or_init(|| unpacked(Unpacked { bytes }, &self.place.file).unwrap_or(Yaml::Null))
            }
        }
    }

    /// The value that [`Node::pack`] wrote, from the front of `packed`; of `file`.
    pub fn unpack(packed: &mut Unpacked, file: &Arc<str>) -> Option<Node> {
        let place = packed.place(file)?;
        Some(Node { place, content: Content::Packed(packed.part()?, OnceLock::new()) })
    }

    /// Appends the value: its place, and as one part a byte for its kind and what it holds.
    pub fn pack(&self, out: &mut Vec<u8>) {
        let mut own = Vec::new();
        match self.yaml() {
            Yaml::Null => own.push(NULL),
            Yaml::Bool(bool) => own.push(if *bool { TRUE } else { FALSE }),
            Yaml::Number(number) => {
                own.push(NUMBER);
                pack_part(&mut own, number.to_string().as_bytes());
            }
            Yaml::Text(text) => {
                own.push(TEXT);
                pack_part(&mut own, text.as_bytes());
            }
            Yaml::List(items) => {
                own.push(LIST);
                pack_number(&mut own, items.len());
                items.iter().for_each(|item| item.pack(&mut own));
            }
            Yaml::Map(entries) => {
                own.push(MAP);
                pack_number(&mut own, entries.len());
                for (key, place, value) in entries {
                    pack_part(&mut own, key.as_bytes());
                    pack_place(&mut own, place);
                    value.pack(&mut own);
                }
            }
        }
        pack_place(out, &self.place);
        pack_part(out, &own);
    }

    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match self.yaml() {
            Yaml::Null => Value::Null,
            Yaml::Bool(bool) => Value::Bool(*bool),
            Yaml::Number(number) => Value::Number(number.clone()),
            Yaml::Text(text) => Value::String(text.to_string()),
            Yaml::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Yaml::Map(entries) => Value::Object(entries.iter().map(|(k, _, v)| (k.to_string(), v.to_json())).collect()),
        }
    }

    /// The value below `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self.yaml() {
            Yaml::Map(entries) => entries.iter().find(|(k, ..)| k == key).map(|(.., node)| node),
            _ => None,
        }
    }

    /// The entries of a mapping; nothing (`key:`) counts as an empty one.
    ///
    /// # Errors
    /// The value is something else.
    pub fn entries(&self) -> Result<&[Entry], Diagnostic> {
        match self.yaml() {
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
        match self.yaml() {
            Yaml::List(items) => Ok(items),
            _ => Err(self.expected("a list")),
        }
    }

    /// The text of a string. A number is not one: `2.10` without quotes is the number 2.1.
    ///
    /// # Errors
    /// The value is something else.
    pub fn text(&self) -> Result<&str, Diagnostic> {
        match self.yaml() {
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
        match self.yaml() {
            Yaml::Number(number) if number.as_u64().is_some() => Ok(number.as_u64().unwrap_or_default()),
            _ => Err(self.expected("a whole number from 0")),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// The value is something else.
    pub fn boolean(&self) -> Result<bool, Diagnostic> {
        match self.yaml() {
            Yaml::Bool(bool) => Ok(*bool),
            _ => Err(self.expected("true or false")),
        }
    }

    /// The complaint that something else was expected here.
    pub fn expected(&self, what: &str) -> Diagnostic {
        Diagnostic::new(format!("expected {what}")).at(&self.place).row("found", self.kind())
    }

    /// What it is, in words: `the number 2.1`.
    pub fn kind(&self) -> String {
        match self.yaml() {
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

    /// The text below `key`.
    ///
    /// # Errors
    /// The key is missing, or its value is not a string.
    pub fn required_text(&self, key: &str) -> Result<String, Diagnostic> {
        Ok(self.required(key)?.text()?.to_owned())
    }

    /// The items of a list; anything else is the only one.
    pub fn one_or_more(&self) -> &[Node] {
        match self.yaml() {
            Yaml::List(items) => items,
            _ => std::slice::from_ref(self),
        }
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
        self.get(key).map_or(Ok(Vec::new()), Node::all_texts)
    }

    /// The texts of a list.
    ///
    /// # Errors
    /// It is not a list, or an item is not a string.
    pub fn all_texts(&self) -> Result<Vec<String>, Diagnostic> {
        self.items()?.iter().map(|item| item.text().map(str::to_owned)).collect()
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
        match self.entries()?.iter().find(|(key, ..)| !known.contains(&key.as_ref())) {
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
    match file.yaml() {
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

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const NUMBER: u8 = 3;
const TEXT: u8 = 4;
const LIST: u8 = 5;
const MAP: u8 = 6;

/// One level of a value.
fn unpacked(mut own: Unpacked, file: &Arc<str>) -> Option<Yaml> {
    Some(match own.byte()? {
        NULL => Yaml::Null,
        FALSE => Yaml::Bool(false),
        TRUE => Yaml::Bool(true),
        NUMBER => Yaml::Number(own.text()?.parse().ok()?),
        TEXT => Yaml::Text(own.text()?.into()),
        LIST => {
            let count = own.number()?;
            Yaml::List((0..count).map(|_| Node::unpack(&mut own, file)).collect::<Option<_>>()?)
        }
        MAP => {
            let count = own.number()?;
            let mut entry = || Some((own.text()?.into(), own.place(file)?, Node::unpack(&mut own, file)?));
            Yaml::Map((0..count).map(|_| entry()).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}
