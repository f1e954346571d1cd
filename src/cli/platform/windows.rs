//! Where there is no Unix: Windows. A console tells all of its programs at once to end, so that nothing has to be passed on; a program
//! is ended without asking, and there are no groups of them. It is compiled, and was never run.

use std::convert::Infallible;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use tempfile::NamedTempFile;
use tokio::process::{Child, Command};

use crate::base::platform::options_to_read;

/// A signal that a command gets from us: there is none, as the console has told it.
pub type Signal = Infallible;

/// The signals that end a run: what the C library makes of those of the console.
pub const PASSED_ON: [i32; 2] = [SIGINT, SIGTERM];

/// There is no limit of the size of files.
pub const FULL_FILE: Option<i32> = None;

/// Opens what is everywhere.
///
/// # Errors
/// There are no descriptors left.
pub fn anything() -> io::Result<File> {
    options_to_read().open("NUL")
}

/// The signals that a command gets when we get them.
pub struct Signals;

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// None.
    pub fn listen() -> io::Result<Signals> {
        Ok(Signals)
    }

    /// Waits for ever.
    pub async fn next(&mut self) -> Signal {
        std::future::pending().await
    }
}

/// What ends a server.
pub struct Stop;

impl Stop {
    /// Listens from now on.
    ///
    /// # Errors
    /// None.
    pub fn listen() -> io::Result<Stop> {
        Ok(Stop)
    }

    /// Returns when a signal was `heard`.
    pub async fn wait(&mut self, heard: impl Fn() -> bool) {
        while !heard() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Tells this process to end.
pub fn terminate_itself() {
    // There is no other way to end, and nobody to tell.
    let _ = signal_hook::low_level::raise(SIGTERM);
}

/// The signal that ended a process: there are none.
pub fn signal_of(_: ExitStatus) -> Option<i32> {
    None
}

/// There are no groups.
pub fn lead_a_group(_: &mut Command) {}

/// There is nothing to pass on.
pub fn pass_to_group(_: &Child, signal: Signal) {
    match signal {}
}

/// There are no groups: whoever drops the command ends it.
pub fn terminate_group(_: Option<u32>) {}

/// There are no groups: whoever drops the command ends it.
pub fn kill_group(_: Option<u32>) {}

/// There is nothing to pass on.
pub fn pass_on(_: &Child, signal: Signal) {
    match signal {}
}

/// A file in `folder`, as any new file.
///
/// # Errors
/// It cannot be made.
pub fn new_file_in(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().tempfile_in(folder)
}
