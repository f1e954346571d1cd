//! What a fixture is read from, and the words that it may say.

use std::path::{Path, PathBuf};

use crate::base::{Diagnostic, Node, nearest};

/// The file that `path` is, or the `.yaml` files of the folder that it is, in alphabetical order.
///
/// # Errors
/// The folder cannot be read, holds nothing, or a file that was probably meant and would be passed over.
pub fn files_of(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries =
        std::fs::read_dir(path).and_then(|dir| dir.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>());
    let mut files = entries.map_err(|error| unreadable(path, &error))?;
    let ends_in = |file: &PathBuf, end: &str| file.extension().is_some_and(|extension| extension == end);
    if let Some(file) = files.iter().find(|file| ends_in(file, "yml")) {
        return Err(Diagnostic::new("a file of a fixture ends in .yaml, not in .yml")
            .row("where", file.display().to_string())
            .row("fix", "rename it, or name it by itself with --fixtures"));
    }
    files.retain(|file| ends_in(file, "yaml"));
    files.sort();
    if files.is_empty() {
        return Err(Diagnostic::new("the folder has no fixture in it")
            .row("where", path.display().to_string())
            .row("expected", "at least one file whose name ends in .yaml"));
    }
    Ok(files)
}

/// The complaint that `path` cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new("cannot read the fixture")
        .row("where", path.display().to_string())
        .row("because", error.to_string())
}

/// The roles that the cloud knows; `service` is what OpenStack's own services have.
const ROLES: [&str; 5] = ["admin", "manager", "member", "reader", "service"];

/// A role: one that the cloud knows, or one of the user's own that is not a misspelling of one.
///
/// # Errors
/// It is no text, or a misspelling.
pub fn role(node: &Node) -> Result<String, Diagnostic> {
    let name = node.text()?;
    match nearest(name, ROLES).filter(|near| *near != name) {
        Some(near) => Err(node.expected(&format!("a role, such as {}", ROLES.join(", "))).row("did you mean", near)),
        None => Ok(name.to_owned()),
    }
}
