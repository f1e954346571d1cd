//! Where the endpoints of a cloud are mounted at our port.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::catalog::Endpoint;
use super::rewrite::Rewriter;
use crate::base::{below, split_origin, split_version};
use crate::contract::Contracts;

/// What a region or a type may have in a segment of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Where the endpoints of a cloud are mounted at our port. An endpoint is identified by its root: the part before the version of
/// its API, so that a client that looks for versions uses the proxy too.
#[derive(Clone, Debug)]
pub struct Mounts {
    /// Types of services, and where the contracts mount them.
    kinds: Vec<(String, String)>,
    /// Mounts and roots: `/compute`, `https://cloud:8774`.
    places: Vec<(String, String)>,
}

impl Mounts {
    /// Nothing is known but the identity service, which is at `auth_url`.
    pub fn new(contracts: &Contracts, auth_url: &str) -> Mounts {
        let kinds = contracts.mounts_by_type();
        Mounts { kinds, places: vec![("/identity".to_owned(), split_version(auth_url).0.to_owned())] }
    }

    /// The same with those of `offered` that are new; `None` if none is.
    pub fn with(&self, offered: &[Endpoint]) -> Option<Mounts> {
        let mut more = self.clone();
        // What the contracts know comes first: of `volumev2` and `volumev3` at one root it is the latter that is judged.
        let (known, unknown): (Vec<_>, Vec<_>) = offered.iter().partition(|endpoint| self.is_known(&endpoint.kind));
        known.into_iter().chain(unknown).for_each(|endpoint| more.add(endpoint));
        (more.places.len() > self.places.len()).then_some(more)
    }

    fn is_known(&self, kind: &str) -> bool {
        self.kinds.iter().any(|(own, _)| own == kind)
    }

    fn add(&mut self, endpoint: &Endpoint) {
        let (root, version) = split_version(&endpoint.url);
        let plain = |text: &str| utf8_percent_encode(text, PLAIN).to_string();
        let usual = usual_mount(&self.kinds, &endpoint.kind).unwrap_or_else(|| format!("/{}", plain(&endpoint.kind)));
        let host = root.split_once("://").filter(|(scheme, _)| scheme.starts_with("http")).map_or("", |(_, host)| host);
        let place = match self.at(root) {
            _ if host.is_empty() => return,
            None => self
                .free(&usual, &plain(&endpoint.region), &plain(&endpoint.interface))
                .map(|mount| (mount, root.to_owned())),
            // Another service is at the same root, and only the versions tell them apart.
            Some(mount) if family(mount) != usual && !version.is_empty() => {
                Some(([&usual, version].concat(), [root, version].concat())).filter(|(_, root)| self.at(root).is_none())
            }
            Some(_) => return,
        };
        self.places.extend(place);
    }

    /// What is mounted for `root`.
    fn at(&self, root: &str) -> Option<&str> {
        self.places.iter().find(|(_, own)| own == root).map(|(mount, _)| mount.as_str())
    }

    /// The first mount that is free for an endpoint of that region and interface.
    fn free(&self, usual: &str, region: &str, interface: &str) -> Option<String> {
        let in_region = format!("{usual}@{region}");
        let of_interface = format!("{in_region},{interface}");
        let numbered = (2..).map(|number| format!("{of_interface},{number}"));
        let mut names = [usual.to_owned(), in_region, of_interface.clone()].into_iter().chain(numbered);
        names.find(|name| !self.places.iter().any(|(own, _)| own == name))
    }

    /// Where `target` of our port is in the cloud; `None` if no endpoint is mounted there.
    pub fn url(&self, target: &str) -> Option<String> {
        let (root, rest) = self.places.iter().find_map(|(mount, root)| Some((root, below(target, mount)?)))?;
        Some([root.as_str(), if rest.starts_with('/') { "" } else { "/" }, rest].concat())
    }

    /// The path of our port at which clients log in whose own `auth_url` is that.
    pub fn login(&self, auth_url: &str) -> String {
        self.to_client("").text(auth_url).unwrap_or_else(|| "/identity".to_owned())
    }

    /// What turns URLs of the cloud into those of our port, which the client reaches at `origin`.
    pub fn to_client(&self, origin: &str) -> Rewriter {
        let own = |(mount, root): &(String, String)| {
            spellings(root).into_iter().map(|spelling| (spelling, [origin, mount].concat())).collect::<Vec<_>>()
        };
        Rewriter::new(self.places.iter().flat_map(own))
    }

    /// What turns URLs of our port into those of the cloud.
    pub fn to_cloud(&self, origin: &str) -> Rewriter {
        Rewriter::new(self.places.iter().map(|(mount, root)| ([origin, mount].concat(), root.clone())))
    }
}

