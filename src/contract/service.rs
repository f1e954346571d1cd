//! The facts of a service that hold for all its operations.

use crate::base::{Diagnostic, Microversion, Node, Version, Versions, unknown_key};

/// A version of a service's API, as its `service.yaml` tells it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The name in operation ids: `compute`.
    pub name: String,
    /// Other names by which clients and tools call it: `nova`.
    pub synonyms: Vec<String>,
    /// Where the service is mounted: `/compute`.
    pub mount: String,
    /// The root of this API version below the mount: `/v2.1`.
    pub root: String,
    /// May a project id stand between the root and the resource?
    pub project_in_url: bool,
    /// The entry in the catalog.
    pub catalog: CatalogEntry,
    /// The microversions, if the service has them.
    pub microversions: Option<Microversions>,
    /// The longest body that the service reads, in bytes.
    pub body_limit: usize,
    /// How it words its errors.
    pub dialect: Dialect,
}

/// What the catalog says of a service.
#[derive(Clone, Debug)]
pub struct CatalogEntry {
    /// `compute`
    pub kind: String,
    /// `nova`
    pub name: String,
    /// The path of the endpoint: `/compute/v2.1`.
    pub path: String,
}

/// The microversions of a service.
#[derive(Clone, Debug)]
pub struct Microversions {
    /// The first, which is used when no header asks for another.
    pub minimum: Microversion,
    /// The last.
    pub maximum: Microversion,
    /// The word for the service in `OpenStack-API-Version: compute 2.37`.
    pub service: String,
    /// The header that came before it, which holds the version alone.
    pub legacy_header: Option<String>,
    /// All of them on the axis, without `legacy_v2`.
    pub versions: Versions,
}

/// How a service words its errors and dresses its answers: closed, because each is code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `{"itemNotFound": {"code": 404, "message": …}}`
    Nova,
    /// `{"error": {"code": 404, "message": …, "title": "Not Found"}}`
    Keystone,
    /// HTML with the text of the status.
    Glance,
    /// `{"NeutronError": {"type": …, "message": …, "detail": ""}}`
    Neutron,
}

impl Dialect {
    /// Every dialect, by the name that contracts use.
    pub const ALL: [(&'static str, Dialect); 4] = [
        ("nova", Dialect::Nova),
        ("keystone", Dialect::Keystone),
        ("glance", Dialect::Glance),
        ("neutron", Dialect::Neutron),
    ];
}

impl Service {
    /// Reads a `service.yaml`.
    ///
    /// # Errors
    /// A key that is unknown, missing or of the wrong kind.
    pub fn read(node: &Node) -> Result<Service, Diagnostic> {
        const KNOWN: [&str; 9] = [
            "service",
            "synonyms",
            "mount",
            "root",
            "project_in_url",
            "catalog",
            "microversions",
            "body_limit",
            "dialect",
        ];
        refuse_unknown(node, &KNOWN)?;
        let text = |key: &str| Ok::<_, Diagnostic>(required(node, key)?.text()?.to_owned());
        Ok(Service {
            name: text("service")?,
            synonyms: texts(node, "synonyms")?,
            mount: text("mount")?,
            root: text("root")?,
            project_in_url: node.get("project_in_url").map_or(Ok(false), Node::boolean)?,
            catalog: CatalogEntry::read(required(node, "catalog")?)?,
            microversions: node.get("microversions").map(Microversions::read).transpose()?,
            body_limit: usize::try_from(required(node, "body_limit")?.integer()?).unwrap_or(usize::MAX),
            dialect: choice(required(node, "dialect")?, &Dialect::ALL)?,
        })
    }

    /// The versions that the API has: its microversions and, where an operation may be asked in its relaxed form,
    /// `legacy_v2`; one version if it has no microversions.
    pub fn versions(&self) -> Versions {
        match &self.microversions {
            Some(microversions) => microversions.versions,
            None => Versions::only(Version::FIRST),
        }
    }
}

impl CatalogEntry {
    fn read(node: &Node) -> Result<CatalogEntry, Diagnostic> {
        refuse_unknown(node, &["type", "name", "path"])?;
        let text = |key: &str| Ok::<_, Diagnostic>(required(node, key)?.text()?.to_owned());
        Ok(CatalogEntry { kind: text("type")?, name: text("name")?, path: text("path")? })
    }
}

impl Microversions {
    fn read(node: &Node) -> Result<Microversions, Diagnostic> {
        refuse_unknown(node, &["service", "minimum", "maximum", "legacy_header"])?;
        let (minimum, first) = microversion(required(node, "minimum")?)?;
        let (maximum, last) = microversion(required(node, "maximum")?)?;
        Ok(Microversions {
            minimum,
            maximum,
            service: required(node, "service")?.text()?.to_owned(),
            legacy_header: node.get("legacy_header").map(|n| n.text().map(str::to_owned)).transpose()?,
            versions: Versions::range(first, last),
        })
    }
}

fn microversion(node: &Node) -> Result<(Microversion, Version), Diagnostic> {
    let microversion: Microversion =
        node.text()?.parse().map_err(|_| node.expected("a microversion such as \"2.37\""))?;
    let version = Version::minor(microversion.minor).ok_or_else(|| node.expected("a microversion on the axis"))?;
    Ok((microversion, version))
}

/// The value below `key`.
pub(super) fn required<'n>(node: &'n Node, key: &str) -> Result<&'n Node, Diagnostic> {
    node.get(key).ok_or_else(|| Diagnostic::new(format!("the key {key:?} is missing")).at(&node.place))
}

/// The list of texts below `key`; empty without the key.
pub(super) fn texts(node: &Node, key: &str) -> Result<Vec<String>, Diagnostic> {
    let Some(list) = node.get(key) else { return Ok(Vec::new()) };
    list.items()?.iter().map(|item| item.text().map(str::to_owned)).collect()
}

/// The meaning of a word out of a closed set.
pub(super) fn choice<T: Copy>(node: &Node, all: &[(&str, T)]) -> Result<T, Diagnostic> {
    let word = node.text()?;
    all.iter().find(|(name, _)| *name == word).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        node.expected(&format!("one of {}", names.join(", ")))
    })
}

/// Complains of the first key that is not `known`.
pub(super) fn refuse_unknown(node: &Node, known: &[&str]) -> Result<(), Diagnostic> {
    match node.entries()?.iter().find(|(key, ..)| !known.contains(&key.as_str())) {
        Some((key, place, _)) => Err(unknown_key(key, place, known)),
        None => Ok(()),
    }
}
