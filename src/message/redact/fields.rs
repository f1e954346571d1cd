//! What the place of a value says about it: first the contract's marks, then the name.

use super::marks::Told;
use super::names::is_ordinary_below;
use super::{Kind, Mark, Marks};
use crate::base::json::Value;

/// The name that describes the value below `key` of `map`: in a step of a JSON patch, `{"op": "add", "path": "/name", "value": …}`, it is the
/// last of its path.
fn telling_name<'a>(map: &'a crate::base::json::Map, key: &'a str) -> &'a str {
    let path = || ["path", "add", "replace"].iter().find_map(|verb| map.get(verb)?.as_str()?.strip_prefix('/'));
    let name = Some(key).filter(|key| *key == "value").and_then(|_| path()?.rsplit('/').next());
    name.unwrap_or(key)
}

/// What is known of `key` of `map`, which is the field `parent`; then the name that describes its value, and what is known of that.
pub fn named<'a>(marks: &Marks, parent: &str, map: &'a crate::base::json::Map, key: &'a str) -> (Told, &'a str, Told) {
    let (told, name) = (marks.told(parent, key), telling_name(map, key));
    (told, name, if name == key { told } else { marks.told(parent, name) })
}

/// What the place of a value says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The top of a body.
    Top,
    /// A place that the contract knows, and that holds no secret.
    Known,
    /// An unknown place.
    Unknown,
    /// The whole value is a secret.
    Secret(Kind),
    /// Below something that looks like a secret, or in its place: what is not known to be ordinary is a secret.
    Below(Kind),
}

impl Place {
    /// Is a random-looking value here taken for a secret?
    pub fn is_open(self) -> bool {
        !matches!(self, Place::Known)
    }

    /// The place of the body of a request. Where an object with a secret is wanted, anything else is what a client took for it.
    pub fn of_body(marks: &Marks, body: &Value) -> Place {
        match body {
            Value::Object(_) => Place::Top,
            _ if marks.holds_secrets => Place::Below(Kind::Secret).item(body),
            _ => Place::Top,
        }
    }

    /// The place of `name` in the field `parent`, of which that is `told`.
    pub fn field(self, Told { mark, by_name }: Told, parent: &str, name: &str, value: &Value) -> Place {
        let kind = by_name.unwrap_or(Kind::Secret);
        let is_inner = value.is_object() || value.is_array();
        let in_token = name == "id" && (parent == "token" || parent == "access_token");
        match mark {
            _ if says_nothing(value) => Place::Known,
            Some(Mark::Secret) => Place::Secret(kind),
            _ if in_token && !is_inner => Place::Secret(Kind::Token),
            _ if by_name.is_some() && !is_inner => Place::Secret(kind),
            Some(Mark::Around) if !is_inner => Place::Secret(kind),
            Some(Mark::Around) if value.is_array() => Place::Below(kind),
            _ if by_name.is_some() => Place::Below(kind),
            Some(_) => Place::Known,
            None => match self {
                Place::Below(kind) if !is_ordinary_below(name) && !is_inner => Place::Secret(kind),
                Place::Below(kind) if !is_ordinary_below(name) => Place::Below(kind),
                _ => Place::Unknown,
            },
        }
    }

    /// The place of an item of this list.
    pub fn item(self, value: &Value) -> Place {
        match self {
            Place::Below(kind) if !value.is_object() && !value.is_array() && !says_nothing(value) => {
                Place::Secret(kind)
            }
            other => other,
        }
    }
}

fn says_nothing(value: &Value) -> bool {
    value.is_null() || value.is_boolean()
}
