//! The shape of a request, without its values.

use std::collections::BTreeSet;

use crate::base::json::Value;
use crate::message::{Body, Request};

/// The most names of a shape; what is beyond is an ellipsis.
const MOST: usize = 100;
/// The deepest key, and the longest, in characters.
const DEEPEST: usize = 16;
const LONGEST: usize = 64;

/// The names of the query's parameters and the keys of the body: `?limit server.name server.networks.uuid`. Values that
/// differ in every run do not make a new shape, so the number of shapes is bounded by what the client can send.
pub fn shape(request: &Request, body: &Body) -> String {
    let mut names = BTreeSet::new();
    for (name, _) in &request.query().0 {
        add(&format!("?{}", cut(name)), &mut names);
    }
    if let Body::Json(body) = body {
        keys(&mut String::new(), 0, body, &mut names);
    }
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// Keys that hold nothing further; those of free maps are the user's own values.
fn keys(path: &mut String, depth: usize, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if depth < DEEPEST && !path.ends_with("metadata") => {
            let parent = path.len();
            for (key, value) in map {
                if parent > 0 {
                    path.push('.');
                }
                path.push_str(cut(key));
                keys(path, depth + 1, value, names);
                path.truncate(parent);
            }
        }
        Value::Array(items) if !items.is_empty() => items.iter().for_each(|item| keys(path, depth, item, names)),
        _ => add(path, names),
    }
}

fn add(name: &str, names: &mut BTreeSet<String>) {
    if !names.contains(name) {
        names.insert(if names.len() < MOST { name.to_owned() } else { "…".to_owned() });
    }
}

/// The start of a long key.
fn cut(key: &str) -> &str {
    key.char_indices().nth(LONGEST).map_or(key, |(end, _)| &key[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_make_no_new_shape() {
        let request = Request { query: "limit=5&marker=x".into(), ..Request::default() };
        let body = |name: &str| {
            Body::Json(
                crate::base::json::json!({"server": {"name": name, "metadata": {(name): "x"}, "networks": [{"uuid": name}, {"port": name}]}}),
            )
        };
        let expected = "?limit ?marker server.metadata server.name server.networks.port server.networks.uuid";
        assert_eq!(shape(&request, &body("a")), expected);
        assert_eq!(shape(&request, &body("b")), expected);
    }

    #[test]
    fn a_shape_is_bounded_whatever_is_sent() {
        let long = "k".repeat(100_000);
        let many: Value =
            (0..5000).map(|n| (format!("key{n}"), Value::Null)).collect::<crate::base::json::Map>().into();
        let deep = (0..100).fold(Value::Null, |value, _| crate::base::json::json!({"deep": value}));
        let body = crate::base::json::json!({(long): [1, 1, 1], "many": many, "deep": deep});
        let shape = shape(&Request::default(), &Body::Json(body));
        assert!(shape.len() < 10_000 && shape.ends_with(" …"), "{} bytes: {shape}", shape.len());
    }
}
