//! What a run is set up with, out of the command line and mockstack.yaml.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::failure::Failure;
use super::print::tell;
use super::reports::{Reports, one_file_each, try_report};
use crate::base::{Clock, Diagnostic, Pattern, Place};
use crate::cloud::{Cloud, Fields, Fixture};
use crate::contract::Contracts;
use crate::exchange::{Exchange, Extension, Extensions, Mounts, OnMiss, OnViolation, Options, Recorded};
use crate::message::Decisions;
use crate::recording::{Header, RecordedCloud, Recorder, ServiceVersion};
use crate::report::{Ending, Exit, Outcome, Rule, Rules, Snapshots, Stale, Unasked, Wanted, coloured, not_whole};
use crate::server::{Admin, Credentials};
use crate::snapshot::{Collector, Mask, check, compare};
use crate::upstream::Client;

/// What the cloud holds, how it listens, what fails its verdict.
#[derive(Clone, Debug)]
pub struct Settings {
    pub fixtures: Vec<PathBuf>,
    pub contracts: Option<PathBuf>,
    pub release: Option<String>,
    pub listen: Option<SocketAddr>,
    pub on_violation: OnViolation,
    pub allow: Vec<Rule>,
    pub deny: Vec<Rule>,
    pub record: Option<PathBuf>,
    pub snapshots: Option<PathBuf>,
    pub scenario: String,
    pub mask: Vec<Mask>,
    pub extensions: Vec<Extension>,
    /// What is a secret, and what is none, with reasons.
    pub redact: Vec<Pattern>,
    pub keep: Vec<(Pattern, String)>,
    pub partial: bool,
    pub report: Vec<Wanted>,
    pub seed: u64,
    pub clock: Option<Timestamp>,
    pub replay: Option<Replayed>,
    /// Where each text of mockstack.yaml stands, and each path as it is read from here.
    pub places: Vec<(String, Place)>,
}

/// A recording that answers instead of the simulated cloud.
#[derive(Clone, Debug)]
pub struct Replayed {
    pub recording: PathBuf,
    /// The cloud that it was recorded in front of, if that was a real one: when, and the path at which clients logged in.
    pub cloud: Option<RecordedCloud>,
    /// How old it may be.
    pub max_age: Option<SignedDuration>,
    pub on_miss: OnMiss,
    /// The real cloud that is asked what was not recorded, with [`OnMiss::Record`].
    pub rest: Option<RestOfCloud>,
    /// Do recorded writes fail the run that nobody asked?
    pub strict: bool,
}

/// A real cloud that is asked what was not recorded.
#[derive(Clone, Debug)]
pub struct RestOfCloud {
    pub auth_url: String,
    pub client: Client,
    pub credentials: Credentials,
}

impl Replayed {
    /// Whether it is older than it may be. What tells is the wall clock: a frozen one is part of what is replayed.
    fn stale(&self) -> Option<Stale> {
        let seconds = |duration: SignedDuration| u64::try_from(duration.as_secs()).unwrap_or_default();
        let most = self.max_age?;
        let age = self.cloud.as_ref().map(|cloud| Timestamp::now().duration_since(cloud.time));
        let is_older = age.is_none_or(|age| age > most);
        is_older.then(|| Stale { age: age.map(seconds), most: seconds(most) })
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            fixtures: Vec::new(),
            contracts: None,
            release: None,
            listen: None,
            on_violation: OnViolation::Reject,
            allow: Vec::new(),
            deny: Vec::new(),
            record: None,
            snapshots: None,
            scenario: "default".to_owned(),
            mask: Vec::new(),
            extensions: Vec::new(),
            redact: Vec::new(),
            keep: Vec::new(),
            partial: false,
            report: Vec::new(),
            seed: 1,
            clock: None,
            replay: None,
            places: Vec::new(),
        }
    }
}

