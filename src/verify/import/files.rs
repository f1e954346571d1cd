//! Files of exchanges that other tools wrote. They are read as often as it takes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::debug_log::{self, DebugLog};
use super::foreign::{Foreign, is_exchange, of_cassette, of_line};
use super::har;
use crate::base::json::{Value, from_value};
use crate::base::{Diagnostic, open_file, parse_yaml, read_text};
use crate::recording::{Header, Lines};

/// A file of exchanges.
pub enum ForeignFile {
    /// A line of JSON for each.
    Lines(PathBuf),
    /// One document that was read.
    Document {
        /// Its name.
        name: String,
        /// So many bytes it has for each exchange.
        share: u64,
        /// What a reader should know of it.
        notes: Vec<String>,
        /// Its exchanges.
        items: Arc<Vec<Value>>,
        /// What reads one.
        read: fn(&Value) -> Option<Foreign>,
    },
}

/// The exchanges of a file, each with so many bytes that were read for it.
pub type Exchanges = Box<dyn Iterator<Item = Result<(Foreign, u64), Diagnostic>> + Send>;

impl ForeignFile {
    /// The file at `path` with this `first` line, and the header of the recording that it was made from, if any.
    ///
    /// # Errors
    /// It cannot be read, or has an unknown format.
    pub fn of(path: &Path, first: &Value) -> Result<(ForeignFile, Header), Diagnostic> {
        match is_exchange(first) {
            true => Ok((ForeignFile::Lines(path.to_owned()), Header::default())),
            false => document(path),
        }
    }

    /// What a reader should know of it.
    pub fn notes(&self) -> &[String] {
        match self {
            ForeignFile::Lines(_) => &[],
            ForeignFile::Document { notes, .. } => notes,
        }
    }

    /// Its exchanges, from the first.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn exchanges(&self) -> Result<Exchanges, Diagnostic> {
        match self {
            ForeignFile::Lines(path) => lines(path),
            ForeignFile::Document { name, share, items, read, .. } => {
                let (name, share, items, read) = (name.clone(), *share, Arc::clone(items), *read);
                Ok(Box::new((0..items.len()).map(move |place| {
                    let wrong = || {
                        Diagnostic::new("an exchange of the file cannot be read")
                            .row("where", format!("{name}, exchange {}", place + 1))
                            .row("because", "it lacks a method, a URL or a status")
                    };
                    read(&items[place]).map(|foreign| (foreign, share)).ok_or_else(wrong)
                })))
            }
        }
    }
}

fn lines(path: &Path) -> Result<Exchanges, Diagnostic> {
    let name = path.display().to_string();
    let wrong = |place: String, why: String| {
        Diagnostic::new("a line of the file cannot be read").row("where", place).row("because", why)
    };
    let lines = open_file(path).and_then(Lines::new).map_err(|error| wrong(name.clone(), error.to_string()))?;
    Ok(Box::new(lines.map(move |line| {
        let line = line.map_err(|error| wrong(name.clone(), error.to_string()))?;
        let place = format!("{name}:{}", line.number);
        let json: Value =
            crate::base::json::from_slice(&line.text).map_err(|error| wrong(place.clone(), error.to_string()))?;
        let foreign = of_line(&json).ok_or_else(|| wrong(place, "it is not an exchange".to_owned()))?;
        Ok((foreign, line.text.len() as u64 + 1))
    })))
}

fn of_log(name: String, size: u64, log: DebugLog) -> ForeignFile {
    let notes = [
        (log.unanswered, "without an answer in the log: not judged"),
        (log.without_body, "whose body the log does not have: not judged"),
    ];
    let notes = notes.into_iter().filter(|(count, _)| *count > 0);
    let notes =
        notes.map(|(count, what)| format!("{count} {} {what}", if count == 1 { "request" } else { "requests" }));
    let share = size / (log.exchanges.len() as u64).max(1);
    ForeignFile::Document { notes: notes.collect(), name, share, items: Arc::new(log.exchanges), read: of_line }
}

/// A file that is one document: HAR, or a cassette in JSON or YAML.
fn document(path: &Path) -> Result<(ForeignFile, Header), Diagnostic> {
    let name = path.display().to_string();
    let unknown = || {
        Diagnostic::new("this is not a recording, nor a file that can be read as one")
            .row("where", name.as_str())
            .row("expected", "a file that `--record` wrote, a HAR file, a cassette of betamax or VCR, an exchange in JSON on each line, or the debug log of a client")
    };
    let text = read_text(path).map_err(|error| {
        Diagnostic::new("cannot read the recording").row("where", name.as_str()).row("because", error.to_string())
    })?;
    let mut document: Value = match crate::base::json::from_str(&text) {
        Ok(document) => document,
        Err(_) => match debug_log::read(&text) {
            Some(log) => return Ok((of_log(name, text.len() as u64, log), Header::default())),
            None => parse_yaml(&name, &text).map_err(|_| unknown())?.to_json(),
        },
    };
    let size = text.len() as u64;
    drop(text);
    let header = document.pointer(&format!("/log/{}", har::HEADER)).map(from_value::<Header>);
    let header = header.and_then(Result::ok).unwrap_or_default();
    let (place, read): (_, fn(&Value) -> Option<Foreign>) = if document.pointer("/log/entries").is_some() {
        ("/log/entries", har::of_entry)
    } else if document.get("http_interactions").is_some() {
        ("/http_interactions", of_cassette)
    } else {
        ("/interactions", of_cassette)
    };
    match document.pointer_mut(place).map(Value::take) {
        Some(Value::Array(items)) => {
            let share = size / (items.len() as u64).max(1);
            Ok((ForeignFile::Document { name, share, notes: Vec::new(), items: Arc::new(items), read }, header))
        }
        _ => Err(unknown()),
    }
}
