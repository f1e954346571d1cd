//! Signals from the very start: those that end a run, before anything listens for them, and the one for a process that
//! exceeds its file size limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::platform::{FULL_FILE, PASSED_ON, terminate_itself};

/// From now on a file that grows beyond `ulimit -f` is an error of the write. The signal is handled, not ignored: a command that
/// is run does not inherit that.
pub fn outlive_full_files() {
    if let Some(signal) = FULL_FILE {
        // Where it cannot be handled, the signal does what it did.
        let _ = flag::register(signal, Arc::new(AtomicBool::new(false)));
    }
}

/// From soon on, a signal ends the program at once, as it does where nobody handles it: what is left to do may take long. Not at
/// once, as `timeout` and many shells send the same signal twice.
pub fn end_at_the_next() {
    const TWICE: Duration = Duration::from_millis(250);
    let armed = Arc::new(AtomicBool::new(false));
    for signal in PASSED_ON {
        // Where it cannot be handled, the signal does what it did.
        let _ = flag::register_conditional_default(signal, Arc::clone(&armed));
    }
    std::thread::spawn(move || {
        std::thread::sleep(TWICE);
        armed.store(true, Ordering::SeqCst);
    });
}

/// Sends the process SIGTERM once standard input ends.
pub fn terminate_at_eof() {
    std::thread::spawn(|| {
        // Input that cannot be read has ended, too.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        terminate_itself();
    });
}

/// A signal that arrived before anything waited for it.
#[derive(Clone, Debug)]
pub struct Early(Arc<AtomicUsize>);

impl Early {
    /// Listens for the signals that a command of `run` gets.
    pub fn of_run() -> Early {
        Early::note(&PASSED_ON)
    }

    /// Listens for the signals that end `serve`.
    pub fn of_serve() -> Early {
        Early::note(&[SIGINT, SIGTERM])
    }

    fn note(signals: &[i32]) -> Early {
        let heard = Arc::new(AtomicUsize::new(0));
        for signal in signals {
            // Where it cannot be handled, the signal does what it did.
            let _ = flag::register_usize(*signal, Arc::clone(&heard), signal.unsigned_abs() as usize);
        }
        Early(heard)
    }

    /// The signal that arrived, if one did.
    pub fn heard(&self) -> Option<i32> {
        i32::try_from(self.0.load(Ordering::SeqCst)).ok().filter(|signal| *signal != 0)
    }
}
