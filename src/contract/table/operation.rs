//! A row of the table: one operation of an API.

use std::sync::{Arc, OnceLock};

use super::bulk::both_forms;
use super::collections::inherited;
use super::effect::{Effect, effect};
use super::filters::{Filters, filters};
use super::name::named;
use crate::base::json::Value;
use crate::base::{Diagnostic, Node, Place, Versions, Yaml};
use crate::contract::check::Check;
use crate::contract::schema::{Loader, SchemaId, lifetime, versioned};
use crate::message::Marks;

/// A row of the table: everything that is known of one operation.
#[derive(Debug)]
pub struct Operation {
    /// `compute.servers.create`
    pub id: Arc<str>,
    /// Other names by which tools call it, without the service.
    pub aliases: Vec<String>,
    /// The place of the row.
    pub place: Place,
    /// The method.
    pub method: String,
    /// The path below the root of the API: fixed segments and `{names}`.
    pub path: Vec<PathSegment>,
    /// Does the path start at the mount of the service instead of the root of the API version?
    pub at_mount: bool,
    /// The body's only key, for a row that shares its path with other actions.
    pub action: Option<Action>,
    /// The versions in which the operation exists.
    pub lifetime: Versions,
    /// The policy that a caller needs in addition to a token.
    pub policy: Option<Policy>,
    /// Is a token needed?
    pub token: bool,
    /// The collection of the cloud that it is about: `servers`.
    pub collection: Option<String>,
    /// The field of the resource whose items it is about.
    pub field: Option<Field>,
    /// What the simulated cloud does; `None`: it is checked and recorded, but answered 501.
    pub effect: Option<Effect>,
    /// How a client library gets here.
    pub client: Option<String>,
    /// The file of the service that implements it.
    pub source: Option<String>,
    /// The media types that the body may have; none: those that the service takes for JSON.
    pub media: Vec<String>,
    /// Is the body no document, but contents of any length?
    pub raw: bool,
    /// The name of the list in the bulk form of the body, if it has one.
    pub bulk: Option<String>,
    /// The schema of the body.
    pub body: Option<SchemaId>,
    /// The schema of the query.
    pub query: Option<SchemaId>,
    /// By which parameters the list is narrowed; `None`: it is no list, or nobody has said by which.
    pub filters: Option<Filters>,
    /// What the service's own code checks after the schema, without looking anything up.
    pub check: Option<Check>,
    /// Does a refusal name the whole path of the violation, as Keystone's older validator does?
    pub tells_path: bool,
    /// The answers, by status.
    pub responses: Vec<ResponseRow>,
    /// The statuses with which it may be refused.
    pub faults: Vec<u16>,
    /// The literal answer of an [`Effect::Document`].
    pub document: Option<Value>,
    /// Is it known that the service has it, and nothing else?
    pub only_routed: bool,
    /// See [`Operation::marks`]; read on first use.
    pub(in crate::contract) marks: OnceLock<Arc<Marks>>,
}

/// The field of a resource whose items an operation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, in the resource and around all items: `metadata`.
    pub name: String,
    /// The key that wraps one item in bodies; `None`: it is not wrapped.
    pub item: Option<String>,
}

/// Who is allowed to perform it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The name of the rule, for the refusal.
    pub rule: String,
    /// The role that a caller needs.
    pub role: String,
    /// The role that does for the user or the project that is asked about.
    pub owner: Option<String>,
}

/// A segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathSegment {
    /// Exactly this.
    Fixed(String),
    /// Anything; the name is for the reader.
    Parameter(String),
}

impl PathSegment {
    /// The text, or the name of the value.
    pub fn text(&self) -> &str {
        match self {
            PathSegment::Fixed(text) | PathSegment::Parameter(text) => text,
        }
    }
}

/// The name of an action: the only key of its body.
pub type Action = String;

/// An answer that an operation gives.
#[derive(Clone, Copy, Debug)]
pub struct ResponseRow {
    /// The status.
    pub status: u16,
    /// The versions in which it is given.
    pub versions: Versions,
    /// The schema of the body, which also projects it; `None` for an empty body.
    pub body: Option<SchemaId>,
}

const KNOWN: &[&str] = &[
    "route",
    "policy",
    "at",
    "action",
    "aliases",
    "microversions",
    "token",
    "collection",
    "field",
    "effect",
    "client",
    "source",
    "request",
    "check",
    "tells_path",
    "responses",
    "faults",
    "filters",
    "document",
];

