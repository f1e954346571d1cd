//! `mockstack verify --against`: the recording's requests, asked of a real cloud.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http_body_util::{BodyExt, Limited};
use hyper::Request;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::arguments::Failure;
use super::clouds::RealCloud;
use super::connection::Connection;
use super::print::tell;
use super::record::led_here;
use super::serving::listen_while;
use super::settings::Settings;
use super::signals::{Early, end_at_the_next};
use crate::base::Diagnostic;
use crate::contract::Contracts;
use crate::exchange::{Endpoint, Extensions, endpoints};
use crate::recording::{Case, Journal as Asked};
use crate::report::{Exit, not_whole};
use crate::server::Proxy;
use crate::upstream::{Broken, Client, Meter, Upload};
use crate::verify::against::{Cloud, Driver, Findings, Journal, Limits, Names, Received, Sent, login, sweep};
use crate::verify::{Source, Verifier};

/// A cloud to ask what a recording asked.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "A real cloud")]
pub struct Against {
    /// Ask the cloud whose identity service is there what the recording asked; who logs in say --cloud or the OS_* variables
    #[arg(long, value_name = "URL")]
    against: Option<String>,
    /// The same for a cloud of clouds.yaml
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
    #[command(flatten)]
    connection: Connection,
    /// Make things there too, change and delete what was made; without it only what reads is asked
    #[arg(long)]
    allow_writes: bool,
    /// An id of the recording, and what stands for it there
    #[arg(long, value_name = "ID=ID", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Where it is written down what is made [default: mockstack-RUN.journal]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// How many seconds to wait for what takes time there
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    patience: u32,
    /// Delete what a run made that did not come to its end, and is in its journal
    #[arg(long, value_name = "JOURNAL")]
    clean_up: Option<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (recorded, real) = text.split_once('=').ok_or("expected two ids, such as 1=42")?;
    Ok((recorded.to_owned(), real.to_owned()))
}

/// What came of a run.
pub struct Driven {
    /// What was asked, judged.
    pub asked: Asked,
    /// What was found out about each operation.
    pub findings: Findings,
    /// What is left there, a line each.
    pub left: Vec<String>,
}

impl Against {
    /// Is a cloud named?
    pub fn is_wanted(&self) -> bool {
        self.against.is_some() || self.cloud.is_some()
    }

    /// The journal that is to be cleaned up, if one is.
    pub fn to_clean_up(&self) -> Option<&PathBuf> {
        self.clean_up.as_ref()
    }

    /// Asks the cloud what `recordings` asked, held against `contracts`; it may have fields of `extensions`.
    ///
    /// # Errors
    /// Nobody can log in there, a recording cannot be read, or the journal cannot be written.
    pub fn drive(
        &self,
        recordings: &[PathBuf],
        contracts: &Contracts,
        extensions: &Arc<Extensions>,
    ) -> Result<Driven, Failure> {
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

    /// Deletes what the run of the journal `path` left; what still is there.
    ///
    /// # Errors
    /// Nobody can log in at the cloud, or the file is no journal.
    pub fn clean_up(&self, path: &Path) -> Result<Vec<String>, Failure> {
        self.at_the_cloud(|mut asker| {
            let journal = Journal::resume(path)?;
            Ok(clean(&mut asker, journal, self.patience))
        })
    }

    fn begin(&self) -> Result<Journal, Diagnostic> {
        let run = run_id();
        let path = self.journal.clone().unwrap_or_else(|| PathBuf::from(format!("{run}.journal")));
        let journal = Journal::begin(&path, &run)?;
        tell(format!(
            "what is made is noted in {}; `mockstack verify --clean-up` deletes what is left\n",
            path.display()
        ));
        Ok(journal)
    }

    /// Does `work` with a cloud at which the run is logged in.
    fn at_the_cloud<T>(&self, work: impl FnOnce(Asker) -> Result<T, Failure>) -> Result<T, Failure> {
        let cloud = self.real_cloud()?;
        let client = self.connection.client(&cloud)?;
        let settings = Settings::default();
        let exchange = Arc::new(settings.forward(&cloud.auth_url)?);
        let admin = settings.admin(&exchange, Proxy::new(Arc::clone(&exchange), client.clone()));
        let (tell_address, address) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        std::thread::scope(|scope| {
            // The URLs of the recording are those of a proxy: one makes them the cloud's.
            let proxy = scope.spawn(|| {
                listen_while(None, admin, |address| {
                    // Whoever waits for it is there until it came.
                    let _ = tell_address.send(address);
                    Ok(stopped)
                })
            });
            let Ok(address) = address.recv() else {
                return match proxy.join() {
                    Ok(Err(failure)) => Err(failure),
                    _ => Err(Failure::new(Exit::Serve, Diagnostic::new("cannot serve"))),
                };
            };
            let identity = led_here(&exchange, &cloud, address);
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
                let mut cloud = RealCloud::named(name)?;
                if let Some(url) = url {
                    cloud.auth_url.clone_from(url);
                }
                Ok(cloud)
            }
            (None, Some(url)) => Ok(RealCloud::of_environment(url)?),
            (None, None) => {
                let told = Diagnostic::new("no cloud is named");
                Err(told.row("fix", "name one with --cloud, or its identity service with --against").into())
            }
        }
    }
}

/// Asks what the recording at `path` asked, until a signal is heard.
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
                .get_or_insert_with(|| "a signal ended the run before the recording ended".to_owned());
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

/// `mockstack` and eight digits that no other run has.
fn run_id() -> String {
    let now = jiff::Timestamp::now().as_nanosecond();
    let own = format!("{now} {}", std::process::id());
    let digits = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, own.as_bytes()).simple().to_string();
    format!("mockstack{}", digits.get(..8).unwrap_or_default())
}

