//! From a method and a path to the rows that could be meant.

use std::ops::Deref;

use foldhash::HashMap;

use super::operation::{Operation, PathSegment};
use super::service::{ProjectInUrl, Root, Service};
use crate::base::Diagnostic;

/// What a path leads to.
#[derive(Clone, Debug)]
pub struct Match<'c> {
    /// The rows that share the method and the path: one, or all actions of a resource.
    pub operations: Vec<&'c Operation>,
    /// The values of the `{names}` of the path.
    pub parameters: Vec<String>,
    /// The project id that stood in the path.
    pub project: Option<String>,
    /// The root at which the API was found; `None` at the mount of the service.
    pub root: Option<Root<'c>>,
}

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrouted {
    /// No version of the service's API is rooted there: `/compute/v9`.
    NoSuchRoot,
    /// The API has no such path.
    NoSuchPath,
    /// The path exists, but not with this method.
    NoSuchMethod,
}

/// Finds the rows for `path`, which starts below the service's mount.
pub fn find<'c>(
    service: &'c Service,
    operations: &'c Operations,
    method: &str,
    path: &str,
) -> Result<Match<'c>, Unrouted> {
    let found = find_exactly(service, operations, method, path);
    match found {
        Err(Unrouted::NoSuchMethod) if service.heads && method == "HEAD" => {
            find_exactly(service, operations, "GET", path)
        }
        found => found,
    }
}

fn find_exactly<'c>(
    service: &'c Service,
    operations: &'c Operations,
    method: &str,
    path: &str,
) -> Result<Match<'c>, Unrouted> {
    let path = if service.json_suffix { path.strip_suffix(".json").unwrap_or(path) } else { path };
    match service.root_of(path) {
        Some((root, rest)) => find_below_root(root, operations, method, rest),
        None => search(operations, method, path, true).map_err(|found| match (found, service.root.is_empty()) {
            (Unrouted::NoSuchPath, false) => Unrouted::NoSuchRoot,
            (found, _) => found,
        }),
    }
}

fn find_below_root<'c>(
    root: Root<'c>,
    operations: &'c Operations,
    method: &str,
    rest: &str,
) -> Result<Match<'c>, Unrouted> {
    let is_top = rest.trim_matches('/').is_empty();
    let direct = match root.project {
        // The version document stands before the project.
        ProjectInUrl::Required if !is_top => Err(Unrouted::NoSuchPath),
        _ => search(operations, method, rest, false),
    };
    if direct.is_ok() || root.project == ProjectInUrl::No {
        return direct.map(|found| Match { root: Some(root), ..found });
    }
    let (project, rest) = rest.trim_start_matches('/').split_once('/').unwrap_or_default();
    if !is_project_id(project) {
        return direct;
    }
    let found = search(operations, method, &format!("/{rest}"), false)?;
    Ok(Match { project: Some(project.to_owned()), root: Some(root), ..found })
}

/// Nova's route takes hexadecimal digits and dashes for a project id, nothing else.
fn is_project_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn search<'c>(operations: &'c Operations, method: &str, path: &str, at_mount: bool) -> Result<Match<'c>, Unrouted> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let on_path = |operation: &&Operation| operation.at_mount == at_mount && fits(&operation.path, &segments);
    let mut found =
        operations.that_start_with(segments.first().copied().unwrap_or_default()).filter(on_path).peekable();
    if found.peek().is_none() {
        return Err(Unrouted::NoSuchPath);
    }
    let asked: Vec<&Operation> = found.filter(|operation| operation.method == method).collect();
    // `/servers/detail` is no server.
    let first = *asked.iter().min_by_key(|operation| parameter_count(&operation.path)).ok_or(Unrouted::NoSuchMethod)?;
    let same = asked.into_iter().filter(|other| other.path == first.path).collect();
    Ok(Match { operations: same, parameters: parameters(&first.path, &segments), project: None, root: None })
}

