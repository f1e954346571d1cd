//! `mockstack history`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};

use super::failure::Failure;
use super::print::print;
use super::recorded::{kinds, recorded_release};
use super::values;
use super::verify::load;
use crate::base::Diagnostic;
use crate::base::json::{Value, json, to_value};
use crate::contract::Contracts;
use crate::history::{About, Place, Store, Wanted, collapsed};
use crate::report::Exit;

/// Keep what clients of many versions asked of clouds of many releases.
///
/// Each entry is a recording in which of requests that ask alike the first is left. `can-i-upgrade --history` reads them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct History {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  mockstack history add boot.jsonl --client our-cli --client-version 1.4.0
  mockstack history show --client our-cli
  mockstack can-i-upgrade --history --client our-cli --to 2026.2";

#[derive(Debug, Subcommand)]
enum Command {
    /// Add recordings of a client
    Add(Add),
    /// Show what is there
    Show(Show),
    /// Remove what is old
    Prune(Prune),
}

#[derive(Debug, Args)]
struct Add {
    /// Files that `--record` wrote
    #[arg(required = true, value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// The name of the client
    #[arg(long, value_name = "NAME", value_parser = values::not_blank)]
    client: String,
    /// The version of the client
    #[arg(long, value_name = "VERSION", value_parser = values::not_blank)]
    client_version: String,
    /// The release that the recordings are of, if they do not say so themselves
    #[arg(long, value_name = "RELEASE")]
    from: Option<String>,
    #[command(flatten)]
    store: StoreOption,
}

#[derive(Debug, Args)]
struct Show {
    /// Show this client alone
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Show this version of it alone
    #[arg(long, value_name = "VERSION")]
    client_version: Option<String>,
    /// Show what was asked of this release alone
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    store: StoreOption,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").args(["versions", "older_than"]).required(true).multiple(true))]
struct Prune {
    /// Remove all but the newest N versions of each client
    #[arg(long, value_name = "N")]
    versions: Option<usize>,
    /// Remove what was recorded longer ago than this, such as 365d or 12h
    #[arg(long, value_name = "AGE", value_parser = values::age)]
    older_than: Option<SignedDuration>,
    /// Of this client alone
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    #[command(flatten)]
    store: StoreOption,
}

/// Where a history is.
#[derive(Debug, Args)]
struct StoreOption {
    /// Where the history is: DIR, sqlite:FILE or postgresql://… [default: $MOCKSTACK_HISTORY, or mockstack-history]
    #[arg(long, value_name = "STORE")]
    store: Option<Place>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

impl StoreOption {
    fn open(&self) -> Result<Box<dyn Store>, Diagnostic> {
        self.store.clone().map_or_else(usual, Ok)?.open()
    }
}

/// The history that is meant if none is named.
///
/// # Errors
/// `MOCKSTACK_HISTORY` names none.
pub fn usual() -> Result<Place, Diagnostic> {
    let named = std::env::var("MOCKSTACK_HISTORY").unwrap_or_else(|_| "mockstack-history".to_owned());
    named.parse().map_err(|why: String| Diagnostic::new("MOCKSTACK_HISTORY names no history").row("expected", why))
}

impl History {
    /// Does it, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        match &self.command {
            Command::Add(add) => add.main()?,
            Command::Show(show) => return show.main(),
            Command::Prune(prune) => prune.main()?,
        }
        Ok(Exit::Clean.code())
    }
}

impl Add {
    fn main(&self) -> Result<(), Failure> {
        let (contracts, mut store) = (load(None, None)?, self.store.open()?);
        for path in &self.recordings {
            let told = self.add(&contracts, path, store.as_mut())?;
            print(format!("{}: {told}\n", path.display()))?;
        }
        Ok(())
    }

