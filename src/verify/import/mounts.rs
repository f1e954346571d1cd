//! Where the services of another cloud are, and where they are mounted here.

use super::foreign::Foreign;
use crate::base::json::Value;
use crate::base::{below, split_origin, split_version};
use crate::contract::Contracts;
use crate::exchange::{Endpoint, endpoints, usual_mount};

/// The usual ports: https://docs.openstack.org/install-guide/firewalls-default-ports.html
const PORTS: [(u16, &str); 6] =
    [(5000, "identity"), (35357, "identity"), (8774, "compute"), (9292, "image"), (9696, "network"), (8776, "volume")];

/// The assumed place of the cloud: where a real one was recorded is unknown.
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

    /// Takes note of where the request went, and of the endpoints in a catalog.
    pub fn learn(&mut self, foreign: &Foreign) {
        // What has no origin may be anywhere.
        let usual = self.usual(&foreign.url, foreign.service.as_deref());
        if let Some((base, mount)) = usual.filter(|(base, _)| base.contains("://")) {
            self.add(base, mount);
        }
        let body = foreign.answer.body.as_ref().unwrap_or(&Value::Null);
        for Endpoint { kind, url, .. } in endpoints(body) {
            if let Some(mount) = self.mount(&kind) {
                self.add(split_version(&url).0.to_owned(), mount);
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
        usual_mount(&self.types, kind)
    }

    /// The path and the query of `url` as they are here; `service` is the type of the service where the file names it.
    pub fn target(&self, url: &str, service: Option<&str>) -> String {
        if let Some((mount, rest)) = self.below(url) {
            return [mount, rest].concat();
        }
        match self.usual(url, service) {
            Some((base, mount)) => [&mount, &url[base.len()..]].concat(),
            None => split_origin(url).1.to_owned(),
        }
    }

    /// The same URL here, if `text` is the URL of a service.
    pub fn here(&self, text: &str) -> Option<String> {
        let (mount, rest) = self.below(text).filter(|_| text.contains("://"))?;
        Some(["http://", HERE, mount, rest].concat())
    }

    /// The mount of the service that `url` is of, and what follows the service in it.
    fn below<'a>(&'a self, url: &'a str) -> Option<(&'a str, &'a str)> {
        self.bases.iter().find_map(|(base, mount)| Some((mount.as_str(), below(url, base)?)))
    }

    /// Where the service of `url` starts by what is usual, and its mount: a path as mockstack has it, or the port.
    fn usual(&self, url: &str, service: Option<&str>) -> Option<(String, String)> {
        let (origin, target) = split_origin(url);
        let first = target.strip_prefix('/').and_then(|path| path.split(['/', '?']).next()).unwrap_or_default();
        if let Some(mount) = self.mount(first) {
            return Some(([origin, "/", first].concat(), mount));
        }
        let base = match split_version(url) {
            (_, "") => origin,
            (base, _) => base,
        };
        let port = origin.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        let usual = PORTS.iter().find(|(own, _)| Some(*own) == port).map(|(_, kind)| *kind);
        service.or(usual).and_then(|kind| self.mount(kind)).map(|mount| (base.to_owned(), mount))
    }
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;
    use crate::verify::import::foreign::of_line;

    #[test]
    fn urls_lead_to_the_mounts() {
        let contracts = Contracts::embedded().unwrap();
        let mut mounts = Mounts::new(&contracts);
        assert_eq!(mounts.target("http://10.0.0.1:8774/v2.1/servers?a=b", None), "/compute/v2.1/servers?a=b");
        assert_eq!(mounts.target("http://h/compute/v2.1/servers", None), "/compute/v2.1/servers");
        assert_eq!(mounts.target("/v2.1/servers", Some("compute")), "/compute/v2.1/servers");
        let endpoint = json!({"interface": "public", "url": "https://h:13774/nova/v2.1/abc"});
        let catalog = json!([{"type": "compute", "endpoints": [endpoint]}]);
        // The catalog stands alone, as in `GET /v3/auth/catalog`.
        let line = json!({"method": "GET", "url": "https://h/v3/auth/catalog", "request": {},
            "response": {"status": 200, "body": {"catalog": catalog}}});
        mounts.learn(&of_line(&line).unwrap());
        assert_eq!(mounts.target("https://h:13774/nova/v2.1/flavors", None), "/compute/v2.1/flavors");
        assert_eq!(mounts.target("https://h:13774/novae", None), "/novae");
    }
}
