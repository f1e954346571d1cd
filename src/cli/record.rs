//! `mockstack record`

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{ArgGroup, Args};

use super::clouds::{RealCloud, Way};
use super::configurable::Configurable;
use super::failure::Failure;
use super::named_cloud::NamedCloud;
use super::print::tell;
use super::run::{command, conclude, config_file};
use super::serve::{cannot_serve, wait};
use super::serving::{Door, listen_while};
use super::settings::Settings;
use super::signals::Early;
use super::versions::service_versions;
use crate::base::Diagnostic;
use crate::exchange::Exchange;
use crate::server::Proxy;

/// Run as a proxy of a real cloud, for one command or until a signal stops it, and judge and record requests and answers.
///
/// Nothing is refused: each request goes to the cloud. The URLs in its catalog and in its other answers point to the proxy, so the
/// client always uses it. The recording contains neither secrets nor the cloud's name.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("recorded_cloud").args(["auth_url", "cloud"]).required(true))]
pub struct Record {
    #[command(flatten)]
    cloud: NamedCloud,
    #[command(flatten)]
    options: Configurable,
    /// Write the address of the identity service to this file once it is ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// The command and its arguments; without one the proxy runs until a signal stops it
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

const EXAMPLES: &str = "\
Examples:
  mockstack record --cloud devstack --record boot.jsonl -- openstack server list
  mockstack record --auth-url \"$OS_AUTH_URL\" --record boot.jsonl -- ./boot.sh
  mockstack replay boot.jsonl -- ./boot.sh                          and then without the cloud";

/// Options that are about the simulated cloud alone; in mockstack.yaml they are passed over.
const OF_THE_SIMULATION: [&str; 4] = ["--fixtures", "--on-violation", "--seed", "--clock"];

impl Record {
    /// Records, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = if self.command.is_empty() { Early::of_serve() } else { Early::of_run() };
        if let Some(option) = OF_THE_SIMULATION.iter().find(|option| self.options.is_given(option)) {
            return Err(Diagnostic::new(format!(
                "{option} applies to the simulated cloud, but here a real one answers"
            ))
            .row("fix", "leave it out")
            .into());
        }
        let Some(settings) = self.options.settings(self.cloud.secrets())? else { return Ok(0) };
        let (cloud, client) = self.cloud.find()?;
        let services = settings.options.record.as_ref().map(|_| service_versions(&client, &cloud)).unwrap_or_default();
        let exchange = Arc::new(settings.forward(&cloud.auth_url, services)?);
        let proxy = Proxy::new(Arc::clone(&exchange), client);
        let door = Door::of(&settings)?;
        let admin = settings.admin(&exchange, door.authority(), proxy);
        for note in &cloud.notes {
            tell(format!("note: {note}\n"));
        }
        match self.command.as_slice() {
            [] => {
                let ready_file = self.ready_file.clone();
                let waited = listen_while(door, admin, |address, door| {
                    let auth_url = led_here(&exchange, &cloud, &door.origin(address));
                    let authority = door.authority().map(|path| format!("export OS_CACERT={}\n", path.display()));
                    let openrc = format!("export OS_AUTH_URL={auth_url}\n{}", authority.unwrap_or_default());
                    Ok(wait(address, auth_url, openrc, ready_file, &early))
                })?;
                waited.map_err(cannot_serve)?;
                let code = settings.conclude(&exchange, None).exit_code;
                summarize(&settings, &exchange);
                Ok(code)
            }
            line => {
                let code = self.run(line, &settings, &exchange, &cloud, (door, admin), &early)?;
                summarize(&settings, &exchange);
                Ok(code)
            }
        }
    }

    fn run(
        &self,
        line: &[OsString],
        settings: &Settings,
        exchange: &Arc<Exchange>,
        cloud: &RealCloud,
        (door, admin): (Door, crate::server::Admin<Proxy>),
        early: &Early,
    ) -> Result<i32, Failure> {
        let config = config_file()?;
        let ended = listen_while(door, admin, |address, door| {
            let Way { environment, clouds_yaml } =
                cloud.way(&led_here(exchange, cloud, &door.origin(address)), config.path(), door.authority());
            Ok(command(line, &config, clouds_yaml, environment, early))
        })?;
        conclude(line, settings, exchange, ended)
    }
}

/// Prints what the recording leaves out, if there is one.
fn summarize(settings: &Settings, exchange: &Exchange) {
    if let Some(summary) = exchange.redacted().filter(|_| settings.options.record.is_some()) {
        tell(format!("redacted      {summary}\n"));
    }
}

/// The URL at which clients log in, once the proxy is at `origin`.
pub fn led_here(exchange: &Exchange, cloud: &RealCloud, origin: &str) -> String {
    let path = exchange.mounts().map_or_else(String::new, |mounts| mounts.login(&cloud.auth_url));
    format!("{origin}{path}")
}