impl Settings {
    /// The exchange that these settings describe.
    pub fn exchange(&self) -> Result<Exchange, Failure> {
        let (contracts, mut fixture) = self.cloud()?;
        self.check(&contracts)?;
        let recorded = self.replay.as_ref().map(|replay| Recorded::read(&replay.recording, &contracts, &self.mask));
        let recorded = recorded.transpose()?;
        if let (Some(recorded), Some(replay)) = (&recorded, &self.replay)
            && let Some(why) = not_whole(&recorded.ended)
        {
            let told = Diagnostic::new("the recording is not whole, and cannot be replayed")
                .row("where", replay.recording.display().to_string())
                .row("because", why)
                .row("fix", "record it again");
            return Err(Failure::new(Exit::Recording, told));
        }
        if let (Some(recorded), Some(replay)) = (&recorded, &self.replay) {
            recorded.seed(&mut fixture);
            if replay.on_miss == OnMiss::Simulate {
                recorded.seed_resources(&mut fixture, Fields::of(&contracts));
            }
        }
        let clock = self.clock.map_or(Clock::Wall, Clock::Frozen);
        let was = self.replay.as_ref().and_then(|replay| replay.cloud.clone());
        let rest = self.replay.as_ref().and_then(|replay| replay.rest.as_ref());
        let options = self.options(&contracts, was, rest.is_some())?;
        let cloud = Cloud::new(Arc::new(fixture), self.seed, clock);
        let exchange = match (recorded, &self.replay) {
            (Some(recorded), Some(replay)) => {
                Exchange::replay(contracts, cloud, recorded, (self.mask.clone(), replay.on_miss), options)
            }
            _ => Exchange::new(contracts, cloud, options),
        };
        Ok(match rest {
            Some(rest) => exchange.with_cloud(&rest.auth_url),
            None => exchange,
        })
    }

    /// How the exchange is set up that is recorded before `cloud`, or as if it were; `is_real` if a real one is asked.
    fn options(&self, contracts: &Contracts, cloud: Option<RecordedCloud>, is_real: bool) -> Result<Options, Failure> {
        let header = Header { cloud, ..Header::new(self.seed, contracts) };
        let recorder = self.record.as_ref();
        let recorder = recorder.map(|path| Recorder::begin(path, &header).map_err(|error| unwritable(path, &error)));
        let collector = self.snapshots.as_ref().map(|_| Collector::new(self.mask.clone()));
        let (on_violation, recorder) = (self.on_violation, recorder.transpose()?);
        let options = Options { on_violation, recorder, collector, ..Options::default() };
        if !is_real {
            return Ok(options);
        }
        let extensions = Extensions::new(&self.extensions);
        let keep = self.keep.iter().map(|(pattern, _)| pattern.clone()).collect();
        let decisions = Decisions { redact: self.redact.iter().cloned().collect(), keep };
        Ok(Options { extensions, decisions, ..options })
    }

    /// The exchange that a real cloud answers, whose identity service is at `auth_url`; `services` is what the header of its
    /// recording says of their versions.
    pub fn forward(&self, auth_url: &str, services: Vec<ServiceVersion>) -> Result<Exchange, Failure> {
        let contracts = self.contracts()?;
        let contracts = match &self.release {
            Some(release) => contracts.of_release(release).map_err(|told| self.given_at(release, told))?,
            None => contracts,
        };
        self.check(&contracts)?;
        let login = Mounts::new(&contracts, auth_url).login(auth_url);
        let cloud = RecordedCloud { services, ..RecordedCloud::new(auth_url, login, Timestamp::now()) };
        let options = self.options(&contracts, Some(cloud), true)?;
        Ok(Exchange::forward(contracts, auth_url, options))
    }

    /// What would otherwise be found wrong only after the run.
    fn check(&self, contracts: &Contracts) -> Result<(), Diagnostic> {
        for rule in self.allow.iter().chain(&self.deny) {
            check_rule(contracts, rule).map_err(|told| self.given_at(&rule.to_string(), told))?;
        }
        if self.scenario.is_empty() || self.scenario.contains(['/', '\\']) || self.scenario.starts_with('.') {
            let told = Diagnostic::new("the scenario is no name of a folder").row("found", self.scenario.as_str());
            return Err(self.given_at(&self.scenario, told.row("fix", "leave out slashes and a dot at the start")));
        }
        if let Some(folder) = self.snapshot_folder() {
            check(&folder).map_err(|error| {
                let told = Diagnostic::new("cannot read the snapshots").row("where", folder.display().to_string());
                let asked = self.snapshots.as_ref().map(|path| path.display().to_string());
                self.given_at(&asked.unwrap_or_default(), told.row("because", error.to_string()))
            })?;
        }
        let inputs = self.replay.iter().map(|replay| replay.recording.as_path());
        one_file_each(
            inputs,
            self.record.as_deref().into_iter().chain(self.report.iter().map(|wanted| wanted.path.as_path())),
        )?;
        let tried = |wanted: &Wanted| {
            try_report(wanted).map_err(|told| self.given_at(&wanted.path.display().to_string(), told))
        };
        self.report.iter().try_for_each(tried)
    }

    /// Adds where mockstack.yaml gives `value`, if it does.
    fn given_at(&self, value: &str, told: Diagnostic) -> Diagnostic {
        let place = self.places.iter().find(|(text, _)| text == value).map(|(_, place)| place.to_string());
        told.row_if("given at", place)
    }

