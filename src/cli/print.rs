//! Output. Standard output has the result, so an error there fails the command; standard error has only messages, and errors
//! there are ignored.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use super::failure::Failure;
use crate::base::Diagnostic;

/// Prints to standard output. A closed pipe is not an error.
///
/// # Errors
/// It could not be written, to a full disk for example.
pub fn print(text: impl Display) -> io::Result<()> {
    let mut output = anstream::stdout().lock();
    gone_is_fine(write!(output, "{text}").and_then(|()| output.flush()))
}

/// Ignores the error of a closed pipe.
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

/// The output could not be written.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Diagnostic::new("cannot write to standard output").row("because", error.to_string()).into()
    }
}
