//! A history in a folder: `CLIENT/VERSION/RELEASE/ID.jsonl`, each file whole from the moment it is there.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::entry::{About, Entry};
use super::store::Store;
use crate::base::{Diagnostic, read_text};

/// What is written as it is in the name of a folder.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'+');

/// A history in a folder.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The history below `root`.
    pub fn new(root: &Path) -> Folder {
        Folder { root: root.to_owned() }
    }

    fn folder(&self, about: &About) -> PathBuf {
        let parts = [&about.client, &about.client_version, &about.release];
        // A name that begins with a dot would be hidden, or another folder.
        let name = |part: &&String| match part.strip_prefix('.') {
            Some(rest) => format!("%2E{}", encoded(rest)),
            None => encoded(part),
        };
        parts.iter().map(name).fold(self.root.clone(), |path, part| path.join(part))
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let (mut found, mut folders) = (Vec::new(), vec![self.root.clone()]);
        while let Some(folder) = folders.pop() {
            let entries = match std::fs::read_dir(&folder) {
                // Nothing was kept yet.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "jsonl") {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn file(&self, id: &str) -> Result<Option<PathBuf>, Diagnostic> {
        let files = self.files().map_err(|error| unreadable(&self.root, &error))?;
        Ok(files.into_iter().find(|path| id_of(path) == id))
    }
}

impl Store for Folder {
    fn add(&mut self, entry: &Entry) -> Result<bool, Diagnostic> {
        let folder = self.folder(&entry.about);
        let path = folder.join(format!("{}.jsonl", entry.id()));
        if path.exists() {
            return Ok(false);
        }
        let write = || {
            std::fs::create_dir_all(&folder)?;
            let mut new = tempfile::Builder::new().prefix(".new-").tempfile_in(&folder)?;
            new.write_all(entry.recording.as_bytes())?;
            new.persist(&path).map_err(io::Error::from)
        };
        write().map(|_| true).map_err(|error| {
            Diagnostic::new("cannot keep the recording in the history")
                .row("where", path.display().to_string())
                .row("because", error.to_string())
        })
    }

    fn list(&mut self) -> Result<Vec<(String, About)>, Diagnostic> {
        let files = self.files().map_err(|error| unreadable(&self.root, &error))?;
        let entries = files.iter().map(|path| Ok(read(path)?.map(|entry| (id_of(path).to_owned(), entry.about))));
        entries.filter_map(Result::transpose).collect()
    }

    fn get(&mut self, id: &str) -> Result<Option<Entry>, Diagnostic> {
        self.file(id)?.map_or(Ok(None), |path| read(&path))
    }

    fn remove(&mut self, id: &str) -> Result<(), Diagnostic> {
        let Some(path) = self.file(id)? else { return Ok(()) };
        match std::fs::remove_file(&path) {
            // Another process was faster.
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unreadable(&path, &error)),
            _ => {
                // Folders stay as long as something is in them.
                path.ancestors().skip(1).take(3).all(|folder| std::fs::remove_dir(folder).is_ok());
                Ok(())
            }
        }
    }
}

fn encoded(part: &str) -> String {
    utf8_percent_encode(part, PLAIN).to_string().replace("%2E", ".")
}

fn id_of(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

/// The entry in the file; `None`: it is gone since.
fn read(path: &Path) -> Result<Option<Entry>, Diagnostic> {
    match read_text(path) {
        Ok(text) => Entry::read(&path.display().to_string(), text).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new("cannot use the history").row("where", path.display().to_string()).row("because", error.to_string())
}
