//! What the place of a value says of it: the contract's marks first, its name second.

use std::borrow::Cow;
use std::sync::Arc;

use super::names::{is_ordinary_below, kind_by_name};
use super::{Kind, Mark, Marks};
use crate::base::json::Value;
use crate::message::Json;

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// A value.
    Value(&'a Value),
    /// Fields that were put together.
    Object(&'a [(Arc<str>, Json)]),
    /// A list that was put together.
    Array(&'a [Json]),
}

impl Node<'_> {
    pub(super) fn is_object(self) -> bool {
        matches!(self, Node::Value(Value::Object(_)) | Node::Object(_))
    }

    fn is_list(self) -> bool {
        matches!(self, Node::Value(Value::Array(_)) | Node::Array(_))
    }

    fn says_nothing(self) -> bool {
        matches!(self, Node::Value(Value::Null | Value::Bool(_)))
    }

    /// The secret that it is as a whole.
    pub(super) fn secret(&self) -> Cow<'_, str> {
        match self {
            Node::Value(Value::String(text)) => text.as_str().into(),
            Node::Value(other) => other.to_string().into(),
            Node::Object(_) | Node::Array(_) => "".into(),
        }
    }
}

impl<'a> From<&'a Value> for Node<'a> {
    fn from(value: &'a Value) -> Node<'a> {
        Node::Value(value)
    }
}

impl<'a> From<&'a Json> for Node<'a> {
    fn from(json: &'a Json) -> Node<'a> {
        match json {
            Json::Value(value) => Node::Value(value),
            Json::Object(fields) => Node::Object(fields),
            Json::Array(items) => Node::Array(items),
        }
    }
}

/// The name that tells of the value below `key` of `map`: in a step of a JSON patch, `{"op": "add", "path": "/name", "value": …}`, it is the
/// last of its path.
pub fn telling_name<'a>(map: &'a crate::base::json::Map, key: &'a str) -> &'a str {
    let path = || ["path", "add", "replace"].iter().find_map(|verb| map.get(verb)?.as_str()?.strip_prefix('/'));
    let name = Some(key).filter(|key| *key == "value").and_then(|_| path()?.rsplit('/').next());
    name.unwrap_or(key)
}

/// What the place of a value says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The top of a body.
    Top,
    /// A place that the contract knows, and that holds no secret.
    Known,
    /// A place that nobody knows.
    Unknown,
    /// It is a secret as a whole.
    Secret(Kind),
    /// Below something that looks like a secret, or in its stead: what is not known to be ordinary is one.
    Below(Kind),
}

impl Place {
    /// Is what looks random here taken for a secret?
    pub fn is_open(self) -> bool {
        !matches!(self, Place::Known)
    }

    /// The place of the body of a request. Where an object with a secret is wanted, anything else is what a client took for it.
    pub fn of_body(marks: &Marks, body: &Value) -> Place {
        match body {
            Value::Object(_) => Place::Top,
            _ if marks.holds_secrets => Place::Below(Kind::Secret).item(body.into()),
            _ => Place::Top,
        }
    }

    /// The place of `name`, which stands in the field `parent`.
    pub fn field(self, marks: &Marks, parent: &str, name: &str, node: Node<'_>) -> Place {
        let mark = marks.get(parent, name);
        let by_name = kind_by_name(name);
        let kind = by_name.unwrap_or(Kind::Secret);
        let is_inner = node.is_object() || node.is_list();
        let in_token = name == "id" && (parent == "token" || parent == "access_token");
        match mark {
            _ if node.says_nothing() => Place::Known,
            Some(Mark::Secret) => Place::Secret(kind),
            _ if in_token && !is_inner => Place::Secret(Kind::Token),
            _ if by_name.is_some() && !is_inner => Place::Secret(kind),
            Some(Mark::Around) if !is_inner => Place::Secret(kind),
            Some(Mark::Around) if node.is_list() => Place::Below(kind),
            _ if by_name.is_some() => Place::Below(kind),
            Some(_) => Place::Known,
            None => match self {
                Place::Below(kind) if !is_ordinary_below(name) && !is_inner => Place::Secret(kind),
                Place::Below(kind) if !is_ordinary_below(name) => Place::Below(kind),
                _ => Place::Unknown,
            },
        }
    }

    /// The place of an item of the list that stands here.
    pub fn item(self, node: Node<'_>) -> Place {
        match self {
            Place::Below(kind) if !node.is_object() && !node.is_list() && !node.says_nothing() => Place::Secret(kind),
            other => other,
        }
    }
}
