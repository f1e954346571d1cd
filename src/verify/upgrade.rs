//! Would the client of a recording go on working under another release? From its requests alone, each judged under both.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::again::{Verifier, sent};
use super::fate::{Answer, Fate, Since};
use crate::base::{Diagnostic, Place, Pointer, Version, Versions};
use crate::contract::{Code, Contracts, Judgement, Part, Violation, is_right};
use crate::exchange::{Next, Ruling};
use crate::message::{Body, Redactor, Request};
use crate::recording::{Alike, Interaction};

/// Judges requests by the release that they were recorded with, and by the releases on the way to another.
#[derive(Debug)]
pub struct Upgrade<'c> {
    was: &'c Contracts,
    /// The releases after it, the one that is asked about last.
    chain: &'c [Contracts],
    redactor: Arc<Redactor>,
}

/// What the requests of recordings come to.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// What breaks, and what cannot be told.
    pub fates: Vec<Fate>,
    /// The number of requests, and of those that are not alike.
    pub requests: u64,
    /// See `requests`.
    pub kinds: u64,
    /// How many requests were wrong when they were recorded.
    pub wrong: u64,
    /// How many were right and were answered with success.
    pub accepted: u64,
}

impl<'c> Upgrade<'c> {
    /// From the release of `was` to the last of `chain`, which has the releases between in their order.
    pub fn new(was: &'c Contracts, chain: &'c [Contracts]) -> Upgrade<'c> {
        Upgrade { was, chain, redactor: Arc::default() }
    }

    /// Judges the requests of a recording called `file`.
    pub fn judge(&self, file: &str, all: &[Alike]) -> Judged {
        let mut judged = Judged { kinds: all.len() as u64, ..Judged::default() };
        let verifier = self.verifier(self.was);
        let looked = all.iter().filter_map(|alike| looks_for_versions(&verifier, &alike.first)).collect();
        for Alike { first, times } in all {
            judged.requests += times;
            let sent = sent(first);
            let (_, ruling) = verifier.judged(&sent, first.time);
            if !is_right(&ruling.findings.violations) {
                judged.wrong += times;
                continue;
            }
            judged.accepted += if first.status < 400 { *times } else { 0 };
            let fates = Asked { upgrade: self, first, sent: &sent, was: &ruling, looked: &looked }.fates();
            judged.fates.extend(fates.into_iter().map(|fate| Fate { file: file.to_owned(), times: *times, ..fate }));
        }
        judged
    }

    fn verifier(&self, contracts: &'c Contracts) -> Verifier<'c> {
        Verifier::new(contracts, Arc::clone(&self.redactor), false)
    }
}

/// The releases that a cloud passes on its way from one to another, without the first; on the way to an older one that one alone.
///
/// # Errors
/// There is no such release.
pub fn passed(all: &Contracts, from: &str, to: &str) -> Result<Vec<Contracts>, Diagnostic> {
    let (from, to) = (all.releases().find(from)?, all.releases().find(to)?);
    let names: Vec<&str> = all.releases().iter().map(|release| release.name.as_str()).collect();
    let place = |name: &str| names.iter().position(|own| *own == name).unwrap_or_default();
    let (first, last) = (place(&from.name), place(&to.name));
    let passed = if first < last { &names[first + 1..=last] } else { &names[last..=last] };
    passed.iter().map(|name| Ok(all.clone().of_release(name)?.with_any_project())).collect()
}

/// Is any of the requests wrong under `is`, apart from those that a client which looks for versions would ask in another way?
/// `was` is the release that they were recorded with.
pub fn breaks(was: &Contracts, is: &Contracts, all: &[Alike]) -> bool {
    let redactor = Arc::<Redactor>::default();
    let (own, other) = [was, is].map(|contracts| Verifier::new(contracts, Arc::clone(&redactor), false)).into();
    let looked: BTreeSet<String> = all.iter().filter_map(|alike| looks_for_versions(&own, &alike.first)).collect();
    all.iter().any(|Alike { first, .. }| {
        let sent = sent(first);
        let (_, ruling) = own.judged(&sent, first.time);
        let looks = ruling.target.contract.is_some_and(|contract| looked.contains(&contract.service.mount));
        let (_, ruling) = other.judged(&sent, first.time);
        failing(&ruling).is_some_and(|violation| !(looks && is_gone(&ruling, violation)))
    })
}

/// Does the API lack the version that was asked?
fn is_gone(ruling: &Ruling<'_>, violation: &Violation) -> bool {
    let leads_nowhere = violation.part == Part::Path && ruling.target.operation.is_none();
    violation.code == Code::Version || (violation.code == Code::UnknownOperation && leads_nowhere)
}

