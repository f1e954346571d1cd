//! The page for browsers, which shows a run while it goes on.

use crate::base::json::{Value, json};
use crate::message::Response;
use crate::report::{News, Outcome, live_page, page_policy};

/// The page, which shows what `outcome` is so far and keeps itself up to date. No other page may show it in a frame, where a click
/// on something else could start the cloud again.
pub fn page(outcome: &Outcome) -> Response {
    let policy = format!("{}; frame-ancestors 'none'", page_policy(true));
    Response::typed(200, Value::String(live_page(outcome)), "text/html; charset=UTF-8")
        .with("Content-Security-Policy", policy)
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "no-store")
}

/// What is new on the page after the request of that place.
pub fn news(outcome: &Outcome, after: Option<&str>) -> Response {
    let News { verdict, rows, last } = News::since(outcome, after.and_then(|after| after.parse().ok()).unwrap_or(0));
    Response::json(200, json!({"verdict": verdict, "rows": rows, "last": last})).with("Cache-Control", "no-store")
}
