//! `mockstack review | accept | reject`

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::print::print;
use crate::base::Diagnostic;
use crate::message::Redactor;
use crate::snapshot::{Pending, accept, diff, pending, reject};

/// The pending snapshots to process: all of them, those of an operation, or the given files.
#[derive(Debug, Args)]
pub struct Selection {
    /// Only these files (with or without .new)
    files: Vec<PathBuf>,
    /// The folder of snapshots
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,
    /// Only those of this operation
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
}

impl Selection {
    /// Prints each with its whole diff.
    pub fn review(&self) -> Result<i32, Failure> {
        // What is accepted may have been written by hand.
        let redactor = Redactor::default();
        for pending in self.chosen()? {
            let old = pending.old.as_deref().unwrap_or_default();
            let diff = redactor.text(&diff(old, &pending.new));
            print(format!("{}   {}\n{diff}\n", pending.file.display(), pending.operation))?;
        }
        Ok(0)
    }

    /// Accepts them.
    pub fn accept(&self) -> Result<i32, Failure> {
        self.each("accepted", accept)
    }

    /// Deletes them.
    pub fn reject(&self) -> Result<i32, Failure> {
        self.each("rejected", reject)
    }

    fn each(&self, done: &str, act: fn(&Pending) -> std::io::Result<()>) -> Result<i32, Failure> {
        let chosen = self.chosen()?;
        for pending in &chosen {
            act(pending).map_err(|error| self.unreadable(&error))?;
            print(format!("{done} {}\n", pending.file.display()))?;
        }
        print(format!("{} {done}\n", chosen.len()))?;
        Ok(0)
    }

    fn chosen(&self) -> Result<Vec<Pending>, Failure> {
        if !self.snapshots.is_dir() {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(self.unreadable(&missing).row("fix", "give the folder of snapshots with --snapshots").into());
        }
        let all = pending(&self.snapshots).map_err(|error| self.unreadable(&error))?;
        let is_it =
            |pending: &Pending, file: &Path| [file, &with_new(file)].into_iter().any(|name| same(name, &pending.file));
        if let Some(file) = self.files.iter().find(|file| !all.iter().any(|pending| is_it(pending, file))) {
            let fix = "`mockstack review` lists the pending ones; --snapshots gives their folder";
            return Err(Diagnostic::new("no such snapshot is pending")
                .row("where", file.display().to_string())
                .row("fix", fix)
                .into());
        }
        let named = |pending: &Pending| self.files.is_empty() || self.files.iter().any(|file| is_it(pending, file));
        let of_operation =
            |pending: &Pending| self.operation.as_ref().is_none_or(|operation| *operation == pending.operation);
        Ok(all.into_iter().filter(|pending| named(pending) && of_operation(pending)).collect())
    }

    fn unreadable(&self, error: &std::io::Error) -> Diagnostic {
        Diagnostic::new("cannot process the snapshots")
            .row("where", self.snapshots.display().to_string())
            .row("because", error.to_string())
    }
}

fn with_new(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Are both the same file, however they are spelled?
fn same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