/// The mount of the service whose versions the request asks for, if it does.
fn looks_for_versions(verifier: &Verifier<'_>, interaction: &Interaction) -> Option<String> {
    let sent = sent(interaction);
    let (_, ruling) = verifier.judged(&sent, interaction.time);
    let id = &ruling.target.operation?.id;
    id.contains(".versions.").then(|| ruling.target.contract.map(|contract| contract.service.mount.clone()))?
}

/// A request that is right where it was recorded.
struct Asked<'a> {
    upgrade: &'a Upgrade<'a>,
    first: &'a Interaction,
    sent: &'a (Request, Body),
    was: &'a Ruling<'a>,
    /// The mounts of the services whose versions the client looks for.
    looked: &'a BTreeSet<String>,
}

impl Asked<'_> {
    /// What becomes of it.
    fn fates(&self) -> Vec<Fate> {
        let Some(target) = self.upgrade.chain.last() else { return Vec::new() };
        let verifier = self.upgrade.verifier(target);
        let (_, is) = verifier.judged(self.sent, self.first.time);
        if let Some(violation) = failing(&is) {
            return vec![self.broken(&is, violation)];
        }
        let (from, to) = (self.was.target.version, is.target.version);
        let moved = from.zip(to).filter(|(from, to)| from != to);
        let mut fates: Vec<Fate> = moved.and_then(|(from, to)| self.poorer(&is, from, to)).into_iter().collect();
        fates.extend(self.chooses(&is));
        fates.extend(self.led_elsewhere());
        fates
    }

    fn fate(&self, answer: Answer, since: Since, what: String) -> Fate {
        let operation = self.was.target.operation;
        Fate {
            answer,
            operation: operation.map(|operation| Arc::clone(&operation.id)),
            request: format!("{} {}", self.first.request.method, path(self.first)),
            version: self.was.target.version.filter(|_| self.has_versions()),
            place: String::new(),
            what,
            rule: None,
            since,
            file: String::new(),
            sequence: self.first.sequence,
            times: 1,
        }
    }

    fn has_versions(&self) -> bool {
        self.was.target.contract.is_some_and(|contract| contract.service.told_apart().is_some())
    }

    /// It is wrong under the release that is asked about.
    fn broken(&self, is: &Ruling<'_>, violation: &Violation) -> Fate {
        let since =
            Since { release: self.first_release(|ruling| failing(ruling).is_some()), version: self.first_version(is) };
        let chooses = is_gone(is, violation) && self.looks();
        let told = violation.text();
        let what = match chooses {
            true => format!("{told}; but the client looks for versions, and may ask in another way"),
            false => told,
        };
        let answer = if chooses { Answer::Unknown } else { Answer::No };
        let place = if violation.pointer.0.is_empty() {
            violation.part.name().to_owned()
        } else {
            violation.pointer.to_string()
        };
        Fate { place, rule: violation.rule.clone(), ..self.fate(answer, since, what) }
    }

    /// Does the client look for the versions of the service?
    fn looks(&self) -> bool {
        self.was.target.contract.is_some_and(|contract| self.looked.contains(&contract.service.mount))
    }

    /// The first release of those at the end of the way in which it `is_so`.
    fn first_release(&self, is_so: impl Fn(&Ruling<'_>) -> bool) -> String {
        let so = |contracts: &&Contracts| {
            let verifier = self.upgrade.verifier(contracts);
            let (_, ruling) = verifier.judged(self.sent, self.first.time);
            is_so(&ruling)
        };
        let first = self.upgrade.chain.iter().rev().take_while(so).last();
        first.and_then(Contracts::release).map(|release| release.name.clone()).unwrap_or_default()
    }

    /// The first of the versions up to the one that it is served under in which it is wrong, if it is right before.
    fn first_version(&self, is: &Ruling<'_>) -> Option<Version> {
        let served = is.target.version?;
        let valid = valid(is)?;
        let before = valid.iter().filter(|version| *version < served).last()?;
        api(is)?.iter().find(|version| *version > before)
    }

    /// It is served under another version, where answers no longer have all fields, or another status.
    fn poorer(&self, is: &Ruling<'_>, from: Version, to: Version) -> Option<Fate> {
        let what = |version| self.lost(is, from, version);
        let (place, told, rule) = what(to)?;
        let first = api(is)?
            .iter()
            .filter(|version| *version > from && *version <= to)
            .find(|version| what(*version).is_some());
        let release = self.first_release(|ruling| ruling.target.version.is_some_and(|version| Some(version) >= first));
        let since = Since { release, version: first };
        let what = format!("{told}; a recording cannot show whether the client needs that");
        Some(Fate { place, rule, ..self.fate(Answer::Unknown, since, what) })
    }

    /// The places that the answers have no longer at `to`, what is told of them, and the line of the contract.
    fn lost(&self, is: &Ruling<'_>, from: Version, to: Version) -> Option<(String, String, Option<Place>)> {
        let (operation, table) = (is.target.operation?, is.target.contract?.table().ok()?);
        let row = |version: Version| {
            operation.responses.iter().find(|row| row.status == self.first.status && row.versions.contains(version))
        };
        let was = row(from).filter(|_| self.first.status < 400)?;
        let Some(is) = row(to) else {
            let told = format!("the answer is no longer a {}", self.first.status);
            return Some(("answer".to_owned(), told, Some(operation.place.clone())));
        };
        let lost = table.schemas.lost((was.body?, from), (is.body?, to));
        let (_, rule) = lost.first()?;
        let places: Vec<String> = lost.iter().map(|(pointer, _): &(Pointer, _)| pointer.to_string()).collect();
        Some(("answer".to_owned(), format!("answers no longer have {}", places.join(", ")), Some(rule.clone())))
    }

    /// A client that looks for versions and takes the last may take a later one, at which the request is wrong or its answer poorer.
    fn chooses(&self, is: &Ruling<'_>) -> Option<Fate> {
        let (from, own) = (self.was.target.version?, self.was.target.contract?);
        let is_last = own.service.versions().iter().last() == Some(from) && own.service.told_apart().is_some();
        let is_named = is.target.version == Some(from) && from != Version::FIRST;
        if !is_last || !is_named || !self.looks() {
            return None;
        }
        let later = api(is)?.iter().filter(|version| *version > from).collect::<Vec<_>>();
        let valid = valid(is)?;
        let wrong = later.iter().copied().find(|version| !valid.contains(*version));
        let poorer = || later.iter().copied().find_map(|version| Some((version, self.lost(is, from, version)?)));
        let (version, told, rule) = match wrong {
            Some(version) => (version, "the request is wrong".to_owned(), None),
            None => poorer().map(|(version, (_, told, rule))| (version, told, rule))?,
        };
        let reaches = |ruling: &Ruling<'_>| api(ruling).is_some_and(|api| api.contains(version));
        let since = Since { release: self.first_release(reaches), version: Some(version) };
        let what =
            format!("the client looks for versions and took the last, {from}; if it takes {version} or later, {told}");
        let place = if wrong.is_some() { "version" } else { "answer" }.to_owned();
        Some(Fate { place, rule, ..self.fate(Answer::Unknown, since, what) })
    }

    /// The catalog leads to another API version than the one that was asked.
    fn led_elsewhere(&self) -> Option<Fate> {
        let own = self.was.target.contract?;
        let entry = own.service.catalog.first()?;
        // A client takes the rest of the path as it comes, with or without the project.
        let roots_in = |contracts: &Contracts| -> Vec<String> {
            let entries = contracts.living().flat_map(|contract| &contract.service.catalog);
            entries.filter(|other| other.kind == entry.kind).map(|other| other.root().to_owned()).collect()
        };
        let leads_elsewhere = |contracts: &&Contracts| !roots_in(contracts).iter().any(|root| root == entry.root());
        let first = self.upgrade.chain.iter().rev().take_while(leads_elsewhere).last()?;
        let roots = roots_in(self.upgrade.chain.last()?);
        let root = roots.first().map_or("nowhere", String::as_str);
        let release = first.release().map(|release| release.name.clone()).unwrap_or_default();
        let what = format!(
            "the catalog leads to {root} for the service {:?}, no longer to {}; a recording cannot show what the client asks there",
            entry.kind,
            entry.root()
        );
        let since = Since { release, version: None };
        let fate = self.fate(Answer::Unknown, since, what);
        // It is told once for the service, not for each request.
        Some(Fate {
            place: "catalog".to_owned(),
            operation: None,
            version: None,
            request: own.service.name.clone(),
            ..fate
        })
    }
}

fn failing<'r>(ruling: &'r Ruling<'_>) -> Option<&'r Violation> {
    ruling.findings.violations.iter().find(|violation| violation.code.row().fails)
}

/// The versions in which the request would be right.
fn valid(ruling: &Ruling<'_>) -> Option<Versions> {
    let Next::Ask { question, .. } = &ruling.next else { return None };
    let api = question.contract.service.versions();
    let (schemas, query) = (&question.table.schemas, question.query.to_document());
    Some(Judgement::new(question.operation, schemas, api, Some(&query), question.body).valid())
}

/// The versions that the service has.
fn api(ruling: &Ruling<'_>) -> Option<Versions> {
    ruling.target.contract.map(|contract| contract.service.versions())
}

/// The path without the query.
fn path(interaction: &Interaction) -> &str {
    interaction.request.target.split('?').next().unwrap_or_default()
}
