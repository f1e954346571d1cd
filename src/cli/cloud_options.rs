//! The options that `run` and `serve` share.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::config::{ConfigFile, print_config};
use super::failure::Failure;
use super::print::print;
use super::settings::Settings;
use super::values;
use crate::exchange::OnViolation;
use crate::report::{Rule, Wanted};
use crate::snapshot::Mask;

/// What the cloud holds, how it listens, what fails its verdict. All of it may stand in mockstack.yaml too: what is given
/// here wins, lists are put together.
#[derive(Debug, Args)]
pub struct CloudOptions {
    #[command(flatten)]
    config: ConfigFile,
    /// Print the options that are in force, and do nothing
    #[arg(long)]
    pub print_config: bool,
    /// A fixture (file or folder) to put over the base cloud; repeatable
    #[arg(long, value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    /// A folder of contracts to put over the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
    /// The release of OpenStack that the cloud is: icehouse, juno, … [default: the newest]
    #[arg(long, value_name = "NAME")]
    release: Option<String>,
    /// The address to listen on [default: a free port of 127.0.0.1]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = values::listen)]
    listen: Option<SocketAddr>,
    /// What the client gets for a violation [default: reject]
    #[arg(long, value_enum)]
    on_violation: Option<Reaction>,
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
    /// The folder of this run's snapshots below DIR [default: default]
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// A place of bodies that differs from run to run; repeatable
    #[arg(long, value_name = "POINTER[=REGEX]")]
    mask: Vec<Mask>,
    /// This run is a shard: snapshots that it does not meet are not unreferenced
    #[arg(long)]
    partial: bool,
    /// Write a report (text, json, junit, markdown, github); - is standard output; repeatable
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<Wanted>,
    /// What generated ids depend on [default: 1]
    #[arg(long, value_name = "N", value_parser = values::seed)]
    seed: Option<u64>,
    /// Freeze the time (RFC 3339); tokens then expire in 2100
    #[arg(long, value_name = "TIME", value_parser = values::clock)]
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
    /// The settings in force: those of the file, with these options over them. `None`: they were only to be printed.
    pub fn settings(&self) -> Result<Option<Settings>, Failure> {
        let settings = self.over(self.config.read()?);
        if self.print_config {
            print(print_config(&settings))?;
            return Ok(None);
        }
        Ok(Some(settings))
    }

    /// An option that was given and is about the simulated cloud alone, if one was.
    pub fn of_the_simulation(&self) -> Option<&'static str> {
        let given = [
            ("--fixtures", !self.fixtures.is_empty()),
            ("--on-violation", self.on_violation.is_some()),
            ("--seed", self.seed.is_some()),
            ("--clock", self.clock.is_some()),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(option, _)| option)
    }

    fn over(&self, mut settings: Settings) -> Settings {
        settings.fixtures.extend(self.fixtures.iter().cloned());
        settings.allow.extend(self.allow.iter().cloned());
        settings.deny.extend(self.deny.iter().cloned());
        settings.mask.extend(self.mask.iter().cloned());
        settings.report.extend(self.report.iter().cloned());
        settings.partial |= self.partial;
        settings.contracts = self.contracts.clone().or(settings.contracts);
        settings.release = self.release.clone().or(settings.release);
        settings.listen = self.listen.or(settings.listen);
        settings.record = self.record.clone().or(settings.record);
        settings.snapshots = self.snapshots.clone().or(settings.snapshots);
        settings.scenario = self.scenario.clone().unwrap_or(settings.scenario);
        settings.seed = self.seed.unwrap_or(settings.seed);
        settings.clock = self.clock.or(settings.clock);
        settings.on_violation = match self.on_violation {
            None => settings.on_violation,
            Some(Reaction::Reject) => OnViolation::Reject,
            Some(Reaction::Report) => OnViolation::Report,
        };
        settings
    }
}
