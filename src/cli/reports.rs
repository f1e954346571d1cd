//! Writes reports, so that all of them say how the run ended.

use std::io;
use std::path::{Path, PathBuf};

use super::print::print;
use crate::base::{Diagnostic, can_be_written, folder_of};
use crate::recording::Journal;
use crate::report::{Ending, Outcome, Wanted};

/// The reports of a run.
pub struct Reports<'w> {
    files: Vec<&'w Wanted>,
    printed: Vec<&'w Wanted>,
}

impl<'w> Reports<'w> {
    /// The reports to write.
    pub fn new(wanted: &'w [Wanted]) -> Reports<'w> {
        let (printed, files) = wanted.iter().partition(|wanted| is_printed(wanted));
        Reports { files, printed }
    }

    /// Writes all, each failure put into `ending`. The files come first: they can be written again.
    pub fn write(&mut self, journal: &Journal, ending: &mut Ending) {
        let outcome = self.write_files(journal, ending);
        for wanted in std::mem::take(&mut self.printed) {
            if let Err(error) = write_report(wanted, &outcome) {
                ending.failures.push(told(wanted, &error));
            }
        }
        if ending.failures != outcome.ending.failures {
            self.write_files(journal, ending);
        }
    }

    /// Writes the files until all that can be written say the same; what they say. One that fails is not tried again, so it ends.
    pub fn write_files(&mut self, journal: &Journal, ending: &mut Ending) -> Outcome {
        loop {
            let outcome = Outcome::new(journal.clone(), ending.clone());
            self.files.retain(|wanted| {
                let written = write_report(wanted, &outcome);
                ending.failures.extend(written.as_ref().err().map(|error| told(wanted, error)));
                written.is_ok()
            });
            if ending.failures == outcome.ending.failures {
                return outcome;
            }
        }
    }
}

fn is_printed(wanted: &Wanted) -> bool {
    wanted.path.as_os_str() == "-"
}

fn told(wanted: &Wanted, error: &io::Error) -> String {
    let place = if is_printed(wanted) { "standard output".into() } else { wanted.path.display().to_string() };
    format!("cannot write the {} report to {place}: {error}", wanted.format.name)
}

/// Writes a report to its destination.
pub fn write_report(wanted: &Wanted, outcome: &Outcome) -> io::Result<()> {
    write_text(wanted, (wanted.format.write)(outcome))
}

/// Writes the text of a report to its destination.
pub fn write_text(wanted: &Wanted, text: String) -> io::Result<()> {
    if is_printed(wanted) {
        return print(text);
    }
    can_be_written(&wanted.path)?;
    std::fs::write(&wanted.path, text)
}

/// Can the report be written, as far as this can be known in advance?
pub fn try_report(wanted: &Wanted) -> Result<(), Diagnostic> {
    if is_printed(wanted) {
        return Ok(());
    }
    let open = |()| std::fs::OpenOptions::new().create(true).append(true).open(&wanted.path);
    can_be_written(&wanted.path).and_then(open).map(drop).map_err(|error| unwritable(wanted, &error))
}

/// Refuses an output that would overwrite an input or another output.
///
/// # Errors
/// There is such an output.
pub fn one_file_each<'p>(
    inputs: impl IntoIterator<Item = &'p Path>,
    outputs: impl IntoIterator<Item = &'p Path>,
) -> Result<(), Diagnostic> {
    let mut taken: Vec<PathBuf> = inputs.into_iter().filter_map(file_of).collect();
    for output in outputs {
        let Some(file) = file_of(output) else { continue };
        if taken.contains(&file) {
            return Err(Diagnostic::new("a file is given twice, and one output would overwrite the other")
                .row("where", output.display().to_string())
                .row("fix", "give each its own name"));
        }
        taken.push(file);
    }
    Ok(())
}

/// The file at `path`, there or still to be made, however it is spelled; none for standard output and devices, which take more than one.
fn file_of(path: &Path) -> Option<PathBuf> {
    if path.as_os_str() == "-" || (path.exists() && !path.is_file()) {
        return None;
    }
    let folder = folder_of(path);
    let new = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(new)
}

/// The diagnostic of a report that cannot be written.
pub fn unwritable(wanted: &Wanted, error: &io::Error) -> Diagnostic {
    Diagnostic::new(format!("cannot write the {} report", wanted.format.name))
        .row("where", if is_printed(wanted) { "standard output".into() } else { wanted.path.display().to_string() })
        .row("because", error.to_string())
        .row("fix", "name a file in an existing, writable folder")
}
