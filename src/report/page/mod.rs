//! The outcome as a page for browsers: one file that asks nobody for anything.

mod filters;
mod json;
mod message;
mod row;
mod ruler;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use self::row::{Kind, Making, Row};
use self::ruler::Axes;
use super::coverage::{Coverage, Fields, Suite};
use super::outcome::Outcome;
use super::text::notes;
use crate::contract::Contracts;
use crate::recording::{Diagnosis, Interaction};

/// The style of pages.
pub const STYLE: &str = include_str!("../../../templates/page.css");
const SCRIPT: &str = include_str!("../../../templates/page.js");

/// So many requests that fail the run are shown opened.
const OPENED: usize = 5;

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'o> {
    policy: String,
    style: &'static str,
    script: &'static str,
    outcome: &'o Outcome,
    is_live: bool,
    axes: String,
    requests: String,
    /// What of its operations the run touched; of one that goes on a page of its own tells it.
    coverage: Option<Coverage>,
    last: u64,
    kinds: Vec<(&'static str, usize)>,
    services: Vec<(String, usize)>,
    /// Complaints about requests that are not kept.
    others: Vec<&'o Diagnosis>,
    notes: Vec<(&'static str, String)>,
    left_out: u64,
}

/// Rows of the list.
#[derive(Template)]
#[template(path = "requests.html")]
struct Requests {
    rows: Vec<Row>,
}

/// The part above the list.
#[derive(Template)]
#[template(path = "verdict.html")]
struct Verdict<'o> {
    outcome: &'o Outcome,
    is_live: bool,
    notes: Vec<(&'static str, String)>,
}

/// The page as a file.
pub fn html(outcome: &Outcome) -> String {
    page(outcome, false)
}

/// The page as a server has it, which keeps it up to date.
pub fn live(outcome: &Outcome) -> String {
    page(outcome, true)
}

/// What is new on a live page since the request of that place: the verdict, and the rows after it.
#[derive(Debug)]
pub struct News {
    /// The HTML of the verdict.
    pub verdict: String,
    /// The HTML of the rows.
    pub rows: String,
    /// The place of the last of them.
    pub last: u64,
}

impl News {
    /// What is new after the request at the place `after`.
    pub fn since(outcome: &Outcome, after: u64) -> News {
        let (making, _) = making(outcome);
        let rows: Vec<Row> = outcome.journal.kept.after(after).map(|own| making.row(own)).collect();
        let last = rows.last().map_or(after, |row| row.own.sequence);
        let verdict = rendered(&Verdict { outcome, is_live: true, notes: notes(outcome) });
        News { verdict, rows: rendered(&Requests { rows }), last }
    }
}

fn page(outcome: &Outcome, is_live: bool) -> String {
    let (making, own) = making(outcome);
    let mut rows: Vec<Row> = outcome.journal.kept.after(0).map(|own| making.row(own)).collect();
    rows.iter_mut().filter(|row| row.kind == Kind::Wrong).take(OPENED).for_each(|row| row.open = true);
    let is_shown = |diagnosis: &&Diagnosis| rows.iter().any(|row| row.own.sequence == diagnosis.sequence);
    let page = Page {
        policy: policy(is_live),
        style: STYLE,
        script: SCRIPT,
        outcome,
        is_live,
        axes: making.axes.defined(),
        last: rows.last().map_or(0, |row| row.own.sequence),
        kinds: kinds(&rows),
        services: services(&rows),
        others: outcome.journal.diagnoses.iter().filter(|diagnosis| !is_shown(diagnosis)).collect(),
        notes: notes(outcome),
        left_out: outcome.journal.requests.saturating_sub(rows.len() as u64),
        coverage: own.filter(|_| !is_live).and_then(|own| covered(&own, rows.iter().map(|row| &row.own))),
        requests: rendered(&Requests { rows }),
    };
    rendered(&page)
}

/// What the kept requests of a run touch of their own operations, as a page.
pub fn coverage(outcome: &Outcome) -> Option<String> {
    let kept: Vec<Interaction> = outcome.journal.kept.after(0).collect();
    let (_, own) = making(outcome);
    Some(covered(&own?, kept.iter())?.html())
}

fn covered<'i>(contracts: &Contracts, kept: impl Iterator<Item = &'i Interaction>) -> Option<Coverage> {
    let (mut suite, mut fields) = (Suite::default(), Fields::new(contracts));
    for interaction in kept {
        suite.add(&mut fields, interaction).ok()?;
    }
    (!suite.is_empty()).then(|| Coverage::of(&suite, None, &[]))
}

/// What rows are made with, and the contracts of the release that the cloud of the run was.
fn making(outcome: &Outcome) -> (Making<'_>, Option<Contracts>) {
    let contracts = Contracts::embedded().ok();
    let run = &outcome.ending.run;
    let axes = contracts.as_ref().map(Axes::of).unwrap_or_default();
    let own = contracts.and_then(|contracts| match &run.release {
        Some(release) => contracts.of_release(release).ok(),
        None => Some(contracts),
    });
    let is_quotable = own.as_ref().is_some_and(|own| run.contracts.as_ref() == Some(&own.revision()));
    (Making { outcome, axes, is_quotable }, own)
}

/// Rendering to memory does not fail.
fn rendered(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

/// What the page may do: nothing but run what is in it.
pub fn policy(is_live: bool) -> String {
    let of = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let connect = if is_live { "'self'" } else { "'none'" };
    format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; connect-src {connect}; base-uri 'none'; form-action 'none'",
        of(STYLE),
        of(SCRIPT)
    )
}

fn kinds(rows: &[Row]) -> Vec<(&'static str, usize)> {
    let count = |kind: Kind| rows.iter().filter(|row| row.kind == kind).count();
    Kind::ALL.into_iter().map(|kind| (kind.name(), count(kind))).filter(|(_, count)| *count > 0).collect()
}

fn services(rows: &[Row]) -> Vec<(String, usize)> {
    let mut all = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|row| !row.service().is_empty()) {
        *all.entry(row.service().to_owned()).or_insert(0) += 1;
    }
    all.into_iter().collect()
}