    /// The same for a path; what is wrong inside of one that is there has a place of its own.
    fn if_missing(&self, path: &Path, told: Diagnostic) -> Diagnostic {
        if path.exists() { told } else { self.given_at(&path.display().to_string(), told) }
    }

    /// What the cloud holds, and the contracts as its release and its fixtures have them.
    fn cloud(&self) -> Result<(Contracts, Fixture), Diagnostic> {
        let contracts = self.contracts()?;
        let fixture = self.fixture(&contracts)?;
        let bent = contracts.bent(self.release.as_deref(), &fixture.release);
        let bent = bent.map_err(|told| self.given_at(self.release.as_deref().unwrap_or_default(), told));
        Ok((bent?, fixture))
    }

    fn contracts(&self) -> Result<Contracts, Diagnostic> {
        let missing = |told: Diagnostic| match &self.contracts {
            Some(path) => self.if_missing(path, told),
            None => told,
        };
        Contracts::load(self.contracts.as_deref()).map_err(missing)
    }

    fn fixture(&self, contracts: &Contracts) -> Result<Fixture, Diagnostic> {
        let fields = Fields::of(contracts);
        self.fixtures.iter().try_fold(Fixture::base()?, |fixture, path| {
            fixture.with_overlay(path, fields).map_err(|told| self.if_missing(path, told))
        })
    }

    /// The run is over: snapshots are compared, the reports are written, the recording gets its last line, the verdict is
    /// printed. What cannot be done of that fails the run, and each of them tells.
    pub fn conclude(&self, exchange: &Exchange, command: Option<i32>) -> Outcome {
        let mut ending = Ending { command, rules: self.rules(), ..Ending::default() };
        ending.unasked =
            exchange.unasked().into_iter().map(|(operation, request)| Unasked { operation, request }).collect();
        ending.stale = self.replay.as_ref().and_then(Replayed::stale);
        ending.suspects = exchange.suspects();
        ending.anew = exchange.anew();
        ending.unused_patterns = exchange.unused_patterns();
        ending.strict = self.replay.as_ref().is_some_and(|replay| replay.strict);
        match self.compare(exchange) {
            Ok(snapshots) => ending.snapshots = snapshots,
            Err(why) => ending.failures.push(why),
        }
        let mut reports = Reports::new(&self.report);
        reports.write(&exchange.journal(), &mut ending);
        let was_whole = exchange.journal().recording_failed.is_none();
        exchange.end(&ending.to_json());
        let journal = exchange.journal();
        if was_whole && journal.recording_failed.is_some() {
            reports.write_files(&journal, &mut ending);
        }
        let outcome = Outcome::new(journal, ending);
        tell(format!("\n{}", coloured(&outcome)));
        outcome
    }

    /// The admin routes before who answers all `others`.
    pub fn admin<A>(&self, exchange: &Arc<Exchange>, others: A) -> Admin<A> {
        let ending = Ending { rules: self.rules(), ..Ending::default() };
        Admin { exchange: Arc::clone(exchange), others, ending, recording: self.record.clone() }
    }

    fn rules(&self) -> Rules {
        Rules { allow: self.allow.clone(), deny: self.deny.clone() }
    }

    fn snapshot_folder(&self) -> Option<PathBuf> {
        self.snapshots.as_ref().map(|folder| folder.join(&self.scenario))
    }

    /// What comparing the snapshots finds, if there are any; or why they cannot be compared.
    fn compare(&self, exchange: &Exchange) -> Result<Option<Snapshots>, String> {
        let Some(folder) = self.snapshot_folder() else { return Ok(None) };
        let comparison = compare(&folder, exchange.texts(), self.partial)
            .map_err(|error| format!("cannot compare the snapshots in {}: {error}", folder.display()))?;
        let in_ci = std::env::var("CI").is_ok_and(|ci| !matches!(ci.as_str(), "" | "0" | "false"));
        Ok(Some(Snapshots { comparison, enforced: in_ci }))
    }
}

/// Refuses a rule about an operation that there is not.
///
/// # Errors
/// There is none of that name.
pub fn check_rule(contracts: &Contracts, rule: &Rule) -> Result<(), Diagnostic> {
    let Some(operation) = rule.operation.as_deref() else { return Ok(()) };
    match contracts.operation(operation)? {
        Some(_) => Ok(()),
        None => Err(contracts.no_operation(operation).row("found", rule.to_string())),
    }
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    let diagnostic = Diagnostic::new("cannot write the recording")
        .row("where", path.display().to_string())
        .row("because", error.to_string())
        .row("fix", "name a file in a folder that exists and may be written");
    Failure::new(Exit::Recording, diagnostic)
}
