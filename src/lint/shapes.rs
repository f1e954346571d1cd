//! What a document may be: every body and every answer of the table of operations that can be told by its shape.

use foldhash::{HashMap, HashSet};

use super::evidence::{Evidence, Role};
use super::literal::{Kind, Literal};
use crate::base::{Diagnostic, Microversion, Version, Versions};
use crate::contract::{Contracts, Operation, PathSegment, SchemaId, Schemas, ServiceContract};

/// What a document may be.
#[derive(Debug)]
pub struct Candidate<'c> {
    /// The API version.
    pub contract: &'c ServiceContract,
    /// The operation.
    pub operation: &'c Operation,
    /// Its body, or one of its answers.
    pub what: What,
    /// The versions in which it exists.
    pub versions: Versions,
    /// The schema of the whole document.
    pub schema: SchemaId,
    /// The fields that the document may have.
    top: HashSet<&'c str>,
    /// The fields that the resource in it may have.
    names: HashSet<&'c str>,
}

/// A body, or an answer with its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The body of a request.
    Body,
    /// The answer with that status.
    Answer(u16),
}

/// All candidates, by the field that tells them.
#[derive(Debug)]
pub struct Shapes<'c> {
    by_key: HashMap<&'c str, Vec<Candidate<'c>>>,
}

impl<'c> Shapes<'c> {
    /// Those of the release that is in force, or of all releases.
    ///
    /// # Errors
    /// A contract cannot be read.
    pub fn new(contracts: &'c Contracts, all_releases: bool) -> Result<Shapes<'c>, Diagnostic> {
        let mut by_key: HashMap<&'c str, Vec<Candidate<'c>>> = HashMap::default();
        for contract in contracts.services().iter().filter(|contract| all_releases || contract.lives) {
            let table = contract.table()?;
            for operation in table.operations.iter() {
                for (what, versions, schema) in documents(contract, operation) {
                    let versions = versions & operation.lifetime & contract.service.versions();
                    for (key, candidate) in candidates(contract, operation, what, versions, (schema, &table.schemas)) {
                        by_key.entry(key).or_default().push(candidate);
                    }
                }
            }
        }
        Ok(Shapes { by_key })
    }

    /// What `literal` may be by its shape and by what is known of it; nothing if it is none of OpenStack's documents.
    pub fn recognise(&self, literal: &Literal, evidence: &Evidence) -> Vec<&Candidate<'c>> {
        let known = literal.entries().iter().filter_map(|entry| Some((entry, self.by_key.get(entry.key.as_str())?)));
        for (entry, candidates) in known {
            let fits = |candidate: &&Candidate<'_>| {
                candidate.fits(evidence)
                    && literal.entries().iter().all(|entry| candidate.top.contains(entry.key.as_str()))
                    && candidate.resembles(&entry.value, evidence)
            };
            let fitting: Vec<&Candidate<'c>> = candidates.iter().filter(fits).collect();
            if !fitting.is_empty() {
                return of_role(fitting, evidence.role);
            }
        }
        Vec::new()
    }
}

/// Those of the role that the file says it has.
fn of_role<'a, 'c>(all: Vec<&'a Candidate<'c>>, role: Option<Role>) -> Vec<&'a Candidate<'c>> {
    all.into_iter().filter(|candidate| role.is_none_or(|role| candidate.what.role() == role)).collect()
}

impl What {
    /// Who sends it.
    pub fn role(self) -> Role {
        match self {
            What::Body => Role::Request,
            What::Answer(_) => Role::Answer,
        }
    }
}

/// The documents of an operation: bodies as today's services take them, and answers as any release gave them. Nova's v2 takes any body.
fn documents(contract: &ServiceContract, operation: &Operation) -> Vec<(What, Versions, SchemaId)> {
    let body = operation
        .body
        .filter(|_| contract.lives && contract.service.fallback.is_none())
        .map(|id| (What::Body, Versions::ALL, id));
    let answer = |row: &crate::contract::ResponseRow| Some((What::Answer(row.status), row.versions, row.body?));
    body.into_iter().chain(operation.responses.iter().filter_map(answer)).collect()
}

/// More fields than this on top of a document, and none of them tells what it is.
const MOST_ON_TOP: usize = 5;

fn candidates<'c>(
    contract: &'c ServiceContract,
    operation: &'c Operation,
    what: What,
    versions: Versions,
    (schema, schemas): (SchemaId, &'c Schemas),
) -> Vec<(&'c str, Candidate<'c>)> {
    let fields = schemas.own_fields(schema);
    let top: HashSet<&str> = fields.iter().map(|field| field.name.as_ref()).collect();
    if versions.is_empty() || top.len() > MOST_ON_TOP {
        return Vec::new();
    }
    let mut found: HashMap<&str, HashSet<&str>> = HashMap::default();
    for field in &fields {
        let names = found.entry(&field.name).or_default();
        for (_, form) in &field.forms {
            let inner = schemas.own_fields(*form).into_iter().chain(schemas.fields_of_items(*form));
            names.extend(inner.map(|field| field.name.as_ref()));
        }
    }
    // An object of anything, and a bare value, tell nothing, but for the name of an action.
    let tells = |key: &str, names: &HashSet<&str>| names.len() > 1 || (is_telling(key) && operation.action.is_some());
    let candidate = |(key, names): (&'c str, HashSet<&'c str>)| {
        let top = top.clone();
        (key, Candidate { contract, operation, what, versions, schema, top, names })
    };
    found.into_iter().filter(|(key, names)| tells(key, names)).map(candidate).collect()
}

