//! `mockstack can-i-upgrade`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::history::usual;
use super::print::print;
use super::recorded::{kinds, recorded_release};
use super::verify::load;
use crate::base::Diagnostic;
use crate::base::json::json;
use crate::history::{Place, Wanted};
use crate::report::Exit;
use crate::verify::{Answer, Fate, Judged, Upgrade, folded, passed};

/// Would a client go on working if its cloud became another release? From recordings of its requests alone.
///
/// The answer is `no` (exit code 40) if a request that is right would become wrong; `unknown` (46) if a recording cannot show it: the
/// client chooses a version by itself, or gets answers without fields that it had; else `yes`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CanIUpgrade {
    /// Files that `--record` wrote
    #[arg(required_unless_present = "history", value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// Read a history instead, as `mockstack history` keeps it; without STORE the usual one
    #[arg(long, value_name = "STORE", num_args = 0..=1, conflicts_with = "recordings", requires = "client")]
    history: Option<Option<Place>>,
    /// The client of the history
    #[arg(long, value_name = "NAME", requires = "history")]
    client: Option<String>,
    /// Its version; without it all that are there
    #[arg(long, value_name = "VERSION", requires = "history")]
    client_version: Option<String>,
    /// The release that the cloud would become
    #[arg(long, value_name = "RELEASE")]
    to: String,
    /// The release that the recordings are of, if they do not say so themselves; of a history that one alone
    #[arg(long, value_name = "RELEASE")]
    from: Option<String>,
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR")]
    contracts: Option<PathBuf>,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

const EXAMPLES: &str = "\
Examples:
  mockstack run --release train --record boot.jsonl -- ./boot.sh
  mockstack can-i-upgrade --to 2026.2 boot.jsonl
  mockstack can-i-upgrade --to 2026.2 --history --client our-cli";

impl CanIUpgrade {
    /// Judges, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let all = load(self.contracts.as_deref(), None)?;
        let to = all.releases().find(&self.to)?.name.clone();
        let (mut judged, mut froms) = (Judged::default(), Vec::new());
        let folder = tempfile::tempdir().map_err(|error| cannot_read(&error))?;
        for (name, path) in self.read_from(folder.path())? {
            let (header, requests) = kinds(&path)?;
            let from = recorded_release(&all, self.from.as_deref(), &path, &header)?;
            let (was, chain) = (all.clone().of_release(&from)?.with_any_project(), passed(&all, &from, &to)?);
            let own = Upgrade::new(&was, &chain).judge(&name, &requests);
            judged.fates.extend(own.fates);
            judged.requests += own.requests;
            judged.kinds += own.kinds;
            judged.wrong += own.wrong;
            judged.accepted += own.accepted;
            if !froms.contains(&from) {
                froms.push(from);
            }
        }
        self.tell(&froms.join(", "), &to, judged)
    }

    /// What is read, with names for it: the recordings, or those of a history, which are then in `folder`.
    fn read_from(&self, folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
        let Some(place) = &self.history else {
            return Ok(self.recordings.iter().map(|path| (path.display().to_string(), path.clone())).collect());
        };
        let mut store = place.clone().map_or_else(usual, Ok)?.open()?;
        let (client, client_version, release) = (self.client.clone(), self.client_version.clone(), self.from.clone());
        let mut found = Vec::new();
        for (id, about) in (Wanted { client, client_version, release }).of(store.as_mut())? {
            let path = folder.join(format!("{id}.jsonl"));
            if let Some(entry) = store.get(&id)? {
                std::fs::write(&path, entry.recording).map_err(|error| cannot_read(&error))?;
                found.push((format!("{} {} on {}", about.client, about.client_version, about.release), path));
            }
        }
        match found.is_empty() {
            true => Err(Failure::new(
                Exit::NothingAsked,
                Diagnostic::new("the history has no recording of that client")
                    .row("fix", "see `mockstack history show` for those that are there"),
            )),
            false => Ok(found),
        }
    }

    fn tell(&self, from: &str, to: &str, judged: Judged) -> Result<i32, Failure> {
        let Judged { fates, requests, kinds, wrong, accepted } = judged;
        let fates = folded(fates);
        let answer = match fates.first() {
            Some(worst) => worst.answer,
            None if accepted == 0 => Answer::Unknown,
            None => Answer::Yes,
        };
        match self.format {
            Format::Text => {
                let told: String = fates.iter().map(|fate| format!("{}\n", fate.diagnostic())).collect();
                let nothing =
                    if accepted == 0 { "no request of the recording was accepted: it shows nothing\n" } else { "" };
                let already = match wrong {
                    0 => String::new(),
                    _ => format!(", {wrong} wrong already and left out"),
                };
                let some = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
                let count = format!("{} of {}{already}", some(requests, "request"), some(kinds, "kind"));
                print(format!("{told}{nothing}{count}\n{from} to {to}: {}\n", answer.name()))?;
            }
            Format::Json => {
                let fates: Vec<_> = fates.iter().map(Fate::to_json).collect();
                let report = json!({
                    "mockstack": "can-i-upgrade", "from": from, "to": to, "answer": answer.name(),
                    "findings": fates, "requests": requests, "kinds": kinds, "wrong_already": wrong,
                });
                print(format!("{report:#}\n"))?;
            }
        }
        let exit = match answer {
            Answer::Yes => Exit::Clean,
            Answer::No => Exit::Violation,
            Answer::Unknown if accepted == 0 => Exit::NothingAsked,
            Answer::Unknown => Exit::Undecided,
        };
        Ok(exit.code())
    }
}

fn cannot_read(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new("cannot read the history")
        .row("where", std::env::temp_dir().display().to_string())
        .row("because", error.to_string())
        .row("fix", "set TMPDIR to a writable folder")
}
