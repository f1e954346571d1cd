//! Unix: signals, process groups, the terminal, the umask.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;

pub use rustix::process::Signal;
use rustix::process::{Pid, getpgrp, getpid, kill_process, kill_process_group};
use rustix::termios::tcgetpgrp;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
use tempfile::NamedTempFile;
use tokio::process::{Child, Command};
use tokio::signal::unix::{self, SignalKind, signal};

use crate::base::platform::options_to_read;

/// The signals that a command of `run` gets.
pub const PASSED_ON: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// The signal for a process that exceeds its file size limit.
pub const FULL_FILE: Option<i32> = Some(SIGXFSZ);

/// Opens what is everywhere, also in a container without `/dev`.
///
/// # Errors
/// There are no descriptors left.
pub fn anything() -> io::Result<File> {
    options_to_read().open("/")
}

/// The signals that a command gets when we get them.
pub struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
    quit: unix::Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// They cannot be handled.
    pub fn listen() -> io::Result<Signals> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// The next of them.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.hang_up.recv() => Signal::HUP,
            _ = self.quit.recv() => Signal::QUIT,
        }
    }
}

/// The signals that end a server.
pub struct Stop {
    terminate: unix::Signal,
    interrupt: unix::Signal,
}

impl Stop {
    /// Listens from now on.
    ///
    /// # Errors
    /// They cannot be handled.
    pub fn listen() -> io::Result<Stop> {
        Ok(Stop { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Returns when one of them arrives; nobody has to be asked whether one was heard.
    pub async fn wait(&mut self, _: impl Fn() -> bool) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Sends this process SIGTERM.
pub fn terminate_itself() {
    // There is no other way to end, and nobody to tell.
    let _ = kill_process(getpid(), Signal::TERM);
}

/// The signal that ended a process.
pub fn signal_of(status: ExitStatus) -> Option<i32> {
    status.signal()
}

/// Has `command` run in a process group of its own.
pub fn lead_a_group(command: &mut Command) {
    command.process_group(0);
}

/// Sends `signal` to the command and to what it has started, if it leads a group.
pub fn pass_to_group(child: &Child, signal: Signal) {
    signal_group(child.id(), signal);
}

/// Asks a group, whose leader was `id`, to end.
pub fn terminate_group(id: Option<u32>) {
    signal_group(id, Signal::TERM);
}

/// Ends a group, whose leader was `id`.
pub fn kill_group(id: Option<u32>) {
    signal_group(id, Signal::KILL);
}

fn signal_group(leader: Option<u32>, signal: Signal) {
    if let Some(group) = leader.and_then(|id| Pid::from_raw(id.cast_signed())) {
        // It fails when all of them have ended.
        let _ = kill_process_group(group, signal);
    }
}

/// Sends `signal` to a command that still runs, unless a terminal has done so.
pub fn pass_on(child: &Child, signal: Signal) {
    if !comes_from_terminal(signal) {
        send(child, signal);
    }
}

fn send(child: &Child, signal: Signal) {
    if let Some(id) = child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
        // It fails when the command has just ended, and then nobody is left to tell.
        let _ = kill_process(id, signal);
    }
}

/// Whether a terminal has sent `signal` to the command too. Ctrl-C and Ctrl-\ reach the whole process group in the
/// foreground, and many programs take a second SIGINT for an order to drop everything. So a `kill -INT` of us alone is not
/// passed on while we are in the foreground of a terminal; a `kill -TERM` always is.
fn comes_from_terminal(signal: Signal) -> bool {
    matches!(signal, Signal::INT | Signal::QUIT) && is_in_foreground()
}

/// Whether our process group is the one that a terminal sends its signals to. Standard input does not tell: it may be a
/// file while the terminal still sends.
fn is_in_foreground() -> bool {
    let foreground = File::open("/dev/tty").ok().and_then(|terminal| tcgetpgrp(terminal).ok());
    foreground == Some(getpgrp())
}

/// A file in `folder` for others to read, as any new file: the umask takes away what it must.
///
/// # Errors
/// It cannot be made.
pub fn new_file_in(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn signals_reach_the_command() {
        let script = r#"trap 'exit 9' TERM; echo; while :; do sleep 0.01; done"#;
        let mut child =
            Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        child.stdout.as_mut().unwrap().read_u8().await.unwrap();
        pass_on(&child, Signal::TERM);
        assert_eq!(child.wait().await.unwrap().code(), Some(9));
        pass_on(&child, Signal::TERM);
    }

    #[test]
    fn what_no_terminal_sends_is_always_passed_on() {
        assert!(!comes_from_terminal(Signal::TERM) && !comes_from_terminal(Signal::HUP));
    }
}
