//! Reads a recording back.

use std::path::Path;

use serde_json::Value;

use super::interaction::Interaction;
use super::writer::FORMAT;
use crate::base::Diagnostic;

/// A recording that was read.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The first line.
    pub header: Value,
    /// The interactions, in sequence.
    pub interactions: Vec<Interaction>,
    /// Their lines, with the messages.
    pub lines: Vec<Value>,
    /// The last line, which a run writes when it ends.
    pub end: Option<Value>,
    /// What is wrong with the end of the file, if it was cut.
    pub cut: Option<String>,
}

/// Reads the recording at `path`. A last line that was cut is left out and said.
///
/// # Errors
/// The file cannot be read, is no recording, or has a broken line before its last.
pub fn read_recording(path: &Path) -> Result<Recording, Diagnostic> {
    let place = |line: usize| format!("{}:{line}", path.display());
    let unreadable = |error: std::io::Error| {
        Diagnostic::new("cannot read the recording")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let whole = bytes.ends_with(b"\n");
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let header = lines.first().and_then(|line| serde_json::from_slice::<Value>(line).ok());
    let header = header.filter(|header| header.get("mockstack").and_then(Value::as_str) == Some("recording"));
    let header = header.ok_or_else(|| not_a_recording(&place(1)))?;
    if header.get("format").and_then(Value::as_u64) != Some(FORMAT) {
        let found = header.get("format").map_or("nothing".to_owned(), ToString::to_string);
        return Err(Diagnostic::new("the recording has another format")
            .row("where", place(1))
            .row("expected", FORMAT.to_string())
            .row("found", found));
    }
    let mut recording = Recording { header, interactions: Vec::new(), lines: Vec::new(), end: None, cut: None };
    for (number, line) in lines.iter().enumerate().skip(1) {
        let last = number + 1 == lines.len();
        match serde_json::from_slice::<Value>(line) {
            Ok(line) if line.get("end").is_some() => recording.end = line.get("end").cloned(),
            Ok(line) => {
                let interaction =
                    Interaction::from_line(&line).ok_or_else(|| broken(&place(number + 1), "it is no interaction"))?;
                recording.interactions.push(interaction);
                recording.lines.push(line);
            }
            Err(_) if last && !whole => recording.cut = Some(format!("its last line ({}) was cut", place(number + 1))),
            Err(error) => return Err(broken(&place(number + 1), &error.to_string())),
        }
    }
    if recording.end.is_none() && recording.cut.is_none() {
        recording.cut = Some("the run did not come to its end".to_owned());
    }
    Ok(recording)
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
