//! What a request looks like, without its values.

use serde_json::Value;

use crate::message::{Body, Request};

/// The names of the query's parameters and the keys of the body: `?limit server.name server.networks.uuid`. Values that
/// differ in every run do not make a new shape, so the number of shapes is bounded by what the client can send.
pub fn shape(request: &Request, body: &Body) -> String {
    let mut names: Vec<String> = request.query().0.into_iter().map(|(name, _)| format!("?{name}")).collect();
    if let Body::Json(body) = body {
        keys(&mut String::new(), body, &mut names);
    }
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}

/// Keys that hold nothing further; those of free maps are the user's own values.
fn keys(path: &mut String, value: &Value, names: &mut Vec<String>) {
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
        _ => names.push(path.clone()),
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
