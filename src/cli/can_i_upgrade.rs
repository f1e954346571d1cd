//! `mockstack can-i-upgrade`

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::print::print;
use super::verify::{load, whole};
use crate::base::Diagnostic;
use crate::base::json::json;
use crate::contract::Contracts;
use crate::recording::{Alike, Header, Keys, Reader, alike, to_line};
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
    #[arg(required = true, value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// The release that the cloud would become
    #[arg(long, value_name = "RELEASE")]
    to: String,
    /// The release that the recordings are of, if they do not say so themselves
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
  mockstack can-i-upgrade --to 2026.2 boot.jsonl";

impl CanIUpgrade {
    /// Judges, and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let all = load(self.contracts.as_deref(), None)?;
        let to = all.releases().find(&self.to)?.name.clone();
        let (mut judged, mut froms) = (Judged::default(), Vec::new());
        for path in &self.recordings {
            let (header, requests) = read(path)?;
            let from = self.recorded_release(&all, path, &header)?;
            let (was, chain) = (all.clone().of_release(&from)?, passed(&all, &from, &to)?);
            let own = Upgrade::new(&was, &chain).judge(&path.display().to_string(), &requests);
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

    /// The release of a recording: the one that it names; of a real cloud the one whose compute service ends where that of the
    /// cloud does.
    fn recorded_release(&self, all: &Contracts, path: &Path, header: &Header) -> Result<String, Diagnostic> {
        let of_cloud = |maximum: &String| {
            let ends = |release: &&crate::contract::Release| release.offers.get("compute") == Some(maximum);
            all.releases().iter().find(ends).map(|release| release.name.clone())
        };
        let compute =
            header.cloud.as_ref().map(|cloud| cloud.services.iter().find(|service| service.kind == "compute"));
        let own = match compute {
            Some(compute) => compute.and_then(|service| of_cloud(service.max.as_ref()?)),
            None => header.release.clone(),
        };
        match self.from.as_ref().or(own.as_ref()) {
            Some(name) => Ok(all.releases().find(name)?.name.clone()),
            None => Err(Diagnostic::new("the recording does not say of which release it is")
                .row("where", path.display().to_string())
                .row("fix", "name the release with --from")),
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

/// The header of a recording, and its requests.
fn read(path: &Path) -> Result<(Header, Vec<Alike>), Failure> {
    let mut reader = Reader::open(path)?;
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    if let Some(requests) = alike(path, threads) {
        return Ok((reader.header, requests));
    }
    let (header, mut keys, mut found) = (reader.header.clone(), Keys::default(), Vec::<(u64, Alike)>::new());
    for interaction in reader.by_ref() {
        let first = Box::new(interaction?);
        let key = keys.of(&to_line(&first));
        match found.iter_mut().find(|(own, _)| *own == key) {
            Some((_, alike)) => alike.times += 1,
            None => found.push((key, Alike { first, times: 1 })),
        }
    }
    whole(path, &reader.end())?;
    Ok((header, found.into_iter().map(|(_, alike)| alike).collect()))
}