impl Operation {
    /// Reads the row `name` of `file`, whose operations are called `resource.NAME` (`compute.servers`); `common` is what they have
    /// in common.
    ///
    /// # Errors
    /// A key that is unknown, missing or of the wrong kind, or a schema that cannot be read.
    pub(in crate::contract) fn read(
        loader: &Loader<'_>,
        file: &str,
        resource: &str,
        name: &str,
        (node, common): (&Node, Option<&Node>),
    ) -> Result<Operation, Diagnostic> {
        named("an operation", name, &node.place)?;
        node.only(KNOWN)?;
        let (method, path) = route(node.required("route")?)?;
        let text = |key: &str| node.get(key).map(|n| n.text().map(str::to_owned)).transpose();
        let request = node.get("request");
        if let Some(request) = request {
            request.only(&["body", "query", "media", "raw", "bulk"])?;
        }
        let part = |key: &str| request.and_then(|request| request.get(key));
        let body = part("body").map(|n| loader.unread(file, n)).transpose()?;
        let query = part("query").map(|n| loader.query(file, n)).transpose()?;
        let inherited = |key: &str| inherited(node, common, key).map(|n| n.text().map(str::to_owned)).transpose();
        let collection = inherited("collection")?;
        let bulk = part("bulk").map_or(Ok(false), Node::boolean)?.then(|| collection.clone().unwrap_or_default());
        let both_forms = |schema: Option<SchemaId>| match (&bulk, schema) {
            (Some(list), Some(single)) => {
                let list = list.clone();
                Some(loader.schemas.add_unread(move |schemas| both_forms(schemas, single, &list)))
            }
            _ => schema,
        };
        let body = both_forms(body);
        let mut responses = responses(loader, file, node.get("responses"))?;
        for row in responses.iter_mut().filter(|row| row.status < 400) {
            row.body = both_forms(row.body);
        }
        Ok(Operation {
            id: format!("{resource}.{name}").into(),
            aliases: node.texts("aliases")?,
            place: node.place.clone(),
            method,
            path,
            at_mount: node
                .get("at")
                .map(|n| n.choice(&[("mount", true), ("root", false)]))
                .transpose()?
                .unwrap_or(false),
            action: text("action")?,
            lifetime: node.get("microversions").map_or(Ok(Versions::ALL), lifetime)?,
            policy: node.get("policy").map(policy).transpose()?,
            token: node.get("token").map_or(Ok(true), Node::boolean)?,
            collection,
            field: node.get("field").map(field).transpose()?,
            effect: node.get("effect").map(effect).transpose()?,
            client: text("client")?,
            source: inherited("source")?,
            media: request.map_or(Ok(Vec::new()), |request| request.texts("media"))?,
            raw: part("raw").map_or(Ok(false), Node::boolean)?,
            bulk,
            body,
            query,
            filters: node.get("filters").map(filters).transpose()?,
            check: node.get("check").map(|n| n.choice(Check::ALL)).transpose()?,
            tells_path: node.get("tells_path").map_or(Ok(false), Node::boolean)?,
            responses,
            faults: node.get("faults").map_or(Ok(Vec::new()), |n| n.items()?.iter().map(status).collect())?,
            document: node.get("document").map(Node::to_json),
            only_routed: false,
            marks: OnceLock::new(),
        })
    }

    /// The operation `id`, of which nothing is known but its route, `METHOD /path` at `node`.
    ///
    /// # Errors
    /// It is no route.
    pub(in crate::contract) fn only_routed(id: &str, node: &Node) -> Result<Operation, Diagnostic> {
        let (method, path) = route(node)?;
        Ok(Operation {
            id: id.into(),
            aliases: Vec::new(),
            place: node.place.clone(),
            method,
            path,
            at_mount: false,
            action: None,
            lifetime: Versions::ALL,
            policy: None,
            token: true,
            collection: None,
            field: None,
            effect: None,
            client: None,
            source: None,
            media: Vec::new(),
            raw: false,
            bulk: None,
            filters: None,
            body: None,
            query: None,
            check: None,
            tells_path: false,
            responses: Vec::new(),
            faults: Vec::new(),
            document: None,
            only_routed: true,
            marks: OnceLock::new(),
        })
    }