    fn add(&self, contracts: &Contracts, path: &Path, store: &mut dyn Store) -> Result<String, Failure> {
        let (header, kinds) = kinds(path)?;
        let release = recorded_release(contracts, self.from.as_deref(), path, &header)?;
        let Some(entry) = collapsed((&self.client, &self.client_version, &release), &header, kinds) else {
            let told = Diagnostic::new("the recording has no request").row("where", path.display().to_string());
            return Err(Failure::new(Exit::NothingAsked, told));
        };
        let About { client, client_version, release, requests, kinds, .. } = &entry.about;
        let is_new = store.add(&entry)?;
        let known = if is_new { "" } else { ", which was there already" };
        Ok(format!("{client} {client_version} on {release}: {kinds} kinds of {requests} requests{known}"))
    }
}

impl Show {
    fn main(&self) -> Result<i32, Failure> {
        let Show { client, client_version, release, .. } = self;
        let wanted =
            Wanted { client: client.clone(), client_version: client_version.clone(), release: release.clone() };
        let all = wanted.of(self.store.open()?.as_mut())?;
        print(match self.format {
            Format::Text => table(&all),
            Format::Json => {
                let entries = all.iter().map(|(_, about)| to_value(about).unwrap_or_default()).collect::<Value>();
                format!("{:#}\n", json!({"mockstack": "history", "entries": entries}))
            }
        })?;
        Ok(if all.is_empty() { Exit::NothingAsked } else { Exit::Clean }.code())
    }
}

/// A line an entry, by client and version; versions in the order of their first recordings.
fn table(all: &[(String, About)]) -> String {
    let first = |one: &About| {
        let own = all.iter().map(|(_, about)| about);
        let own = own.filter(|about| (&about.client, &about.client_version) == (&one.client, &one.client_version));
        own.map(|about| about.time).min()
    };
    let mut sorted: Vec<&About> = all.iter().map(|(_, about)| about).collect();
    sorted.sort_by_cached_key(|about| (about.client.clone(), first(about), about.client_version.clone(), about.time));
    let head = ["client", "version", "release", "kinds", "requests", "recorded"].map(str::to_owned);
    let row = |about: &&About| {
        let About { client, client_version, release, time, requests, kinds } = about;
        [
            client.clone(),
            client_version.clone(),
            release.clone(),
            kinds.to_string(),
            requests.to_string(),
            format!("{time:.0}"),
        ]
    };
    let rows: Vec<[String; 6]> = [head].into_iter().chain(sorted.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect::<Vec<_>>();
        format!("{}\n", cells.join("  ").trim_end())
    };
    if all.is_empty() { "no recording of that kind\n".to_owned() } else { rows.iter().map(line).collect() }
}

impl Prune {
    fn main(&self) -> Result<(), Failure> {
        let mut store = self.store.open()?;
        let all = Wanted { client: self.client.clone(), ..Wanted::default() }.of(store.as_mut())?;
        let kept = self.kept_versions(&all);
        let oldest = self.older_than.and_then(|age| Timestamp::now().checked_sub(age).ok());
        let is_old = |about: &About| {
            oldest.is_some_and(|oldest| about.time < oldest)
                || kept.as_ref().is_some_and(|kept| !kept[&about.client].contains(&about.client_version))
        };
        let old: Vec<&(String, About)> = all.iter().filter(|(_, about)| is_old(about)).collect();
        old.iter().try_for_each(|(id, _)| store.remove(id))?;
        print(format!("removed {} of {}\n", old.len(), all.len()))?;
        Ok(())
    }

    /// The newest versions of each client, by when they were recorded last.
    fn kept_versions(&self, all: &[(String, About)]) -> Option<BTreeMap<String, Vec<String>>> {
        let count = self.versions?;
        let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (_, About { client, client_version, .. }) in all.iter().rev() {
            let kept = versions.entry(client.clone()).or_default();
            if kept.len() < count && !kept.contains(client_version) {
                kept.push(client_version.clone());
            }
        }
        Some(versions)
    }
}