/// How services spell `root`: behind something that ends TLS many say `http` where their clients say `https`, and the usual port
/// may be left out.
fn spellings(root: &str) -> Vec<String> {
    let (scheme, rest) = root.split_once("://").unwrap_or(("http", root));
    let (authority, path) = split_origin(rest);
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let other = if scheme == "https" { "http" } else { "https" };
    let has_port = authority.rsplit(']').next().is_some_and(|end| end.contains(':'));
    let mut all = vec![root.to_owned(), format!("{other}://{rest}")];
    match authority.strip_suffix(usual) {
        Some(bare) => all.push(format!("{scheme}://{bare}{path}")),
        None if !has_port => all.push(format!("{scheme}://{authority}{usual}{path}")),
        None => {}
    }
    all
}

/// Where `kinds`, the types that the contracts know, have services of the type; a version at its end does not count, as in
/// `volumev2`.
pub fn usual_mount(kinds: &[(String, String)], kind: &str) -> Option<String> {
    let without_version = kind.trim_end_matches(|c: char| c.is_ascii_digit());
    let family = without_version.strip_suffix('v').unwrap_or(without_version);
    let of = |kind: &str| kinds.iter().find(|(own, _)| own == kind).map(|(_, mount)| mount.clone());
    of(kind).or_else(|| of(family))
}

/// `/compute` of `/compute@RegionTwo` and of `/compute/v2.1`.
fn family(mount: &str) -> &str {
    let end = mount.get(1..).and_then(|rest| rest.find(['@', '/'])).map_or(mount.len(), |at| at + 1);
    &mount[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(kind: &str, region: &str, interface: &str, url: &str) -> Endpoint {
        let [kind, region, interface, url] = [kind, region, interface, url].map(str::to_owned);
        Endpoint { kind, region, interface, url }
    }

    #[test]
    fn every_root_has_a_mount_and_the_first_of_a_type_the_usual_one() {
        let contracts = Contracts::embedded().unwrap();
        let mounts = Mounts::new(&contracts, "https://h:5000/v3");
        let offered = [
            endpoint("volumev2", "One", "public", "https://h:8776/v2/p"),
            endpoint("volumev3", "One", "public", "https://h:8776/v3/p"),
            endpoint("compute", "One", "public", "https://h/compute/v2.1"),
            endpoint("compute", "Region Two", "public", "https://two/compute/v2.1/"),
            endpoint("compute", "One", "internal", "http://10.0.0.1:8774/v2.1"),
            endpoint("compute", "One", "admin", "http://10.0.0.2:8774/v2.1"),
            endpoint("identity", "One", "public", "https://h:5000/v3"),
            endpoint("object-store", "One", "public", "https://h/swift/v1/AUTH_p"),
            endpoint("odd", "One", "public", "not a URL"),
        ];
        let mounts = mounts.with(&offered).unwrap();
        let places: Vec<(&str, &str)> =
            mounts.places.iter().map(|(mount, root)| (mount.as_str(), root.as_str())).collect();
        let expected = [
            ("/identity", "https://h:5000"),
            ("/volume", "https://h:8776"),
            ("/compute", "https://h/compute"),
            ("/compute@Region%20Two", "https://two/compute"),
            ("/compute@One", "http://10.0.0.1:8774"),
            ("/compute@One,admin", "http://10.0.0.2:8774"),
            ("/object-store", "https://h/swift"),
        ];
        assert_eq!(places, expected);
        assert!(mounts.with(&offered).is_none());
        assert_eq!(
            mounts.url("/compute@One/v2.1/servers?a=b").as_deref(),
            Some("http://10.0.0.1:8774/v2.1/servers?a=b")
        );
        assert_eq!(mounts.url("/compute?a").as_deref(), Some("https://h/compute/?a"));
        assert_eq!(mounts.url("/computer"), None);
    }

    #[test]
    fn services_at_one_root_are_told_apart_by_their_versions() {
        let mounts = Mounts::new(&Contracts::embedded().unwrap(), "https://h/v3");
        let mounts = mounts.with(&[endpoint("compute", "One", "public", "https://h/v2.1/p")]).unwrap();
        assert_eq!(mounts.url("/compute/v2.1/p/servers").as_deref(), Some("https://h/v2.1/p/servers"));
        let rewriter = mounts.to_client("http://here");
        assert_eq!(rewriter.text("https://h/v2.1/p").as_deref(), Some("http://here/compute/v2.1/p"));
        assert_eq!(rewriter.text("https://h/v3").as_deref(), Some("http://here/identity/v3"));
    }

    #[test]
    fn the_usual_port_may_be_there_or_not() {
        assert_eq!(spellings("https://h/compute"), ["https://h/compute", "http://h/compute", "https://h:443/compute"]);
        assert_eq!(spellings("http://[::1]:80"), ["http://[::1]:80", "https://[::1]:80", "http://[::1]"]);
        assert_eq!(spellings("http://h:8774"), ["http://h:8774", "https://h:8774"]);
    }
}
