//! A JSON-like value as it stands in a file: each part with its place, and with holes where only a running program knows the value.

use std::ops::Range;

use crate::base::json::{Map, Value};
use crate::base::{Pointer, Segment};

/// Stands in a text for what a program puts there: `%s`, `${name}`. Unicode has it for that.
pub const HOLE: char = '\u{fffc}';

/// A value and its place, as bytes of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// What it is.
    pub kind: Kind,
    /// From its first byte to the one after its last.
    pub span: Range<usize>,
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// An expression.
    Unknown,
    /// Null, a boolean or a number.
    Scalar(Value),
    /// A text, which may have holes; the place in the file of each of its bytes.
    Text(String, Places),
    /// A list; an open one may have more items.
    List {
        /// Its items.
        items: Vec<Literal>,
        /// May there be more?
        is_open: bool,
    },
    /// An object; an open one may have more fields.
    Map {
        /// Its fields.
        entries: Vec<Entry>,
        /// May there be more?
        is_open: bool,
    },
}

/// Where the bytes of a text are in the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Places {
    /// One after the other from here.
    From(usize),
    /// Each at its own place.
    Each(Vec<u32>),
    /// All at this place: its reader does not say more.
    At(usize),
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// Where the name is.
    pub key_span: Range<usize>,
    /// Its value.
    pub value: Literal,
}

/// What is not known of a document.
#[derive(Clone, Debug, Default)]
pub struct Doubts {
    unknown: Vec<Pointer>,
    open: Vec<Pointer>,
}

impl Places {
    /// The place of the byte `at`.
    pub fn of(&self, at: usize) -> usize {
        match self {
            Places::From(start) => start + at,
            Places::Each(all) => all.get(at).or(all.last()).map_or(0, |place| *place as usize),
            Places::At(place) => *place,
        }
    }
}

impl Literal {
    /// The fields, if it is an object.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<&Literal> {
        self.entries().iter().rev().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The text, if it is one without holes.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text, _) if !text.contains(HOLE) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON, with null in the place of what is not known, and what that is.
    pub fn to_value(&self) -> (Value, Doubts) {
        let mut doubts = Doubts::default();
        let value = self.value_at(&Pointer::default(), &mut doubts);
        (value, doubts)
    }

    fn value_at(&self, at: &Pointer, doubts: &mut Doubts) -> Value {
        let unknown = |doubts: &mut Doubts| {
            doubts.unknown.push(at.clone());
            Value::Null
        };
        match &self.kind {
            Kind::Unknown => unknown(doubts),
            Kind::Text(text, _) if is_filled_in_later(text) => unknown(doubts),
            Kind::Text(text, _) => Value::from(text.as_str()),
            Kind::Scalar(value) => value.clone(),
            Kind::List { items, is_open } => {
                doubts.note_open(*is_open, at);
                let item = |(index, item): (usize, &Literal)| item.value_at(&at.index(index), doubts);
                Value::Array(items.iter().enumerate().map(item).collect())
            }
            Kind::Map { entries, is_open } => {
                doubts.note_open(*is_open, at);
                let field = |entry: &Entry| (entry.key.clone(), entry.value.value_at(&at.key(&entry.key), doubts));
                Value::Object(entries.iter().map(field).collect::<Map>())
            }
        }
    }

    /// The place of what `pointer` leads to: of a field its name, of what is not there the value that lacks it.
    pub fn place_of(&self, pointer: &Pointer) -> Range<usize> {
        let (mut here, mut span) = (self, self.span.start..self.span.start + 1);
        for segment in &pointer.0 {
            let next = match (segment, &here.kind) {
                (Segment::Key(key), _) => {
                    let entry = here.entries().iter().rev().find(|entry| entry.key == *key);
                    entry.map(|entry| (entry.key_span.clone(), &entry.value))
                }
                (Segment::Index(index), Kind::List { items, .. }) => {
                    items.get(*index).map(|item| (item.span.start..item.span.start + 1, item))
                }
                _ => None,
            };
            let Some((place, value)) = next else { break };
            (span, here) = (place, value);
        }
        span
    }

    /// The whole field that `pointer` leads to, name and value.
    pub fn field_at(&self, pointer: &Pointer) -> Option<Range<usize>> {
        let (last, parents) = pointer.0.split_last()?;
        let parent = parents.iter().try_fold(self, |here, segment| match (segment, &here.kind) {
            (Segment::Key(key), _) => here.get(key),
            (Segment::Index(index), Kind::List { items, .. }) => items.get(*index),
            _ => None,
        })?;
        let Segment::Key(key) = last else { return None };
        let entry = parent.entries().iter().rev().find(|entry| entry.key == *key)?;
        Some(entry.key_span.start..entry.value.span.end)
    }
}

/// Does a text have a hole, or is it one that tools fill in, such as `@name@`, `{{name}}` or `<name>`?
fn is_filled_in_later(text: &str) -> bool {
    let framed = |open: &str, close: &str| text.len() > 2 && text.starts_with(open) && text.ends_with(close);
    text.contains(HOLE)
        || text.contains("{{")
        || text.contains("${")
        || framed("<", ">")
        || framed("@", "@")
        || framed("%(", ")s")
        || framed("{", "}")
        || text.starts_with('$')
}

impl Doubts {
    fn note_open(&mut self, is_open: bool, at: &Pointer) {
        if is_open {
            self.open.push(at.clone());
        }
    }

    /// Is everything known?
    pub fn is_empty(&self) -> bool {
        self.unknown.is_empty() && self.open.is_empty()
    }

    /// Is the value at `pointer` known to be what it is, with all that is in it?
    pub fn spare(&self, pointer: &Pointer) -> bool {
        let below = |other: &Pointer| other.0.starts_with(&pointer.0);
        !self.hide(pointer) && !self.unknown.iter().any(below) && !self.open.iter().any(below)
    }

    /// Is the value at `pointer`, or one that it is in, not known?
    pub fn hide(&self, pointer: &Pointer) -> bool {
        self.unknown.iter().any(|other| pointer.0.starts_with(&other.0))
    }

    /// May the object at `pointer` have more fields than it shows?
    pub fn is_open(&self, pointer: &Pointer) -> bool {
        self.hide(pointer) || self.open.contains(pointer)
    }
}
