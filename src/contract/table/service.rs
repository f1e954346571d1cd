//! The facts of a service that hold for all its operations.

use super::name::named;
use super::release::{Release, Releases};
use crate::base::{Diagnostic, Microversion, Node, Version, Versions};

/// A version of a service's API, as defined by its `service.yaml`.
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
    /// Other roots of the same API: `/v1.1` beside `/v2`.
    pub also_at: Vec<String>,
    /// The root at which the API is served in its relaxed form, as `legacy_v2`: today's `/v2` of Nova.
    pub relaxed_root: Option<String>,
    /// The API version whose relaxed form answers for what this one has no row for: `compute` for Nova's v2.
    pub fallback: Option<String>,
    /// The API version whose rows it has, as they are in the first version of that: `volume` for Cinder's v2.
    pub rows_of: Option<String>,
    /// Is the API at the root of the port too, because clients keep nothing of its endpoint but host and port?
    pub at_port: bool,
    /// May a path end in `.json`?
    pub json_suffix: bool,
    /// Is HEAD answered wherever GET is?
    pub heads: bool,
    /// Does the root without a slash at its end lead to the one with it, by a redirection?
    pub redirects: bool,
    /// Is there nothing at its root without a slash at the end?
    pub needs_slash: bool,
    /// Is there a project id between the root and the resource?
    pub project_in_url: ProjectInUrl,
    /// The same by releases, `..` of all, the oldest first.
    projects: Vec<(ProjectInUrl, String)>,
    /// The entries in the catalog: none, one, or another for clients that know the service by another type.
    pub catalog: Vec<CatalogEntry>,
    /// The entries of all releases.
    entries: Vec<CatalogEntry>,
    /// The microversions, if the service has them.
    pub microversions: Option<Microversions>,
    /// The longest body that the service reads, in bytes.
    pub body_limit: usize,
    /// How it words its errors.
    pub dialect: Dialect,
    /// Is it an API of Icehouse's time? It answers unknown paths like unknown resources, and an exceeded quota with 413.
    pub classic: bool,
    /// The parameters that every list takes besides its filters: `limit`.
    pub list_parameters: Vec<String>,
}

/// Whether there is a project id between the root and the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectInUrl {
    /// Never.
    No,
    /// With and without one is right.
    Optional,
    /// Always.
    Required,
}

impl ProjectInUrl {
    /// All of them, by the name that contracts use.
    pub const ALL: [(&'static str, ProjectInUrl); 3] =
        [("no", ProjectInUrl::No), ("optional", ProjectInUrl::Optional), ("required", ProjectInUrl::Required)];

    /// Reads a word, or words each with the releases in which it holds, the oldest first: `{required: ..xena, optional: yoga..}`.
    fn read(node: &Node) -> Result<Vec<(ProjectInUrl, String)>, Diagnostic> {
        if node.text().is_ok() {
            return Ok(vec![(node.choice(&ProjectInUrl::ALL)?, "..".to_owned())]);
        }
        node.only(&ProjectInUrl::ALL.map(|(name, _)| name))?;
        let known = |name: &str| ProjectInUrl::ALL.iter().find(|(own, _)| *own == name).map(|(_, own)| *own);
        let rows = node.entries()?.iter();
        rows.filter_map(|(name, _, range)| Some((known(name)?, range)))
            .map(|(own, range)| Ok((own, range.text()?.to_owned())))
            .collect()
    }
}

/// A root at which an API answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root<'s> {
    /// Its path below the mount: `/v2.1`.
    pub path: &'s str,
    /// Is the API served there in its relaxed form?
    pub relaxed: bool,
    /// Is it followed by a project id?
    pub project: ProjectInUrl,
}

/// The entry of a service in the catalog.
#[derive(Clone, Debug)]
pub struct CatalogEntry {
    /// `compute`
    pub kind: String,
    /// `nova`
    pub name: String,
    /// The path of the endpoint: `/compute/v2.1`. `{project}` is replaced by the id of the token's project.
    pub path: String,
    /// The releases that have it, `yoga..`; all, if it does not say.
    pub releases: Option<String>,
}

impl CatalogEntry {
    /// The path without the project: the API version that it leads to.
    pub fn root(&self) -> &str {
        self.path.trim_end_matches(PROJECT).trim_end_matches('/')
    }
}

/// The microversions of a service.
#[derive(Clone, Debug)]
pub struct Microversions {
    /// The first, which is used when no header asks for another.
    pub minimum: Microversion,
    /// The last.
    pub maximum: Microversion,
    /// The word for the service in `OpenStack-API-Version: compute 2.37`; without one the service does not read that header.
    pub service: Option<String>,
    /// The last version of a service that does not know that header yet ends before this one.
    pub named_since: Option<Microversion>,
    /// Is a header refused that names other services alone?
    pub must_be_named: bool,
    /// The header that came before it, which holds the version alone.
    pub legacy_header: Option<String>,
    /// All of them on the axis, without `legacy_v2`.
    pub versions: Versions,
}

/// How a service words its errors and what headers its answers have: closed, because each is code of its own.
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
    /// Nova's message, with less context.
    Cinder,
}

