//! Where the services of another cloud are, and where they are mounted here.

use serde_json::Value;

use super::formats::Foreign;
use crate::contract::Contracts;

/// The usual ports: https://docs.openstack.org/install-guide/firewalls-default-ports.html
const PORTS: [(u16, &str); 6] =
    [(5000, "identity"), (35357, "identity"), (8774, "compute"), (9292, "image"), (9696, "network"), (8776, "volume")];

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
        let mut types: Vec<(String, String)> = Vec::new();
        for contract in contracts.services() {
            let mount = &contract.service.mount;
            types.push((mount.trim_start_matches('/').to_owned(), mount.clone()));
            types.extend(contract.service.catalog.iter().map(|entry| (entry.kind.clone(), mount.clone())));
        }
        Mounts { types, bases: Vec::new() }
    }

    /// Takes note of the endpoints in an answer to a login.
    pub fn learn(&mut self, foreign: &Foreign) {
        let body = &foreign.answer.body;
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
                if !self.bases.iter().any(|(own, _)| *own == base) {
                    self.bases.push((base, mount.clone()));
                }
            }
        }
        // The longest one that fits is the one.
        self.bases.sort_by_key(|(base, _)| std::cmp::Reverse(base.len()));
    }

    fn mount(&self, kind: &str) -> Option<String> {
        self.types.iter().find(|(own, _)| own == kind).map(|(_, mount)| mount.clone())
    }

    /// The path and the query of `url` as they are here; `service` is the type of the service where the file names it.
    pub fn target(&self, url: &str, service: Option<&str>) -> String {
        let below = |base: &str| url.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        if let Some((rest, mount)) = self.bases.iter().find_map(|(base, mount)| Some((below(base)?, mount))) {
            return [mount, rest].concat();
        }
        let (origin, target) = split(url);
        let first = target.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
        if self.mount(first).is_some() {
            return target.to_owned();
        }
        let port = origin.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        let usual = PORTS.iter().find(|(own, _)| Some(*own) == port).map(|(_, kind)| *kind);
        match service.or(usual).and_then(|kind| self.mount(kind)) {
            Some(mount) => [&mount, target].concat(),
            None => target.to_owned(),
        }
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
