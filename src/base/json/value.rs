//! The value itself, and the object, which consists of values.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use super::{Name, Number};

/// A JSON value.
///
/// ```
/// use mockstack::base::json::{Value, json};
/// let body: Value = r#"{"server": {"name": "vm", "min_count": 100000000000000000000}}"#.parse().unwrap();
/// assert_eq!(body["server"]["name"], "vm");
/// assert_eq!(body.pointer("/server/min_count").unwrap().to_string(), "100000000000000000000");
/// assert_eq!(body["server"].get("max_count"), None);
/// assert_eq!(json!({"server": {"name": "vm"}}).to_string(), r#"{"server":{"name":"vm"}}"#);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Map),
}

/// An object: fields in the order in which they came. A copy shares them with the original until one of the two is changed, and
/// one may stand over another (see [`Map::over`]).
#[derive(Clone, Default)]
pub struct Map(pub(super) Option<Arc<Fields>>);

/// The fields of an object, no two of the same name.
#[derive(Clone, Default)]
pub(super) struct Fields {
    pub entries: Vec<(Name, Value)>,
    /// The index of each, built at the first lookup if there are many.
    pub places: OnceLock<Box<HashMap<Name, usize>>>,
    /// The object that it stands over: its fields count where there is none of their name.
    pub base: Map,
}