impl Dialect {
    /// Every dialect, by the name that contracts use.
    pub const ALL: [(&'static str, Dialect); 5] = [
        ("nova", Dialect::Nova),
        ("keystone", Dialect::Keystone),
        ("glance", Dialect::Glance),
        ("neutron", Dialect::Neutron),
        ("cinder", Dialect::Cinder),
    ];
}

impl Service {
    /// Reads a `service.yaml`.
    ///
    /// # Errors
    /// A key that is unknown, missing or of the wrong kind.
    pub fn read(node: &Node) -> Result<Service, Diagnostic> {
        const KNOWN: [&str; 20] = [
            "service",
            "synonyms",
            "mount",
            "root",
            "also_at",
            "relaxed_root",
            "fallback",
            "rows_of",
            "at_port",
            "project_in_url",
            "catalog",
            "microversions",
            "body_limit",
            "dialect",
            "classic",
            "json_suffix",
            "heads",
            "redirects",
            "needs_slash",
            "list_parameters",
        ];
        node.only(&KNOWN)?;
        let text = |key: &str| node.required_text(key);
        let name = node.required("service")?;
        named("an API", name.text()?, &name.place)?;
        let entries = node.get("catalog").map_or(Ok(Vec::new()), catalog)?;
        let projects = node.get("project_in_url").map_or(Ok(Vec::new()), ProjectInUrl::read)?;
        Ok(Service {
            name: text("service")?,
            synonyms: node.texts("synonyms")?,
            mount: text("mount")?,
            root: text("root")?,
            also_at: node.texts("also_at")?,
            relaxed_root: node.optional("relaxed_root")?,
            fallback: node.optional("fallback")?,
            rows_of: node.optional("rows_of")?,
            at_port: node.get("at_port").map_or(Ok(false), Node::boolean)?,
            heads: node.get("heads").map_or(Ok(false), Node::boolean)?,
            json_suffix: node.get("json_suffix").map_or(Ok(false), Node::boolean)?,
            redirects: node.get("redirects").map_or(Ok(false), Node::boolean)?,
            needs_slash: node.get("needs_slash").map_or(Ok(false), Node::boolean)?,
            project_in_url: projects.last().map_or(ProjectInUrl::No, |(newest, _)| *newest),
            projects,
            catalog: entries.clone(),
            entries,
            microversions: node.get("microversions").map(Microversions::read).transpose()?,
            body_limit: usize::try_from(node.required("body_limit")?.integer()?).unwrap_or(usize::MAX),
            dialect: node.required("dialect")?.choice(&Dialect::ALL)?,
            classic: node.get("classic").map_or(Ok(false), Node::boolean)?,
            list_parameters: node.texts("list_parameters")?,
        })
    }

    /// What differs in `release`, one of `releases`: the last microversion, if it has any there, and what the catalog says.
    pub(in crate::contract) fn become_of(&mut self, release: &Release, releases: &Releases) {
        if let (Some(microversions), Some(offered)) = (&mut self.microversions, release.offers.get(&self.name)) {
            match offered.parse() {
                Ok(maximum) => microversions.limit(maximum),
                Err(_) => self.microversions = None,
            }
        }
        let is_there = |entry: &&CatalogEntry| entry.releases.as_ref().is_none_or(|own| releases.within(release, own));
        let is_so = |(_, range): &&(ProjectInUrl, String)| releases.within(release, range);
        self.project_in_url = self.projects.iter().find(is_so).map_or(self.project_in_url, |(own, _)| *own);
        self.catalog = self.entries.iter().filter(is_there).cloned().collect();
        if let (Some(entry), Some(kind)) = (self.catalog.first_mut(), release.catalog.get(&self.name)) {
            entry.kind.clone_from(kind);
            entry.name = kind.replace("compute", "nova");
        }
    }

    /// Takes paths with and without a project, if releases differ in that.
    pub(in crate::contract) fn take_any_project(&mut self) {
        if self.projects.len() > 1 {
            self.project_in_url = ProjectInUrl::Optional;
        }
    }

    /// The roots at which the API answers.
    pub fn roots(&self) -> impl Iterator<Item = Root<'_>> {
        let root = |relaxed| move |path| Root { path, relaxed, project: self.project_in_url };
        let own = [self.root.as_str()].into_iter().chain(self.also_at.iter().map(String::as_str));
        own.map(root(false)).chain(self.relaxed_root.iter().map(String::as_str).map(root(true)))
    }

