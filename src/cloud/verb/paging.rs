//! A page of a list: `limit`, `marker`, and the link to the next one.

use crate::base::json::Map;
use crate::cloud::dialect::{Manner, ShownPage};
use crate::cloud::store::{Fault, Resource};
use crate::message::Query;

/// A page of a list.
pub struct Page<'r> {
    /// What is on it.
    pub resources: Vec<&'r Resource>,
    /// The fields beside the list that lead to other pages.
    pub links: Map,
}

/// Cuts the page that the query asks for, of at most so many items, and as many as usual if it asks for no limit. `path` is where the list was asked, below the root of the API; `mark` is what `marker`
/// names a resource by.
///
/// # Errors
/// The marker names nothing.
pub fn cut<'r>(
    (manner, (most, usual)): (&Manner, (usize, usize)),
    (collection, path): (&str, &str),
    query: &Query,
    mark: fn(&Resource) -> &str,
    no_marker: impl Fn(&str) -> Fault,
    mut all: Vec<&'r Resource>,
) -> Result<Page<'r>, Fault> {
    let skipped = query.last("offset").and_then(|offset| offset.parse::<usize>().ok()).unwrap_or(0);
    all.drain(..skipped.min(all.len()));
    let is_reversed =
        manner.page_reverse && query.last("page_reverse").is_some_and(|own| own.eq_ignore_ascii_case("true"));
    if is_reversed {
        all.reverse();
    }
    if let Some(marker) = query.last("marker").filter(|marker| !marker.is_empty()) {
        let place = all.iter().position(|resource| mark(resource) == marker);
        all.drain(..=place.ok_or_else(|| no_marker(marker))?);
    }
    let asked = query.last("limit").and_then(|limit| limit.parse::<usize>().ok());
    let limit = asked.filter(|limit| *limit > 0 || !manner.zero_is_no_limit).unwrap_or(usual).min(most);
    let is_full = if manner.full_page_links { all.len() >= limit } else { all.len() > limit };
    all.truncate(limit);
    let is_limited = limit < usize::MAX;
    // The page before another is in the order of all pages, but what has no pages stays reversed.
    if is_reversed && is_limited {
        all.reverse();
    }
    let edges = all.first().zip(all.last()).map(|(first, last)| (mark(first), mark(last)));
    let last = edges.filter(|_| is_full).map(|(_, last)| last);
    let links =
        (manner.page_links)(&ShownPage { collection, path, query, last, edges, is_limited, is_full, is_reversed });
    Ok(Page { resources: all, links })
}
