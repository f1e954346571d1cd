//! The body of an action, under today's names or those of Icehouse's API v3.

use crate::base::json::{Map, Value};
use crate::cloud::store::Fault;

/// The value of the body's only key.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a>(Option<&'a Map>);

/// Fields and what the API v3 called them.
const CLASSIC: [(&str, &str); 5] = [
    ("adminPass", "admin_password"),
    ("imageRef", "image_ref"),
    ("flavorRef", "flavor_ref"),
    ("rescue_image_ref", "rescue_image_ref"),
    ("onSharedStorage", "on_shared_storage"),
];

impl<'a> Payload<'a> {
    /// Of an action's body.
    pub fn of(body: &'a Value) -> Payload<'a> {
        Payload(body.as_object().and_then(|body| body.values().next()).and_then(Value::as_object))
    }

    /// A field that is present, even if it is null.
    pub fn get(self, field: &str) -> Option<&'a Value> {
        let classic = || CLASSIC.iter().find(|(today, _)| *today == field).map(|(_, classic)| *classic);
        let map = self.0?;
        map.get(field).or_else(|| map.get(classic()?))
    }

    /// All fields, under the names that they have in the body.
    pub fn fields(self) -> Option<&'a Map> {
        self.0
    }

    /// A field that is text.
    pub fn text(self, field: &str) -> Option<&'a str> {
        self.get(field).and_then(Value::as_str)
    }

    /// A text that must be there.
    pub fn required(self, field: &str) -> Result<&'a str, Fault> {
        self.text(field).ok_or_else(|| Fault::missing(field))
    }

    /// A field that is text or a number, as text.
    pub fn word(self, field: &str) -> String {
        match self.get(field) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }
}
