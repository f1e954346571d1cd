//! `mockstack verify --against`: the recording's requests, asked of a real cloud.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clap::{ArgGroup, Args};

use super::asker::Asker;
use super::clouds::RealCloud;
use super::connection::{Connection, REAL_CLOUD};
use super::failure::Failure;
use super::print::tell;
use super::record::led_here;
use super::serving::{Door, listen_while};
use super::settings::Settings;
use super::signals::{Early, end_at_the_next};
use crate::base::Diagnostic;
use crate::contract::Contracts;
use crate::exchange::Extensions;
use crate::recording::{Case, Journal as Asked};
use crate::report::{Exit, not_whole};
use crate::server::Proxy;
use crate::verify::against::{Driver, Findings, Journal, Limits, Names, sweep};
use crate::verify::{Source, Verifier};

/// A cloud to which recorded requests are sent.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "A real cloud")]
#[command(group = ArgGroup::new(REAL_CLOUD).args(["against", "cloud"]).multiple(true))]
pub struct Against {
    /// Send the recorded requests to the cloud with this identity service; credentials come from --cloud or the OS_* variables
    #[arg(long, value_name = "URL")]
    against: Option<String>,
    /// Send them to a cloud in clouds.yaml
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
    #[command(flatten)]
    connection: Connection,
    /// Also create resources, and change and delete those that were created; without it only reads are sent
    #[arg(long, requires = REAL_CLOUD)]
    allow_writes: bool,
    /// An id in the recording, and the id to use for it in the cloud
    #[arg(long, value_name = "ID=ID", requires = REAL_CLOUD, value_parser = pair)]
    map: Vec<(String, String)>,
    /// The file that lists what the run creates [default: mockstack-RUN.journal]
    #[arg(long, value_name = "FILE", requires = REAL_CLOUD)]
    journal: Option<PathBuf>,
    /// How many seconds to wait for a slow operation of the cloud
    #[arg(long, value_name = "SECONDS", requires = REAL_CLOUD, default_value_t = 120)]
    patience: u32,
    /// Delete what an interrupted run created, as listed in its journal
    #[arg(long, value_name = "JOURNAL")]
    clean_up: Option<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (recorded, real) = text.split_once('=').ok_or("expected two ids, such as 1=42")?;
    Ok((recorded.to_owned(), real.to_owned()))
}

/// The result of a run.
pub struct Driven {
    /// The requests and answers, judged.
    pub asked: Asked,
    /// The findings about each operation.
    pub findings: Findings,
    /// What is left in the cloud, a line each.
    pub left: Vec<String>,
}

impl Against {
    /// Was a cloud given?
    pub fn is_wanted(&self) -> bool {
        self.against.is_some() || self.cloud.is_some()
    }

    /// The journal to clean up, if one was given.
    pub fn to_clean_up(&self) -> Option<&PathBuf> {
        self.clean_up.as_ref()
    }

    /// Sends the requests of `recordings` to the cloud and judges its answers by `contracts`; they may have fields of `extensions`.
    ///
    /// # Errors
    /// The login fails, a recording cannot be read, or the journal cannot be written.
    pub fn drive(
        &self,
        recordings: &[PathBuf],
        contracts: &Contracts,
        extensions: &Arc<Extensions>,
    ) -> Result<Driven, Failure> {
        // What cannot be read is told before anybody logs in.
        recordings.iter().try_for_each(|path| Source::open(path, contracts).map(drop))?;
        let early = Early::of_run();
        self.at_the_cloud(|asker| {
            let verifier = Verifier::new(contracts, Arc::default(), true).with_extensions(extensions);
            let mut names = Names::default();
            self.map.iter().for_each(|(recorded, real)| names.put_id(recorded, real));
            let journal = self.allow_writes.then(|| self.begin()).transpose()?;
            let limits = Limits { may_write: self.allow_writes, patience: self.patience };
            let mut driver = Driver::new(asker, (contracts, &verifier), names, journal, limits);
            let mut asked = Asked::default();
            let read = recordings.iter().try_for_each(|path| ask_all(path, contracts, &mut driver, &mut asked, &early));
            // What was made is deleted whatever went wrong.
            let (findings, mut asker, journal) = driver.end();
            let left = journal.map(|journal| clean(&mut asker, journal, self.patience)).unwrap_or_default();
            read?;
            Ok(Driven { asked, findings, left })
        })
    }

