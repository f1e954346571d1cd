//! From a method and a path to the rows that could be meant.

use super::operation::{Operation, PathSegment};
use super::service::{ProjectInUrl, Root, Service};

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
pub(super) fn find<'c>(
    service: &'c Service,
    operations: &'c [Operation],
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
    operations: &'c [Operation],
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

fn search<'c>(operations: &'c [Operation], method: &str, path: &str, at_mount: bool) -> Result<Match<'c>, Unrouted> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let on_path =
        |operation: &&Operation| operation.at_mount == at_mount && parameters(&operation.path, &segments).is_some();
    let found: Vec<&Operation> = operations.iter().filter(on_path).collect();
    let asked: Vec<&Operation> = found.iter().filter(|operation| operation.method == method).copied().collect();
    match asked.first() {
        Some(first) => {
            let parameters = parameters(&first.path, &segments).unwrap_or_default();
            let same = asked.iter().filter(|other| other.path == first.path).copied().collect();
            Ok(Match { operations: same, parameters, project: None, root: None })
        }
        None if found.is_empty() => Err(Unrouted::NoSuchPath),
        None => Err(Unrouted::NoSuchMethod),
    }
}

/// The values of the parameters, if the path fits. The top of an API (`/`) is found with and without its slash.
fn parameters(path: &[PathSegment], segments: &[&str]) -> Option<Vec<String>> {
    if path.is_empty() {
        return matches!(segments, [] | [""]).then(Vec::new);
    }
    if path.len() != segments.len() {
        return None;
    }
    let mut values = Vec::new();
    for (expected, found) in path.iter().zip(segments) {
        match expected {
            PathSegment::Fixed(text) if text == found => {}
            PathSegment::Parameter(_) if !found.is_empty() => values.push(crate::message::percent_decode(found)),
            _ => return None,
        }
    }
    Some(values)
}
