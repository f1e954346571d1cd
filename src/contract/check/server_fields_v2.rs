//! How Nova's APIs v2 and v3 check the fields of a server, one by one (nova/api/openstack/compute of 2014.1).

use std::sync::OnceLock;

use regex::Regex;

use crate::base::json::Value;
use crate::base::{Pointer, Segment, truth};
use crate::contract::finding::{Code, Rejection};
use crate::contract::schema::Format;

/// The field of the server.
pub fn field<'b>(body: &'b Value, key: &str) -> Option<&'b Value> {
    body.get("server")?.get(key)
}

/// The place of a field of the server.
pub fn at(key: &str) -> Pointer {
    Pointer::default().key("server").key(key)
}

/// A 400 for a field of the server.
pub fn refuse(code: Code, key: &str, message: &str) -> Result<(), Rejection> {
    Err(Rejection::bad_request(code, at(key), message))
}

/// The items of a list; empty if it is not one.
pub fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text<'b>(body: &'b Value, key: &str) -> Option<&'b str> {
    field(body, key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A name: blanks at its ends do not count.
pub fn name(given: Option<&Value>) -> Result<(), Rejection> {
    match given {
        None => Ok(()),
        Some(Value::String(name)) if name.trim().is_empty() => {
            refuse(Code::Length, "name", "Server name has a minimum character requirement of 1.")
        }
        Some(Value::String(name)) if name.trim().chars().count() > 255 => {
            refuse(Code::Length, "name", "Server name has more than 255 characters.")
        }
        Some(Value::String(_)) => Ok(()),
        Some(_) => refuse(Code::Type, "name", "Server name is not a string or unicode"),
    }
}

/// A password is a text.
pub fn admin_password(body: &Value, key: &str) -> Result<(), Rejection> {
    match field(body, key) {
        None | Some(Value::String(_)) => Ok(()),
        Some(_) => refuse(Code::Type, key, &format!("Invalid {key}")),
    }
}

/// `AUTO` or `MANUAL`.
pub fn disk_config(body: &Value) -> Result<(), Rejection> {
    const KEY: &str = "OS-DCF:diskConfig";
    match field(body, KEY).is_none_or(|value| value == "AUTO" || value == "MANUAL") {
        true => Ok(()),
        false => refuse(Code::Choice, KEY, "OS-DCF:diskConfig must be either 'MANUAL' or 'AUTO'."),
    }
}

/// Scheduler hints are next to the server, under either alias.
pub fn hints(body: &Value, key: &str) -> Result<(), Rejection> {
    for alias in ["os", "OS-SCH-HNT"] {
        let own = format!("{alias}:{key}");
        if body.get(&own).is_some_and(|hints| !hints.is_object()) {
            let at = Pointer::default().key(&own);
            return Err(Rejection::bad_request(Code::Type, at, format!("Malformed {key} attribute")));
        }
    }
    Ok(())
}

/// An address of the format.
pub fn address(body: &Value, key: &str, format: Format, message: &str) -> Result<(), Rejection> {
    match field(body, key).is_none_or(|value| value.is_null() || value.as_str().is_some_and(|text| format.holds(text)))
    {
        true => Ok(()),
        false => refuse(Code::Format, key, message),
    }
}

/// Files to put in: each has a path and contents in base64.
pub fn files(body: &Value) -> Result<(), Rejection> {
    for (place, file) in items(field(body, "personality")).enumerate() {
        let mut here = at("personality");
        here.0.push(Segment::Index(place));
        if !file.is_object() {
            return Err(Rejection::bad_request(Code::Type, here, "Bad personality format"));
        }
        for key in ["path", "contents"] {
            if file.get(key).is_none() {
                let message = format!("Bad personality format: missing '{key}'");
                return Err(Rejection::bad_request(Code::Missing, here, message));
            }
        }
        if !file["contents"].as_str().is_some_and(is_strict_base64) {
            let path = file.text("path");
            let message = format!("Personality content for {path} cannot be decoded");
            return Err(Rejection::bad_request(Code::Format, here.key("contents"), message));
        }
    }
    Ok(())
}

/// Base64, which may be broken into lines.
pub fn user_data(body: &Value, key: &str) -> Result<(), Rejection> {
    match text(body, key).is_none_or(is_strict_base64) {
        true => Ok(()),
        false => refuse(Code::Format, key, "Userdata content cannot be decoded"),
    }
}

/// Today's Nova decodes leniently, that of Icehouse's time did not.
fn is_strict_base64(text: &str) -> bool {
    static GROUPS: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$";
    let bare: String = text.split_whitespace().collect();
    GROUPS.get_or_init(|| Regex::new(pattern).ok()).as_ref().is_some_and(|groups| groups.is_match(&bare))
}

/// A truth value in any spelling.
pub fn config_drive(body: &Value, key: &str) -> Result<(), Rejection> {
    let is_truth = |value: &Value| match value {
        Value::String(text) => text.is_empty() || truth(text.trim()).is_some(),
        Value::Number(number) => ["0", "1"].contains(&number.to_string().as_str()),
        other => other.is_boolean() || other.is_null(),
    };
    match field(body, key).is_none_or(is_truth) {
        true => Ok(()),
        false => refuse(Code::Choice, key, "Invalid config_drive provided."),
    }
}

/// Keys and values of at most 255 characters; longer ones are a 413.
pub fn metadata(given: Option<&Value>) -> Result<(), Rejection> {
    let Some(given) = given.filter(|given| !given.is_null()) else { return Ok(()) };
    let Some(entries) = given.as_object() else {
        return refuse(Code::Type, "metadata", "Unable to parse metadata key/value pairs.");
    };
    for (key, value) in entries {
        let is_long = |text: &str| text.chars().count() > 255;
        let too_long = |what: &str| Rejection {
            status: 413,
            ..Rejection::bad_request(
                Code::Length,
                at("metadata").key(key),
                format!("Invalid metadata size: Metadata property {what} greater than 255 characters"),
            )
        };
        if key.is_empty() {
            return refuse(Code::Length, "metadata", "Invalid metadata: Metadata property key blank");
        }
        if is_long(key) {
            return Err(too_long("key"));
        }
        if value.as_str().is_some_and(is_long) {
            return Err(too_long("value"));
        }
    }
    Ok(())
}
