//! URLs, as far as services and their endpoints need them taken apart.

/// `http://HOST:PORT`, and the rest; the first is empty if `url` is a path alone.
pub fn split_origin(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    url.split_at(end)
}

/// The part before the API version of an endpoint, and the version: `http://h/compute` and `/v2.1` of
/// `http://h/compute/v2.1/PROJECT`. Without a version the first is all of it, but for a slash at its end.
pub fn split_version(url: &str) -> (&str, &str) {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let start = url.find("://").map_or(0, |at| at + 3);
    let is_version = |at: &usize| {
        let mut after = url[at + 1..].chars();
        after.next() == Some('v') && after.next().is_some_and(|c| c.is_ascii_digit())
    };
    let slashes = url[start..].match_indices('/').map(|(at, _)| start + at);
    let version = slashes.into_iter().find(is_version).unwrap_or(url.len());
    let end = url[version..].get(1..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| version + 1 + at);
    (url[..version].trim_end_matches('/'), &url[version..end])
}

/// What follows `root` in `url`, if that is `root` or below it.
pub fn below<'u>(url: &'u str, root: &str) -> Option<&'u str> {
    url.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// What follows the last slash of a reference: an id, of which clients may send the URL.
pub fn last_segment(reference: &str) -> &str {
    reference.rsplit_once('/').map_or(reference, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_ends_before_the_version() {
        for (url, parts) in [
            ("http://h:8774/v2.1", ("http://h:8774", "/v2.1")),
            ("http://h/identity", ("http://h/identity", "")),
            ("http://h/identity/", ("http://h/identity", "")),
            ("http://vault/vms/v2/p?x=/v3", ("http://vault/vms", "/v2")),
            ("http://v1.example", ("http://v1.example", "")),
        ] {
            assert_eq!(split_version(url), parts, "{url}");
        }
    }

    #[test]
    fn an_origin_ends_where_the_path_or_the_query_begins() {
        assert_eq!(split_origin("http://h:8774/v2.1"), ("http://h:8774", "/v2.1"));
        assert_eq!(split_origin("https://h?a"), ("https://h", "?a"));
        assert_eq!(split_origin("/v2.1"), ("", "/v2.1"));
        assert_eq!((below("/a/b", "/a"), below("/ab", "/a"), below("/a", "/a")), (Some("/b"), None, Some("")));
    }
}
