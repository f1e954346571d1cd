//! `mockstack serve`

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;

use super::configurable::Configurable;
use super::failure::Failure;
use super::platform::{Stop, new_file_in};
use super::print::{print, tell};
use super::serving::serve_while;
use super::settings::Settings;
use super::signals::{Early, terminate_at_eof};
use crate::base::{Diagnostic, folder_of};
use crate::report::Exit;
use crate::server::EnvFor;

/// Run a cloud until SIGTERM or SIGINT stops it, then print the verdict.
///
/// The first line on standard output says that the cloud is ready and where it listens; an openrc follows.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {
    #[command(flatten)]
    options: Configurable,
    /// Write the address of the identity service to this file once the cloud is ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Set the variables for a client that does not use the usual ones
    #[arg(long, value_enum, value_name = "CLIENT")]
    env_for: Option<EnvFor>,
    /// Stop when standard input ends, too: with whoever holds the other end of the pipe
    #[arg(long)]
    until_eof: bool,
    /// Exit with 0, whatever the verdict
    #[arg(long)]
    no_fail: bool,
}

const EXAMPLES: &str = "\
Examples:
  mockstack serve --listen 127.0.0.1:8774
  mockstack serve --record session.jsonl --ready-file /tmp/ready &";

impl Serve {
    /// Serves, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = Early::of_serve();
        let Some(settings) = self.options.settings(&[])? else { return Ok(0) };
        if self.until_eof {
            terminate_at_eof();
        }
        let service = Service { ready_file: self.ready_file.as_deref(), env_for: self.env_for };
        let code = service.keep_up(&settings, &early)?;
        Ok(if self.no_fail { 0 } else { code })
    }
}

/// A cloud that runs until a signal.
pub struct Service<'s> {
    pub ready_file: Option<&'s Path>,
    pub env_for: Option<EnvFor>,
}

impl Service<'_> {
    /// Serves as `settings` say until a signal arrives; returns the exit code of the verdict.
    pub fn keep_up(&self, settings: &Settings, early: &Early) -> Result<i32, Failure> {
        let ready_file = self.ready_file.map(Path::to_owned);
        let (exchange, waited) = serve_while(settings, |address, entrance| {
            wait(address, entrance.identity(), entrance.openrc(self.env_for), ready_file, early)
        })?;
        waited.map_err(cannot_serve)?;
        Ok(settings.conclude(&exchange, None).exit_code)
    }
}

/// It could not be served until a signal came.
pub fn cannot_serve(error: std::io::Error) -> Failure {
    Failure::new(Exit::Serve, Diagnostic::new("cannot serve").row("because", error.to_string()))
}

/// Says that the cloud is ready at `address`, where its `identity` service is and how clients find it, then waits for a signal.
pub async fn wait(
    address: SocketAddr,
    identity: String,
    openrc: String,
    ready_file: Option<PathBuf>,
    early: &Early,
) -> std::io::Result<()> {
    let mut stop = Stop::listen()?;
    if !address.ip().is_loopback() {
        tell(format!("warning: {address} is not a loopback address: anyone who can reach it can log in\n"));
    }
    print(format!("mockstack is ready at {identity}\n{openrc}\n"))?;
    let ready = ready_file.map(|path| (path, format!("{identity}\n")));
    // A pipe is a good way to wait for us; nobody may be there to read it yet.
    let told = tokio::task::spawn_blocking(|| ready.map_or(Ok(()), |(path, text)| write_whole(&path, &text)));
    if early.heard().is_some() {
        return Ok(());
    }
    let mut stopped = std::pin::pin!(stop.wait(|| early.heard().is_some()));
    tokio::select! {
        told = told => told.map_err(std::io::Error::other)??,
        () = &mut stopped => return Ok(()),
    }
    stopped.await;
    Ok(())
}

/// Writes a file that others wait for: whoever finds it finds all of it. What is not a file, such as a pipe, is written in place.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    if std::fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return std::fs::write(path, text);
    }
    let mut new = new_file_in(folder_of(path))?;
    new.write_all(text.as_bytes())?;
    new.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn whoever_finds_the_file_finds_all_of_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let (path, ended) = (folder.path().join("ready"), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut found = std::collections::BTreeSet::new();
                while !ended.load(Ordering::Relaxed) {
                    found.extend(std::fs::read_to_string(&path));
                }
                found
            });
            for _ in 0..2000 {
                write_whole(&path, "http://127.0.0.1:1/identity\n").unwrap();
                std::fs::remove_file(&path).unwrap();
            }
            ended.store(true, Ordering::Relaxed);
            let found: Vec<String> = reader.join().unwrap().into_iter().collect();
            assert!(found.iter().all(|text| text == "http://127.0.0.1:1/identity\n"), "{found:?}");
        });
    }
}
