//! `mockstack run`

use std::ffi::OsString;

use clap::Args;
use tempfile::NamedTempFile;

use super::configurable::Configurable;
use super::failure::Failure;
use super::print::tell;
use super::process::{Ended, Environment, run};
use super::serving::serve_while;
use super::settings::Settings;
use super::signals::Early;
use crate::base::Diagnostic;
use crate::exchange::Exchange;
use crate::server::{Entrance, EnvFor};

/// Run a command against a fresh cloud and judge its requests.
///
/// The cloud listens on a free port of 127.0.0.1. Every inherited OS_* variable is removed, so that the command cannot
/// reach a real cloud; then OS_AUTH_URL, OS_USERNAME and the like point to this one. The verdict goes to standard error.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Run {
    #[command(flatten)]
    options: Configurable,
    /// Set the variables for a client that does not use the usual ones
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
    /// Runs the command, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = Early::of_run();
        let Some(settings) = self.options.settings(&[])? else { return Ok(0) };
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
        let (exchange, ended) = serve_while(settings, |_, entrance| {
            command(self.line, &config, entrance.clouds_yaml(), environment(&entrance, self.env_for, &config), early)
        })?;
        conclude(self.line, settings, &exchange, ended)
    }
}

/// The environment of a command that finds a cloud by its `entrance`, or by the clouds.yaml in the file `config`.
pub fn environment(entrance: &Entrance, env_for: Option<EnvFor>, config: &NamedTempFile) -> Environment {
    let mut set = entrance.variables(env_for);
    set.push(("OS_CLIENT_CONFIG_FILE".to_owned(), config.path().display().to_string()));
    Environment::new(std::env::vars_os().map(|(name, _)| name), set)
}

/// Runs the command `line` with that environment, and with `clouds_yaml` in the file `config`.
pub async fn command(
    line: &[OsString],
    config: &NamedTempFile,
    clouds_yaml: String,
    environment: Environment,
    early: &Early,
) -> std::io::Result<Ended> {
    std::fs::write(config.path(), clouds_yaml)?;
    Ok(run(line, &environment, || early.heard()).await)
}

/// Prints how the command `line` ended and the verdict; returns the exit code.
pub fn conclude(
    line: &[OsString],
    settings: &Settings,
    exchange: &Exchange,
    ended: std::io::Result<Ended>,
) -> Result<i32, Failure> {
    let ended = ended.map_err(|error| Failure::from(cannot_write(&error)))?;
    if let Ended::NotFound(why) | Ended::NotExecutable(why) = &ended {
        let command = line.first().map(|c| c.to_string_lossy().into_owned()).unwrap_or_default();
        tell(format!("error: {}", Diagnostic::new(format!("cannot run {command:?}")).row("because", why)));
    }
    Ok(settings.conclude(exchange, Some(ended.exit_code())).exit_code)
}

/// The clouds.yaml; it is deleted when the run ends.
pub fn config_file() -> Result<NamedTempFile, Diagnostic> {
    tempfile::Builder::new()
        .prefix("mockstack-clouds-")
        .suffix(".yaml")
        .tempfile()
        .map_err(|error| cannot_write(&error))
}

pub fn cannot_write(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new("cannot write the clouds.yaml for the command")
        .row("where", std::env::temp_dir().display().to_string())
        .row("because", error.to_string())
        .row("fix", "set TMPDIR to a writable folder")
}
