//! The page for browsers, and what one is told that looks whether the port answers.

use crate::base::json::Value;
use crate::base::json::json;
use crate::contract::Contracts;
use crate::message::{Request, Response};
use crate::report::{News, Outcome, live_page, page_policy};

/// Where the routes begin.
pub const PREFIX: &str = "/__mockstack/";

/// The media type of pages.
pub const MEDIA: &str = "text/html; charset=UTF-8";

/// See [`of_browser`].
pub const OF_BROWSERS: [&str; 2] = ["/", "/favicon.ico"];

/// What a browser asks for when somebody looks whether the port answers: no client of OpenStack does, as every service is below
/// a path of its own. `contracts` know the release.
pub fn of_browser(request: &Request, contracts: &Contracts) -> Option<Response> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET" | "HEAD", "/") if is_browser(request) => Some(Response::empty(303).with("Location", PREFIX)),
        ("GET" | "HEAD", "/") => Some(Response::json(
            200,
            json!({
                "mockstack": env!("CARGO_PKG_VERSION"),
                "release": contracts.release().map(|release| &release.name),
                "identity": "/identity",
                "routes": PREFIX,
            }),
        )),
        ("GET" | "HEAD", "/favicon.ico") => Some(Response::empty(204)),
        _ => None,
    }
}

/// Does a person ask? Clients that want JSON say so, or that they take anything.
fn is_browser(request: &Request) -> bool {
    request.headers.get("Accept").is_some_and(|accept| accept.contains("text/html"))
}

/// The page, which shows what `outcome` is so far and keeps itself up to date. No other page may show it in a frame, where a click
/// on something else could start the cloud again.
pub fn page(outcome: &Outcome) -> Response {
    let policy = format!("{}; frame-ancestors 'none'", page_policy(true));
    Response::typed(200, Value::String(live_page(outcome)), MEDIA)
        .with("Content-Security-Policy", policy)
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "no-store")
}

/// What is new on the page after the request of that place.
pub fn news(outcome: &Outcome, after: Option<&str>) -> Response {
    let News { verdict, rows, last } = News::since(outcome, after.and_then(|after| after.parse().ok()).unwrap_or(0));
    Response::json(200, json!({"verdict": verdict, "rows": rows, "last": last})).with("Cache-Control", "no-store")
}
