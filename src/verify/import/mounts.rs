//! Where the services of another cloud are, and where they are mounted here.

use serde_json::Value;

use super::foreign::Foreign;
use crate::contract::Contracts;

/// The usual ports: https://docs.openstack.org/install-guide/firewalls-default-ports.html
const PORTS: [(u16, &str); 6] =
    [(5000, "identity"), (35357, "identity"), (8774, "compute"), (9292, "image"), (9696, "network"), (8776, "volume")];

/// Where the cloud is taken to be: in front of a real one nobody knows where that was recorded.
pub const HERE: &str = "127.0.0.1";

/// Where services are.
#[derive(Debug)]
pub struct Mounts {
    /// Types of services, by the catalog, and where they are mounted.
    types: Vec<(String, String)>,
    /// What URLs of a service start with, before the API version.
    bases: Vec<(String, String)>,
}

impl Mounts {
    /// Nothing but what is usual is known.
    pub fn new(contracts: &Contracts) -> Mounts {
        Mounts { types: contracts.mounts_by_type(), bases: Vec::new() }
    }

    /// Takes note of where the request went, and of the endpoints in an answer to a login.
    pub fn learn(&mut self, foreign: &Foreign) {
        // What has no origin may be anywhere.
        let usual = self.usual(&foreign.url, foreign.service.as_deref());
        if let Some((base, mount)) = usual.filter(|(base, _)| base.contains("://")) {
            self.add(base, mount);
        }
        let body = foreign.answer.body.as_ref().unwrap_or(&Value::Null);
        let catalog = body.pointer("/token/catalog").or_else(|| body.pointer("/access/serviceCatalog"));
        for service in catalog.and_then(Value::as_array).into_iter().flatten() {
            let Some(mount) = service.get("type").and_then(Value::as_str).and_then(|kind| self.mount(kind)) else {
                continue;
            };
            let endpoints = service.get("endpoints").and_then(Value::as_array).into_iter().flatten();
            let urls = endpoints.flat_map(|endpoint| {
                ["url", "publicURL", "internalURL", "adminURL"].map(|key| endpoint.get(key).and_then(Value::as_str))
            });
            for base in urls.flatten().map(base_of).collect::<Vec<_>>() {
                self.add(base, mount.clone());
            }
        }
    }

    fn add(&mut self, base: String, mount: String) {
        if !self.bases.iter().any(|(own, _)| *own == base) {
            self.bases.push((base, mount));
            // The longest one that fits is the one.
            self.bases.sort_by_key(|(base, _)| std::cmp::Reverse(base.len()));
        }
    }

    fn mount(&self, kind: &str) -> Option<String> {
        self.types.iter().find(|(own, _)| own == kind).map(|(_, mount)| mount.clone())
    }

    /// The path and the query of `url` as they are here; `service` is the type of the service where the file names it.
    pub fn target(&self, url: &str, service: Option<&str>) -> String {
        if let Some((mount, rest)) = self.below(url) {
            return [mount, rest].concat();
        }
        match self.usual(url, service) {
            Some((base, mount)) => [&mount, &url[base.len()..]].concat(),
            None => split(url).1.to_owned(),
        }
    }

    /// The URL of the same thing here, if `text` is one of a service.
    pub fn here(&self, text: &str) -> Option<String> {
        let (mount, rest) = self.below(text).filter(|_| text.contains("://"))?;
        Some(["http://", HERE, mount, rest].concat())
    }

    /// The mount of the service that `url` is of, and what follows the service in it.
    fn below<'a>(&'a self, url: &'a str) -> Option<(&'a str, &'a str)> {
        let below = |base: &str| url.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        self.bases.iter().find_map(|(base, mount)| Some((mount.as_str(), below(base)?)))
    }

    /// Where the service of `url` starts by what is usual, and its mount: a path as mockstack has it, or the port.
    fn usual(&self, url: &str, service: Option<&str>) -> Option<(String, String)> {
        let (origin, target) = split(url);
        let first = target.strip_prefix('/').and_then(|path| path.split(['/', '?']).next()).unwrap_or_default();
        if let Some(mount) = self.mount(first) {
            return Some(([origin, "/", first].concat(), mount));
        }
        let port = origin.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        let usual = PORTS.iter().find(|(own, _)| Some(*own) == port).map(|(_, kind)| *kind);
        service.or(usual).and_then(|kind| self.mount(kind)).map(|mount| (origin.to_owned(), mount))
    }
}

/// `http://HOST:PORT` and the rest.
fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?']).map_or(url.len(), |at| start + at);
    url.split_at(end)
}

/// What stands before the API version of an endpoint: `http://h/compute` of `http://h/compute/v2.1/PROJECT`.
fn base_of(url: &str) -> String {
    let (origin, path) = split(url);
    let is_version =
        |segment: &&str| segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let before: Vec<&str> = path.split('/').take_while(|segment| !is_version(segment)).collect();
    [origin, before.join("/").trim_end_matches('/')].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lead_to_the_mounts() {
        let contracts = Contracts::embedded().unwrap();
        let mut mounts = Mounts::new(&contracts);
        assert_eq!(mounts.target("http://10.0.0.1:8774/v2.1/servers?a=b", None), "/compute/v2.1/servers?a=b");
        assert_eq!(mounts.target("http://h/compute/v2.1/servers", None), "/compute/v2.1/servers");
        assert_eq!(mounts.target("/v2.1/servers", Some("compute")), "/compute/v2.1/servers");
        mounts.bases.push((base_of("https://h:13774/nova/v2.1/abc"), "/compute".to_owned()));
        assert_eq!(mounts.target("https://h:13774/nova/v2.1/flavors", None), "/compute/v2.1/flavors");
        assert_eq!(mounts.target("https://h:13774/novae", None), "/novae");
    }
}
