//! What a run makes, written down before it is asked for.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::json::to_string;
use crate::base::{Diagnostic, open_file};

/// The journal of a run.
#[derive(Debug)]
pub struct Journal {
    /// The id of the run, which is in all names that it gives.
    pub run: String,
    path: PathBuf,
    file: File,
    left: Left,
}

/// What a run made and has not deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// The id of the run.
    pub run: String,
    /// Paths at which something was to be made, and may have been, the first one first.
    pub intended: Vec<String>,
    /// Paths of what was created, in the reverse of the order in which it is deleted.
    pub made: Vec<String>,
    /// Ids that the run used but did not create: of what existed before.
    pub named: BTreeSet<String>,
}

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// The first: the run.
    Run(String),
    /// Something is about to be made, where a list of its path shows it.
    Making(String),
    /// It exists.
    Made(String),
    /// The same for what is left behind once everything else is deleted.
    Remains(String),
    /// The id of something that existed before, and is about to be used.
    Named(String),
    /// It was deleted.
    Gone(String),
}

impl Left {
    fn read(&mut self, line: Line) {
        match line {
            Line::Run(run) => self.run = run,
            Line::Making(path) if self.intended.contains(&path) => {}
            Line::Making(path) => self.intended.push(path),
            Line::Made(path) => self.made.push(path),
            Line::Remains(path) => self.made.insert(0, path),
            Line::Named(id) => drop(self.named.insert(id)),
            Line::Gone(path) => self.made.retain(|own| *own != path),
        }
    }

    /// Is nothing left?
    pub fn is_empty(&self) -> bool {
        self.intended.is_empty() && self.made.is_empty()
    }
}

impl Journal {
    /// Begins the journal of `run` in a new file at `path`.
    ///
    /// # Errors
    /// It cannot be written, or already exists.
    pub fn begin(path: &Path, run: &str) -> Result<Journal, Diagnostic> {
        let made = OpenOptions::new().write(true).create_new(true).open(path);
        let another = |error| unusable(path, &error).row("fix", "choose another file with --journal");
        let file = made.map_err(another)?;
        let mut journal = Journal { run: run.to_owned(), path: path.to_owned(), file, left: Left::default() };
        journal.put(Line::Run(run.to_owned())).map_err(another)?;
        Ok(journal)
    }

    /// Goes on with the journal that a run left at `path`.
    ///
    /// # Errors
    /// It cannot be read, or is not a journal.
    pub fn resume(path: &Path) -> Result<Journal, Diagnostic> {
        let mut left = Left::default();
        let read = open_file(path).map_err(|error| unusable(path, &error))?;
        for line in BufReader::new(read).lines() {
            let line = line.map_err(|error| unusable(path, &error))?;
            // The last line may have been cut; what it would have said was not asked for yet.
            if let Ok(line) = crate::base::json::from_str(&line) {
                left.read(line);
            }
        }
        if left.run.is_empty() {
            return Err(Diagnostic::new("this is not a journal of mockstack verify --against")
                .row("where", path.display().to_string())
                .row("expected", "the file that a run with --allow-writes named when it began: mockstack….journal"));
        }
        let file = OpenOptions::new().append(true).open(path).map_err(|error| unusable(path, &error))?;
        Ok(Journal { run: left.run.clone(), path: path.to_owned(), file, left })
    }

    /// What is left.
    pub fn left(&self) -> &Left {
        &self.left
    }

    /// Did the run create the resource whose path ends with `id`, and does it still exist?
    pub fn has_made(&self, id: &str) -> bool {
        self.left.made.iter().any(|path| path.rsplit('/').next() == Some(id))
    }

    /// Did the run name what has that `id` and was there before?
    pub fn has_named(&self, id: &str) -> bool {
        self.left.named.contains(id)
    }

    /// What has that `id` was there before, and is about to be named.
    ///
    /// # Errors
    /// It cannot be written down, so it must not be named.
    pub fn naming(&mut self, id: &str) -> io::Result<()> {
        if self.has_named(id) || self.has_made(id) { Ok(()) } else { self.put(Line::Named(id.to_owned())) }
    }

    /// The resource at `path` exists, and stays when everything else is deleted.
    ///
    /// # Errors
    /// It cannot be written down.
    pub fn remains(&mut self, path: &str) -> io::Result<()> {
        self.put(Line::Remains(path.to_owned()))
    }

    /// Something is about to be made; a list of `path` shows it.
    ///
    /// # Errors
    /// It cannot be written down, so it must not be made.
    pub fn making(&mut self, path: &str) -> io::Result<()> {
        self.put(Line::Making(path.to_owned()))
    }

    /// The resource at `path` exists.
    ///
    /// # Errors
    /// It cannot be written down.
    pub fn made(&mut self, path: &str) -> io::Result<()> {
        self.put(Line::Made(path.to_owned()))
    }

    /// The resource at `path` was deleted.
    ///
    /// # Errors
    /// It cannot be written down.
    pub fn gone(&mut self, path: &str) -> io::Result<()> {
        self.put(Line::Gone(path.to_owned()))
    }

    /// Nothing is left: the file goes.
    pub fn end(self) {
        // If it stays, a clean-up finds nothing to do.
        let _ = std::fs::remove_file(&self.path);
    }

    fn put(&mut self, line: Line) -> io::Result<()> {
        let text = to_string(&line).map_err(io::Error::other)? + "\n";
        self.file.write_all(text.as_bytes())?;
        self.left.read(line);
        Ok(())
    }
}

fn unusable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new("cannot use the journal").row("where", path.display().to_string()).row("because", error.to_string())
}
