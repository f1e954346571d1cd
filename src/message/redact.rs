//! What never reaches a file, a log or a report.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::HashMap;
use regex::Regex;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Headers, Json};
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
    let redactor = Redactor::default();
    let whole = redactor.body(value);
    pointer.last().map_or(whole, |key| whole.entry(&key, value.into())).to_value()
}

/// Is what stands below `key` a secret as a whole? Keystone keeps an object below `password`; anything else there, also of a
/// wrong type, is what a client took for a secret.
fn is_secret(key: &str, node: Node<'_>) -> bool {
    let says_nothing = matches!(node, Node::Value(Value::Null | Value::Bool(_)));
    SECRET_KEYS.contains(&key) && !says_nothing && !(key == "password" && node.is_object())
}

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
    fn is_object(self) -> bool {
        matches!(self, Node::Value(Value::Object(_)) | Node::Object(_))
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

/// The secrets that stand in `body`, for [`Redactor::answer`].
pub fn secrets(body: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    collect(body, &mut found);
    found
}

fn collect<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    secret if is_secret(key, secret.into()) => found.push(secret),
                    other => collect(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// `text` without the `secret` that it quotes: services repeat in their refusals what they were sent, plainly after
/// `Value: ` and in quotes elsewhere.
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

fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// `text` without the tickets of the URLs in it: who has the `token=` of a console looks at the server's screen.
fn without_tickets(text: &str) -> Cow<'_, str> {
    // Nearly every text that is written has neither.
    if !text.as_bytes().contains(&b'=') && !text.as_bytes().contains(&b'%') {
        return text.into();
    }
    ticket().replace_all(text, format!("$1{SECRET}"))
}

#[expect(clippy::expect_used, reason = "a literal pattern")]
fn ticket() -> &'static Regex {
    static TICKET: OnceLock<Regex> = OnceLock::new();
    TICKET.get_or_init(|| Regex::new("(token=|token%3D)[A-Za-z0-9._-]+").expect("a literal pattern"))
}

/// What stands between the parts of a URL, of which one may be a token.
const DELIMITERS: [char; 5] = ['/', '?', '&', '=', ','];

/// Replaces secrets. The same token always gets the same placeholder, so that a recording still shows who asked what.
#[derive(Debug, Default)]
pub struct Redactor {
    tokens: Mutex<HashMap<String, Placeholder>>,
}

/// What stands for a token: its number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder(usize);

impl std::fmt::Display for Placeholder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[token {}]", self.0)
    }
}

impl Redactor {
    /// The placeholder of `token`: `[token 1]` for the first one seen.
    pub fn token(&self, token: &str) -> Placeholder {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let next = Placeholder(tokens.len() + 1);
        tokens.get(token).copied().unwrap_or_else(|| {
            tokens.insert(token.to_owned(), next);
            next
        })
    }

    /// Gives the tokens in `headers` their placeholders.
    pub fn know(&self, headers: &Headers) {
        for (_, token) in headers.0.iter().filter(|(name, _)| is_among(&TOKEN_HEADERS, name)) {
            self.token(token);
        }
    }

    /// The header lines without secrets, as lists of `[name, value]`.
    pub fn headers<'a>(&'a self, headers: &'a Headers) -> SafeHeaders<'a> {
        SafeHeaders { redactor: self, headers }
    }

    /// The body without secrets. Below a key `token`, an `id` is a token.
    pub fn body<'a>(&'a self, body: &'a Value) -> Safe<'a> {
        self.answer(body, &[])
    }

    /// The body of an answer, without what is a secret by its place and without the `secrets` of the request that it quotes.
    pub fn answer<'a>(&'a self, body: impl Into<Node<'a>>, secrets: &'a [&'a Value]) -> Safe<'a> {
        Safe { redactor: self, node: body.into(), place: Place::Open, secrets }
    }

    /// A path or query without the tokens seen so far (Keystone's v2.0 puts them into URLs).
    pub fn target(&self, target: &str) -> String {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let mut safe = String::with_capacity(target.len());
        for part in target.split_inclusive(DELIMITERS) {
            let text = part.trim_end_matches(DELIMITERS);
            match tokens.get(text) {
                Some(placeholder) => safe.extend([placeholder.to_string().as_str(), &part[text.len()..]]),
                None => safe.push_str(part),
            }
        }
        safe
    }
}

/// A value that leaves its secrets out when it is written.
#[derive(Clone, Copy, Debug)]
pub struct Safe<'a> {
    redactor: &'a Redactor,
    node: Node<'a>,
    place: Place,
    secrets: &'a [&'a Value],
}

/// What the place of a value says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing.
    Open,
    /// It is a secret as a whole.
    Secret,
    /// It is what stands below a key `token`.
    Token,
    /// It is the `id` of what stands below a key `token`.
    TokenId,
}

