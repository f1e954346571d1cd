//! The lines of `--log`. A thread of its own writes them, so that a pipe which nobody reads holds no request up.

use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};

use super::print::tell;

/// So many lines wait to be read; of more the last are left out.
const MOST: usize = 10_000;

static LOG: LazyLock<Log> = LazyLock::new(|| {
    std::thread::spawn(write);
    Log::default()
});

#[derive(Default)]
struct Log {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

/// What is to be written.
#[derive(Default)]
struct Waiting {
    lines: Vec<String>,
    left_out: u64,
    /// Are lines being written?
    is_busy: bool,
}

impl Log {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, condition: fn(&mut Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        self.changed.wait_while(self.waiting(), condition).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds a line, with its end.
pub fn log(line: String) {
    let mut waiting = LOG.waiting();
    match waiting.lines.len() < MOST {
        true => waiting.lines.push(line),
        false => waiting.left_out += 1,
    }
    drop(waiting);
    LOG.changed.notify_all();
}

/// Returns once all lines are written.
pub fn finish() {
    drop(LOG.wait_while(|waiting| waiting.is_busy || !waiting.lines.is_empty()));
}

fn write() {
    loop {
        let (lines, left_out) = {
            let mut waiting = LOG.wait_while(|waiting| waiting.lines.is_empty());
            waiting.is_busy = true;
            (std::mem::take(&mut waiting.lines), std::mem::take(&mut waiting.left_out))
        };
        tell(lines.concat());
        if left_out > 0 {
            tell(format!("{left_out} lines are left out: nobody read those before them\n"));
        }
        LOG.waiting().is_busy = false;
        LOG.changed.notify_all();
    }
}
