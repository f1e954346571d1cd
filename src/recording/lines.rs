//! The lines of a file, one at a time, however long the file is.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Take};

/// The longest line, in bytes. What a cloud writes is far below; a file without a newline is no recording.
const LONGEST: u64 = 256 << 20;

/// The lines of a file that are not empty.
#[derive(Debug)]
pub struct Lines {
    input: BufReader<Take<File>>,
    number: usize,
    bytes: u64,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its text, without the newline.
    pub text: Vec<u8>,
    /// Does a newline end it?
    pub whole: bool,
}

impl Lines {
    /// The lines that `file` has now: what is written later is not waited for.
    ///
    /// # Errors
    /// Its length cannot be determined.
    pub fn new(file: File) -> io::Result<Lines> {
        let length = file.metadata()?.len();
        Ok(Lines { input: BufReader::new(file.take(length)), number: 0, bytes: 0 })
    }

    /// How many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Iterator for Lines {
    type Item = io::Result<FileLine>;

    fn next(&mut self) -> Option<io::Result<FileLine>> {
        loop {
            let mut text = Vec::new();
            match (&mut self.input).take(LONGEST).read_until(b'\n', &mut text) {
                Ok(0) => return None,
                Ok(bytes) => self.bytes += bytes as u64,
                Err(error) => return Some(Err(error)),
            }
            self.number += 1;
            let whole = text.pop_if(|last| *last == b'\n').is_some();
            if text.len() as u64 >= LONGEST {
                let why = format!("line {} is longer than 256 MiB", self.number);
                return Some(Err(io::Error::new(ErrorKind::FileTooLarge, why)));
            }
            if !text.is_empty() {
                return Some(Ok(FileLine { number: self.number, text, whole }));
            }
        }
    }
}
