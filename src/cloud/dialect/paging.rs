//! Links to the next page of a list.

use super::manner::ShownPage;
use crate::base::json::{Map, Value, json};
use crate::message::Query;

/// `{"servers_links": [{"rel": "next", …}]}` beside the list.
pub fn collection_links(page: &ShownPage<'_>) -> Map {
    let link = |last: &str| {
        let href = format!("self:{}?{}", page.path.trim_start_matches('/'), query_after(page.query, last));
        (format!("{}_links", page.collection), json!([{"rel": "next", "href": href}]))
    };
    page.last.map(link).into_iter().collect()
}

/// The same in both directions: as Neutron does not look whether there is anything, there is nothing only behind the page at
/// which the client came to an end.
pub fn both_links(page: &ShownPage<'_>) -> Map {
    let may_lead = |towards_end: bool| page.is_limited && (page.is_full || page.is_reversed == towards_end);
    let path = page.path.trim_start_matches('/');
    let link = |rel: &str, marker: Option<&str>, more: &[(&str, &str)]| {
        let kept = without_marker(page.query).filter(|(name, _)| *name != "page_reverse");
        let query = encode(kept.chain(marker.map(|marker| ("marker", marker))).chain(more.iter().copied()));
        json!({"rel": rel, "href": format!("self:{path}?{query}")})
    };
    let next = may_lead(true).then(|| link("next", page.edges.map(|(_, last)| last), &[]));
    let back = [("page_reverse", "True")];
    let previous = may_lead(false).then(|| link("previous", page.edges.map(|(first, _)| first), &back));
    let links: Vec<Value> = next.into_iter().chain(previous).collect();
    let name = format!("{}_links", page.collection);
    if links.is_empty() { Map::new() } else { Map::from_iter([(name, Value::Array(links))]) }
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
