//! Replacements for secrets when a request is judged again: a recording has only placeholders.

use std::borrow::Cow;

use crate::base::json::Value;
use crate::base::with_texts;
use crate::contract::{Code, Part, Violation};
use crate::message::Kind;

/// Longer than any contract takes: Nova takes 65,535 bytes of user data.
const LONG: usize = 1 << 17;

/// A value of `kind` that any contract takes.
fn value_of(kind: Kind) -> &'static str {
    match kind {
        // Base64, as its fields ask for.
        Kind::UserData => "dXNlciBkYXRh",
        other => other.name(),
    }
}

/// `body` with a value of its kind for each placeholder on its own: `[user data 1]` is not base64. What was `said` to be wrong
/// with the secret itself when it was there is wrong with the value, too.
pub fn with_stand_ins<'b>(body: &'b Value, said: &[Violation]) -> Cow<'b, Value> {
    if !has_placeholder(body) {
        return Cow::Borrowed(body);
    }
    let mut with = with_texts(body, &mut |text| stand_in(text).unwrap_or(text).to_owned());
    for violation in said.iter().filter(|violation| violation.part == Part::Body) {
        let place = violation.pointer.to_string();
        let placeholder =
            body.pointer(&place).filter(|value| value.as_str().is_some_and(|text| stand_in(text).is_some()));
        if let (Some(placeholder), Some(value)) = (placeholder, with.pointer_mut(&place)) {
            match violation.code {
                Code::Type => *value = 0.into(),
                Code::Length => *value = "A".repeat(LONG).into(),
                Code::Format | Code::Pattern => *value = placeholder.clone(),
                _ => {}
            }
        }
    }
    Cow::Owned(with)
}

fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => stand_in(text).is_some(),
        Value::Array(items) => items.iter().any(has_placeholder),
        Value::Object(map) => map.values().any(has_placeholder),
        _ => false,
    }
}

/// What stands for the placeholder that `text` is.
fn stand_in(text: &str) -> Option<&'static str> {
    Kind::of_placeholder(text).map(|(kind, _)| value_of(kind))
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    #[test]
    fn placeholders_become_values_that_contracts_take() {
        let body = json!({"server": {"user_data": "[user data 1]", "name": "[x 1]", "adminPass": "[password 12]"}});
        let expected = json!({"server": {"user_data": "dXNlciBkYXRh", "name": "[x 1]", "adminPass": "password"}});
        assert_eq!(*with_stand_ins(&body, &[]), expected);
        assert!(matches!(with_stand_ins(&expected, &[]), Cow::Borrowed(_)));
    }
    #[test]
    fn what_was_wrong_with_a_secret_is_wrong_again() {
        let body = json!({"server": {"user_data": "[user data 1]", "name": "x"}});
        let said = |code, at: &str| {
            let plain = Violation::plain(code, Part::Body, "", "", "");
            vec![Violation { pointer: crate::base::Pointer::parse(at), ..plain }]
        };
        let value = |code, at| with_stand_ins(&body, &said(code, at)).pointer(at).cloned().unwrap();
        assert_eq!(value(Code::Type, "/server/user_data"), 0);
        assert_eq!(value(Code::Format, "/server/user_data"), "[user data 1]");
        assert_eq!(value(Code::NotYet, "/server/user_data"), "dXNlciBkYXRh");
        assert_eq!(value(Code::Type, "/server/name"), "x");
    }
}
