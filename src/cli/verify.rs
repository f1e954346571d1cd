//! `mockstack verify`

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::against::{Against, Driven};
use super::config::ConfigFile;
use super::failure::Failure;
use super::print::{print, tell};
use super::progress::Progress;
use super::reports::{Reports, one_file_each, try_report};
use super::rules::{check_rule, of_a_cloud_of_ours};
use crate::base::Diagnostic;
use crate::contract::Contracts;
use crate::exchange::Extensions;
use crate::recording::{Ended, Interaction, Journal};
use crate::report::{Ending, Exit, Outcome, Rule, Rules, Wanted, coloured, not_whole};
use crate::verify::{Changes, Source, Table, Verifier, changed, note, ordered};

/// Judge recordings again, without a cloud: their requests and answers, by the release that they were recorded with or by
/// others.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Verify {
    /// Files that `--record` wrote, HAR files, cassettes of betamax or VCR, lines of JSON exchanges, or debug logs
    #[arg(required_unless_present = "clean_up", conflicts_with = "clean_up", value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// Judge by the contracts of this release, or of each release in a range: train, pike..train, pike..
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
    /// Show only what is judged differently than by earlier contracts: those of a release, or of a folder
    #[arg(long, value_name = "RELEASE|DIR", conflicts_with_all = ["allow", "deny", "report", "against", "cloud"])]
    changed_since: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigFile,
    /// Do not fail for this code, everywhere or on one operation
    #[arg(long, value_name = "CODE[@OPERATION]")]
    allow: Vec<Rule>,
    /// Fail for this code, everywhere or on one operation
    #[arg(long, value_name = "CODE[@OPERATION]")]
    deny: Vec<Rule>,
    /// Also write a report: text, json, junit, markdown, sarif, github or html; - is standard output
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<Wanted>,
    /// The number of threads [default: one per core]
    #[arg(long, value_name = "N", conflicts_with_all = ["against", "cloud"])]
    threads: Option<NonZero<usize>>,
    #[command(flatten)]
    against: Against,
}

const EXAMPLES: &str = "\
Examples:
  mockstack verify boot.jsonl                          are its requests and answers right?
  mockstack verify boot.jsonl --release train          would they be on train?
  mockstack verify boot.jsonl --release pike..         on which releases would they be?
  mockstack verify boot.jsonl --changed-since train    what is judged differently than by train?
  mockstack verify boot.jsonl --cloud devstack         does a real cloud keep the contract?";

