//! What a request asks, without what differs from one run to the next.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::base::json::Value;
use crate::base::with_sorted_keys;
use crate::exchange::call::Call;
use crate::exchange::ruling::{Next, Ruling};
use crate::message::{Body, Kind, Query, Redaction};
use crate::snapshot::{MASKED, Mask};

/// What a request asks: two that ask the same have equal keys, whatever token, host, client and order of keys they have, and
/// whatever version they are sent under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The id of the operation; the method and the path of a request that led to none.
    pub operation: String,
    /// The values of the `{names}` of the path.
    pub parameters: Vec<String>,
    /// The query, sorted.
    pub query: Vec<(String, String)>,
    /// The body as JSON with sorted keys; empty without one.
    pub body: String,
}

impl Key {
    /// The key of `call`, which was judged. Secrets are their placeholders without a number, and what `masks` name is left out.
    pub fn new(call: &Call<'_>, ruling: &Ruling<'_>, redaction: &Redaction<'_>, masks: &[Mask]) -> Key {
        let endpoint = call.mounted.map_or("", |mounted| mounted.endpoint);
        let safe = |text: &str| without_numbers(&redaction.told_target(text));
        let (operation, parameters) = match (ruling.target.operation, &ruling.next) {
            (Some(operation), Next::Ask { question, .. }) => {
                (of_endpoint(&operation.id, endpoint), question.parameters.iter().map(|text| safe(text)).collect())
            }
            _ => (format!("{} {}", call.request.method, safe(&call.request.path)), Vec::new()),
        };
        let target = redaction.told_target(&call.request.target());
        let (_, query) = target.split_once('?').unwrap_or_default();
        let mut query = Query::parse(&without_numbers(query)).0;
        query.sort_unstable();
        let body = match call.body {
            Body::Empty => String::new(),
            Body::Json(body) => {
                let text = canonical(&redaction.told(body));
                let covered = masks.iter().flat_map(|mask| mask.covered(body));
                covered.filter(|part| !part.is_empty()).fold(text, |text, part| text.replace(&part, MASKED))
            }
            Body::Unreadable(_) => format!("{} bytes that are not JSON", call.request.body.len()),
        };
        Key { operation, parameters, query, body }
    }

    /// The same with `change` made to its body, if it is that of a login.
    #[must_use]
    pub fn with_login(self, change: impl FnOnce(&mut Value)) -> Key {
        let mut body = self.json();
        if body.get("auth").is_none() {
            return self;
        }
        change(&mut body);
        Key { body: canonical(&body), ..self }
    }

    /// The body as JSON; null without one.
    pub fn json(&self) -> Value {
        crate::base::json::from_str(&self.body).unwrap_or_default()
    }
}

/// The operation at one of several endpoints of its service.
fn of_endpoint(operation: &str, endpoint: &str) -> String {
    if endpoint.is_empty() { operation.to_owned() } else { format!("{operation}@{endpoint}") }
}

/// `[password 1]` is `[password]`: numbers are those of a recording.
pub fn without_numbers(text: &str) -> String {
    static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let names = Kind::ALL.map(Kind::name).join("|");
        Regex::new(&format!(r"\[({names}) \d+\]")).ok()
    });
    match PLACEHOLDER.as_ref().filter(|_| text.contains('[')) {
        Some(placeholder) => {
            placeholder.replace_all(text, |found: &Captures<'_>| format!("[{}]", &found[1])).into_owned()
        }
        None => text.to_owned(),
    }
}

/// The JSON of `value` with its keys in order and its placeholders without numbers.
fn canonical(value: &Value) -> String {
    without_numbers(&with_sorted_keys(value).to_string())
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    #[test]
    fn order_and_numbers_do_not_count() {
        let (one, other) = (
            json!({"b": [1, {"y": "[token 1]", "x": 2}], "a": ""}),
            json!({"a": "", "b": [1, {"x": 2, "y": "[token 22]"}]}),
        );
        assert_eq!(canonical(&one), canonical(&other));
        assert_eq!(without_numbers("/a/[user data 3]?b=[nothing 1]"), "/a/[user data]?b=[nothing 1]");
    }
}
