//! A request of the page, as its template needs it.

use std::sync::Arc;

use super::message;
use super::ruler::Axes;
use crate::base::Row as Labelled;
use crate::contract::quote;
use crate::recording::{Interaction, Refused};
use crate::report::outcome::Outcome;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It fails the run.
    Wrong,
    /// Something is wrong with it that does not fail the run.
    Allowed,
    /// It was right, and the cloud said no.
    Refused,
    /// It was right.
    Right,
}

impl Kind {
    /// All of them, the worst first.
    pub const ALL: [Kind; 4] = [Kind::Wrong, Kind::Allowed, Kind::Refused, Kind::Right];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Wrong => "wrong",
            Kind::Allowed => "allowed",
            Kind::Refused => "refused",
            Kind::Right => "right",
        }
    }
}

/// A request of the page.
#[derive(Debug)]
pub struct Row {
    /// What became of it.
    pub kind: Kind,
    /// Is it shown opened?
    pub open: bool,
    /// The interaction.
    pub own: Interaction,
    /// The HTML of the request and of the answer.
    pub request: String,
    pub answer: String,
    /// What the service says.
    pub words: Option<String>,
    /// Where it would be right, as an image.
    pub ruler: Option<String>,
    /// The lines of the rules that it breaks.
    pub rules: Vec<Quoted>,
}

/// Lines of a contract.
#[derive(Debug)]
pub struct Quoted {
    /// `FILE:LINE`
    pub place: String,
    /// Each line, with its number; whether it is the one.
    pub lines: Vec<(u32, &'static str, bool)>,
}

/// What rows are made with.
#[derive(Debug)]
pub struct Making<'o> {
    /// What the run came to.
    pub outcome: &'o Outcome,
    /// The axes of the rulers.
    pub axes: Axes,
    /// Are the rules those of this mockstack, so that it can quote them?
    pub is_quotable: bool,
}

impl Making<'_> {
    /// The row of `interaction`.
    pub fn row(&self, own: Interaction) -> Row {
        let kind = self.kind(&own);
        let (request, answer) = (message::request(&own), message::answer(&own));
        let is_wrong = !own.violations.is_empty() || own.refusal.is_some();
        let words = message::words(&own).filter(|_| is_wrong);
        let (ruler, rules) = (self.axes.ruler(&own), self.rules(&own));
        Row { kind, open: false, request, answer, words, ruler, rules, own }
    }

    fn kind(&self, own: &Interaction) -> Kind {
        match () {
            () if self.outcome.is_failing_request(own) => Kind::Wrong,
            () if !own.violations.is_empty() => Kind::Allowed,
            () if own.refusal.is_some() || own.status >= 400 => Kind::Refused,
            () => Kind::Right,
        }
    }

    fn rules(&self, own: &Interaction) -> Vec<Quoted> {
        const AROUND: u32 = 3;
        const MOST: usize = 3;
        let mut quoted: Vec<Quoted> = Vec::new();
        for place in own.violations.iter().filter_map(|violation| violation.rule.as_ref()).filter(|_| self.is_quotable)
        {
            let lines = quote(place, AROUND).into_iter().map(|(number, text)| (number, text, number == place.line));
            let one = Quoted { place: place.short(), lines: lines.collect() };
            if quoted.len() < MOST && !one.lines.is_empty() && quoted.iter().all(|other| other.place != one.place) {
                quoted.push(one);
            }
        }
        quoted
    }
}

impl Row {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.own.request.target.split('?').next().unwrap_or_default()
    }

    /// The id of the operation; nothing if it led to none.
    pub fn operation(&self) -> &str {
        self.own.operation.as_deref().unwrap_or_default()
    }

    /// The name of the service; nothing if none is there.
    pub fn service(&self) -> &str {
        self.own.service.as_deref().unwrap_or_default()
    }

    /// The version; nothing if its service has none.
    pub fn version(&self) -> String {
        self.own.version.map(|version| version.to_string()).unwrap_or_default()
    }

    /// The name of the test; nothing if it was in none.
    pub fn test(&self) -> Arc<str> {
        self.own.test.as_ref().map_or_else(|| "".into(), |label| Arc::clone(&label.name))
    }

    /// Where the test is.
    pub fn test_place(&self) -> Option<String> {
        self.own.test.as_ref().map(|label| label.told())
    }

    /// `22:24:25.220`
    pub fn clock(&self) -> String {
        let time = format!("{:.3}", self.own.time);
        time.get(11..23).unwrap_or(&time).to_owned()
    }

    /// What is wrong, and what to do: the rows of the diagnostic that are not shown elsewhere.
    pub fn diagnosis(&self) -> impl Iterator<Item = &Labelled> {
        let is_shown = |row: &&Labelled| row.label != "rule" || self.rules.is_empty();
        self.own.diagnostic.iter().flat_map(|diagnostic| &diagnostic.rows).filter(is_shown)
    }

    /// Why the cloud said no.
    pub fn refusal(&self) -> Option<&Refused> {
        self.own.refusal.as_ref()
    }
}