impl Verify {
    /// Judges, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let inputs = self.recordings.iter().map(PathBuf::as_path);
        one_file_each(inputs, self.report.iter().map(|wanted| wanted.path.as_path()))?;
        if let Some(journal) = self.against.to_clean_up() {
            return self.clean_up(journal);
        }
        self.check()?;
        let range = self.release.as_deref().filter(|release| release.contains(".."));
        match (range, &self.changed_since) {
            _ if self.against.is_wanted() => self.ask(),
            (None, None) => self.judge(),
            (None, Some(old)) => self.tell_changes(old),
            (Some(range), _) => self.compare(range),
        }
    }

    /// Checks that would otherwise fail only at the end, or be ignored.
    fn check(&self) -> Result<(), Failure> {
        if let Some(range) = self.release.as_deref().filter(|release| release.contains("..")) {
            let has_rules = !self.allow.is_empty() || !self.deny.is_empty();
            let alone = [
                (self.against.is_wanted(), "a real cloud cannot be judged by several releases at once"),
                (self.changed_since.is_some(), "changes cannot be shown for several releases at once"),
                (has_rules, "a range shows what is wrong for each release, whatever is allowed or denied"),
                (!self.report.is_empty(), "a report cannot cover several releases at once"),
            ];
            if let Some((_, why)) = alone.into_iter().find(|(is_given, _)| *is_given) {
                return Err(Diagnostic::new(why)
                    .row("found", format!("--release {range}"))
                    .row("fix", "choose one release: --release train")
                    .into());
            }
        }
        let all = self.load(None)?;
        self.allow.iter().chain(&self.deny).try_for_each(|rule| check_rule(&all, rule))?;
        self.deny.iter().try_for_each(of_a_cloud_of_ours)?;
        Ok(self.report.iter().try_for_each(try_report)?)
    }

    /// Sends the recorded requests to a real cloud.
    fn ask(&self) -> Result<i32, Failure> {
        let contracts = self.load(self.release.as_deref())?;
        let extensions = self.extensions()?;
        let Driven { asked, findings, left } = self.against.drive(&self.recordings, &contracts, &extensions)?;
        print(&findings)?;
        let mut ending = Ending { rules: self.rules(), undecided: findings.undecided(), ..Ending::default() };
        ending.failures = left.iter().map(|left| format!("left in the cloud: {left}")).collect();
        ending.unused_patterns = extensions.unused();
        Ok(self.conclude(asked, ending))
    }

    /// Deletes what a run left in a real cloud.
    fn clean_up(&self, journal: &Path) -> Result<i32, Failure> {
        let left = self.against.clean_up(journal)?;
        left.iter().for_each(|left| tell(format!("left in the cloud: {left}\n")));
        Ok(if left.is_empty() { Exit::Clean } else { Exit::Usage }.code())
    }

    /// The cloud's own fields in mockstack.yaml.
    fn extensions(&self) -> Result<Arc<Extensions>, Diagnostic> {
        Ok(Arc::new(self.config.settings()?.extensions()))
    }

    fn rules(&self) -> Rules {
        Rules { allow: self.allow.clone(), deny: self.deny.clone() }
    }

    fn conclude(&self, journal: Journal, mut ending: Ending) -> i32 {
        Reports::new(&self.report).write(&journal, &mut ending);
        let outcome = Outcome::new(journal, ending);
        tell(coloured(&outcome));
        outcome.exit_code
    }

    /// Hands `work` of each interaction of `source`, the file at `path`, to `take`.
    fn pass<T: Send>(
        &self,
        path: &Path,
        source: &mut Source,
        work: impl Fn(Interaction) -> T + Sync,
        mut take: impl FnMut(T),
    ) -> Result<(), Failure> {
        let mut progress = Progress::new(path, source);
        let taken = |worked| {
            take(worked);
            progress.step();
        };
        Ok(ordered(self.threads, source, work, taken)?)
    }

    fn judge(&self) -> Result<i32, Failure> {
        let (mut journal, mut cut, all) = (Journal::keeping(Wanted::keep(&self.report)), None, self.load(None)?);
        let extensions = self.extensions()?;
        let is_shown = journal.kept.is_on();
        for path in &self.recordings {
            let mut reader = opened(path, &all)?;
            let release = self.release.as_deref().or(reader.header.release.as_deref());
            let contracts = self.load(release)?;
            let verifier = reader.verifier(&contracts).with_extensions(&extensions);
            self.pass(
                path,
                &mut reader,
                // What is shown is without secrets.
                |interaction| if is_shown { verifier.kept(interaction) } else { verifier.again(interaction) },
                |interaction| journal.take(&interaction),
            )?;
            cut = cut.or(not_whole(&reader.end()));
        }
        journal.recording_failed = cut;
        let unused_patterns = extensions.unused();
        Ok(self.conclude(journal, Ending { rules: self.rules(), unused_patterns, ..Ending::default() }))
    }

    fn compare(&self, range: &str) -> Result<i32, Failure> {
        let all = self.load(None)?;
        let names = within(&all, range)?;
        let contracts = names.iter().map(|name| self.load(Some(name))).collect::<Result<Vec<_>, _>>()?;
        let mut table = Table::new(names);
        for path in &self.recordings {
            let mut reader = opened(path, &all)?;
            let verifiers: Vec<Verifier<'_>> = contracts.iter().map(|contracts| reader.verifier(contracts)).collect();
            let own = self.load(reader.header.release.as_deref())?;
            let own = reader.verifier(&own);
            self.pass(path, &mut reader, |interaction| note(&own, &verifiers, &interaction), |noted| table.add(noted))?;
            whole(path, &reader.end())?;
        }
        print(&table)?;
        Ok(if table.is_right() { Exit::Clean } else { Exit::Violation }.code())
    }

    fn tell_changes(&self, old: &Path) -> Result<i32, Failure> {
        let (mut changes, all) = (Changes::default(), self.load(None)?);
        let extensions = self.extensions()?;
        for path in &self.recordings {
            let mut source = opened(path, &all)?;
            let release = self.release.as_deref().or(source.header.release.as_deref());
            let (was, is) = (self.earlier(old, release)?, self.load(release)?);
            let judging = |contracts| source.verifier(contracts).with_extensions(&extensions);
            let (was, is) = (judging(&was), judging(&is));
            self.pass(
                path,
                &mut source,
                |interaction| changed(&was, &is, interaction),
                |changed| changes.add(changed),
            )?;
            whole(path, &source.end())?;
        }
        print(&changes)?;
        Ok(match changes.requests {
            0 => Exit::NothingAsked,
            _ if changes.is_worse() => Exit::Violation,
            _ => Exit::Clean,
        }
        .code())
    }

    /// The contracts that `old` names: those of a folder under the release that is judged by, or those of another release.
    fn earlier(&self, old: &Path, release: Option<&str>) -> Result<Contracts, Diagnostic> {
        if old.is_dir() {
            return for_recorded(Contracts::of_folder(old)?, release);
        }
        self.load(Some(&old.display().to_string())).map_err(|told| match old.components().count() {
            1 => told.row("or", "a folder of earlier contracts"),
            _ => Diagnostic::new("there are no earlier contracts")
                .row("where", old.display().to_string())
                .row("expected", "a release, or a folder of earlier contracts"),
        })
    }

    fn load(&self, release: Option<&str>) -> Result<Contracts, Diagnostic> {
        load(self.contracts.as_deref(), release)
    }
}

