//! Writes a recording: one line an interaction, in sequence, and nobody is answered before the line is in the file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use serde_json::{Value, json};

/// The version of the recording format; see docs/recording-format.md.
pub const FORMAT: u64 = 1;

/// What is done once a line has reached the file, or could not.
pub type Written = Box<dyn FnOnce(Result<(), &str>) + Send>;

/// A recording that is being written, by a thread of its own.
#[derive(Debug)]
pub struct Recorder {
    lines: Option<Sender<Line>>,
    thread: Option<JoinHandle<()>>,
}

struct Line {
    sequence: u64,
    text: String,
    written: Written,
}

impl Recorder {
    /// Starts a recording at `path`, in place of what was there.
    ///
    /// # Errors
    /// The file cannot be created or written.
    pub fn create(path: &Path, seed: u64) -> io::Result<Recorder> {
        let mut file = File::create(path)?;
        let header = json!({"mockstack": "recording", "format": FORMAT, "version": env!("CARGO_PKG_VERSION"), "seed": seed});
        file.write_all(format!("{header}\n").as_bytes())?;
        let (lines, queue) = channel();
        let thread = std::thread::Builder::new().name("recorder".to_owned()).spawn(move || write_all(&queue, &mut file))?;
        Ok(Recorder { lines: Some(lines), thread: Some(thread) })
    }

    /// Hands over the line of interaction `sequence`; sequences start at 1 and have no gaps.
    pub fn write(&self, sequence: u64, line: &Value, written: Written) {
        let line = Line { sequence, text: format!("{line}\n"), written };
        let sender = self.lines.as_ref();
        if let Some(Err(unsent)) = sender.map(|lines| lines.send(line)) {
            (unsent.0.written)(Err("the recorder has ended"));
        }
    }
}

impl Drop for Recorder {
    /// Waits until everything that was handed over is in the file.
    fn drop(&mut self) {
        self.lines = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the writer has been reported by the lines that it did not confirm.
            let _ = thread.join();
        }
    }
}

/// Takes what has come, writes what is next in sequence in one go, and says so.
fn write_all(queue: &Receiver<Line>, file: &mut impl Write) {
    let mut waiting: BTreeMap<u64, Line> = BTreeMap::new();
    let mut next = 1;
    while let Ok(line) = queue.recv() {
        waiting.insert(line.sequence, line);
        waiting.extend(queue.try_iter().map(|line| (line.sequence, line)));
        let mut batch = Vec::new();
        while let Some(line) = waiting.remove(&next) {
            next += 1;
            batch.push(line);
        }
        write_batch(batch, file);
    }
    write_batch(waiting.into_values().collect(), file);
}

fn write_batch(batch: Vec<Line>, file: &mut impl Write) {
    let text: String = batch.iter().map(|line| line.text.as_str()).collect();
    let result = file.write_all(text.as_bytes()).map_err(|error| error.to_string());
    for line in batch {
        (line.written)(result.as_ref().copied().map_err(String::as_str));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    fn line(sequence: u64, done: &Arc<Mutex<Vec<(u64, bool)>>>) -> Line {
        let done = Arc::clone(done);
        let written: Written = Box::new(move |result| done.lock().unwrap().push((sequence, result.is_ok())));
        Line { sequence, text: format!("{sequence}\n"), written }
    }

    #[test]
    fn lines_are_written_in_sequence_however_they_come() {
        let (lines, queue) = channel();
        let done = Arc::default();
        for sequence in [2, 1, 4, 3] {
            lines.send(line(sequence, &done)).unwrap();
        }
        drop(lines);
        let mut file = Vec::new();
        write_all(&queue, &mut file);
        assert_eq!(String::from_utf8(file).unwrap(), "1\n2\n3\n4\n");
        assert_eq!(*done.lock().unwrap(), [(1, true), (2, true), (3, true), (4, true)]);
    }

    #[test]
    fn a_full_disk_is_told_to_everybody_who_waits() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (lines, queue) = channel();
        let done = Arc::default();
        lines.send(line(1, &done)).unwrap();
        drop(lines);
        write_all(&queue, &mut Full);
        assert_eq!(*done.lock().unwrap(), [(1, false)]);
    }
}
