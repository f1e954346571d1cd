//! What stands for secrets when a request is judged again: a recording has only placeholders of them.

use std::borrow::Cow;

use serde_json::Value;

use crate::base::with_texts;
use crate::message::Kind;

/// Every kind, and a value of it that any contract takes.
const STAND_INS: [(Kind, &str); 6] = [
    (Kind::Token, "token"),
    (Kind::Password, "password"),
    (Kind::Key, "key"),
    (Kind::Credential, "credential"),
    // Base64, as its fields ask for.
    (Kind::UserData, "dXNlciBkYXRh"),
    (Kind::Secret, "secret"),
];

/// `body` with a value of its kind for each placeholder that stands alone: `[user data 1]` is no base64.
pub fn with_stand_ins(body: &Value) -> Cow<'_, Value> {
    if has_placeholder(body) {
        Cow::Owned(with_texts(body, &mut |text| stand_in(text).unwrap_or(text).to_owned()))
    } else {
        Cow::Borrowed(body)
    }
}

fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => stand_in(text).is_some(),
        Value::Array(items) => items.iter().any(has_placeholder),
        Value::Object(map) => map.values().any(has_placeholder),
        _ => false,
    }
}

/// `[token 1]`, with any number.
fn stand_in(text: &str) -> Option<&'static str> {
    let (kind, number) = text.strip_prefix('[')?.strip_suffix(']')?.rsplit_once(' ')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    STAND_INS.iter().find(|(own, _)| is_number && own.name() == kind).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_become_values_that_contracts_take() {
        let body = json!({"server": {"user_data": "[user data 1]", "name": "[x 1]", "adminPass": "[password 12]"}});
        let expected = json!({"server": {"user_data": "dXNlciBkYXRh", "name": "[x 1]", "adminPass": "password"}});
        assert_eq!(*with_stand_ins(&body), expected);
        assert!(matches!(with_stand_ins(&expected), Cow::Borrowed(_)));
    }
}
