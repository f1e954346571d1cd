//! `mockstack bisect`

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use tempfile::TempDir;

use super::beside::{REFUSED, of_release, refuse, releases};
use super::cell::{Manner, Place};
use super::client::Client;
use super::configurable::Configurable;
use super::failure::Failure;
use super::print::print;
use super::process::Ended;
use super::search::{Axis, Found, MOST, Next, Point, Trial};
use super::serving::in_runtime;
use super::settings::{Ground, Settings};
use super::signals::Early;
use super::values;
use crate::base::{Diagnostic, Version, parse_yaml};
use crate::contract::{Code, Contracts};
use crate::recording::alike;
use crate::report::{Cell, Exit, Outcome};
use crate::server::EnvFor;
use crate::verify::breaks;

/// Find the release, and then the microversion of the compute service, at which a command starts to fail, in at most 7 runs.
///
/// Each run has a cloud of its own, as in `mockstack matrix`: a release, or a release whose compute service stops at an earlier
/// microversion. Where the requests of the first run would be wrong, and what failures say, decides what is tried next.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mockstack bisect -- ./boot.sh\n  mockstack bisect --release queens.. -- go test ./..."
)]
#[command(mut_args = describe)]
pub struct Bisect {
    #[command(flatten)]
    options: Configurable,
    /// How long a run may take
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, default_value = "300")]
    timeout: Duration,
    /// Set the variables for a client that does not use the usual ones
    #[arg(long, value_enum, value_name = "CLIENT")]
    env_for: Option<EnvFor>,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// The options of all commands with a cloud, as they are here.
fn describe(option: clap::Arg) -> clap::Arg {
    match option.get_id().as_str() {
        "release" => {
            option.value_name("A..B").help("The releases between which to look: train..2026.2, rocky.. [default: all]")
        }
        id if REFUSED.contains(&id) || KEPT.contains(&id) => option.hide(true),
        _ => option,
    }
}

/// What a run leaves behind, of which there would be several here.
const KEPT: [&str; 2] = ["record", "report"];

/// A cloud that was tried, and what came of it.
struct Run {
    trial: Trial,
    /// The first that was wrong; empty if nothing was.
    reason: String,
    exit_code: i32,
}

/// The releases to look in, and what clouds are made of.
struct Ways<'a> {
    settings: &'a Settings,
    ground: &'a Ground,
    names: Vec<String>,
    axis: Axis,
}

impl Bisect {
    /// Looks for it, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let early = Early::of_run();
        refuse(&self.options, &KEPT)?;
        let Some(settings) = self.options.settings(&[])? else { return Ok(0) };
        let ground = settings.ground()?;
        let range = self.options.given("--release").next_back();
        let names = releases(&ground.contracts, range.as_deref().unwrap_or("all"))?;
        if names.len() < 2 {
            return Err(Diagnostic::new("there is only one release to look in")
                .row("found", names.join(", "))
                .row("fix", "name more: --release train..")
                .into());
        }
        let versions = names.iter().map(|name| versions_of(&ground.contracts, name)).collect::<Result<_, _>>()?;
        let ways = Ways { settings: &settings, ground: &ground, names, axis: Axis { versions, predicted: None } };
        let client = Client { name: "command".to_owned(), line: self.command.clone() };
        let manner = Manner { env_for: self.env_for, limit: self.timeout, early };
        in_runtime(look(manner, client, ways))?
    }
}

/// The versions that the compute service of a release has.
fn versions_of(contracts: &Contracts, release: &str) -> Result<Vec<Version>, Diagnostic> {
    let contracts = contracts.clone().of_release(release)?;
    let own = contracts.living().map(|contract| &contract.service).find(|service| service.name == COMPUTE);
    Ok(own
        .filter(|service| service.told_apart().is_some())
        .map(|service| service.versions().iter().collect())
        .unwrap_or_default())
}

const COMPUTE: &str = "compute";

/// Runs the client until nothing is left to try.
async fn look(manner: Manner, client: Client, mut ways: Ways<'_>) -> Result<i32, Failure> {
    let folder = TempDir::new().map_err(|error| super::run::cannot_write(&error))?;
    let mut runs: Vec<Run> = Vec::new();
    loop {
        let trials: Vec<Trial> = runs.iter().map(|run| run.trial.clone()).collect();
        let point = match ways.axis.next(&trials) {
            Next::Try(point) => point,
            Next::Done(found) => return ways.tell(&found, &runs),
        };
        let mut place = ways.place(point)?;
        let recording = folder.path().join(format!("{}.jsonl", runs.len()));
        place.settings.options.record = Some(recording.clone());
        let name = place.name.clone();
        let came = manner.run(&client, place).await?;
        if let Some(signal) = manner.early.heard() {
            return Ok(Ended::Signal(signal).exit_code());
        }
        let cell = Cell::new(&client.name, &name, &came.outcome, came.ended.why());
        let told = format!("run {} of at most {MOST}   {name:<18} {}   {}", runs.len() + 1, cell.told(), cell.reason);
        print(told.trim_end().to_owned() + "\n")?;
        if matches!(came.ended, Ended::NotFound(_) | Ended::NotExecutable(_)) {
            return Ok(came.ended.exit_code());
        }
        let (passed, exit_code) = (came.outcome.is_clean(), came.outcome.exit_code);
        let trial = Trial { point, passed, hints: hints(&came.outcome, &ways.ground.contracts) };
        if runs.is_empty() {
            ways.axis.predicted = ways.predict(&recording, passed)?;
        }
        runs.push(Run { trial, reason: cell.reason, exit_code });
    }
}

