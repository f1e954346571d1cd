//! The routes of a service that no row describes: they exist, and are not taken for mistakes of the client.

use foldhash::HashSet;

use super::operation::{Operation, PathSegment};
use crate::base::{Diagnostic, Node};

/// Operations for those of `routes`, a list of `METHOD /path`, that none of `rows` has.
///
/// # Errors
/// One of them is no route, or stands there twice.
pub fn without_rows(service: &str, routes: &Node, rows: &[Operation]) -> Result<Vec<Operation>, Diagnostic> {
    let mut taken: HashSet<_> = rows.iter().filter(|row| !row.at_mount).map(shape).collect();
    let mut ids: HashSet<_> = rows.iter().map(|row| row.id.to_string()).collect();
    let (mut others, mut listed) = (Vec::new(), HashSet::default());
    for node in routes.items()? {
        let text = node.text()?;
        if !listed.insert(text) {
            return Err(Diagnostic::new(format!("{text} is listed twice")).at(&node.place));
        }
        let mut operation = Operation::only_routed("", node)?;
        if !taken.insert(shape(&operation)) {
            continue;
        }
        let names = [name(&operation, false), name(&operation, true)].map(|name| format!("{service}.{name}"));
        let id = names.into_iter().find(|id| ids.insert(id.clone()));
        operation.id =
            id.ok_or_else(|| Diagnostic::new(format!("{text} has no name of its own")).at(&node.place))?.into();
        others.push(operation);
    }
    Ok(others)
}

/// What makes two routes the same for a request.
fn shape(operation: &Operation) -> (String, Vec<Option<String>>) {
    let segment = |segment: &PathSegment| match segment {
        PathSegment::Fixed(text) => Some(text.clone()),
        PathSegment::Parameter(_) => None,
    };
    (operation.method.clone(), operation.path.iter().map(segment).collect())
}

/// `os-hosts.show` of `GET /os-hosts/{id}`: what stands in the path, and what is done there; in full with its parameters.
fn name(operation: &Operation, in_full: bool) -> String {
    let part = |segment: &PathSegment| match segment {
        PathSegment::Fixed(text) => Some(text.clone()),
        PathSegment::Parameter(name) => in_full.then(|| name.clone()),
    };
    let of_one = matches!(operation.path.last(), Some(PathSegment::Parameter(_)));
    let verb = match (operation.method.as_str(), of_one) {
        ("GET", true) => "show",
        ("GET", false) => "index",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "delete",
        ("DELETE", false) => "delete_all",
        _ => "head",
    };
    operation.path.iter().filter_map(part).chain([verb.to_owned()]).collect::<Vec<_>>().join(".")
}