/// Does the path fit? The top of an API (`/`) is found with any number of slashes, as the services find it.
fn fits(path: &[PathSegment], segments: &[&str]) -> bool {
    let fits = |(expected, found): (&PathSegment, &&str)| match expected {
        PathSegment::Fixed(text) => text == found,
        PathSegment::Parameter(_) => !found.is_empty(),
    };
    match path {
        [] => segments.iter().all(|segment| segment.is_empty()),
        _ => path.len() == segments.len() && path.iter().zip(segments).all(fits),
    }
}

fn parameter_count(path: &[PathSegment]) -> usize {
    path.iter().filter(|segment| matches!(segment, PathSegment::Parameter(_))).count()
}

/// The values of the parameters of a path that fits.
fn parameters(path: &[PathSegment], segments: &[&str]) -> Vec<String> {
    let pairs = path.iter().zip(segments);
    let values = pairs.filter(|(expected, _)| matches!(expected, PathSegment::Parameter(_)));
    values.map(|(_, found)| crate::message::percent_decode(found)).collect()
}

/// The rows of a table, found by the first segment of their paths.
#[derive(Debug, Default)]
pub struct Operations {
    rows: Vec<Operation>,
    /// The places of the rows by first segment; those of the top of the API have none.
    by_first: HashMap<String, Vec<usize>>,
    /// Does any of the rows take contents, which are no document?
    pub has_raw: bool,
}

impl Operations {
    /// The rows, in the order of the contract.
    ///
    /// # Errors
    /// Two rows would answer the same request.
    pub(in crate::contract) fn new(rows: Vec<Operation>) -> Result<Operations, Diagnostic> {
        refuse_clashes(&rows)?;
        let mut by_first: HashMap<String, Vec<usize>> = HashMap::default();
        for (place, row) in rows.iter().enumerate() {
            let first = match row.path.first() {
                Some(PathSegment::Fixed(text)) => text.as_str(),
                Some(PathSegment::Parameter(_)) => ANYTHING,
                None => "",
            };
            by_first.entry(first.to_owned()).or_default().push(place);
        }
        Ok(Operations { has_raw: rows.iter().any(|row| row.raw), rows, by_first })
    }

    fn that_start_with(&self, first: &str) -> impl Iterator<Item = &Operation> {
        let places = [first, ANYTHING].into_iter().filter_map(|first| self.by_first.get(first));
        places.flatten().filter_map(|place| self.rows.get(*place))
    }
}

/// A row is found by its route, its action, the media type of the body and the version: no two rows may share all of them.
fn refuse_clashes(rows: &[Operation]) -> Result<(), Diagnostic> {
    let mut by_route: HashMap<_, Vec<&Operation>> = HashMap::default();
    for row in rows {
        let parts = row.path.iter().map(|segment| match segment {
            PathSegment::Fixed(text) => text.as_str(),
            PathSegment::Parameter(_) => ANYTHING,
        });
        let route = (row.at_mount, row.method.as_str(), parts.collect::<Vec<_>>(), row.action.as_deref());
        let others = by_route.entry(route).or_default();
        if let Some(other) = others.iter().find(|other| other.lifetime.meets(row.lifetime) && other.shares_media(row)) {
            let action = row.action.as_ref().map(|action| format!(" {{{action}}}")).unwrap_or_default();
            let route = format!("{} {}{action}", row.method, row.path_text());
            return Err(Diagnostic::new(format!("{} and {} have the same route {route}", other.id, row.id))
                .at(&row.place)
                .row("and at", other.place.to_string())
                .row(
                    "fix",
                    "give one another route, media type or microversion; a file of the same name replaces the embedded one",
                ));
        }
        others.push(row);
    }
    Ok(())
}

/// Stands for the first segments of rows that begin with a parameter; no segment of a path has a slash.
const ANYTHING: &str = "/";

impl Deref for Operations {
    type Target = [Operation];
    fn deref(&self) -> &[Operation] {
        &self.rows
    }
}
