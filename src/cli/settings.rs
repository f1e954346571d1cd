//! What a run is set up with, out of the command line and mockstack.yaml.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser};
use jiff::{SignedDuration, Timestamp};

use super::cloud_options::{CloudOptions, SecretOptions};
use super::failure::Failure;
use super::print::tell;
use super::reasoned::Reasoned;
use super::reports::{Reports, one_file_each, try_report};
use super::request_log::{finish, log};
use super::rules::{check_rule, of_a_cloud_of_ours};
use crate::base::{Clock, Diagnostic, Pattern, Place};
use crate::cloud::{Cloud, Fields, Fixture, layout};
use crate::contract::Contracts;
use crate::exchange::{
    Awkward, Exchange, Extensions, InjectedFault, Mounts, OnMiss, Options, Recorded, answers, chosen_one, fault,
    fault_option,
};
use crate::message::Decisions;
use crate::recording::{Header, Journal, Keep, Label, RecordedCloud, Recorder, ServiceVersion};
use crate::report::{Ending, Exit, Outcome, Rules, Run, Stale, Unasked, Wanted, coloured, not_whole};
use crate::server::{Admin, Credentials, Guard, Routes};
use crate::snapshot::{Collector, Extent, Folder};
use crate::upstream::Client;

/// All settings of mockstack.yaml, and what is built from them.
#[derive(Clone, Debug, Parser)]
#[command(no_binary_name = true, args_override_self = true, disable_help_flag = true)]
pub struct Settings {
    #[command(flatten)]
    pub options: CloudOptions,
    /// Places in answers where a cloud has fields of its own; hidden, as it is not an option of the command line.
    #[arg(long, hide = true)]
    pub extensions: Vec<Reasoned<Pattern>>,
    #[command(flatten)]
    pub secrets: SecretOptions,
    #[arg(skip)]
    pub replay: Option<Replayed>,
    /// The place of each string in mockstack.yaml, and of each path as it is read from here.
    #[arg(skip)]
    places: Vec<(String, Place)>,
}

/// The files behind a cloud, whatever its release: read once for many clouds.
#[derive(Clone, Debug)]
pub struct Ground {
    pub contracts: Contracts,
    pub fixture: Fixture,
}

/// A recording that answers instead of the simulated cloud.
#[derive(Clone, Debug)]
pub struct Replayed {
    pub recording: PathBuf,
    /// The real cloud that was recorded, if it was one: when, and the path at which clients logged in.
    pub cloud: Option<RecordedCloud>,
    /// Its maximum age.
    pub max_age: Option<SignedDuration>,
    pub on_miss: OnMiss,
    /// The real cloud for requests that were not recorded, with [`OnMiss::Record`].
    pub rest: Option<RestOfCloud>,
    /// Do recorded writes that were not sent fail the run?
    pub strict: bool,
}

/// A real cloud for requests that were not recorded.
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

