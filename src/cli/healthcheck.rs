//! `mockstack healthcheck`

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::asker::send;
use super::failure::Failure;
use super::print::print;
use super::serving::in_runtime;
use super::values;
use crate::base::json::Value;
use crate::base::{Diagnostic, split_origin};
use crate::report::Exit;
use crate::server::HEALTH;
use crate::upstream::{Client, Trust};
use crate::verify::against::{Received, Sent};

/// Ask a cloud whether it is up: exits with 0 if it answers, and with 1 if it does not.
///
/// For containers that have no curl in them, and for scripts that wait. The question is neither judged nor counted.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Healthcheck {
    /// Where the cloud is [default: $MOCKSTACK_URL, or else http://127.0.0.1:8774]
    #[arg(value_parser = values::origin)]
    url: Option<String>,
    /// Trust only the certificates in this file [default: $OS_CACERT, or else those of the platform]
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// How long to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = values::seconds)]
    timeout: Duration,
}

const EXAMPLES: &str = "\
Examples:
  mockstack healthcheck
  until mockstack healthcheck http://127.0.0.1:8774; do sleep 0.1; done";

/// Where the container listens.
const USUAL: &str = "http://127.0.0.1:8774";

impl Healthcheck {
    /// Asks, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let url = self.url()?;
        let (origin, _) = split_origin(&url);
        let trust = self
            .cacert
            .clone()
            .or_else(|| std::env::var_os("OS_CACERT").map(PathBuf::from))
            .map_or(Trust::Platform, Trust::File);
        let client = Client::new(&trust, self.timeout)?;
        let sent = Sent { method: "GET".to_owned(), target: HEALTH.to_owned(), ..Sent::default() };
        let limited = async { tokio::time::timeout(self.timeout, send(&client, origin, &sent, "")).await };
        // The head has its own limit; the body may come for ever.
        let answer = in_runtime(limited)?.unwrap_or_else(|_| Err("the cloud did not answer in time".to_owned()));
        let which = answer.and_then(who_answers).map_err(|why| down(origin, why))?;
        print(format!("{which} is up at {origin}\n"))?;
        Ok(Exit::Clean.code())
    }

    fn url(&self) -> Result<String, Diagnostic> {
        match (&self.url, std::env::var("MOCKSTACK_URL")) {
            (Some(url), _) => Ok(url.clone()),
            (None, Ok(url)) => values::origin(&url)
                .map_err(|why| Diagnostic::new("MOCKSTACK_URL is not a URL").row("found", url).row("because", why)),
            (None, Err(_)) => Ok(USUAL.to_owned()),
        }
    }
}

/// The version and the release of the cloud that answers, or why it is none.
fn who_answers(answer: Received) -> Result<String, String> {
    let text = |key| answer.body.get(key).and_then(Value::as_str);
    match (answer.status, text("mockstack"), text("release")) {
        (200, Some(version), Some(release)) => Ok(format!("mockstack {version} ({release})")),
        (200, Some(version), None) => Ok(format!("mockstack {version}")),
        (status, ..) => Err(format!("something else answers there, with {status}")),
    }
}

fn down(origin: &str, why: String) -> Failure {
    Failure::new(Exit::Found, Diagnostic::new("no cloud answers").row("where", origin).row("because", why))
}
