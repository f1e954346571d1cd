//! The options that `run` and `serve` share.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::arguments::Failure;
use crate::base::{Clock, Diagnostic};
use crate::cloud::{Cloud, Fixture};
use crate::contract::Contracts;
use crate::exchange::{Exchange, OnViolation, Options};
use crate::recording::Recorder;
use crate::report::{Rule, Rules};

/// What the cloud holds, how it listens, what fails its verdict.
#[derive(Debug, Args)]
pub struct CloudOptions {
    /// A fixture (file or folder) to put over the base cloud; repeatable
    #[arg(long, value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    /// A folder of contracts to put over the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
    /// The address to listen on [default: a free port of 127.0.0.1]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// What the client gets for a violation
    #[arg(long, value_enum, default_value = "reject")]
    on_violation: Reaction,
    /// Do not fail for this code, everywhere or on one operation; repeatable
    #[arg(long, value_name = "CODE[@OPERATION]")]
    allow: Vec<Rule>,
    /// Fail for this code, everywhere or on one operation; repeatable
    #[arg(long, value_name = "CODE[@OPERATION]")]
    deny: Vec<Rule>,
    /// Write every interaction to this file (JSON lines, without secrets)
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// What generated ids depend on
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Freeze the time (RFC 3339); tokens then expire in 2100
    #[arg(long, value_name = "TIME")]
    clock: Option<Timestamp>,
}

/// See [`OnViolation`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Reaction {
    /// Exactly the answer that the real service gives
    Reject,
    /// The cloud's answer, as far as it can serve the request
    Report,
}

impl CloudOptions {
    /// The exchange that these options describe.
    pub fn exchange(&self) -> Result<Exchange, Failure> {
        let contracts = match &self.contracts {
            None => Contracts::embedded()?,
            Some(folder) => Contracts::with_overlay(folder)?,
        };
        let fixture = self.fixture(&contracts)?;
        let clock = self.clock.map_or(Clock::Wall, Clock::Frozen);
        let recorder = self.record.as_ref().map(|path| Recorder::create(path, self.seed).map_err(|error| unwritable(path, &error)));
        let on_violation = match self.on_violation {
            Reaction::Reject => OnViolation::Reject,
            Reaction::Report => OnViolation::Report,
        };
        let options = Options { on_violation, recorder: recorder.transpose()? };
        Ok(Exchange::new(contracts, Cloud::new(Arc::new(fixture), self.seed, clock), options))
    }

    fn fixture(&self, contracts: &Contracts) -> Result<Fixture, Diagnostic> {
        let base = Fixture::base()?;
        if self.fixtures.is_empty() {
            return Ok(base);
        }
        let fields = fields(contracts)?;
        self.fixtures.iter().try_fold(base, |fixture, path| fixture.with_overlay(path, &fields))
    }

    /// What fails the verdict.
    pub fn rules(&self) -> Rules {
        Rules { allow: self.allow.clone(), deny: self.deny.clone() }
    }
}

/// The fields that contracts know of each collection's resources: what `show` may answer.
fn fields(contracts: &Contracts) -> Result<BTreeMap<String, BTreeSet<String>>, Diagnostic> {
    // A key pair has no contract yet, but boots name it.
    let mut fields = BTreeMap::from([("keypairs".to_owned(), ["id", "name", "public_key"].map(str::to_owned).into())]);
    for contract in contracts.services() {
        let table = contract.table()?;
        for operation in &table.operations {
            let schemas = operation.responses.iter().filter_map(|row| row.body);
            if let Some(collection) = &operation.collection {
                let known: &mut BTreeSet<String> = fields.entry(collection.clone()).or_default();
                schemas.for_each(|schema| table.schemas.field_names(schema, known));
            }
        }
    }
    Ok(fields)
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    let diagnostic = Diagnostic::new("cannot write the recording")
        .row("where", path.display().to_string())
        .row("because", error.to_string())
        .row("fix", "name a file in a folder that exists and may be written");
    Failure::new("recording", diagnostic)
}
