//! The parts of a URL that answers need.

use crate::base::json::{Map, Value};

/// Where a client reached us, so that links and the catalog lead back the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base<'a> {
    /// `http://HOST:PORT`, without a slash at the end.
    pub origin: &'a str,
    /// Where the service is mounted, which is where bookmark links lead: `/compute`.
    pub mount: &'a str,
    /// The root of the API that was asked, below that: `/v2.1`.
    pub root: &'a str,
    /// The project that stood between the root and the resource.
    pub project: Option<&'a str>,
}

impl Base<'_> {
    /// A stored link made absolute. `self:servers/1` is below the API's root, `bookmark:servers/1` below its root without
    /// the version, `origin:/identity/v3` below the host; any other text stays as it is.
    pub fn resolve(&self, link: &str) -> String {
        let below = |root, path| match self.project {
            None => [self.origin, self.mount, root, "/", path].concat(),
            Some(project) => [self.origin, self.mount, root, "/", project, "/", path].concat(),
        };
        match link.split_once(':') {
            Some(("self", path)) => below(self.root, path),
            Some(("bookmark", path)) => below("", path),
            Some(("origin", path)) => match self.in_region(path) {
                Some(rest) => [self.origin, self.mount, rest].concat(),
                None => [self.origin, path].concat(),
            },
            _ => link.to_owned(),
        }
    }

    /// What follows the mount in the path of the service itself, if that was asked at the endpoint of a region: `/compute@RegionTwo`.
    fn in_region<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (usual, _) = self.mount.split_once('@')?;
        path.strip_prefix(usual).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The decoded parameters of a query, in the order of the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// Reads `a=1&b=2`; a parameter without `=` has an empty value, `+` is a space.
    pub fn parse(text: &str) -> Query {
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode_form(name), decode_form(value))
        };
        Query(text.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    /// The last value of `name`: webob's and Nova's choice when a parameter is repeated.
    pub fn last(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// An object of lists, the form that schemas of queries judge.
    pub fn to_document(&self) -> Value {
        let mut document = Map::new();
        for (name, value) in &self.0 {
            if let Value::Array(values) = document.get_or_insert_with(name.clone(), || Value::Array(Vec::new())) {
                values.push(Value::from(value.as_str()));
            }
        }
        Value::Object(document)
    }

    /// All values of `name`.
    pub fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

fn decode_form(text: &str) -> String {
    percent_decode(&text.replace('+', " "))
}

/// Decodes `%41`; an invalid `%` stays, and bytes that are not UTF-8 become U+FFFD.
pub fn percent_decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_decode_and_the_last_of_a_repeated_parameter_counts() {
        let query = Query::parse("name=a%20b+c&x&name=%zz&=1");
        assert_eq!(query.last("name"), Some("%zz"));
        assert_eq!(query.all("name").collect::<Vec<_>>(), ["a b c", "%zz"]);
        assert_eq!(query.last("x"), Some(""));
    }

    #[test]
    fn links_lead_back_the_way_the_client_came() {
        let base = Base { origin: "http://h:1", mount: "/compute", root: "/v2.1", project: Some("p") };
        assert_eq!(base.resolve("self:servers/1"), "http://h:1/compute/v2.1/p/servers/1");
        assert_eq!(base.resolve("bookmark:servers/1"), "http://h:1/compute/p/servers/1");
        assert_eq!(base.resolve("origin:/identity"), "http://h:1/identity");
        assert_eq!(base.resolve("http://docs.openstack.org/"), "http://docs.openstack.org/");
    }
}
