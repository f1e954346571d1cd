//! Under which releases, and at which versions, a recording would be right.

use std::collections::BTreeMap;
use std::fmt;

use super::again::{Outline, Verifier};
use crate::base::Versions;
use crate::contract::Code;
use crate::recording::Interaction;

/// What becomes of the requests of an operation under a release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many there are.
    pub requests: u64,
    /// How many of them are wrong.
    pub wrong: u64,
    /// What is wrong with the first of these.
    pub first: Option<Code>,
}

/// Release by operation, and the versions at which everything is right.
#[derive(Clone, Debug, Default)]
pub struct Table {
    releases: Vec<String>,
    rows: BTreeMap<String, Vec<Cell>>,
    versions: BTreeMap<String, (Versions, Versions)>,
}

/// What a table notes of one interaction.
#[derive(Debug)]
pub struct Noted {
    operation: String,
    first: Vec<Option<Code>>,
    versions: Option<(String, Versions, Versions)>,
}

/// What `interaction` is under each of `verifiers`, and at which versions it is right under `own`.
pub fn note(own: &Verifier<'_>, verifiers: &[Verifier<'_>], interaction: &Interaction) -> Noted {
    let Outline { operation, versions } = own.outline(interaction);
    Noted {
        operation: operation.as_deref().map_or_else(|| own.told_path(interaction), str::to_owned),
        first: verifiers.iter().map(|verifier| verifier.first_violation(interaction)).collect(),
        versions,
    }
}

impl Table {
    /// An empty table of the releases of these names.
    pub fn new(releases: Vec<String>) -> Table {
        Table { releases, ..Table::default() }
    }

    /// Adds an interaction.
    pub fn add(&mut self, noted: Noted) {
        let row = self.rows.entry(noted.operation).or_insert_with(|| vec![Cell::default(); self.releases.len()]);
        for (cell, first) in row.iter_mut().zip(noted.first) {
            cell.requests += 1;
            cell.wrong += u64::from(first.is_some());
            cell.first = cell.first.or(first);
        }
        if let Some((service, valid, api)) = noted.versions {
            let all = self.versions.entry(service).or_insert((api, api));
            all.0 = all.0 & valid;
        }
    }

    /// Each release with its cells by operation.
    pub fn releases(&self) -> impl Iterator<Item = (&str, BTreeMap<&str, Cell>)> {
        self.releases.iter().enumerate().map(|(place, release)| {
            let cells = self.rows.iter().filter_map(|(operation, row)| Some((operation.as_str(), *row.get(place)?)));
            (release.as_str(), cells.collect())
        })
    }

    /// Of each service the versions at which all requests are right, as a set and as text.
    pub fn versions(&self) -> impl Iterator<Item = (&str, (Versions, String))> {
        let text = |(valid, api): &(Versions, Versions)| (*valid, valid.within(*api).to_string());
        self.versions.iter().map(move |(service, versions)| (service.as_str(), text(versions)))
    }

    /// Is everything right under every release?
    pub fn is_right(&self) -> bool {
        self.rows.values().flatten().all(|cell| cell.wrong == 0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.releases.iter().map(String::len).max().unwrap_or_default();
        for (release, cells) in self.releases() {
            let wrong: Vec<String> = cells
                .iter()
                .filter(|(_, cell)| cell.wrong > 0)
                .map(|(operation, cell)| {
                    let code = cell.first.map_or("", |code| code.row().name);
                    format!("{operation} ({} of {}: {code})", cell.wrong, cell.requests)
                })
                .collect();
            match wrong.as_slice() {
                [] => writeln!(f, "{release:width$}  all right")?,
                wrong => writeln!(f, "{release:width$}  wrong: {}", wrong.join(", "))?,
            }
        }
        for (service, valid) in self.versions() {
            match valid.0.is_empty() {
                true => writeln!(f, "{service}: no version at which all requests are right")?,
                false => writeln!(f, "{service}: all requests are right at {}", valid.1)?,
            }
        }
        Ok(())
    }
}
