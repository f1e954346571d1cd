//! Why a command could not do its work.

use crate::base::Diagnostic;
use crate::report::Exit;

/// Why a command failed: the row of the table of exit codes, and what to print.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub diagnostic: Diagnostic,
}

impl Failure {
    /// A failure of the kind `exit`.
    pub fn new(exit: Exit, diagnostic: Diagnostic) -> Failure {
        Failure { exit, diagnostic }
    }
}

/// Wrong input is the usual failure.
impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Failure {
        Failure { exit: Exit::Usage, diagnostic }
    }
}