impl Settings {
    /// What clap makes of `arguments`, those of mockstack.yaml before those of the command line.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn matches(arguments: Vec<OsString>) -> Result<ArgMatches, Diagnostic> {
        Settings::command().try_get_matches_from(arguments).map_err(unreadable)
    }

    /// The settings of those arguments; `places` are those of the strings in mockstack.yaml.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn of(matches: &ArgMatches, places: Vec<(String, Place)>) -> Result<Settings, Diagnostic> {
        let settings = Settings::from_arg_matches(matches).map_err(unreadable)?;
        Ok(Settings { places, ..settings })
    }

    /// The exchange that these settings describe.
    pub fn exchange(&self) -> Result<Exchange, Failure> {
        self.exchange_on(self.ground()?)
    }

    /// The same on a ground that may serve for several.
    pub fn exchange_on(&self, ground: Ground) -> Result<Exchange, Failure> {
        let (contracts, mut fixture) = self.cloud(ground)?;
        self.check(&contracts)?;
        if self.replay.is_some() {
            self.rules().deny.iter().try_for_each(of_a_cloud_of_ours)?;
        }
        let recorded =
            self.replay.as_ref().map(|replay| Recorded::read(&replay.recording, &contracts, &self.options.mask));
        let recorded = recorded.transpose()?;
        if let (Some(recorded), Some(replay)) = (&recorded, &self.replay)
            && let Some(why) = not_whole(&recorded.ended)
        {
            let told = Diagnostic::new("the recording is incomplete and cannot be replayed")
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
        let clock = self.options.clock.map_or(Clock::Wall, Clock::Frozen);
        let was = self.replay.as_ref().and_then(|replay| replay.cloud.clone());
        let rest = self.replay.as_ref().and_then(|replay| replay.rest.as_ref());
        let options = Options {
            faults: self.faults(&contracts, &fixture)?,
            awkward: self.awkward(&fixture)?,
            ..self.options(&contracts, was, rest.is_some())?
        };
        let cloud = Cloud::new(Arc::new(fixture), self.options.seed, clock);
        let exchange = match (recorded, &self.replay) {
            (Some(recorded), Some(replay)) => {
                Exchange::replay(contracts, cloud, recorded, (self.options.mask.clone(), replay.on_miss), options)
            }
            _ => Exchange::new(contracts, cloud, options),
        };
        Ok(match rest {
            Some(rest) => exchange.with_cloud(&rest.auth_url),
            None => exchange,
        })
    }

    /// The setup of an exchange that is recorded in front of `cloud`, or as if it were; `is_real` if a real one is asked.
    fn options(&self, contracts: &Contracts, cloud: Option<RecordedCloud>, is_real: bool) -> Result<Options, Failure> {
        let header = Header { cloud, ..Header::new(self.options.seed, contracts) };
        let recorder = self.options.record.as_ref();
        let recorder = recorder.map(|path| Recorder::begin(path, &header).map_err(|error| unwritable(path, &error)));
        let collector = self.options.snapshots.as_ref().map(|_| Collector::new(self.options.mask.clone()));
        let (on_violation, recorder) = (self.options.on_violation.into(), recorder.transpose()?);
        let (advertise, seed) = (self.options.advertise.clone(), self.options.seed);
        let wanted = Wanted::keep(&self.options.report);
        let keep = if wanted == Keep::default() { Keep::LIVE } else { wanted };
        let log: Option<fn(String)> = self.options.log.then_some(log);
        let options = Options { on_violation, recorder, log, collector, advertise, seed, keep, ..Options::default() };
        if !is_real {
            return Ok(options);
        }
        let extensions = self.extensions();
        let SecretOptions { redact, keep } = self.secrets.clone();
        let decisions =
            Decisions { redact: redact.into_iter().collect(), keep: keep.into_iter().map(|own| own.0).collect() };
        Ok(Options { extensions, decisions, ..options })
    }

    /// What goes wrong on purpose: the faults of the fixtures, then those of the command line.
    fn faults(&self, contracts: &Contracts, fixture: &Fixture) -> Result<Vec<InjectedFault>, Diagnostic> {
        let of_fixtures = fixture.faults.iter().map(|node| fault(contracts, node));
        let given = self.options.fault.iter();
        let of_options = given.map(|text| fault_option(contracts, text).map_err(|told| self.given_at(text, told)));
        of_fixtures.chain(of_options).collect()
    }

    /// What is awkward about the answers: what the fixtures say, then what the command line does.
    fn awkward(&self, fixture: &Fixture) -> Result<Awkward, Diagnostic> {
        let of_fixtures = fixture.answers.iter().map(chosen_one);
        let given = self.options.answers.iter();
        let of_options = given.map(|name| answers(name).map_err(|told| self.given_at(name, told)));
        let chosen = of_fixtures.chain(of_options).collect::<Result<Vec<_>, _>>()?;
        let of_catalog = fixture.catalog.iter().flat_map(|layout| &layout.answers);
        let of_catalog = of_catalog.map(|name| answers(name)).collect::<Result<Vec<_>, _>>()?;
        // What goes with a catalog was not asked for by its own name.
        let of_catalog = of_catalog.into_iter().flatten().map(|(row, _)| (row, false));
        Ok(Awkward::new(chosen.into_iter().flatten().chain(of_catalog).collect()))
    }

    /// The fields that the cloud has of its own.
    pub fn extensions(&self) -> Extensions {
        Extensions::new(self.extensions.iter().map(|own| own.0.clone()))
    }

    /// The exchange that a real cloud answers, whose identity service is at `auth_url`; `services` is what the header of its
    /// recording says of their versions.
    pub fn forward(&self, auth_url: &str, services: Vec<ServiceVersion>) -> Result<Exchange, Failure> {
        let contracts = self.contracts()?;
        let contracts = match &self.options.release {
            Some(release) => contracts.of_release(release).map_err(|told| self.given_at(release, told))?,
            None => contracts,
        };
        self.check(&contracts)?;
        self.rules().deny.iter().try_for_each(of_a_cloud_of_ours)?;
        let login = Mounts::new(&contracts, auth_url).login(auth_url);
        let cloud = RecordedCloud { services, ..RecordedCloud::new(auth_url, login, Timestamp::now()) };
        let options = self.options(&contracts, Some(cloud), true)?;
        Ok(Exchange::forward(contracts, auth_url, options))
    }

    /// What would otherwise be found wrong only after the run.
    fn check(&self, contracts: &Contracts) -> Result<(), Diagnostic> {
        let Rules { allow, deny } = self.rules();
        for rule in allow.iter().chain(&deny) {
            check_rule(contracts, rule).map_err(|told| self.given_at(&rule.to_string(), told))?;
        }
        if self.options.scenario.is_empty()
            || self.options.scenario.contains(['/', '\\'])
            || self.options.scenario.starts_with('.')
        {
            let told =
                Diagnostic::new("the scenario is not a folder name").row("found", self.options.scenario.as_str());
            return Err(self.given_at(&self.options.scenario, told.row("fix", "remove slashes and a leading dot")));
        }
        if let Some(folder) = self.snapshot_folder() {
            folder.check().map_err(|error| {
                let told = Diagnostic::new("cannot read the snapshots").row("where", folder.root.display().to_string());
                let asked = self.options.snapshots.as_ref().map(|path| path.display().to_string());
                self.given_at(&asked.unwrap_or_default(), told.row("because", error.to_string()))
            })?;
        }
        let inputs = self.replay.iter().map(|replay| replay.recording.as_path());
        one_file_each(
            inputs,
            self.options
                .record
                .as_deref()
                .into_iter()
                .chain(self.options.report.iter().map(|wanted| wanted.path.as_path())),
        )?;
        let tried = |wanted: &Wanted| {
            try_report(wanted).map_err(|told| self.given_at(&wanted.path.display().to_string(), told))
        };
        self.options.report.iter().try_for_each(tried)
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

    /// What is read from files.
    ///
    /// # Errors
    /// A file cannot be read, or is not valid.
    pub fn ground(&self) -> Result<Ground, Diagnostic> {
        let contracts = self.contracts()?;
        let fixture = self.fixture(&contracts)?;
        Ok(Ground { contracts, fixture })
    }

    /// The content of the cloud, and the contracts for its release and its fixtures.
    fn cloud(&self, Ground { contracts, fixture }: Ground) -> Result<(Contracts, Fixture), Diagnostic> {
        let deviating = contracts.deviating(self.options.release.as_deref(), &fixture.release);
        let deviating =
            deviating.map_err(|told| self.given_at(self.options.release.as_deref().unwrap_or_default(), told));
        Ok((deviating?, fixture))
    }

    fn contracts(&self) -> Result<Contracts, Diagnostic> {
        let missing = |told: Diagnostic| match &self.options.contracts {
            Some(path) => self.if_missing(path, told),
            None => told,
        };
        Contracts::load(self.options.contracts.as_deref()).map_err(missing)
    }

    fn fixture(&self, contracts: &Contracts) -> Result<Fixture, Diagnostic> {
        let fields = Fields::of(contracts);
        let mut fixture = self.options.fixtures.iter().try_fold(Fixture::base()?, |fixture, path| {
            fixture.with_overlay(path, fields).map_err(|told| self.if_missing(path, told))
        })?;
        if let Some(name) = &self.options.catalog {
            fixture.catalog = Some(layout(name).map_err(|told| self.given_at(name, told))?);
        }
        Ok(fixture)
    }

    /// The run is over: see [`Settings::outcome`], and the verdict is printed.
    pub fn conclude(&self, exchange: &Exchange, command: Option<i32>) -> Outcome {
        let outcome = self.outcome(exchange, command);
        if self.options.log {
            finish();
        }
        tell(format!("\n{}", coloured(&outcome)));
        outcome
    }

    /// What a run came to that is over: snapshots are compared, the reports are written, the recording gets its last line. What
    /// cannot be done of that fails the run, and each of them tells.
    pub fn outcome(&self, exchange: &Exchange, command: Option<i32>) -> Outcome {
        let mut ending = Ending { command, rules: self.rules(), ..Ending::default() };
        ending.unasked =
            exchange.unasked().into_iter().map(|(operation, request)| Unasked { operation, request }).collect();
        ending.faults = exchange.fault_reports(None);
        ending.answers = exchange.answer_reports(None);
        ending.left = exchange.left_behind(None);
        ending.stale = self.replay.as_ref().and_then(Replayed::stale);
        ending.suspects = exchange.suspects();
        ending.anew = exchange.anew();
        ending.unused_patterns = exchange.unused_patterns();
        ending.strict = self.replay.as_ref().is_some_and(|replay| replay.strict);
        ending.silent = silent(&exchange.journal());
        ending.run = self.run(exchange.contracts());
        ending.take_snapshots(self.snapshot_folder().as_ref(), || exchange.texts(), Extent::Whole);
        let mut reports = Reports::new(&self.options.report);
        reports.write(&exchange.journal(), &mut ending);
        let was_whole = exchange.journal().recording_failed.is_none();
        exchange.end(&ending.to_json());
        let journal = exchange.journal();
        if was_whole && journal.recording_failed.is_some() {
            reports.write_files(&journal, &mut ending);
        }
        Outcome::new(journal, ending)
    }

    /// The admin routes in front of what answers all `others`.
    pub fn admin<A>(&self, exchange: &Arc<Exchange>, authority: Option<&Path>, others: A) -> Admin<A> {
        let ending = Ending { rules: self.rules(), run: self.run(exchange.contracts()), ..Ending::default() };
        let guard = Guard { token: self.options.admin_token.clone() };
        let recording = self.options.record.clone();
        let snapshots = self.snapshot_folder();
        let (exchange, authority) = (Arc::clone(exchange), authority.map(Path::to_owned));
        Admin { routes: Routes { exchange, ending, recording, snapshots, guard, authority }, others }
    }

    /// What runs.
    fn run(&self, contracts: &Contracts) -> Run {
        Run::of(&Header::new(self.options.seed, contracts))
    }

    fn rules(&self) -> Rules {
        let allow = self.options.allow.iter().map(|own| own.0.clone()).collect();
        Rules { allow, deny: self.options.deny.clone() }
    }

    fn snapshot_folder(&self) -> Option<Folder> {
        let root = self.options.snapshots.clone()?;
        let enforced = std::env::var("CI").is_ok_and(|ci| !matches!(ci.as_str(), "" | "0" | "false"));
        Some(Folder { root, scenario: self.options.scenario.clone(), partial: self.options.partial, enforced })
    }
}

/// The tests that were announced, and asked nothing.
fn silent(journal: &Journal) -> Vec<Label> {
    let silent = journal.tests.values().filter(|test| test.requests == 0);
    silent.map(|test| Label::clone(&test.label)).collect()
}

/// What stands in the file was tried, and the command line was read before: one contradicts the other.
fn unreadable(error: clap::Error) -> Diagnostic {
    let told = error.to_string();
    Diagnostic::new("the options cannot be read").row("because", told.trim_start_matches("error: ").trim_end())
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    let diagnostic = Diagnostic::new("cannot write the recording")
        .row("where", path.display().to_string())
        .row("because", error.to_string())
        .row("fix", "name a file in an existing, writable folder");
    Failure::new(Exit::Recording, diagnostic)
}
