//! Reads a recording back, a line at a time.

use std::io;
use std::path::Path;

use super::format::{End, FORMAT, Header, Interaction, Line};
use super::lines::{FileLine, Lines};
use crate::base::json::Value;
use crate::base::{Diagnostic, open_file};

/// A recording that is being read: its interactions, in sequence. A truncated last line is left out and reported; so is the first
/// line that is out of sequence. Only one line of it is in memory.
#[derive(Debug)]
pub struct Reader {
    /// Its first line.
    pub header: Header,
    name: String,
    lines: Lines,
    expected: u64,
    end: Option<Value>,
    cut: Option<String>,
}

/// How a recording ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The last line, which a run writes when it ends.
    pub end: Option<Value>,
    /// Why it is incomplete, if it is: it was truncated, or a line is lost, duplicated, out of order or added.
    pub cut: Option<String>,
}

impl Reader {
    /// Opens the recording at `path`.
    ///
    /// # Errors
    /// The file cannot be read or is not a recording.
    pub fn open(path: &Path) -> Result<Reader, Diagnostic> {
        let name = path.display().to_string();
        let lines = open_file(path).and_then(Lines::new).map_err(|error| unreadable(&name, &error))?;
        let mut reader = Reader { header: Header::default(), name, lines, expected: 1, end: None, cut: None };
        let header = reader.line()?.and_then(|line| Header::read(&line.text));
        reader.header = header.ok_or_else(|| not_a_recording(&reader.place(1)))?;
        if reader.header.format != FORMAT {
            return Err(Diagnostic::new("the recording has a different format")
                .row("where", reader.place(1))
                .row("expected", FORMAT.to_string())
                .row("found", reader.header.format.to_string()));
        }
        Ok(reader)
    }

    /// How many bytes of the file were read.
    pub fn bytes(&self) -> u64 {
        self.lines.bytes()
    }

    /// How it ended, once all of it was read.
    pub fn end(self) -> Ended {
        let unended = || self.end.is_none().then(|| "the run did not finish".to_owned());
        Ended { cut: self.cut.clone().or_else(unended), end: self.end }
    }

    fn line(&mut self) -> Result<Option<FileLine>, Diagnostic> {
        self.lines.next().transpose().map_err(|error| unreadable(&self.name, &error))
    }

    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.name)
    }

    /// The next interaction; nothing when all were read.
    fn interaction(&mut self) -> Result<Option<Interaction>, Diagnostic> {
        while let Some(FileLine { number, text, whole }) = self.line()? {
            let line = match Line::read(&text) {
                Ok(line) => line,
                // Only the last one has no newline.
                Err(_) if !whole => {
                    self.cut.get_or_insert_with(|| format!("its last line ({}:{number}) was cut off", self.name));
                    return Ok(None);
                }
                Err(why) => return Err(broken(&self.place(number), &why)),
            };
            // The first is the reason of all that follow.
            self.cut = self.cut.take().or_else(|| self.out_of_order(number, &line));
            self.expected += 1;
            match line {
                Line::End(End { end, .. }) => self.end = Some(end),
                Line::Interaction(interaction) => return Ok(Some(*interaction)),
            }
        }
        Ok(None)
    }

    /// Why the line is not the next in sequence, if it is not.
    fn out_of_order(&self, number: usize, line: &Line) -> Option<String> {
        let (place, expected) = (self.place(number), self.expected);
        match line {
            _ if self.end.is_some() => Some(format!("{place} comes after its end")),
            Line::End(End { requests, .. }) if *requests == Some(expected - 1) => None,
            Line::End(End { requests, .. }) => {
                let told = requests.map_or("nothing".to_owned(), |told| told.to_string());
                Some(format!("it has {} requests, but its end says {told}", expected - 1))
            }
            Line::Interaction(interaction) if interaction.sequence == expected => None,
            Line::Interaction(interaction) => {
                Some(format!("{place} has sequence {}, expected {expected}", interaction.sequence))
            }
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Interaction, Diagnostic>;

    fn next(&mut self) -> Option<Result<Interaction, Diagnostic>> {
        self.interaction().transpose()
    }
}

fn unreadable(name: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new("cannot read the recording").row("where", name).row("because", error.to_string())
}

fn not_a_recording(place: &str) -> Diagnostic {
    Diagnostic::new("this is not a recording")
        .row("where", place)
        .row("expected", r#"{"mockstack": "recording", "format": 1, …} in the first line"#)
        .row("fix", "name a file that `--record` wrote; `mockstack convert` makes one of what other tools wrote")
}

fn broken(place: &str, why: &str) -> Diagnostic {
    Diagnostic::new("a line of the recording cannot be read").row("where", place).row("because", why)
}
