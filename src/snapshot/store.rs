//! Snapshot files, in insta's format: front matter, a line of dashes, the text. A pending one has `.new` at its end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::base::json::{from_str, to_string};
use crate::base::{files_below, read_text};

/// Whose a snapshot is, if it is that of a test, or of a project with a cloud of its own. It stands in the file, as a name may have what
/// no folder can be called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// The name of the test or the project.
    pub label: Arc<str>,
    /// The scenario of the run.
    pub scenario: String,
}

/// A snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub file: PathBuf,
    pub operation: String,
    pub owner: Option<Owner>,
    pub text: String,
}

/// A pending snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The file, with `.new` at its end.
    pub file: PathBuf,
    /// The id of the operation.
    pub operation: String,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// The accepted text, if there is one.
    pub old: Option<String>,
    /// The pending text.
    pub new: String,
}

/// The accepted snapshots below `folder`, by file name; none if it does not exist.
pub fn read(folder: &Path) -> io::Result<Vec<Stored>> {
    files(folder, ".snap")?.into_iter().map(|file| read_file(&file)).collect()
}

fn read_file(file: &Path) -> io::Result<Stored> {
    let content = read_text(file).map_err(|error| named(file, &error))?;
    let broken = || {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{} is not a snapshot: it has no front matter", file.display()),
        )
    };
    let (front, text) = content.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).ok_or_else(broken)?;
    let operation = front.lines().find_map(|line| line.strip_prefix("expression: ")).ok_or_else(broken)?;
    let owner = front.lines().find_map(|line| line.strip_prefix("info: ")).map(from_str::<Owner>);
    Ok(Stored {
        file: file.to_owned(),
        operation: operation.trim_matches('"').to_owned(),
        owner: owner
            .transpose()
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", file.display())))?,
        text: text.trim_end().to_owned(),
    })
}

/// The error with the name of its file.
fn named(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", file.display()))
}

/// Writes `text` as the pending form of `file`.
pub fn write_pending(file: &Path, operation: &str, owner: Option<&Owner>, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let info = owner.map(to_string).transpose().map_err(io::Error::other)?;
    let info = info.map(|owner| format!("info: {owner}\n")).unwrap_or_default();
    let front = format!("---\nsource: mockstack\nexpression: {operation}\n{info}---\n");
    fs::write(pending_name(file), format!("{front}{}\n", text.trim_end()))
}

/// The accepted form of a pending file.
pub fn accept_name(pending: &Path) -> PathBuf {
    pending.with_extension("")
}

/// The pending form of a file.
pub fn pending_name(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// The files below `folder` whose names end with `ending`, sorted; none if it does not exist.
fn files(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    match folder.try_exists()? {
        true => files_below(folder, ending),
        false => Ok(Vec::new()),
    }
}

/// The pending snapshots below `folder`.
///
/// # Errors
/// A file cannot be read.
pub fn pending(folder: &Path) -> io::Result<Vec<Pending>> {
    let read = |file: PathBuf| {
        let new = read_file(&file)?;
        let accepted = accept_name(&file);
        let old = if accepted.exists() { Some(read_file(&accepted)?.text) } else { None };
        Ok(Pending { file, operation: new.operation, owner: new.owner, old, new: new.text })
    };
    files(folder, ".snap.new")?.into_iter().map(read).collect()
}

/// Makes a pending snapshot the accepted one.
///
/// # Errors
/// The file cannot be renamed.
pub fn accept(pending: &Pending) -> io::Result<()> {
    fs::rename(&pending.file, accept_name(&pending.file))
}

/// Removes a pending snapshot.
///
/// # Errors
/// The file cannot be removed.
pub fn reject(pending: &Pending) -> io::Result<()> {
    fs::remove_file(&pending.file)
}
