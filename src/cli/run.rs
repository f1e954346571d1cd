//! `mockstack run`

use std::ffi::OsString;

use clap::Args;

use super::arguments::Failure;
use super::cloud_options::CloudOptions;
use super::environment::{Entrance, EnvFor};
use super::print::tell;
use super::process::{Ended, Environment, run};
use super::serving::serve_while;
use super::settings::Settings;
use super::signals::Early;
use crate::base::Diagnostic;

/// Run a command against a fresh cloud and judge what it asked.
///
/// The cloud listens on a free port of 127.0.0.1. Every inherited OS_* variable is removed, so that the command cannot
/// reach a real cloud; then OS_AUTH_URL, OS_USERNAME and the like lead it to this one. The verdict goes to standard error.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Run {
    #[command(flatten)]
    options: CloudOptions,
    /// Set the variables of a client that does not go by the usual ones
    #[arg(long, value_enum, value_name = "CLIENT")]
    env_for: Option<EnvFor>,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

const EXAMPLES: &str = "\
Examples:
  mockstack run -- openstack server create --image cirros --flavor m1.tiny --network private --wait vm1
  mockstack run --record boot.jsonl --fixtures slow.yaml -- cargo test
  mockstack run --env-for gophercloud -- go test ./...
  mockstack run --allow reference@compute.servers.create -- ./negative-tests.sh";

impl Run {
    /// Runs the command; the code to exit with.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = Early::of_run();
        let Some(settings) = self.options.settings()? else { return Ok(0) };
        Command { line: &self.command, env_for: self.env_for }.run(&settings, &early)
    }
}

/// A command that is run against a cloud.
pub struct Command<'c> {
    pub line: &'c [OsString],
    pub env_for: Option<EnvFor>,
}

impl Command<'_> {
    /// Runs it against the cloud that `settings` describe; the code to exit with.
    pub fn run(&self, settings: &Settings, early: &Early) -> Result<i32, Failure> {
        let config = config_file()?;
        let (exchange, ended) =
            serve_while(settings, |entrance| self.command(entrance, config.path().to_owned(), early))?;
        let ended = ended.map_err(|error| Failure::from(cannot_write(&error)))?;
        if let Ended::NotFound(why) | Ended::NotExecutable(why) = &ended {
            let command = self.line.first().map(|c| c.to_string_lossy().into_owned()).unwrap_or_default();
            tell(format!("error: {}", Diagnostic::new(format!("cannot run {command:?}")).row("because", why)));
        }
        Ok(settings.conclude(&exchange, Some(ended.exit_code())).exit_code)
    }

    async fn command(&self, entrance: Entrance, config: std::path::PathBuf, early: &Early) -> std::io::Result<Ended> {
        std::fs::write(&config, entrance.clouds_yaml())?;
        let mut set = entrance.variables(self.env_for);
        set.push(("OS_CLIENT_CONFIG_FILE".to_owned(), config.display().to_string()));
        let inherited = std::env::vars_os().map(|(name, _)| name);
        Ok(run(self.line, &Environment::new(inherited, set), || early.heard()).await)
    }
}

/// The clouds.yaml; it goes when the run ends.
fn config_file() -> Result<tempfile::NamedTempFile, Diagnostic> {
    tempfile::Builder::new()
        .prefix("mockstack-clouds-")
        .suffix(".yaml")
        .tempfile()
        .map_err(|error| cannot_write(&error))
}

fn cannot_write(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new("cannot write the clouds.yaml for the command")
        .row("where", std::env::temp_dir().display().to_string())
        .row("because", error.to_string())
        .row("fix", "set TMPDIR to a folder that may be written")
}