/// Deletes what is left, and the journal if nothing is.
fn clean(asker: &mut Asker, mut journal: Journal, patience: u32) -> Vec<String> {
    let left = sweep(asker, &mut journal, patience);
    if left.is_empty() {
        journal.end();
    }
    left
}

/// Asks the cloud by way of a proxy, as who logged in there.
struct Asker {
    runtime: Runtime,
    client: Client,
    origin: String,
    login: Sent,
    token: String,
    /// The catalog that came with the token.
    endpoints: Vec<Endpoint>,
}

/// The most that is read of an answer, in bytes.
const MOST: usize = 16 << 20;

impl Asker {
    /// Logs in where `identity` leads.
    fn log_in(client: Client, identity: &str, cloud: &RealCloud) -> Result<Asker, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Failure::new(Exit::Serve, Diagnostic::new("cannot ask the cloud").row("because", error.to_string()))
        })?;
        let after = identity.split_once("://").map_or(identity, |(_, rest)| rest);
        let (host, path) = after.split_once('/').unwrap_or((after, ""));
        let root = path.trim_end_matches('/');
        let version = if root.ends_with("/v3") { "" } else { "/v3" };
        let login = login(&format!("/{root}{version}/auth/tokens"), &cloud.auth())?;
        let origin = format!("http://{host}");
        let mut asker = Asker { runtime, client, origin, login, token: String::new(), endpoints: Vec::new() };
        asker.renew().map_err(|why| {
            Diagnostic::new("cannot log in at the cloud")
                .row("because", why)
                .row("fix", "check the credentials of --cloud or of the OS_* variables")
        })?;
        Ok(asker)
    }

    /// Gets a token.
    fn renew(&mut self) -> Result<(), String> {
        let answer = self.exchange(&self.login)?;
        let token = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("X-Subject-Token"));
        match token {
            Some((_, token)) => {
                (self.token, self.endpoints) = (token.clone(), endpoints(&answer.body));
            }
            None => return Err(format!("Keystone answered {}", answer.status)),
        }
        Ok(())
    }

    fn exchange(&self, sent: &Sent) -> Result<Received, String> {
        let mut request =
            Request::builder().method(sent.method.as_str()).uri(format!("{}{}", self.origin, sent.target));
        for (name, value) in &sent.headers {
            request = request.header(name, value);
        }
        if !self.token.is_empty() {
            request = request.header("X-Auth-Token", &self.token);
        }
        let body = if sent.body.is_null() { Vec::new() } else { sent.body.to_string().into_bytes() };
        let meter = Meter::default();
        let upload = Upload::new([Bytes::from(body)], None, meter.clone());
        let request = request.body(upload).map_err(|error| error.to_string())?;
        self.runtime.block_on(async {
            let answer = self.client.send(request, &meter).await.map_err(|broken| match broken {
                Broken::Upstream(failure, why) => format!("{} {why}", failure.told()).trim_end().to_owned(),
                Broken::ByClient => "the request could not be sent".to_owned(),
            })?;
            let (head, body) = answer.into_parts();
            let bytes = Limited::new(body, MOST).collect().await.map_err(|error| error.to_string())?.to_bytes();
            let headers = &head.headers;
            let line = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            };
            let body = match serde_json::from_slice(&bytes) {
                Ok(json) => json,
                Err(_) if bytes.is_empty() => Value::Null,
                Err(_) => String::from_utf8_lossy(&bytes).into(),
            };
            Ok(Received { status: head.status.as_u16(), headers: headers.iter().filter_map(line).collect(), body })
        })
    }
}

impl Cloud for Asker {
    fn endpoint(&self, kinds: &[&str]) -> Option<String> {
        let is_meant = |own: &&Endpoint| own.interface == "public" && kinds.contains(&own.kind.as_str());
        let path = self.endpoints.iter().find(is_meant)?.url.strip_prefix(&self.origin)?;
        Some(path.trim_end_matches('/').to_owned())
    }

    fn ask(&mut self, sent: &Sent) -> Result<Received, String> {
        let received = self.exchange(sent)?;
        if received.status != 401 {
            return Ok(received);
        }
        // The token is over.
        self.renew()?;
        self.exchange(sent)
    }

    fn wait(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}