    /// The id without the service: `servers.create`.
    pub fn name(&self) -> &str {
        self.id.split_once('.').map_or("", |(_, name)| name)
    }

    /// The path as the contract spells it: `/servers/{id}`.
    pub fn path_text(&self) -> String {
        let segment = |segment: &PathSegment| match segment {
            PathSegment::Fixed(text) => format!("/{text}"),
            PathSegment::Parameter(name) => format!("/{{{name}}}"),
        };
        match self.path.as_slice() {
            [] => "/".to_owned(),
            segments => segments.iter().map(segment).collect(),
        }
    }

    /// Does it take a body of that media type?
    pub fn takes(&self, media: &str) -> bool {
        self.media.is_empty() || self.media.iter().any(|own| own.eq_ignore_ascii_case(media))
    }

    /// Is there a body that both accept?
    pub fn shares_media(&self, other: &Operation) -> bool {
        self.media.is_empty() || other.media.is_empty() || self.media.iter().any(|media| other.takes(media))
    }

    /// The answer of success at a version.
    pub fn success(&self, version: crate::base::Version) -> Option<&ResponseRow> {
        self.responses.iter().find(|row| row.status < 400 && row.versions.contains(version))
    }
}

/// The methods that OpenStack's APIs have.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

pub(super) fn route(node: &Node) -> Result<(String, Vec<PathSegment>), Diagnostic> {
    let wrong = || node.expected("a method and a path, such as GET /servers/{id}");
    let (method, path) = node.text()?.split_once(' ').ok_or_else(wrong)?;
    let path = path.strip_prefix('/').ok_or_else(wrong)?;
    if !METHODS.contains(&method) {
        let wrong = node.expected(&format!("one of {} before the path", METHODS.join(", ")));
        return Err(wrong.did_you_mean(method, METHODS));
    }
    let segment = |text: &str| match text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        Some(name) => PathSegment::Parameter(name.to_owned()),
        None => PathSegment::Fixed(text.to_owned()),
    };
    Ok((method.to_owned(), path.split('/').filter(|s| !s.is_empty()).map(segment).collect()))
}

/// `{rule: NAME, role: ROLE, owner: ROLE}`
fn policy(node: &Node) -> Result<Policy, Diagnostic> {
    node.only(&["rule", "role", "owner"])?;
    let text = |key: &str| node.required_text(key);
    let owner = node.get("owner").map(|n| n.text().map(str::to_owned)).transpose()?;
    Ok(Policy { rule: text("rule")?, role: text("role")?, owner })
}

/// `metadata`, or `{name: metadata, item: meta}`
fn field(node: &Node) -> Result<Field, Diagnostic> {
    if let Yaml::Text(name) = node.yaml() {
        return Ok(Field { name: name.to_string(), item: None });
    }
    node.only(&["name", "item"])?;
    let item = node.required("item")?.text()?.to_owned();
    Ok(Field { name: node.required("name")?.text()?.to_owned(), item: Some(item) })
}

fn status(node: &Node) -> Result<u16, Diagnostic> {
    u16::try_from(node.integer()?).map_err(|_| node.expected("an HTTP status"))
}

/// The answers of a row of `file`, which `node` lists.
///
/// # Errors
/// As [`Operation::read`].
pub fn responses(loader: &Loader<'_>, file: &str, node: Option<&Node>) -> Result<Vec<ResponseRow>, Diagnostic> {
    let Some(node) = node else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for (key, place, row) in node.entries()? {
        let status: u16 =
            key.parse().map_err(|_| Diagnostic::new("expected an HTTP status").at(place).row("found", key.as_ref()))?;
        row.only(&["body", "microversions"])?;
        let own = row.get("microversions").map_or(Ok(Versions::ALL), lifetime)?;
        let Some(body) = row.get("body") else {
            rows.push(ResponseRow { status, versions: own, body: None });
            continue;
        };
        let mut empty = own;
        for (versions, schema) in versioned(body)? {
            rows.push(ResponseRow { status, versions: own & versions, body: Some(loader.unread(file, schema)?) });
            empty = empty.without(versions);
        }
        // A version that no form of the body names has none.
        if !empty.is_empty() {
            rows.push(ResponseRow { status, versions: empty, body: None });
        }
    }
    Ok(rows)
}
