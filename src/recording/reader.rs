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
    /// Why it is not whole, if it is not: it was cut, or a line is lost, doubled, out of its place or added.
    pub cut: Option<String>,
}

/// Reads the recording at `path`. A last line that was cut is left out and said; so is the first line that is not the next in
/// sequence.
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
    let numbered = bytes.split(|byte| *byte == b'\n').enumerate().map(|(place, line)| (place + 1, line));
    let lines: Vec<(usize, &[u8])> = numbered.filter(|(_, line)| !line.is_empty()).collect();
    let header = lines.first().and_then(|(_, line)| parse(line).ok());
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
    let count = lines.len() as u64;
    for (expected, &(number, line)) in (0..).zip(&lines).skip(1) {
        let last = expected + 1 == count;
        let line = match parse(line) {
            Ok(line) => line,
            Err(_) if last && !whole => {
                recording.cut.get_or_insert_with(|| format!("its last line ({}) was cut", place(number)));
                break;
            }
            Err(why) => return Err(broken(&place(number), &why)),
        };
        let number_at = |key: &str| line.get(key).and_then(Value::as_u64);
        let out_of_order = match number_at("sequence") {
            _ if recording.end.is_some() => Some(format!("{} follows its end", place(number))),
            None if line.get("end").is_some() => {
                let (noted, found) = (number_at("requests"), expected - 1);
                let differ = |noted| format!("it holds {found} requests, and its end says {noted}");
                (noted != Some(found)).then(|| differ(noted.map_or("nothing".to_owned(), |noted| noted.to_string())))
            }
            Some(found) if found == expected => None,
            Some(found) => Some(format!("{} has sequence {found}, expected {expected}", place(number))),
            None => Some(format!("{} has no sequence, expected {expected}", place(number))),
        };
        match line.get("end") {
            Some(end) => recording.end = Some(end.clone()),
            None => {
                let interaction =
                    Interaction::from_line(&line).ok_or_else(|| broken(&place(number), "it is no interaction"))?;
                recording.interactions.push(interaction);
                recording.lines.push(line);
            }
        }
        // The first is the reason of all that follow.
        recording.cut = recording.cut.or(out_of_order);
    }
    if recording.end.is_none() && recording.cut.is_none() {
        recording.cut = Some("the run did not come to its end".to_owned());
    }
    Ok(recording)
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

fn not_a_recording(place: &str) -> Diagnostic {
    Diagnostic::new("this is no recording")
        .row("where", place)
        .row("expected", r#"{"mockstack": "recording", "format": 1, …} in the first line"#)
        .row("fix", "name a file that `--record` wrote")
}

fn broken(place: &str, why: &str) -> Diagnostic {
    Diagnostic::new("a line of the recording cannot be read").row("where", place).row("because", why)
}
