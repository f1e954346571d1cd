//! A place in a JSON document.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::json::Value;

/// One step into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A key of an object.
    Key(String),
    /// An index of an array, from 0.
    Index(usize),
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Key(key) => f.write_str(key),
            Segment::Index(index) => index.fmt(f),
        }
    }
}

/// The way from the top of a JSON document to a value in it; shown as an RFC 6901 JSON pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pointer(pub Vec<Segment>);

impl FromStr for Pointer {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Pointer, Infallible> {
        Ok(Pointer::parse(text))
    }
}

impl Pointer {
    /// Reads an RFC 6901 JSON pointer; digits alone are an index.
    pub fn parse(text: &str) -> Pointer {
        let segment = |part: &str| match part.parse() {
            Ok(index) => Segment::Index(index),
            Err(_) => Segment::Key(part.replace("~1", "/").replace("~0", "~")),
        };
        Pointer(text.split('/').skip(1).map(segment).collect())
    }

    /// This pointer with another key appended.
    pub fn key(&self, key: &str) -> Pointer {
        let mut segments = self.0.clone();
        segments.push(Segment::Key(key.to_owned()));
        Pointer(segments)
    }

    /// This pointer with an index appended.
    pub fn index(&self, index: usize) -> Pointer {
        let mut segments = self.0.clone();
        segments.push(Segment::Index(index));
        Pointer(segments)
    }

    /// The last step as Nova prints it in "field/attribute …"; `None` at the top.
    pub fn last(&self) -> Option<String> {
        self.0.last().map(Segment::to_string)
    }

    /// The first step, which of a query is the parameter; `None` at the top.
    pub fn first(&self) -> Option<String> {
        self.0.first().map(Segment::to_string)
    }

    /// The value at this place of `document`.
    pub fn find<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(document, |value, segment| match segment {
            Segment::Key(key) => value.get(key),
            Segment::Index(index) => value.get(index),
        })
    }

    /// `document` without the value at this place.
    pub fn remove(&self, document: &mut Value) -> Option<Value> {
        let (last, parents) = self.0.split_last()?;
        let parent = parents.iter().try_fold(document, |value, segment| match segment {
            Segment::Key(key) => value.get_mut(key),
            Segment::Index(index) => value.get_mut(*index),
        })?;
        match (last, parent) {
            (Segment::Key(key), Value::Object(map)) => map.remove(key),
            (Segment::Index(index), Value::Array(items)) if *index < items.len() => Some(items.remove(*index)),
            _ => None,
        }
    }

    /// The steps as JSON: keys are strings, indexes are numbers.
    pub fn to_json(&self) -> Value {
        let step = |segment: &Segment| match segment {
            Segment::Key(key) => Value::from(key.as_str()),
            Segment::Index(index) => Value::from(*index),
        };
        Value::Array(self.0.iter().map(step).collect())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|segment| match segment {
            Segment::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Index(index) => write!(f, "/{index}"),
        })
    }
}

/// A pointer that is being walked: it lives on the stack and costs nothing until an error needs it.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The top of the document.
    Top,
    /// A key below another place.
    Key(&'a Path<'a>, &'a str),
    /// An index below another place.
    Index(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// The place as a value of its own.
    pub fn to_pointer(&self) -> Pointer {
        let mut segments = Vec::new();
        let mut here = self;
        loop {
            here = match here {
                Path::Top => break,
                Path::Key(parent, key) => {
                    segments.push(Segment::Key((*key).to_owned()));
                    parent
                }
                Path::Index(parent, index) => {
                    segments.push(Segment::Index(*index));
                    parent
                }
            };
        }
        segments.reverse();
        Pointer(segments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;

    #[test]
    fn a_walked_path_becomes_an_rfc_6901_pointer() {
        let (top, index) = (Path::Top, 3);
        let networks = Path::Key(&top, "a/b~c");
        assert_eq!(Path::Index(&networks, index).to_pointer().to_string(), "/a~1b~0c/3");
    }

    #[test]
    fn what_is_removed_is_gone_and_the_rest_keeps_its_order() {
        let mut document = json!({"server": {"name": "x", "tags": ["a"], "min_count": 1}});
        let tags = Pointer::default().key("server").key("tags");
        assert_eq!(tags.remove(&mut document), Some(json!(["a"])));
        assert_eq!(document.to_string(), r#"{"server":{"name":"x","min_count":1}}"#);
        assert_eq!(tags.remove(&mut document), None);
    }
}
