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
use crate::report::{Ending, Outcome, Rule, Rules, Snapshots, Wanted, coloured};
use crate::snapshot::{Collector, Mask, compare};

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
    /// Compare what is asked with the snapshots in this folder
    #[arg(long, value_name = "DIR")]
    snapshots: Option<PathBuf>,
    /// The folder of this run's snapshots below DIR
    #[arg(long, value_name = "NAME", default_value = "default")]
    scenario: String,
    /// A place of bodies that differs from run to run; repeatable
    #[arg(long, value_name = "POINTER[=REGEX]")]
    mask: Vec<Mask>,
    /// This run is a shard: snapshots that it does not meet are not unreferenced
    #[arg(long)]
    partial: bool,
    /// Write a report (text, json, junit, markdown, github); - is standard output; repeatable
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<Wanted>,
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
        let collector = self.snapshots.as_ref().map(|_| Collector::new(self.mask.clone()));
        let options = Options { on_violation, recorder: recorder.transpose()?, collector };
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

    /// The run is over: snapshots are compared, the recording gets its last line, the verdict is printed, the reports are
    /// written.
    pub fn conclude(&self, exchange: &Exchange, command: Option<i32>) -> Result<Outcome, Failure> {
        let rules = Rules { allow: self.allow.clone(), deny: self.deny.clone() };
        let snapshots = self.compare(exchange)?;
        let ending = Ending { command, rules, snapshots };
        exchange.end(&ending.to_json());
        let outcome = Outcome::new(exchange.journal(), ending);
        anstream::eprint!("\n{}", coloured(&outcome));
        self.report.iter().try_for_each(|wanted| write_report(wanted, &outcome))?;
        Ok(outcome)
    }

    fn compare(&self, exchange: &Exchange) -> Result<Option<Snapshots>, Failure> {
        let Some(folder) = &self.snapshots else { return Ok(None) };
        let folder = folder.join(&self.scenario);
        let comparison = compare(&folder, exchange.texts(), self.partial).map_err(|error| {
            Diagnostic::new("cannot compare the snapshots").row("where", folder.display().to_string()).row("because", error.to_string())
        })?;
        let in_ci = std::env::var("CI").is_ok_and(|ci| !matches!(ci.as_str(), "" | "0" | "false"));
        Ok(Some(Snapshots { comparison, enforced: in_ci }))
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

/// Writes a report where it was asked for.
pub fn write_report(wanted: &Wanted, outcome: &Outcome) -> Result<(), Failure> {
    let text = (wanted.format.write)(outcome);
    if wanted.path.as_os_str() == "-" {
        anstream::print!("{text}");
        return Ok(());
    }
    std::fs::write(&wanted.path, text).map_err(|error| {
        Diagnostic::new(format!("cannot write the {} report", wanted.format.name))
            .row("where", wanted.path.display().to_string())
            .row("because", error.to_string())
            .into()
    })
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    let diagnostic = Diagnostic::new("cannot write the recording")
        .row("where", path.display().to_string())
        .row("because", error.to_string())
        .row("fix", "name a file in a folder that exists and may be written");
    Failure::new("recording", diagnostic)
}