impl<'a> Safe<'a> {
    /// The same without secrets, as a value.
    pub fn to_value(self) -> Value {
        // Whatever a JSON value holds can be written as one.
        serde_json::to_value(self).unwrap_or_default()
    }

    fn entry(self, key: &str, node: Node<'a>) -> Safe<'a> {
        let place = match node {
            secret if is_secret(key, secret) => Place::Secret,
            section if key == "token" && section.is_object() => Place::Token,
            Node::Value(Value::String(_)) if key == "id" && self.place == Place::Token => Place::TokenId,
            _ => Place::Open,
        };
        Safe { node, place, ..self }
    }

    fn item(self, node: Node<'a>) -> Safe<'a> {
        Safe { node, place: Place::Open, ..self }
    }

    fn text<S: Serializer>(self, text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.place, self.secrets) {
            (Place::TokenId, _) => serializer.collect_str(&self.redactor.token(text)),
            (_, secrets) => {
                let text = without_tickets(text);
                serializer.serialize_str(&secrets.iter().fold(text, |text, secret| scrub_text(&text, secret).into()))
            }
        }
    }
}

impl Serialize for Safe<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.node {
            _ if self.place == Place::Secret => serializer.serialize_str(SECRET),
            Node::Value(Value::Object(map)) => {
                serializer.collect_map(map.iter().map(|(key, value)| (key, self.entry(key, value.into()))))
            }
            Node::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(key, json)| (key.as_ref(), self.entry(key, json.into()))))
            }
            Node::Value(Value::Array(items)) => {
                serializer.collect_seq(items.iter().map(|value| self.item(value.into())))
            }
            Node::Array(items) => serializer.collect_seq(items.iter().map(|json| self.item(json.into()))),
            Node::Value(Value::String(text)) => self.text(text, serializer),
            Node::Value(other) => other.serialize(serializer),
        }
    }
}

/// Header lines that leave their secrets out when they are written, as lists of `[name, value]`.
#[derive(Clone, Copy, Debug)]
pub struct SafeHeaders<'a> {
    redactor: &'a Redactor,
    headers: &'a Headers,
}

impl Serialize for SafeHeaders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.headers.0.iter().map(|(name, value)| {
            let value = match name {
                name if is_among(&TOKEN_HEADERS, name) => self.redactor.token(value).to_string().into(),
                name if is_among(&SECRET_HEADERS, name) => Cow::Borrowed(SECRET),
                _ => Cow::Borrowed(value.as_str()),
            };
            (name, value)
        }))
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
        let redactor = Redactor::default();
        let kept = redactor.body(&body).to_value().to_string();
        let refusal =
            json!({"badRequest": {"message": format!("Value: {}. 12345 is not of type 'string'", python_repr(&body))}});
        let told = redactor.answer(&refusal, &secrets(&body)).to_value().to_string();
        for secret in ["12345", "hunter"] {
            assert!(!kept.contains(secret) && !told.contains(secret), "{kept}\n{told}");
        }
        assert!(kept.contains("it's") && told.contains("it's"));
    }

    #[test]
    fn the_ticket_of_a_console_is_a_secret() {
        let body = json!({"console": {"url": "http://h:6080/vnc_auto.html?path=%3Ftoken%3Dab-12", "other": "ws://h/?token=x&a=1"}});
        let kept = Redactor::default().body(&body).to_value();
        let expected = json!({"console": {"url": format!("http://h:6080/vnc_auto.html?path=%3Ftoken%3D{SECRET}"), "other": format!("ws://h/?token={SECRET}&a=1")}});
        assert_eq!(kept, expected);
        let plain = json!("a token= of nothing");
        assert_eq!(Redactor::default().body(&plain).to_value(), plain);
    }

    #[test]
    fn no_secret_survives_and_equal_tokens_stay_equal() {
        let redactor = Redactor::default();
        let headers: Headers =
            [("x-auth-token", "t1"), ("X-Subject-Token", "t2"), ("Authorization", "Basic x"), ("A", "b")]
                .into_iter()
                .collect();
        let kept = serde_json::to_value(redactor.headers(&headers)).unwrap();
        let expected = json!([
            ["x-auth-token", "[token 1]"],
            ["X-Subject-Token", "[token 2]"],
            ["Authorization", SECRET],
            ["A", "b"]
        ]);
        assert_eq!(kept, expected);
        let body = json!({"auth": {"identity": {"password": {"user": {"name": "demo", "password": "p"}},
            "token": {"id": "t1"}}}, "server": {"adminPass": "x", "user_data": "eA==", "personality": [{"contents": "eA=="}]}});
        let text = redactor.body(&body).to_value().to_string();
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
