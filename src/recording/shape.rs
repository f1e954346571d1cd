//! What a request looks like, without its values.

use std::ops::Range;

use serde_json::Value;

use crate::message::{Body, Request};

/// The names of the query's parameters and the keys of the body: `?limit server.name server.networks.uuid`. Values that
/// differ in every run do not make a new shape, so the number of shapes is bounded by what the client can send.
pub fn shape(request: &Request, body: &Body) -> String {
    let mut names = Names { text: String::with_capacity(256), places: Vec::with_capacity(16) };
    request.query().0.iter().for_each(|(name, _)| names.push(&["?", name]));
    if let Body::Json(body) = body {
        keys(&mut String::with_capacity(128), body, &mut names);
    }
    names.joined()
}

/// Names, one after the other in one text: there are many, and they are short.
struct Names {
    text: String,
    places: Vec<Range<usize>>,
}

impl Names {
    fn push(&mut self, parts: &[&str]) {
        let start = self.text.len();
        self.text.extend(parts.iter().copied());
        self.places.push(start..self.text.len());
    }

    /// Each name once, in alphabetical order.
    fn joined(&self) -> String {
        let mut names: Vec<&str> = self.places.iter().map(|place| &self.text[place.clone()]).collect();
        names.sort_unstable();
        names.dedup();
        names.join(" ")
    }
}

/// Keys that hold nothing further; those of free maps are the user's own values.
fn keys(path: &mut String, value: &Value, names: &mut Names) {
    match value {
        Value::Object(map) if !path.ends_with("metadata") => {
            let parent = path.len();
            for (key, value) in map {
                if parent > 0 {
                    path.push('.');
                }
                path.push_str(key);
                keys(path, value, names);
                path.truncate(parent);
            }
        }
        Value::Array(items) if !items.is_empty() => items.iter().for_each(|item| keys(path, item, names)),
        _ => names.push(&[path]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_make_no_new_shape() {
        let request = Request { query: "limit=5&marker=x".into(), ..Request::default() };
        let body = |name: &str| {
            Body::Json(
                serde_json::json!({"server": {"name": name, "metadata": {(name): "x"}, "networks": [{"uuid": name}, {"port": name}]}}),
            )
        };
        let expected = "?limit ?marker server.metadata server.name server.networks.port server.networks.uuid";
        assert_eq!(shape(&request, &body("a")), expected);
        assert_eq!(shape(&request, &body("b")), expected);
    }
}
