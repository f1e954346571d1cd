//! `mockstack replay`

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use super::arguments::Failure;
use super::cloud_options::CloudOptions;
use super::environment::EnvFor;
use super::run::Command;
use super::serve::Service;
use super::settings::Replayed;
use super::signals::Early;
use super::values;
use crate::exchange::OnMiss;
use crate::recording::{Header, Reader};

/// Answer out of a recording, to one command or until a signal ends it, and judge what was asked.
///
/// Reads may be asked as often as the client likes, and tell of the writes that were asked so far; each write is answered once, in
/// the order in which it was recorded for its resource. A request that was not recorded gets a 501 and fails the verdict (41).
/// Nothing is asked of any network.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Replay {
    /// A file that `--record` wrote
    recording: PathBuf,
    #[command(flatten)]
    options: CloudOptions,
    /// What becomes of a request that was not recorded [default: fail]
    #[arg(long, value_enum, value_name = "REACTION")]
    on_miss: Option<Miss>,
    /// Fail too if a recorded write was not asked
    #[arg(long)]
    strict: bool,
    /// Fail if the recording is older than this, such as 30d, 12h or 90m
    #[arg(long, value_name = "AGE", value_parser = values::age)]
    max_age: Option<SignedDuration>,
    /// Write the address of the identity service to this file once the cloud is ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Set the variables of a client that does not go by the usual ones
    #[arg(long, value_enum, value_name = "CLIENT")]
    env_for: Option<EnvFor>,
    /// The command and its arguments; without one it is served until a signal ends it
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// See [`OnMiss`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Miss {
    /// It gets a 501
    Fail,
    /// A simulated cloud answers it that holds what the recording shows
    Simulate,
}

const EXAMPLES: &str = "\
Examples:
  mockstack run --record boot.jsonl -- ./boot.sh
  mockstack replay boot.jsonl -- ./boot.sh
  mockstack replay boot.jsonl --mask /server/name -- ./boot.sh     where the name differs in each run";

impl Replay {
    /// Replays; the code to exit with.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = if self.command.is_empty() { Early::of_serve() } else { Early::of_run() };
        let Some(mut settings) = self.options.settings()? else { return Ok(0) };
        let on_miss = match self.on_miss {
            None | Some(Miss::Fail) => OnMiss::Fail,
            Some(Miss::Simulate) => OnMiss::Simulate,
        };
        let Header { release, cloud, .. } = Reader::open(&self.recording)?.header;
        settings.release = settings.release.or(release);
        let recorded = cloud.as_ref().map(|cloud| cloud.time);
        let (recording, login) = (self.recording.clone(), cloud.map(|cloud| cloud.login));
        let (max_age, strict) = (self.max_age, self.strict);
        settings.replay = Some(Replayed { recording, login, recorded, max_age, on_miss, strict });
        match self.command.as_slice() {
            [] => {
                let service = Service { ready_file: self.ready_file.as_deref(), env_for: self.env_for };
                service.keep_up(&settings, &early)
            }
            line => Command { line, env_for: self.env_for }.run(&settings, &early),
        }
    }
}
