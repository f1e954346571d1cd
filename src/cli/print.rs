//! What is printed. Standard output holds what was asked for, so what it does not take fails the command; standard error only
//! tells, and whoever closed it does not want to know.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use super::failure::Failure;
use crate::base::Diagnostic;

/// Prints to standard output. A reader that has gone has seen enough.
///
/// # Errors
/// It could not be written, to a disk that is full, say.
pub fn print(text: impl Display) -> io::Result<()> {
    let mut output = anstream::stdout().lock();
    gone_is_fine(write!(output, "{text}").and_then(|()| output.flush()))
}

/// Takes no offence at a reader that has gone.
pub fn gone_is_fine(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Prints to standard error.
pub fn tell(text: impl Display) {
    let mut output = anstream::stderr().lock();
    // There is no other place to tell it.
    let _ = write!(output, "{text}").and_then(|()| output.flush());
}

/// What was asked for could not be printed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Diagnostic::new("cannot write to standard output").row("because", error.to_string()).into()
    }
}
