//! A command in a cloud of its own, beside others in the same process.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::client::Client;
use super::failure::Failure;
use super::process::{Beside, Ended, run_beside};
use super::run::{cannot_write, config_file, environment};
use super::serving::{Door, entrance, listening};
use super::settings::{Ground, Settings};
use super::signals::Early;
use crate::base::Diagnostic;
use crate::base::platform::read_exact_at;
use crate::report::Outcome;
use crate::server::EnvFor;

/// So much of the end of a client's output is kept.
const MOST_OUTPUT: u64 = 64 << 10;

/// A cloud for it: what it is called, and what it is made of.
#[derive(Clone, Debug)]
pub struct Place {
    pub name: String,
    pub settings: Settings,
    pub ground: Ground,
}

/// How clients are run.
#[derive(Clone, Debug)]
pub struct Manner {
    pub env_for: Option<EnvFor>,
    /// What each has to end in.
    pub limit: Duration,
    pub early: Early,
}

/// What a client came to.
#[derive(Debug)]
pub struct Came {
    pub outcome: Outcome,
    pub ended: Ended,
    /// The last of what it printed, without secrets.
    pub output: String,
    pub took: Duration,
}

impl Manner {
    /// Runs `client` in the cloud that `place` describes.
    pub async fn run(&self, client: &Client, place: Place) -> Result<Came, Failure> {
        let Place { settings, ground, .. } = place;
        let exchange = Arc::new(settings.exchange_on(ground)?);
        let (config, output) = (config_file()?, tempfile::tempfile().map_err(|error| cannot_keep(&error))?);
        let admin = settings.admin(&exchange, None, Arc::clone(&exchange));
        let ran = listening(
            Door::default(),
            admin,
            |address, door| {
                let entrance = entrance(&exchange, door.origin(address))?;
                std::fs::write(config.path(), entrance.clouds_yaml()).map_err(|error| cannot_write(&error))?;
                let environment = environment(&entrance, self.env_for, &config);
                let beside = Beside { output: &output, limit: self.limit };
                Ok(async move {
                    let begun = Instant::now();
                    (run_beside(&client.line, &environment, || self.early.heard(), beside).await, begun.elapsed())
                })
            },
            || (),
        );
        let (ended, took) = ran.await?;
        let outcome = settings.outcome(&exchange, Some(ended.exit_code()));
        let output = exchange.told(&last(&output).map_err(|error| cannot_keep(&error))?);
        Ok(Came { outcome, ended, output, took })
    }
}

/// The end of the file, from the start of a line on.
fn last(file: &File) -> std::io::Result<String> {
    let length = file.metadata()?.len();
    let start = length.saturating_sub(MOST_OUTPUT);
    let mut bytes = vec![0; usize::try_from(length - start).unwrap_or(usize::MAX)];
    read_exact_at(file, &mut bytes, start)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(match text.split_once('\n') {
        Some((_, rest)) if start > 0 => format!("… {start} bytes before\n{rest}"),
        _ => text,
    })
}

fn cannot_keep(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new("cannot keep the output of the client")
        .row("where", std::env::temp_dir().display().to_string())
        .row("because", error.to_string())
        .row("fix", "set TMPDIR to a writable folder")
}

/// The recording of a client in a cloud, below `folder`; the folders are made.
///
/// # Errors
/// They cannot be.
pub fn recording_in(folder: &Path, client: &str, cloud: &str) -> Result<PathBuf, Diagnostic> {
    let folder = folder.join(client);
    std::fs::create_dir_all(&folder).map_err(|error| {
        Diagnostic::new("cannot make the folder of the recordings")
            .row("where", folder.display().to_string())
            .row("because", error.to_string())
    })?;
    Ok(folder.join(format!("{cloud}.jsonl")))
}
