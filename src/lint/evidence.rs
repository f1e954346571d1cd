//! What is said around a document of what it is: the method and path beside it, the header, the names of folders and files.

use super::literal::{Entry, Kind, Literal};
use crate::base::Microversion;

/// Who sends a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The client.
    Request,
    /// The service.
    Answer,
}

/// What is said around a document.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Who sends it.
    pub role: Option<Role>,
    /// The method and the path that it belongs to.
    pub target: Option<(String, String)>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The microversion under which it is sent, and who says so.
    pub version: Option<(Microversion, String)>,
    /// The service that a folder is named after.
    pub service: Option<&'static str>,
    /// Is a folder named after a service that no contract describes?
    pub is_of_others: bool,
}

/// Folders that are named after a service, and the name of its contracts.
const OWN: [(&str, &str); 13] = [
    ("compute", "compute"),
    ("nova", "compute"),
    ("identity", "identity"),
    ("keystone", "identity"),
    ("image", "image"),
    ("images", "image"),
    ("glance", "image"),
    ("network", "network"),
    ("networking", "network"),
    ("neutron", "network"),
    ("blockstorage", "volume"),
    ("volume", "volume"),
    ("cinder", "volume"),
];

/// What the names of other services, of their projects and of other clouds contain.
const OTHERS: [&str; 51] = [
    "accelerator",
    "alarm",
    "aodh",
    "apigw",
    "baremetal",
    "barbican",
    "blazar",
    "cdn",
    "cloudstack",
    "clustering",
    "container",
    "cyborg",
    "database",
    "dataprocessing",
    "designate",
    "dns",
    "freezer",
    "gnocchi",
    "heat",
    "instanceha",
    "introspection",
    "ironic",
    "keymanager",
    "loadbalancer",
    "magnum",
    "manila",
    "masakari",
    "message",
    "messaging",
    "metering",
    "metric",
    "mistral",
    "monasca",
    "murano",
    "objectstorage",
    "objectstore",
    "octavia",
    "orchestration",
    "placement",
    "rackspace",
    "rating",
    "reservation",
    "sahara",
    "senlin",
    "sharedfilesystem",
    "swift",
    "tacker",
    "trove",
    "watcher",
    "workflow",
    "zun",
];

impl Evidence {
    /// What the path of a file says.
    pub fn of_path(path: &str) -> Evidence {
        let mut evidence = Evidence::default();
        let plain = |part: &str| part.to_ascii_lowercase().replace(['-', '_', '.'], "");
        for part in path.split('/') {
            let word = plain(part);
            let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'v');
            if let Some((_, service)) = OWN.iter().find(|(name, _)| *name == word) {
                evidence.service = Some(service);
            }
            evidence.is_of_others |= OTHERS.iter().any(|other| word.contains(other));
            if let Some(version) = folder_version(part) {
                evidence.version = Some((version, format!("the folder {part}")));
            }
        }
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        evidence.role = name.split(|c: char| !c.is_ascii_alphanumeric()).find_map(role_of);
        evidence
    }

    /// The same of the document that `literal`, a half of an exchange, has in it.
    fn half(&self, role: Role, literal: &Literal, target: &Option<(String, String)>) -> Evidence {
        let mut own = Evidence { role: Some(role), ..self.clone() };
        own.target = target.clone().or(own.target);
        own.status = status(literal).or(own.status);
        own
    }

    /// What is known of each field of `literal`: beside a request with a method and a path, that is what its halves belong to.
    pub fn of_fields<'l>(&self, literal: &'l Literal) -> Vec<(&'l Entry, Evidence)> {
        let request = literal.get("request");
        let target = request.and_then(target);
        let mut shared = self.clone();
        shared.version = request.and_then(version_header).or(shared.version);
        shared.status = literal.get("response").and_then(status).or(shared.status);
        let of = |entry: &'l Entry| match entry.key.as_str() {
            "request" if request.is_some() => (entry, shared.half(Role::Request, &entry.value, &target)),
            "response" if request.is_some() => (entry, shared.half(Role::Answer, &entry.value, &target)),
            _ => (entry, shared.clone()),
        };
        literal.entries().iter().map(of).collect()
    }

    /// Is it said to what operation the document belongs?
    pub fn is_certain(&self) -> bool {
        self.target.is_some()
    }

    /// Was the request refused? Then it was meant to be.
    pub fn is_refused(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }
}

/// `req`, `request`, `resp`, `response`
fn role_of(word: &str) -> Option<Role> {
    match word {
        "req" | "request" => Some(Role::Request),
        "resp" | "response" => Some(Role::Answer),
        _ => None,
    }
}

/// `v2.90`; 2.0, 2.1 and 3.0 are versions of whole APIs.
fn folder_version(part: &str) -> Option<Microversion> {
    let version: Microversion = part.strip_prefix('v')?.parse().ok()?;
    (version.minor > 1).then_some(version)
}

/// The method and the path of a request, as HAR, cassettes, WireMock and Pact have them.
fn target(request: &Literal) -> Option<(String, String)> {
    let path = ["url", "uri", "path", "urlPath", "urlPathPattern"].iter().find_map(|key| request.get(key)?.text())?;
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    Some((request.get("method")?.text()?.to_owned(), path.to_owned()))
}

/// `status: 400`, `status: {code: 400}`
fn status(response: &Literal) -> Option<u16> {
    let number = |literal: &Literal| match &literal.kind {
        Kind::Scalar(value) => value.as_u64().and_then(|status| u16::try_from(status).ok()),
        _ => literal.text()?.parse().ok(),
    };
    let status = response.get("status").or_else(|| response.get("statusCode"))?;
    number(status).or_else(|| number(status.get("code")?))
}

/// The microversion in the headers of a request.
fn version_header(request: &Literal) -> Option<(Microversion, String)> {
    let headers = request.get("headers")?;
    let named = headers.entries().iter().map(|entry| (entry.key.as_str(), &entry.value));
    let listed = match &headers.kind {
        Kind::List { items, .. } => items.as_slice(),
        _ => &[],
    };
    let listed = listed.iter().filter_map(|item| Some((item.get("name")?.text()?, item.get("value")?)));
    named.chain(listed).find_map(|(name, value)| {
        let is_one =
            ["openstack-api-version", "x-openstack-nova-api-version"].iter().any(|own| name.eq_ignore_ascii_case(own));
        let first = match &value.kind {
            Kind::List { items, .. } => items.first()?.text()?,
            _ => value.text()?,
        };
        let version = first.rsplit(' ').next()?.parse().ok()?;
        is_one.then(|| (version, format!("the header {name}")))
    })
}
