//! Writes a recording: one line an interaction, in sequence, and no answer is sent before its line is in the file. Lines that
//! arrive together are written together. There is no thread for it: passing a line to one costs more than writing it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::format::{Header, to_line};
use crate::base::can_be_written;
use crate::contract::Contracts;

/// A recording that is being written. A thread that writes also writes the waiting lines of others.
#[derive(Debug)]
pub struct Recorder(Writer<File>);

impl Recorder {
    /// Starts a recording at `path`, and replaces an existing file.
    ///
    /// # Errors
    /// The file cannot be created or written, or is a pipe: a reader that stops would block the cloud.
    pub fn create(path: &Path, seed: u64, contracts: &Contracts) -> io::Result<Recorder> {
        Recorder::begin(path, &Header::new(seed, contracts))
    }

    /// The same with a `header` of its own.
    ///
    /// # Errors
    /// As for [`Recorder::create`].
    pub fn begin(path: &Path, header: &Header) -> io::Result<Recorder> {
        can_be_written(path)?;
        let mut file = File::create(path)?;
        file.write_all(&to_line(header))?;
        Ok(Recorder(Writer::new(file)))
    }

    /// Hands over the line of interaction `sequence`, with its newline, for the next [`Recorder::flush`]; sequences start at 1
    /// and have no gaps.
    pub fn put(&self, sequence: u64, line: Vec<u8>) {
        self.0.put(sequence, line);
    }

    /// Returns once the line of interaction `sequence` is in the file, with all lines that wait and are before it or follow it
    /// without a gap. It waits for lines before it that are not handed over yet, so a sequence must not be drawn and kept.
    ///
    /// # Errors
    /// Why the line could not be written.
    pub fn flush(&self, sequence: u64) -> Result<(), String> {
        self.0.flush(sequence)
    }
}

impl Drop for Recorder {
    /// Writes what still waits for a line that never came.
    fn drop(&mut self) {
        let mut queue = lock(&self.0.queue);
        let queue = &mut *queue;
        let rest = std::mem::take(&mut queue.waiting).into_values().collect::<Vec<_>>();
        if let (Some(file), None) = (&mut queue.file, &queue.failed) {
            // Nobody waits to be told any more.
            let _ = file.write_all(&rest.concat());
        }
    }
}

#[derive(Debug)]
struct Writer<W> {
    queue: Mutex<Queue<W>>,
    /// Something was handed over or written.
    progress: Condvar,
}

#[derive(Debug)]
struct Queue<W> {
    /// Not there while somebody writes.
    file: Option<W>,
    waiting: BTreeMap<u64, Vec<u8>>,
    /// The last line that was dealt with.
    written: u64,
    /// The first line that could not be written, and why. No other follows it, so that only the last line of a file can be cut.
    failed: Option<(u64, String)>,
}

impl<W: Write> Writer<W> {
    fn new(file: W) -> Writer<W> {
        let queue = Queue { file: Some(file), waiting: BTreeMap::new(), written: 0, failed: None };
        Writer { queue: Mutex::new(queue), progress: Condvar::new() }
    }

    fn put(&self, sequence: u64, line: Vec<u8>) {
        lock(&self.queue).waiting.insert(sequence, line);
        self.progress.notify_all();
    }

    fn flush(&self, sequence: u64) -> Result<(), String> {
        let mut queue = lock(&self.queue);
        while queue.written < sequence {
            let Some((mut file, batch)) = queue.next_batch() else {
                queue = self.progress.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let has_failed = queue.failed.is_some();
            drop(queue);
            let written = if has_failed { Ok(()) } else { write(&mut file, &batch) };
            queue = lock(&self.queue);
            queue.finish(file, batch.len() as u64, written);
            self.progress.notify_all();
        }
        match &queue.failed {
            Some((first, why)) if sequence >= *first => Err(why.clone()),
            _ => Ok(()),
        }
    }
}

/// Writes all in one go.
fn write(file: &mut impl Write, batch: &[Vec<u8>]) -> io::Result<()> {
    match batch {
        [line] => file.write_all(line),
        lines => file.write_all(&lines.concat()),
    }
}

impl<W> Queue<W> {
    /// The lines that are next in sequence, and the file; nothing while somebody writes.
    fn next_batch(&mut self) -> Option<(W, Vec<Vec<u8>>)> {
        if !self.waiting.contains_key(&(self.written + 1)) {
            return None;
        }
        let file = self.file.take()?;
        let next = (self.written + 1)..;
        Some((file, next.map_while(|sequence| self.waiting.remove(&sequence)).collect()))
    }

    /// Takes the file back after so many `lines`.
    fn finish(&mut self, file: W, lines: u64, written: io::Result<()>) {
        self.file = Some(file);
        if let Err(error) = written {
            self.failed = Some((self.written + 1, error.to_string()));
        }
        self.written += lines;
    }
}

/// A panic while the lock was held leaves data that is still whole: lines are put in and taken out, nothing else.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sequence: u64) -> Vec<u8> {
        format!("{sequence}\n").into_bytes()
    }

    fn file<W>(writer: Writer<W>) -> W {
        writer.queue.into_inner().unwrap().file.unwrap()
    }

    #[test]
    fn lines_are_written_in_sequence_however_they_come() {
        let writer = Writer::new(Vec::new());
        for sequence in [2, 1, 4, 3] {
            writer.put(sequence, line(sequence));
        }
        assert_eq!(writer.flush(1), Ok(()));
        assert_eq!(writer.flush(4), Ok(()));
        assert_eq!(String::from_utf8(file(writer)).unwrap(), "1\n2\n3\n4\n");
    }

    #[test]
    fn many_at_once_leave_no_line_behind() {
        let writer = Writer::new(Vec::new());
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let writer = &writer;
                scope.spawn(move || {
                    for sequence in (0..250).map(|n| n * 4 + thread + 1) {
                        writer.put(sequence, line(sequence));
                        assert_eq!(writer.flush(sequence), Ok(()));
                        assert!(lock(&writer.queue).written >= sequence);
                    }
                });
            }
        });
        let expected: String = (1..=1000).map(|sequence| format!("{sequence}\n")).collect();
        assert_eq!(String::from_utf8(file(writer)).unwrap(), expected);
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
        let writer = Writer::new(Counted(0));
        (1..=3).for_each(|sequence| writer.put(sequence, line(sequence)));
        (1..=3).for_each(|sequence| assert_eq!(writer.flush(sequence), Ok(())));
        assert_eq!(file(writer).0, 1);
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
        let writer = Writer::new(Full(3));
        let hand_over = |sequence| {
            writer.put(sequence, line(sequence));
            writer.flush(sequence).is_ok()
        };
        assert_eq!((hand_over(1), hand_over(2)), (true, false));
        lock(&writer.queue).file.as_mut().unwrap().0 = 100;
        assert!(!hand_over(3));
        assert_eq!((writer.flush(1).is_ok(), writer.flush(2).is_ok()), (true, false));
        assert_eq!(file(writer).0, 100, "nothing is written after a line that was cut");
    }
}
