//! Writes a recording: one line an interaction, in sequence, and nobody is answered before the line is in the file. Lines that
//! come together are written together. There is no thread for it: handing a line over to one costs more than writing it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use crate::base::can_be_written;
use crate::contract::Contracts;

/// The version of the recording format; see docs/recording-format.md.
pub const FORMAT: u64 = 1;

/// What is done once a line has reached the file, or could not.
pub type Written = Box<dyn FnOnce(Result<(), &str>) + Send>;

/// A recording that is being written. Whoever writes also writes the lines that come meanwhile.
#[derive(Debug)]
pub struct Recorder(Mutex<Queue<File>>);

#[derive(Debug)]
struct Queue<W> {
    /// Not there while somebody writes.
    output: Option<Output<W>>,
    waiting: BTreeMap<u64, Line>,
    next: u64,
}

#[derive(Debug)]
struct Output<W> {
    file: W,
    /// Why a line could not be written. No other follows it, so that only the last line of a file can be cut.
    failed: Option<String>,
}

struct Line {
    text: Vec<u8>,
    written: Written,
}

impl Recorder {
    /// Starts a recording at `path`, in place of what was there.
    ///
    /// # Errors
    /// The file cannot be created or written, or is a pipe: whoever does not read it would hold up the cloud.
    pub fn create(path: &Path, seed: u64, contracts: &Contracts) -> io::Result<Recorder> {
        can_be_written(path)?;
        let mut file = File::create(path)?;
        let header = json!({
            "mockstack": "recording",
            "format": FORMAT,
            "version": env!("CARGO_PKG_VERSION"),
            "release": contracts.release().map(|release| &release.name),
            "contracts": contracts.revision(),
            "seed": seed,
        });
        file.write_all(format!("{header}\n").as_bytes())?;
        Ok(Recorder(Mutex::new(Queue::new(file))))
    }

    /// Hands over the line of interaction `sequence`, with its newline, for the next [`Recorder::write`]; sequences start at 1
    /// and have no gaps.
    pub fn put(&self, sequence: u64, text: Vec<u8>, written: Written) {
        lock(&self.0).waiting.insert(sequence, Line { text, written });
    }

    /// Writes the lines that are next in sequence, unless somebody else is at it.
    pub fn write(&self) {
        write_waiting(&self.0);
    }
}

impl Drop for Recorder {
    /// Writes what still waits for a line that never came.
    fn drop(&mut self) {
        let mut queue = lock(&self.0);
        let rest = std::mem::take(&mut queue.waiting).into_values().collect();
        if let Some(output) = &mut queue.output {
            output.write(rest);
        }
    }
}

/// Writes what is next in sequence if nobody else writes; otherwise whoever does will.
fn write_waiting<W: Write>(queue: &Mutex<Queue<W>>) {
    let mut held = lock(queue);
    while let Some((mut output, batch)) = held.next_batch() {
        drop(held);
        output.write(batch);
        held = lock(queue);
        held.output = Some(output);
    }
}

impl<W: Write> Queue<W> {
    fn new(file: W) -> Queue<W> {
        Queue { output: Some(Output { file, failed: None }), waiting: BTreeMap::new(), next: 1 }
    }

    /// The lines that are next in sequence, and the file; nothing while somebody writes.
    fn next_batch(&mut self) -> Option<(Output<W>, Vec<Line>)> {
        if !self.waiting.contains_key(&self.next) {
            return None;
        }
        let output = self.output.take()?;
        let mut batch = Vec::new();
        while let Some(line) = self.waiting.remove(&self.next) {
            self.next += 1;
            batch.push(line);
        }
        Some((output, batch))
    }
}

impl<W: Write> Output<W> {
    /// Writes all in one go, and says so to each.
    fn write(&mut self, batch: Vec<Line>) {
        if self.failed.is_none() {
            let written = match batch.as_slice() {
                [line] => self.file.write_all(&line.text),
                lines => {
                    self.file.write_all(&lines.iter().map(|line| line.text.as_slice()).collect::<Vec<_>>().concat())
                }
            };
            self.failed = written.err().map(|error| error.to_string());
        }
        for line in batch {
            (line.written)(self.failed.as_deref().map_or(Ok(()), Err));
        }
    }
}

/// A panic while the lock was held leaves data that is still whole: lines are put in and taken out, nothing else.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    type Done = Arc<Mutex<Vec<(u64, bool)>>>;

    fn line(sequence: u64, done: &Done) -> Line {
        let done = Arc::clone(done);
        let written: Written = Box::new(move |result| done.lock().unwrap().push((sequence, result.is_ok())));
        Line { text: format!("{sequence}\n").into_bytes(), written }
    }

    fn hand_over<W: Write>(queue: &Mutex<Queue<W>>, sequence: u64, line: Line) {
        lock(queue).waiting.insert(sequence, line);
        write_waiting(queue);
    }

    #[test]
    fn lines_are_written_in_sequence_however_they_come() {
        let (queue, done) = (Mutex::new(Queue::new(Vec::new())), Done::default());
        for sequence in [2, 1, 4, 3] {
            hand_over(&queue, sequence, line(sequence, &done));
        }
        let file = queue.into_inner().unwrap().output.unwrap().file;
        assert_eq!(String::from_utf8(file).unwrap(), "1\n2\n3\n4\n");
        assert_eq!(*done.lock().unwrap(), [(1, true), (2, true), (3, true), (4, true)]);
    }

    #[test]
    fn many_at_once_leave_no_line_behind() {
        let (queue, done) = (Mutex::new(Queue::new(Vec::new())), Done::default());
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (queue, done) = (&queue, &done);
                scope.spawn(move || {
                    (0..250).for_each(|n| hand_over(queue, n * 4 + thread + 1, line(n * 4 + thread + 1, done)))
                });
            }
        });
        let file = queue.into_inner().unwrap().output.unwrap().file;
        let expected: String = (1..=1000).map(|sequence| format!("{sequence}\n")).collect();
        assert_eq!(String::from_utf8(file).unwrap(), expected);
        assert_eq!(done.lock().unwrap().len(), 1000);
    }

    /// Counts how often it is written to.
    struct Counted(usize);

    impl Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += 1;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_come_together_are_written_together() {
        let (queue, done) = (Mutex::new(Queue::new(Counted(0))), Done::default());
        (1..=3).for_each(|sequence| drop(lock(&queue).waiting.insert(sequence, line(sequence, &done))));
        assert!(done.lock().unwrap().is_empty(), "nobody is answered before");
        write_waiting(&queue);
        assert_eq!((queue.into_inner().unwrap().output.unwrap().file.0, done.lock().unwrap().len()), (1, 3));
    }

    /// Takes a line and a half.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            if taken == 0 { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(taken) }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_to_everybody_who_waits_and_ends_the_file() {
        let (queue, done) = (Mutex::new(Queue::new(Full(3))), Done::default());
        hand_over(&queue, 1, line(1, &done));
        hand_over(&queue, 2, line(2, &done));
        queue.lock().unwrap().output.as_mut().unwrap().file.0 = 100;
        hand_over(&queue, 3, line(3, &done));
        assert_eq!(*done.lock().unwrap(), [(1, true), (2, false), (3, false)]);
        assert_eq!(
            queue.into_inner().unwrap().output.unwrap().file.0,
            100,
            "nothing is written after a line that was cut"
        );
    }
}
