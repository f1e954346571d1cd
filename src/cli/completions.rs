//! `mockstack completions` and `mockstack man`: what is made of the command line itself.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;

use super::failure::Failure;
use super::print::print;
use crate::base::Diagnostic;

/// Print the completions of a shell: `eval "$(mockstack completions bash)"`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints them for `command`.
    pub fn main(&self, mut command: Command) -> Result<i32, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut command, "mockstack", &mut text);
        print(String::from_utf8_lossy(&text))?;
        Ok(0)
    }
}

/// Write the man pages into a folder: mockstack.1, mockstack-run.1 and so on.
#[derive(Debug, Args)]
pub struct Man {
    /// The folder, which has to be there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Man {
    /// Writes those of `command`.
    pub fn main(&self, command: Command) -> Result<i32, Failure> {
        clap_mangen::generate_to(command, &self.folder).map_err(|error| unwritable(&self.folder, &error))?;
        Ok(0)
    }
}

fn unwritable(folder: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new("cannot write the man pages")
        .row("where", folder.display().to_string())
        .row("because", error.to_string())
        .row("fix", "name a folder that is there and can be written to")
}