/// The versions at which something begins or ends that failed.
fn hints(outcome: &Outcome, contracts: &Contracts) -> Vec<Version> {
    let mut hints = Vec::new();
    let failing = outcome.journal.diagnoses.iter().filter(|diagnosis| outcome.is_failing(diagnosis));
    for diagnosis in failing {
        let row = contracts.operation(&diagnosis.operation).ok().flatten();
        let of_operation = row.map(|(_, operation)| operation.lifetime);
        for violation in &diagnosis.violations {
            let runs = violation.lifetime.or(of_operation).map(|lifetime| lifetime.runs()).unwrap_or_default();
            let first = runs.iter().map(|(first, _)| *first);
            // The version after the last is not one of these; the nearest that a lifetime leaves out is.
            let after = runs.iter().filter_map(|(_, last)| {
                (!crate::base::Versions::range(Version::FIRST, *last)).iter().find(|version| version > last)
            });
            hints.extend(first.chain(after));
            if violation.code == Code::Version {
                hints.extend(violation.found.parse().ok().and_then(Version::of));
            }
        }
    }
    hints
}

impl Ways<'_> {
    /// The cloud at `point`.
    fn place(&self, point: Point) -> Result<Place, Diagnostic> {
        let name = self.names.get(point.release).map_or("", String::as_str);
        let mut place = of_release(self.settings, self.ground, name);
        if let Some(cap) = point.cap {
            let section = parse_yaml("bisect", &format!("{{{COMPUTE}: {{maximum: \"{cap}\"}}}}"))?;
            place.ground.fixture.release.read(&section)?;
        }
        place.name = self.name(point);
        Ok(place)
    }

    /// `pike`, or `pike up to 2.51`.
    fn name(&self, Point { release, cap }: Point) -> String {
        let name = self.names.get(release).map_or("", String::as_str);
        cap.map_or_else(|| name.to_owned(), |cap| format!("{name} up to {cap}"))
    }

    /// The first release that does as the newest does, if the requests of the first run are right everywhere or wrong everywhere
    /// from there on.
    fn predict(&self, recording: &Path, passed: bool) -> Result<Option<usize>, Diagnostic> {
        let Some(requests) = alike(recording, 1) else { return Ok(None) };
        for (place, name) in self.names.iter().enumerate().rev() {
            let contracts = self.ground.contracts.clone().of_release(name)?;
            if breaks(&self.ground.contracts, &contracts, &requests) == passed {
                return Ok(Some(place + 1).filter(|place| *place < self.names.len()));
            }
        }
        Ok(None)
    }

    /// Says what was found; the exit code.
    fn tell(&self, found: &Found, runs: &[Run]) -> Result<i32, Failure> {
        let failing = |point: Option<Point>| {
            runs.iter().find(|run| !run.trial.passed && point.is_none_or(|point| run.trial.point == point))
        };
        let reason = |point| failing(point).map(|run| run.reason.clone()).filter(|reason| !reason.is_empty());
        let count = runs.len();
        let (told, code) = match *found {
            Found::Everywhere { passes: true } => {
                (Diagnostic::new(format!("it passes everywhere, as far as {count} runs show")), 0)
            }
            Found::Everywhere { passes: false } => {
                let told = Diagnostic::new(format!("it fails everywhere, as far as {count} runs show"));
                (told.row_if("because", reason(None)), failing(None).map_or(0, |run| run.exit_code))
            }
            Found::Unsteady(point) => {
                let what = format!("two runs in {} came to different things", self.name(point));
                let told = Diagnostic::new("it has no one place at which it starts to fail").row("found", what);
                (told.row_if("because", reason(Some(point))), Exit::Undecided.code())
            }
            Found::Between { before, after, besides } => {
                let passes_after = runs.iter().any(|run| run.trial.point == after && run.trial.passed);
                let (fails, passes) = if passes_after { (before, after) } else { (after, before) };
                let told = Diagnostic::new(self.headline(before, after, passes_after));
                let told = told.row("passes", self.name(passes)).row("fails", self.name(fails));
                let also = besides.map(|point| match passes_after {
                    true => format!("it passes in {}, too", self.name(point)),
                    false => {
                        [format!("it fails in {}, too:", self.name(point)), reason(Some(point)).unwrap_or_default()]
                            .join(" ")
                    }
                });
                (told.row_if("because", reason(Some(fails)).or_else(|| reason(None))).row_if("also", also), 0)
            }
        };
        print(format!("\n{told}"))?;
        Ok(code)
    }

    /// `it fails before 2.52 (pike)`, `it starts to fail in rocky`.
    fn headline(&self, before: Point, after: Point, passes_after: bool) -> String {
        let what = if passes_after { "it fails before" } else { "it starts to fail at" };
        let release = self.names.get(after.release).map_or("", String::as_str);
        let versions = self.axis.versions.get(after.release);
        let last = |point: Point| point.cap.or_else(|| self.axis.versions.get(point.release)?.last().copied());
        let reached = last(before).zip(last(after));
        let between = |low: Version, high: Version| {
            versions.into_iter().flatten().filter(|own| **own > low && **own < high).count()
        };
        match reached {
            Some((low, high)) if before.release == after.release && between(low, high) == 0 => {
                format!("{what} microversion {high} ({release})")
            }
            Some((low, high)) if before.release == after.release => {
                format!("{what} a microversion above {low} and up to {high} ({release}); no run was left to tell which")
            }
            Some((low, high)) if after.cap.is_some() && high <= low => {
                format!("{what} {release}, whatever its microversions")
            }
            _ if before.release + 1 < after.release => {
                format!("{what} {release}, or in a release after {}; no run was left to tell which", self.name(before))
            }
            _ => format!("{what} {release}"),
        }
    }
}
