//! Exchanges that others recorded: HAR files, cassettes of betamax and VCR, plain lines of JSON, and debug logs.

mod besides;
mod debug_log;
mod files;
mod foreign;
pub mod har;
mod mounts;
mod place;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::again::Verifier;
use super::import::files::{Exchanges, ForeignFile};
use super::import::mounts::Mounts;
use super::import::place::interaction;
use crate::base::json::Value;
use crate::base::{Diagnostic, open_file};
use crate::contract::Contracts;
use crate::message::Redactor;
use crate::recording::{Ended, Header, Interaction, Lines, Reader};

/// A file of exchanges that is read: a recording, or what another tool wrote.
pub struct Source {
    /// The first line of a recording; empty for the file of another tool.
    pub header: Header,
    /// What keeps its secrets out of what is told of it. Those of what another tool wrote are all known to it from the start.
    redactor: Arc<Redactor>,
    /// How many bytes the file has.
    pub length: u64,
    /// What a reader should know besides: what of it cannot be judged.
    pub notes: Vec<String>,
    kind: SourceKind,
    read: Arc<AtomicU64>,
}

enum SourceKind {
    Recording(Box<Reader>),
    Foreign { exchanges: Exchanges, mounts: Mounts, sequence: u64 },
}

impl Source {
    /// Opens the file at `path`; its first line shows the format. `contracts` say where services are mounted, and what is a
    /// secret.
    ///
    /// # Errors
    /// It cannot be read, or has an unknown format.
    pub fn open(path: &Path, contracts: &Contracts) -> Result<Source, Diagnostic> {
        let unreadable = |error: std::io::Error| {
            Diagnostic::new("cannot read the recording")
                .row("where", path.display().to_string())
                .row("because", error.to_string())
        };
        let file = open_file(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let first = Lines::new(file).map_err(unreadable)?.next().transpose().map_err(unreadable)?;
        let first: Value = first.and_then(|line| crate::base::json::from_slice(&line.text).ok()).unwrap_or_default();
        let redactor = Arc::new(Redactor::default());
        let (header, notes, kind) = if first.get("mockstack").is_some() {
            let reader = Reader::open(path)?;
            (reader.header.clone(), Vec::new(), SourceKind::Recording(Box::new(reader)))
        } else {
            let (file, header) = ForeignFile::of(path, &first)?;
            let mounts = survey(&file, contracts, &redactor)?;
            (header, file.notes().to_vec(), SourceKind::Foreign { exchanges: file.exchanges()?, mounts, sequence: 0 })
        };
        Ok(Source { header, redactor, length, notes, kind, read: Arc::default() })
    }

    /// What judges its interactions by `contracts`.
    pub fn verifier<'c>(&self, contracts: &'c Contracts) -> Verifier<'c> {
        let with_secrets = matches!(self.kind, SourceKind::Foreign { .. });
        Verifier::new(contracts, Arc::clone(&self.redactor), with_secrets)
    }

    /// How many bytes of it were read so far, which goes on to count.
    pub fn read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    /// How it ended, once all of it was read; the file of another tool is always complete.
    pub fn end(self) -> Ended {
        match self.kind {
            SourceKind::Recording(reader) => reader.end(),
            SourceKind::Foreign { .. } => Ended { end: None, cut: None },
        }
    }
}

/// Looks through the file before it is read: where the services are, and every secret that it holds.
fn survey(file: &ForeignFile, contracts: &Contracts, redactor: &Arc<Redactor>) -> Result<Mounts, Diagnostic> {
    let mut mounts = Mounts::new(contracts);
    let verifier = Verifier::new(contracts, Arc::clone(redactor), true);
    for (place, exchange) in file.exchanges()?.enumerate() {
        let (foreign, _) = exchange?;
        mounts.learn(&foreign);
        verifier.survey(&interaction(foreign, place as u64 + 1, &mounts));
    }
    Ok(mounts)
}

impl Iterator for Source {
    type Item = Result<Interaction, Diagnostic>;

    fn next(&mut self) -> Option<Result<Interaction, Diagnostic>> {
        match &mut self.kind {
            SourceKind::Recording(reader) => {
                let next = reader.next();
                self.read.store(reader.bytes(), Ordering::Relaxed);
                next
            }
            SourceKind::Foreign { exchanges, mounts, sequence } => {
                *sequence += 1;
                let exchange = exchanges.next()?;
                Some(exchange.map(|(foreign, bytes)| {
                    self.read.fetch_add(bytes, Ordering::Relaxed);
                    interaction(foreign, *sequence, mounts)
                }))
            }
        }
    }
}
