//! Links to the next page of a list.

use super::manner::NextPage;
use crate::base::json::{Map, json};
use crate::message::Query;

/// `{"servers_links": [{"rel": "next", …}]}` beside the list.
pub fn collection_links(page: &NextPage<'_>) -> Map {
    let link = |last: &str| {
        let href = format!("self:{}?{}", page.path.trim_start_matches('/'), query_after(page.query, last));
        (format!("{}_links", page.collection), json!([{"rel": "next", "href": href}]))
    };
    page.last.map(link).into_iter().collect()
}

/// The query of the page after `last`.
pub fn query_after(query: &Query, last: &str) -> String {
    encode(without_marker(query).chain([("marker", last)]))
}

/// The query of the first page.
pub fn query_of_first(query: &Query) -> String {
    encode(without_marker(query))
}

fn without_marker(query: &Query) -> impl Iterator<Item = (&str, &str)> {
    query.0.iter().filter(|(name, _)| name != "marker").map(|(name, value)| (name.as_str(), value.as_str()))
}

fn encode<'q>(pairs: impl Iterator<Item = (&'q str, &'q str)>) -> String {
    let escape =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    pairs
        .map(|(name, value)| format!("{}={}", escape_name(name), escape(value).replace("%2D", "-").replace("%5F", "_")))
        .collect::<Vec<_>>()
        .join("&")
}

/// Names of parameters are plain but for the dashes and colons in some.
fn escape_name(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::CONTROLS).to_string()
}
