//! `mockstack replay`

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use super::configurable::Configurable;
use super::failure::Failure;
use super::named_cloud::NamedCloud;
use super::run::Command;
use super::serve::Service;
use super::settings::{Replayed, RestOfCloud, Settings};
use super::signals::Early;
use super::values;
use crate::base::Diagnostic;
use crate::exchange::OnMiss;
use crate::recording::{Header, Reader};
use crate::server::{Credentials, EnvFor};
use crate::verify::against::{Sent, login};

/// Answer from a recording, for one command or until a signal stops it, and judge the requests.
///
/// Reads may be repeated as often as the client likes, and show the effect of the writes so far; each write is answered once, in
/// the order in which it was recorded for its resource. A request that was not recorded gets a 501 and fails the verdict (41).
/// No network is used, unless --on-miss record sends what was not recorded to a real cloud.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Replay {
    /// A file that `--record` wrote
    recording: PathBuf,
    #[command(flatten)]
    options: Configurable,
    /// How to answer a request that was not recorded [default: fail]
    #[arg(long, value_enum, value_name = "REACTION")]
    on_miss: Option<Miss>,
    #[command(flatten)]
    cloud: NamedCloud,
    /// Also fail if a recorded write was not sent
    #[arg(long)]
    strict: bool,
    /// Fail if the recording is older than this, such as 30d, 12h or 90m
    #[arg(long, value_name = "AGE", value_parser = values::age)]
    max_age: Option<SignedDuration>,
    /// Write the address of the identity service to this file once the cloud is ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Set the variables for a client that does not use the usual ones
    #[arg(long, value_enum, value_name = "CLIENT")]
    env_for: Option<EnvFor>,
    /// The command and its arguments; without one the cloud runs until a signal stops it
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// See [`OnMiss`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Miss {
    /// It gets a 501
    Fail,
    /// A simulated cloud with the recorded resources answers it
    Simulate,
    /// A real cloud answers it, and --record FILE records the answer
    Record,
}

const EXAMPLES: &str = "\
Examples:
  mockstack run --record boot.jsonl -- ./boot.sh
  mockstack replay boot.jsonl -- ./boot.sh
  mockstack replay boot.jsonl --mask /server/name -- ./boot.sh     where the name differs in each run
  mockstack replay boot.jsonl --on-miss record --cloud devstack --record new.jsonl -- ./boot.sh";

impl Replay {
    /// Replays, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = if self.command.is_empty() { Early::of_serve() } else { Early::of_run() };
        let Some(mut settings) = self.options.settings(self.cloud.secrets())? else { return Ok(0) };
        let on_miss = match self.on_miss {
            None | Some(Miss::Fail) => OnMiss::Fail,
            Some(Miss::Simulate) => OnMiss::Simulate,
            Some(Miss::Record) => OnMiss::Record,
        };
        let rest = self.rest(&settings)?;
        let Header { release, cloud, .. } = Reader::open(&self.recording)?.header;
        settings.options.release = settings.options.release.or(release);
        let (recording, max_age, strict) = (self.recording.clone(), self.max_age, self.strict);
        settings.replay = Some(Replayed { recording, cloud, max_age, on_miss, rest, strict });
        match self.command.as_slice() {
            [] => {
                let service = Service { ready_file: self.ready_file.as_deref(), env_for: self.env_for };
                service.keep_up(&settings, &early)
            }
            line => Command { line, env_for: self.env_for }.run(&settings, &early),
        }
    }

    /// The real cloud for requests that were not recorded, if one is to be asked.
    fn rest(&self, settings: &Settings) -> Result<Option<RestOfCloud>, Failure> {
        let records = matches!(self.on_miss, Some(Miss::Record));
        let told = match (records, self.cloud.is_named(), &settings.options.record) {
            (false, false, _) => return Ok(None),
            (false, true, _) => Diagnostic::new("a real cloud was given, but nothing would be sent to it")
                .row("fix", "add --on-miss record, or leave out --cloud and --auth-url"),
            (true, _, None) => Diagnostic::new("--on-miss record needs a file for the new recording")
                .row("fix", "give one with --record FILE, other than the one that is replayed"),
            (true, _, Some(_)) => {
                let (cloud, client) = self.cloud.find()?;
                let auth_url = cloud.auth_url.clone();
                let Sent { target, body, .. } = login(&auth_url, &cloud.auth())?;
                return Ok(Some(RestOfCloud { auth_url, client, credentials: Credentials { url: target, body } }));
            }
        };
        Err(told.into())
    }
}
