//! How far a long piece of work is, for who looks at a terminal.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::verify::Source;

/// Nothing is shown of work that takes less.
const PATIENCE: Duration = Duration::from_secs(1);

/// So many interactions are done before the clock is looked at.
const STRIDE: u64 = 64;

/// How much of a file is read. It is shown on standard error, if that is a terminal, and is gone when the work is done.
pub struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
    done: u64,
    begun: Instant,
    is_shown: bool,
}

impl Progress {
    /// Of the file at `path`, which is read as `source`.
    pub fn new(path: &Path, source: &Source) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(source.length), ProgressDrawTarget::hidden());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // The template is right; if it were not, the bar would have its usual form.
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {bytes} of {total_bytes}, {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(name);
        Progress { bar, read: source.read(), done: 0, begun: Instant::now(), is_shown: false }
    }

    /// One more interaction is done.
    pub fn step(&mut self) {
        self.done += 1;
        if !self.done.is_multiple_of(STRIDE) || self.begun.elapsed() < PATIENCE {
            return;
        }
        let rate = self.done as f64 / self.begun.elapsed().as_secs_f64();
        self.bar.set_position(self.read.load(Ordering::Relaxed));
        self.bar.set_message(format!("{rate:.0} interactions/s"));
        if !self.is_shown {
            // It stays hidden where nobody looks.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.is_shown = true;
        }
    }
}

/// How many of several clients are done.
pub struct Cells(ProgressBar);

impl Cells {
    /// Of so many. It is shown on standard error, if that is a terminal.
    pub fn new(count: usize) -> Cells {
        let bar = ProgressBar::new(count as u64);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len}, {elapsed}") {
            bar.set_style(style);
        }
        bar.tick();
        Cells(bar)
    }

    /// One more is done.
    pub fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Cells {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
