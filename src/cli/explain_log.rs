//! `mockstack explain-log`

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

use super::failure::Failure;
use super::print::print;
use super::verify::open;
use crate::base::Diagnostic;
use crate::recording::{Journal, request_line};
use crate::report::{Ending, Outcome, coloured};

/// Judge the requests and answers of a debug log, such as people paste into bug reports.
///
/// Read are the logs of keystoneauth (`openstack --debug`), of gophercloud and Terraform (`OS_DEBUG=1`), and of nova-api, with any other
/// lines between theirs; also what `verify` reads.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainLog {
    /// The log; - is standard input
    #[arg(default_value = "-")]
    log: PathBuf,
    /// Judge by the contracts of this release [default: the newest]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  openstack --debug server create … 2>&1 | mockstack explain-log
  mockstack explain-log terraform.log --release train";

impl ExplainLog {
    /// Prints a line for each request, then what is wrong; returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        // It is read twice: secrets are known only at its end.
        let copy = (self.log == Path::new("-")).then(copied).transpose()?;
        let path = copy.as_ref().map_or(self.log.as_path(), NamedTempFile::path);
        let told = |told: Diagnostic| if copy.is_some() { of_standard_input(told, path) } else { told };
        let (mut source, contracts) = open(path, self.contracts.as_deref(), self.release.as_deref()).map_err(told)?;
        let (verifier, mut journal) = (source.verifier(&contracts), Journal::default());
        for interaction in source.by_ref() {
            let judged = verifier.kept(interaction.map_err(told)?);
            print(request_line(&judged))?;
            journal.take(&judged);
        }
        let notes: String = source.notes.iter().map(|note| format!("note: {note}\n")).collect();
        let outcome = Outcome::new(journal, Ending::default());
        print(format!("\n{notes}{}", coloured(&outcome)))?;
        Ok(outcome.exit_code)
    }
}

/// The same, which names standard input instead of its copy at `path`.
fn of_standard_input(mut told: Diagnostic, path: &Path) -> Diagnostic {
    let copy = path.display().to_string();
    told.rows.iter_mut().for_each(|row| row.text = row.text.replace(&copy, "standard input"));
    told
}

fn copied() -> Result<NamedTempFile, Diagnostic> {
    let copy = NamedTempFile::new().and_then(|mut file| io::copy(&mut io::stdin().lock(), &mut file).map(|_| file));
    copy.map_err(|error| Diagnostic::new("cannot read standard input").row("because", error.to_string()))
}
