//! What never reaches a file, a log or a report.

use std::collections::HashMap;

use serde_json::Value;

use super::Headers;
use crate::base::{Pointer, python_repr};

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

/// The secrets that stand in `body`, for [`scrub`].
pub fn secrets(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(body, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(secret) if SECRET_KEYS.contains(&key.as_str()) => found.push(secret.clone()),
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
pub fn scrub(value: Value, secrets: &[String]) -> Value {
    match value {
        Value::String(text) => Value::String(secrets.iter().fold(text, |text, secret| {
            let quoted = text.replace(&python_repr(&Value::from(secret.as_str())), SECRET);
            quoted.replace(&format!("Value: {secret}. "), &format!("Value: {SECRET}. "))
        })),
        Value::Array(items) => items.into_iter().map(|item| scrub(item, secrets)).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, scrub(value, secrets))).collect(),
        other => other,
    }
}

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
            Value::String(_) | Value::Number(_) if SECRET_KEYS.contains(&key) => Value::from(SECRET),
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
        let known = self.tokens.iter().filter(|(token, _)| !token.is_empty());
        known.fold(target.to_owned(), |text, (token, number)| match text.contains(token.as_str()) {
            true => text.replace(token.as_str(), &format!("[token {number}]")),
            false => text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
