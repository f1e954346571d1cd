//! Reads a recording back, a line at a time.

use std::io;
use std::path::Path;

use serde_json::Value;

use super::interaction::Interaction;
use super::lines::{FileLine, Lines};
use super::writer::FORMAT;
use crate::base::{Diagnostic, open_file};

/// A recording that is being read: its interactions, in sequence. A last line that was cut is left out and said; so is the first
/// line that is not the next in sequence. No more of it is held than a line.
#[derive(Debug)]
pub struct Reader {
    name: String,
    lines: Lines,
    expected: u64,
    end: Option<Value>,
    cut: Option<String>,
}

/// How a recording ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The last line, which a run writes when it ends.
    pub end: Option<Value>,
    /// Why it is not whole, if it is not: it was cut, or a line is lost, doubled, out of its place or added.
    pub cut: Option<String>,
}

impl Reader {
    /// Opens the recording at `path`.
    ///
    /// # Errors
    /// The file cannot be read or is no recording.
    pub fn open(path: &Path) -> Result<Reader, Diagnostic> {
        let name = path.display().to_string();
        let lines = open_file(path).and_then(Lines::new).map_err(|error| unreadable(&name, &error))?;
        let mut reader = Reader { name, lines, expected: 1, end: None, cut: None };
        let first = reader.line()?.and_then(|line| parse(&line.text).ok());
        let header = first.filter(|header| header.get("mockstack").and_then(Value::as_str) == Some("recording"));
        let header = header.ok_or_else(|| not_a_recording(&reader.place(1)))?;
        if header.get("format").and_then(Value::as_u64) != Some(FORMAT) {
            let found = header.get("format").map_or("nothing".to_owned(), ToString::to_string);
            return Err(Diagnostic::new("the recording has another format")
                .row("where", reader.place(1))
                .row("expected", FORMAT.to_string())
                .row("found", found));
        }
        Ok(reader)
    }

    /// How it ended, once all of it was read.
    pub fn end(self) -> End {
        let unended = || self.end.is_none().then(|| "the run did not come to its end".to_owned());
        End { cut: self.cut.clone().or_else(unended), end: self.end }
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
            let line = match parse(&text) {
                Ok(line) => line,
                // Only the last one has no newline.
                Err(_) if !whole => {
                    self.cut.get_or_insert_with(|| format!("its last line ({}:{number}) was cut", self.name));
                    return Ok(None);
                }
                Err(why) => return Err(broken(&self.place(number), &why)),
            };
            // The first is the reason of all that follow.
            self.cut = self.cut.take().or_else(|| self.out_of_order(number, &line));
            self.expected += 1;
            match line.get("end") {
                Some(end) => self.end = Some(end.clone()),
                None => {
                    let interaction = Interaction::from_line(&line);
                    return interaction.map(Some).ok_or_else(|| broken(&self.place(number), "it is no interaction"));
                }
            }
        }
        Ok(None)
    }

    /// Why the line is not the next in sequence, if it is not.
    fn out_of_order(&self, number: usize, line: &Value) -> Option<String> {
        let (place, expected) = (self.place(number), self.expected);
        let number_at = |key: &str| line.get(key).and_then(Value::as_u64);
        match number_at("sequence") {
            _ if self.end.is_some() => Some(format!("{place} follows its end")),
            None if line.get("end").is_some() => {
                let (told, found) = (number_at("requests"), expected - 1);
                let differ = |told| format!("it holds {found} requests, and its end says {told}");
                (told != Some(found)).then(|| differ(told.map_or("nothing".to_owned(), |told| told.to_string())))
            }
            Some(found) if found == expected => None,
            Some(found) => Some(format!("{place} has sequence {found}, expected {expected}")),
            None => Some(format!("{place} has no sequence, expected {expected}")),
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Interaction, Diagnostic>;

    fn next(&mut self) -> Option<Result<Interaction, Diagnostic>> {
        self.interaction().transpose()
    }
}

/// A line as JSON. It is nested deeper than the body that it holds, which serde_json itself let pass.
fn parse(line: &[u8]) -> Result<Value, String> {
    const DEEPEST: usize = 256;
    if depth(line) > DEEPEST {
        return Err(format!("it is nested deeper than {DEEPEST}"));
    }
    let mut reader = serde_json::Deserializer::from_slice(line);
    reader.disable_recursion_limit();
    let value = serde::Deserialize::deserialize(&mut reader);
    value.and_then(|value| reader.end().map(|()| value)).map_err(|error| error.to_string())
}

/// How deep the brackets of a line go, at most.
fn depth(line: &[u8]) -> usize {
    let (mut now, mut most, mut quoted, mut escaped) = (0usize, 0, false, false);
    for byte in line {
        match (byte, quoted) {
            _ if escaped => escaped = false,
            (b'\\', true) => escaped = true,
            (b'"', _) => quoted = !quoted,
            (b'{' | b'[', false) => now += 1,
            (b'}' | b']', false) => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

fn unreadable(name: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new("cannot read the recording").row("where", name).row("because", error.to_string())
}

fn not_a_recording(place: &str) -> Diagnostic {
    Diagnostic::new("this is no recording")
        .row("where", place)
        .row("expected", r#"{"mockstack": "recording", "format": 1, …} in the first line"#)
        .row("fix", "name a file that `--record` wrote")
}

fn broken(place: &str, why: &str) -> Diagnostic {
    Diagnostic::new("a line of the recording cannot be read").row("where", place).row("because", why)
}
