//! Exchanges that others recorded: HAR files, cassettes of betamax and VCR, and plain lines of JSON.

mod formats;
mod mounts;

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use crate::base::{Diagnostic, open_file};
use crate::contract::Contracts;
use crate::recording::{Ended, Header, Interaction, Lines, Reader, RecordedRequest, RecordedResponse, Unreadable};

use formats::Foreign;
use mounts::Mounts;

/// A file of exchanges that is read: a recording, or what another tool wrote.
pub struct Source {
    /// The first line of a recording; that of what another tool wrote is empty.
    pub header: Header,
    kind: SourceKind,
}

enum SourceKind {
    Recording(Box<Reader>),
    Foreign { exchanges: Box<dyn Iterator<Item = Result<Foreign, Diagnostic>> + Send>, mounts: Mounts, sequence: u64 },
}

impl Source {
    /// Opens the file at `path`; what it is shows its first line. `contracts` tell where services are mounted.
    ///
    /// # Errors
    /// It cannot be read, or is none of the kinds.
    pub fn open(path: &Path, contracts: &Contracts) -> Result<Source, Diagnostic> {
        let unreadable = |error: std::io::Error| {
            Diagnostic::new("cannot read the recording")
                .row("where", path.display().to_string())
                .row("because", error.to_string())
        };
        let mut lines = open_file(path).and_then(Lines::new).map_err(unreadable)?;
        let first = lines.next().transpose().map_err(unreadable)?;
        let first: Value = first.and_then(|line| serde_json::from_slice(&line.text).ok()).unwrap_or_default();
        if first.get("mockstack").is_some() {
            let reader = Reader::open(path)?;
            return Ok(Source { header: reader.header.clone(), kind: SourceKind::Recording(Box::new(reader)) });
        }
        let exchanges = if formats::is_exchange(&first) { formats::lines(path)? } else { formats::whole(path)? };
        let kind = SourceKind::Foreign { exchanges, mounts: Mounts::new(contracts), sequence: 0 };
        Ok(Source { header: Header::default(), kind })
    }

    /// How it ended, once all of it was read; what another tool wrote is always whole.
    pub fn end(self) -> Ended {
        match self.kind {
            SourceKind::Recording(reader) => reader.end(),
            SourceKind::Foreign { .. } => Ended { end: None, cut: None },
        }
    }
}

impl Iterator for Source {
    type Item = Result<Interaction, Diagnostic>;

    fn next(&mut self) -> Option<Result<Interaction, Diagnostic>> {
        match &mut self.kind {
            SourceKind::Recording(reader) => reader.next(),
            SourceKind::Foreign { exchanges, mounts, sequence } => {
                *sequence += 1;
                let exchange = exchanges.next()?;
                Some(exchange.map(|foreign| {
                    let interaction = interaction(&foreign, *sequence, mounts);
                    mounts.learn(&foreign);
                    interaction
                }))
            }
        }
    }
}

/// The exchange as mockstack would have recorded it, with its secrets.
fn interaction(foreign: &Foreign, sequence: u64, mounts: &Mounts) -> Interaction {
    let Foreign { time, method, url, service, headers, body, answer } = foreign;
    let unreadable = match body {
        Value::String(text) => Some(Unreadable { because: "it is no JSON".to_owned(), bytes: text.len() }),
        _ => None,
    };
    Interaction {
        sequence,
        time: time.unwrap_or(Timestamp::UNIX_EPOCH),
        service: None,
        operation: None,
        version: None,
        project: None,
        unauthenticated: false,
        shape: "".into(),
        status: answer.status,
        violations: Vec::new(),
        diagnostic: None,
        refusal: None,
        request: RecordedRequest {
            method: method.clone(),
            target: mounts.target(url, service.as_deref()),
            headers: headers.clone(),
            body: unreadable.is_none().then(|| body.clone()),
            unreadable,
            contents: None,
            flaw: None,
        },
        response: RecordedResponse {
            status: answer.status,
            headers: answer.headers.clone(),
            body: Some(answer.body.clone()).filter(|body| !body.is_null()),
            contents: None,
            failure: None,
        },
    }
}