/// The contracts, with those of a folder over them, as a release has them for what was recorded.
pub fn load(overlay: Option<&Path>, release: Option<&str>) -> Result<Contracts, Diagnostic> {
    for_recorded(Contracts::load(overlay)?, release)
}

/// The contracts as a release has them for what was recorded.
fn for_recorded(contracts: Contracts, release: Option<&str>) -> Result<Contracts, Diagnostic> {
    match release {
        Some(name) => Ok(contracts.of_release(name)?.with_any_project()),
        None => Ok(contracts),
    }
}

/// The file at `path`, and the contracts by which it is judged: those of `release`, or of the release that it names, below `overlay`.
///
/// # Errors
/// The file or a contract cannot be read; there is no such release.
pub fn open(path: &Path, overlay: Option<&Path>, release: Option<&str>) -> Result<(Source, Contracts), Diagnostic> {
    let source = Source::open(path, &load(overlay, None)?)?;
    let contracts = load(overlay, release.or(source.header.release.as_deref()))?;
    Ok((source, contracts))
}

/// The recording at `path`, or the file of another tool; what of it cannot be judged is told.
///
/// # Errors
/// It cannot be read.
pub fn opened(path: &Path, contracts: &Contracts) -> Result<Source, Diagnostic> {
    let source = Source::open(path, contracts)?;
    source.notes.iter().for_each(|note| tell(format!("note: {note}\n")));
    Ok(source)
}

/// Refuses the recording at `path`, which ended so, if it is not whole.
///
/// # Errors
/// It is not.
pub fn whole(path: &Path, ended: &Ended) -> Result<(), Failure> {
    let Some(cut) = not_whole(ended) else { return Ok(()) };
    let told = Diagnostic::new("the recording is incomplete").row("where", path.display().to_string());
    Err(Failure::new(Exit::Recording, told.row("because", cut)))
}

/// The releases of a range.
pub fn within(contracts: &Contracts, range: &str) -> Result<Vec<String>, Diagnostic> {
    let releases = contracts.releases();
    let (first, last) = range.split_once("..").unwrap_or((range, range));
    for end in [first, last].into_iter().filter(|end| !end.is_empty()) {
        releases.find(end)?;
    }
    let names: Vec<String> =
        releases.iter().filter(|release| releases.within(release, range)).map(|release| release.name.clone()).collect();
    match names.is_empty() {
        true => Err(Diagnostic::new("the range contains no release")
            .row("found", range)
            .row("fix", "name the older release first: pike..train")),
        false => Ok(names),
    }
}
