//! A page of a list: `limit`, `marker`, and the link to the next one.

use serde_json::{Map, Value, json};

use crate::cloud::store::{Fault, Resource};
use crate::contract::{Code, Dialect};
use crate::message::Query;

/// The most that Nova and Glance answer at once.
const MOST: usize = 1000;

/// A page of a list.
pub struct Page<'r> {
    /// What is on it.
    pub resources: Vec<&'r Resource>,
    /// The fields beside the list that lead to other pages.
    pub links: Map<String, Value>,
}

/// Cuts the page that the query asks for. `path` is where the list was asked, below the root of the API; `mark` is what `marker`
/// names a resource by.
///
/// # Errors
/// The marker names nothing.
pub fn cut<'r>(
    dialect: Dialect,
    collection: &str,
    path: &str,
    query: &Query,
    mark: fn(&Resource) -> &str,
    mut all: Vec<&'r Resource>,
) -> Result<Page<'r>, Fault> {
    let skipped = query.last("offset").and_then(|offset| offset.parse::<usize>().ok()).unwrap_or_default();
    all.drain(..skipped.min(all.len()));
    if let Some(marker) = query.last("marker").filter(|marker| !marker.is_empty()) {
        let place =
            all.iter().position(|resource| mark(resource) == marker).ok_or_else(|| no_marker(dialect, marker))?;
        all.drain(..=place);
    }
    let asked = query.last("limit").and_then(|limit| limit.parse::<usize>().ok());
    let limit = match (dialect, asked) {
        (Dialect::Nova, Some(0)) | (_, None) => MOST,
        (_, Some(limit)) => limit.min(MOST),
    };
    let full = match dialect {
        // Nova links on from every page that is full, even if nothing follows.
        Dialect::Nova => all.len() >= limit,
        _ => all.len() > limit,
    };
    all.truncate(limit);
    let last = all.last().filter(|_| full).map(|last| mark(last));
    let links = links(dialect, collection, path, query, last);
    Ok(Page { resources: all, links })
}

fn no_marker(dialect: Dialect, marker: &str) -> Fault {
    match dialect {
        Dialect::Nova => Fault::new(Code::NotFound, 400, format!("marker [{marker}] not found")),
        Dialect::Glance => Fault::not_found(format!("No image found with ID {marker}")),
        _ => Fault::new(Code::NotFound, 400, "Invalid input for operation: Invalid marker."),
    }
}

fn links(dialect: Dialect, collection: &str, path: &str, query: &Query, last: Option<&str>) -> Map<String, Value> {
    let mut links = Map::new();
    let next = last.map(|last| query_after(query, last));
    match dialect {
        Dialect::Glance => {
            let first =
                encode(query.0.iter().filter(|(name, _)| name != "marker").map(|(n, v)| (n.as_str(), v.as_str())));
            let at = |query: &str| if query.is_empty() { format!("/v2{path}") } else { format!("/v2{path}?{query}") };
            if let Some(next) = next {
                links.insert("next".to_owned(), json!(at(&next)));
            }
            links.insert("first".to_owned(), json!(at(&first)));
            links.insert("schema".to_owned(), json!("/v2/schemas/images"));
        }
        _ => {
            if let Some(next) = next {
                let href = format!("self:{}?{next}", path.trim_start_matches('/'));
                links.insert(format!("{collection}_links"), json!([{"rel": "next", "href": href}]));
            }
        }
    }
    links
}

fn query_after(query: &Query, last: &str) -> String {
    let kept = query.0.iter().filter(|(name, _)| name != "marker").map(|(name, value)| (name.as_str(), value.as_str()));
    encode(kept.chain([("marker", last)]))
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
