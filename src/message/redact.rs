//! What never reaches a file, a log or a report.

use std::collections::HashMap;

use serde_json::Value;

use super::Headers;
use crate::base::{Pointer, python_repr, python_str};

/// What stands where a secret stood.
pub const SECRET: &str = "[redacted]";

/// Keys whose string values are secrets wherever they stand in a body (both spellings of Icehouse's v2 and v3 included).
const SECRET_KEYS: [&str; 11] = [
    "password",
    "original_password",
    "adminPass",
    "admin_password",
    "admin_pass",
    "secret",
    "private_key",
    "user_data",
    "os-user-data:user_data",
    "contents",
    "passcode",
];

/// Headers whose values are tokens.
const TOKEN_HEADERS: [&str; 4] = ["X-Auth-Token", "X-Subject-Token", "X-Service-Token", "X-Storage-Token"];

/// Headers whose values are credentials.
const SECRET_HEADERS: [&str; 5] = ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Auth-Key"];

/// `value`, which stands at `pointer`, with its secrets replaced.
pub fn without_secrets(pointer: &Pointer, value: &Value) -> Value {
    match pointer.last() {
        Some(key) => Redactor::default().entry(&key, value),
        None => Redactor::default().body(value),
    }
}

/// Is what stands below `key` a secret as a whole? Keystone keeps an object below `password`; anything else there, also of a
/// wrong type, is what a client took for a secret.
fn is_secret(key: &str, value: &Value) -> bool {
    let (says_nothing, is_section) =
        (matches!(value, Value::Null | Value::Bool(_)), key == "password" && value.is_object());
    SECRET_KEYS.contains(&key) && !says_nothing && !is_section
}

/// The secrets that stand in `body`, for [`scrub`].
pub fn secrets(body: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    collect(body, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    secret if is_secret(key, secret) => found.push(secret.clone()),
                    other => collect(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// `value` without the `secrets` that its texts quote: services repeat in their refusals what they were sent, plainly
/// after `Value: ` and in quotes elsewhere.
pub fn scrub(value: Value, secrets: &[Value]) -> Value {
    match value {
        Value::String(text) => Value::String(secrets.iter().fold(text, |text, secret| scrub_text(&text, secret))),
        Value::Array(items) => items.into_iter().map(|item| scrub(item, secrets)).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, scrub(value, secrets))).collect(),
        other => other,
    }
}

fn scrub_text(text: &str, secret: &Value) -> String {
    let repr = python_repr(secret);
    match secret {
        // A number stands in ids and links too; where it is quoted as a value, it follows a colon or starts a sentence.
        Value::Number(_) => text
            .replace(&format!(": {repr}"), &format!(": {SECRET}"))
            .replace(&format!(". {repr} "), &format!(". {SECRET} ")),
        _ => {
            let quoted = text.replace(&repr, SECRET);
            quoted.replace(&format!("Value: {}. ", python_str(secret)), &format!("Value: {SECRET}. "))
        }
    }
}

/// What stands between the parts of a URL, of which one may be a token.
const DELIMITERS: [char; 5] = ['/', '?', '&', '=', ','];

/// Replaces secrets. The same token always gets the same placeholder, so that a recording still shows who asked what.
#[derive(Debug, Default)]
pub struct Redactor {
    tokens: HashMap<String, usize>,
}

impl Redactor {
    /// The placeholder of `token`: `[token 1]` for the first one seen.
    pub fn token(&mut self, token: &str) -> String {
        let next = self.tokens.len() + 1;
        let number = *self.tokens.entry(token.to_owned()).or_insert(next);
        format!("[token {number}]")
    }

    /// The header lines without secrets.
    pub fn headers(&mut self, headers: &Headers) -> Headers {
        let among = |names: &[&str], name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        let line = |(name, value): &(String, String)| {
            let value = match name {
                name if among(&TOKEN_HEADERS, name) => self.token(value),
                name if among(&SECRET_HEADERS, name) => SECRET.to_owned(),
                _ => value.clone(),
            };
            (name.clone(), value)
        };
        Headers(headers.0.iter().map(line).collect())
    }

    /// The body without secrets. Below a key `token`, an `id` is a token.
    pub fn body(&mut self, body: &Value) -> Value {
        match body {
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), self.entry(key, value))).collect(),
            Value::Array(items) => items.iter().map(|item| self.body(item)).collect(),
            other => other.clone(),
        }
    }

    fn entry(&mut self, key: &str, value: &Value) -> Value {
        match value {
            secret if is_secret(key, secret) => Value::from(SECRET),
            Value::Object(map) if key == "token" => {
                map.iter().map(|(k, v)| (k.clone(), self.token_entry(k, v))).collect()
            }
            other => self.body(other),
        }
    }

    fn token_entry(&mut self, key: &str, value: &Value) -> Value {
        match value.as_str() {
            Some(token) if key == "id" => Value::from(self.token(token)),
            _ => self.entry(key, value),
        }
    }

    /// A path or query without the tokens seen so far (Keystone's v2.0 puts them into URLs).
    pub fn target(&self, target: &str) -> String {
        let part = |part: &str| {
            let text = part.trim_end_matches(DELIMITERS);
            match self.tokens.get(text) {
                Some(number) => format!("[token {number}]{}", &part[text.len()..]),
                None => part.to_owned(),
            }
        };
        target.split_inclusive(DELIMITERS).map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A secret of a wrong type is one all the same, and a refusal quotes it as Python prints it.
    #[test]
    fn secrets_of_a_wrong_type_do_not_survive_either() {
        let body = json!({"server": {"adminPass": 12345, "user_data": ["hunter2"], "personality": [{"contents": {"a": "hunter3"}}],
            "name": "it's", "key_name": null}, "auth": {"password": {"user": {"password": "hunter4"}}}});
        let kept = Redactor::default().body(&body).to_string();
        let refusal =
            json!({"badRequest": {"message": format!("Value: {}. 12345 is not of type 'string'", python_repr(&body))}});
        let told = scrub(refusal, &secrets(&body)).to_string();
        for secret in ["12345", "hunter"] {
            assert!(!kept.contains(secret) && !told.contains(secret), "{kept}\n{told}");
        }
        assert!(kept.contains("it's") && told.contains("it's"));
    }

    #[test]
    fn no_secret_survives_and_equal_tokens_stay_equal() {
        let mut redactor = Redactor::default();
        let headers: Headers =
            [("x-auth-token", "t1"), ("X-Subject-Token", "t2"), ("Authorization", "Basic x"), ("A", "b")]
                .into_iter()
                .collect();
        let kept = redactor.headers(&headers);
        assert_eq!(kept.get("X-Auth-Token"), Some("[token 1]"));
        assert_eq!(kept.get("X-Subject-Token"), Some("[token 2]"));
        assert_eq!(kept.get("Authorization"), Some(SECRET));
        assert_eq!(kept.get("a"), Some("b"));
        let body = json!({"auth": {"identity": {"password": {"user": {"name": "demo", "password": "p"}},
            "token": {"id": "t1"}}}, "server": {"adminPass": "x", "user_data": "eA==", "personality": [{"contents": "eA=="}]}});
        let text = redactor.body(&body).to_string();
        assert_eq!(
            text,
            json!({"auth": {"identity": {"password": {"user": {"name": "demo", "password": SECRET}},
                "token": {"id": "[token 1]"}}},
                "server": {"adminPass": SECRET, "user_data": SECRET, "personality": [{"contents": SECRET}]}})
            .to_string()
        );
        assert_eq!(redactor.target("/v2.0/tokens/t1?x"), "/v2.0/tokens/[token 1]?x");
    }
}
