//! Snapshot files, in insta's format: front matter, a line of dashes, the text. A pending one has `.new` at its end.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::base::{files_below, read_text};

/// A snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub file: PathBuf,
    pub operation: String,
    pub text: String,
}

/// A pending snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The file, with `.new` at its end.
    pub file: PathBuf,
    /// The id of the operation.
    pub operation: String,
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
    Ok(Stored {
        file: file.to_owned(),
        operation: operation.trim_matches('"').to_owned(),
        text: text.trim_end().to_owned(),
    })
}

/// Can the snapshots below `folder` be read?
///
/// # Errors
/// One of them cannot.
pub fn check(folder: &Path) -> io::Result<()> {
    read(folder).and_then(|_| pending(folder)).map(drop)
}

/// The error with the name of its file.
fn named(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", file.display()))
}

/// Writes `text` as the pending form of `file`.
pub fn write_pending(file: &Path, operation: &str, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(new_name(file), format!("---\nsource: mockstack\nexpression: {operation}\n---\n{}\n", text.trim_end()))
}

/// Removes the pending snapshots below `folder` but those of the files that are `kept`.
pub fn clear_pending(folder: &Path, kept: &HashSet<&Path>) -> io::Result<()> {
    let old = files(folder, ".snap.new")?.into_iter().filter(|file| !kept.contains(accept_name(file).as_path()));
    old.into_iter().try_for_each(fs::remove_file)
}

/// The accepted form of a pending file.
pub fn accept_name(pending: &Path) -> PathBuf {
    pending.with_extension("")
}

fn new_name(file: &Path) -> PathBuf {
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
        Ok(Pending { file, operation: new.operation, old, new: new.text })
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