    /// The root below which `path` is (the longest of several), and the rest of it.
    pub fn root_of<'p>(&self, path: &'p str) -> Option<(Root<'_>, &'p str)> {
        let below = self.roots().filter_map(|root| Some((rest_below(path, root.path)?, root)));
        below.max_by_key(|(_, root)| root.path.len()).map(|(rest, root)| (root, rest))
    }

    /// The microversions, if the contract distinguishes them.
    pub fn told_apart(&self) -> Option<&Microversions> {
        self.microversions.as_ref().filter(|microversions| Version::of(microversions.minimum).is_some())
    }

    /// The versions that the API has: its microversions and, where an operation may be asked in its relaxed form,
    /// `legacy_v2`; one version if it has none.
    pub fn versions(&self) -> Versions {
        match &self.microversions {
            Some(microversions) => microversions.versions,
            None => Versions::only(Version::FIRST),
        }
    }
}

/// One entry, or a list of them.
fn catalog(node: &Node) -> Result<Vec<CatalogEntry>, Diagnostic> {
    node.one_or_more().iter().map(CatalogEntry::read).collect()
}

impl Service {
    /// Is the path one of the service's URLs in the catalog, or one above it?
    pub fn is_in_catalog(&self, path: &str) -> bool {
        let fits = |(listed, asked): (&str, &str)| {
            listed == asked
                || (listed == PROJECT && !asked.is_empty() && asked.bytes().all(|b| b.is_ascii_alphanumeric()))
        };
        let asked: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        self.catalog.iter().any(|entry| {
            let listed: Vec<&str> = entry.path.split('/').collect();
            asked.len() <= listed.len() && listed.into_iter().zip(asked.iter().copied()).all(fits)
        })
    }
}

/// What stands for the token's project in the path of a catalog's entry.
const PROJECT: &str = "{project}";

impl CatalogEntry {
    fn read(node: &Node) -> Result<CatalogEntry, Diagnostic> {
        node.only(&["type", "name", "path", "releases"])?;
        let text = |key: &str| node.required_text(key);
        let releases = node.optional("releases")?;
        Ok(CatalogEntry { kind: text("type")?, name: text("name")?, path: text("path")?, releases })
    }
}

impl Microversions {
    /// The header that asks for a version, up to the version.
    pub fn header(&self) -> Option<String> {
        let named = self.service.as_ref().map(|service| format!("OpenStack-API-Version: {service}"));
        named.or_else(|| self.legacy_header.as_ref().map(|name| format!("{name}:")))
    }

    /// The API ends at `maximum`, unless it ends before.
    pub(in crate::contract) fn limit(&mut self, maximum: Microversion) {
        self.service.take_if(|_| self.named_since.is_some_and(|since| maximum < since));
        if maximum < self.maximum {
            self.maximum = maximum;
            self.versions = self.versions & versions(self.minimum, maximum).unwrap_or(Versions::ALL);
        }
    }

    /// The place of `asked` on the axis, if the service has it.
    pub fn place(&self, asked: Microversion) -> Option<Version> {
        let is_there = (self.minimum..=self.maximum).contains(&asked);
        is_there.then(|| on_axis(asked)).flatten()
    }

    fn read(node: &Node) -> Result<Microversions, Diagnostic> {
        node.only(&["service", "minimum", "maximum", "legacy_header", "named_since", "must_be_named"])?;
        let minimum = microversion(node.required("minimum")?)?;
        let last = node.required("maximum")?;
        let maximum = microversion(last)?;
        Ok(Microversions {
            minimum,
            maximum,
            service: Some(node.required("service")?.text()?.to_owned()),
            named_since: node.get("named_since").map(microversion).transpose()?,
            must_be_named: node.get("must_be_named").map_or(Ok(false), Node::boolean)?,
            legacy_header: node.optional("legacy_header")?,
            versions: versions(minimum, maximum).ok_or_else(|| last.expected("a known microversion"))?,
        })
    }
}

pub fn microversion(node: &Node) -> Result<Microversion, Diagnostic> {
    node.text()?.parse().map_err(|_| node.expected("a microversion such as \"2.37\""))
}

fn versions(minimum: Microversion, maximum: Microversion) -> Option<Versions> {
    Some(Versions::range(on_axis(minimum)?, on_axis(maximum)?))
}

/// Versions of other services than Nova and Cinder stand at one place.
fn on_axis(microversion: Microversion) -> Option<Version> {
    match microversion.major {
        2 | 3 => Version::of(microversion),
        _ => Some(Version::FIRST),
    }
}

/// What follows `top` in `path`, if `path` is `top` or below it.
pub fn rest_below<'p>(path: &'p str, top: &str) -> Option<&'p str> {
    path.strip_prefix(top).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}