    /// Deletes what the run of the journal `path` left; returns what could not be deleted.
    ///
    /// # Errors
    /// The login fails, or the file is not a journal.
    pub fn clean_up(&self, path: &Path) -> Result<Vec<String>, Failure> {
        if !self.is_wanted() {
            return Err(no_cloud().into());
        }
        let journal = Journal::resume(path)?;
        self.at_the_cloud(|mut asker| Ok(clean(&mut asker, journal, self.patience)))
    }

    fn begin(&self) -> Result<Journal, Diagnostic> {
        let run = run_id();
        let path = self.journal.clone().unwrap_or_else(|| PathBuf::from(format!("{run}.journal")));
        let journal = Journal::begin(&path, &run)?;
        tell(format!(
            "what the run creates is listed in {}; `mockstack verify --clean-up` deletes what is left\n",
            path.display()
        ));
        Ok(journal)
    }

    /// Runs `work` with a cloud to which the run is logged in.
    fn at_the_cloud<T>(&self, work: impl FnOnce(Asker) -> Result<T, Failure>) -> Result<T, Failure> {
        let cloud = self.real_cloud()?;
        let client = self.connection.client(&cloud)?;
        let settings = Settings::of(&Settings::matches(Vec::new())?, Vec::new())?;
        let exchange = Arc::new(settings.forward(&cloud.auth_url, Vec::new())?);
        let admin = settings.admin(&exchange, None, Proxy::new(Arc::clone(&exchange), client.clone()));
        let (tell_origin, origin) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        std::thread::scope(|scope| {
            // The URLs of the recording are those of a proxy: one makes them the cloud's.
            let proxy = scope.spawn(|| {
                listen_while(Door::default(), admin, |address, door| {
                    // Whoever waits for it is there until it came.
                    let _ = tell_origin.send(door.origin(address));
                    Ok(stopped)
                })
            });
            let Ok(origin) = origin.recv() else {
                return match proxy.join() {
                    Ok(Err(failure)) => Err(failure),
                    _ => Err(Failure::new(Exit::Serve, Diagnostic::new("cannot serve"))),
                };
            };
            let identity = led_here(&exchange, &cloud, &origin);
            // The proxy always answers, as it knows when to give the cloud up.
            let client = client.with_patience(Duration::MAX);
            let done = Asker::log_in(client, &identity, &cloud).and_then(work);
            drop(stop);
            done
        })
    }

    fn real_cloud(&self) -> Result<RealCloud, Failure> {
        match (&self.cloud, &self.against) {
            (Some(name), url) => {
                let cloud = RealCloud::named(name)?;
                Ok(match url {
                    Some(url) => cloud.at(url)?,
                    None => cloud,
                })
            }
            (None, Some(url)) => Ok(RealCloud::of_environment(url)?),
            (None, None) => Err(no_cloud().into()),
        }
    }
}

fn no_cloud() -> Diagnostic {
    Diagnostic::new("no cloud was given")
        .row("fix", "choose one with --cloud, or give its identity service with --against")
}

/// Sends the requests of the recording at `path`, until a signal arrives.
fn ask_all(
    path: &Path,
    contracts: &Contracts,
    driver: &mut Driver<'_, Asker>,
    asked: &mut Asked,
    early: &Early,
) -> Result<(), Failure> {
    let mut source = Source::open(path, contracts)?;
    for interaction in source.by_ref() {
        if early.heard().is_some() {
            asked
                .recording_failed
                .get_or_insert_with(|| "a signal ended the run before the end of the recording".to_owned());
            end_at_the_next();
            return Ok(());
        }
        if let Some(judged) = driver.drive(&interaction?) {
            asked.note(&judged, &Case::of(&judged));
        }
    }
    asked.recording_failed = asked.recording_failed.take().or(not_whole(&source.end()));
    Ok(())
}

/// `mockstack` and eight digits that are unique to the run; with letters among them a name would look like a secret.
fn run_id() -> String {
    let now = jiff::Timestamp::now().as_nanosecond();
    let own = format!("{now} {}", std::process::id());
    let (number, ..) = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, own.as_bytes()).as_fields();
    format!("mockstack{:08}", number % 100_000_000)
}

/// Deletes what is left, and the journal if nothing is.
fn clean(asker: &mut Asker, mut journal: Journal, patience: u32) -> Vec<String> {
    let left = sweep(asker, &mut journal, patience);
    if left.is_empty() {
        journal.end();
    }
    left
}