/// Is it a word of OpenStack's own: `os-getConsoleOutput`, `confirmResize`?
fn is_telling(key: &str) -> bool {
    key.starts_with("os-") || key.bytes().any(|byte| byte.is_ascii_uppercase())
}

impl Candidate<'_> {
    /// Is it one of Nova's documents?
    pub fn is_of_compute(&self) -> bool {
        self.contract.service.mount == "/compute"
    }

    /// The fields that hold its resources, and what these are.
    pub fn resources(&self, schemas: &Schemas) -> Vec<(&str, SchemaId)> {
        let fields = schemas.own_fields(self.schema);
        let field = |name: &&'_ str| fields.iter().find(|field| *field.name == **name).map(|field| &field.forms);
        let forms = |name: &&'_ str| field(name).into_iter().flatten().map(|(_, form)| *form).collect::<Vec<_>>();
        self.top.iter().flat_map(|name| forms(name).into_iter().map(|form| (*name, form))).collect()
    }

    /// Has the newest version no such operation?
    pub fn has_ended(&self) -> bool {
        let last = self.contract.service.versions().iter().last();
        last.is_some_and(|last| !self.operation.lifetime.contains(last))
    }

    /// The versions in `possible`, or the API version if it has no microversions.
    pub fn told(&self, possible: Versions) -> String {
        match self.contract.service.told_apart() {
            None if !possible.is_empty() => self.contract.service.name.clone(),
            _ => possible.within(self.contract.service.versions()).to_string(),
        }
    }

    /// `body of compute.servers.create`
    pub fn name(&self) -> String {
        match self.what {
            What::Body => format!("body of {}", self.operation.id),
            What::Answer(status) => format!("answer {status} of {}", self.operation.id),
        }
    }

    /// Do the method and path, or else the folder, allow it?
    fn fits(&self, evidence: &Evidence) -> bool {
        match (&evidence.target, evidence.service) {
            _ if evidence.is_of_others => false,
            (Some((method, path)), _) => {
                self.is_at(method, path) && evidence.role.is_none_or(|role| role == self.what.role())
            }
            (None, Some(service)) => self.contract.service.name.split('-').next() == Some(service),
            (None, None) => true,
        }
    }

    /// The versions that what is said around the document leaves.
    pub fn narrowed(&self, evidence: &Evidence) -> Versions {
        let place = |version: Microversion| self.contract.service.told_apart()?.place(version);
        match evidence.version.as_ref().and_then(|(version, _)| place(*version)) {
            Some(version) => self.versions & Versions::only(version),
            None if evidence.version.is_some() && self.is_of_compute() => Versions::NONE,
            None => self.versions,
        }
    }

    /// Are the fields of the resource mostly those that it may have? Without a word of where the document belongs, half are not enough.
    fn resembles(&self, value: &Literal, evidence: &Evidence) -> bool {
        let keys: HashSet<&str> = match &value.kind {
            Kind::Map { entries, .. } => entries.iter().map(|entry| entry.key.as_str()).collect(),
            Kind::List { items, .. } => {
                items.iter().flat_map(Literal::entries).map(|entry| entry.key.as_str()).collect()
            }
            _ => return self.operation.action.is_some() && (evidence.is_certain() || self.names.is_empty()),
        };
        let known = keys.iter().filter(|key| self.names.contains(*key)).count();
        let unknown = keys.len() - known;
        known > 0 && (evidence.is_certain() || unknown * 2 <= known)
    }

    /// The versions of which each stands for those up to the next.
    pub fn turning_points(&self, schemas: &Schemas) -> Vec<(Version, Versions)> {
        let turns = schemas.turns(self.schema);
        let mut points: Vec<(Version, Versions)> = Vec::new();
        for version in self.versions.iter() {
            match points.last_mut() {
                Some((_, versions)) if !turns.contains(version) => *versions |= Versions::only(version),
                _ => points.push((version, Versions::only(version))),
            }
        }
        points
    }

    /// Does a request with that method and path lead to it? Where the service is mounted is not known.
    pub fn is_at(&self, method: &str, path: &str) -> bool {
        let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches(".json");
        let mut segments = path.trim_end_matches('/').rsplit('/');
        let mut own = self.operation.path.iter().rev();
        let fits = own.all(|own| {
            segments.next().is_some_and(|segment| match own {
                PathSegment::Fixed(text) => text == segment,
                PathSegment::Parameter(_) => !segment.is_empty(),
            })
        });
        // Before it come a project, and the root of the API; both may be left out.
        let is_root = |segment: &str| {
            let rest = segment.strip_prefix('v')?;
            let service = &self.contract.service;
            let mut roots = std::iter::once(&service.root).chain(&service.also_at).chain(&service.relaxed_root);
            rest.starts_with(|first: char| first.is_ascii_digit()).then(|| roots.any(|root| root[1..] == *segment))
        };
        fits && self.operation.method.eq_ignore_ascii_case(method) && segments.take(2).find_map(is_root) != Some(false)
    }
}
