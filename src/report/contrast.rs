//! The changes from one contract to another, in each format.

use std::fmt::Write;

use super::github::annotation_of_place;
use super::markdown::cell;
use crate::base::json::json;
use crate::base::{Place, json::to_value};
use crate::contract::{Change, Changed, Level};

/// The changes from one contract to another.
#[derive(Clone, Copy, Debug)]
pub struct Contrast<'a> {
    /// What is called A.
    pub from: &'a str,
    /// What is called B.
    pub to: &'a str,
    /// The changes, in the order of the operations.
    pub changes: &'a [Change<'a>],
}

impl Contrast<'_> {
    /// How many changes have that level.
    fn count(&self, level: Level) -> usize {
        self.changes.iter().filter(|change| change.level == level).count()
    }

    /// `2 breaking, 0 warning, 1 information`
    fn counts(&self) -> String {
        Level::ALL.map(|(name, level)| format!("{} {name}", self.count(level))).join(", ")
    }

    /// A block for each operation, for people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut before = None;
        for change in self.changes {
            if before != Some(&change.operation) {
                line(&mut out, format!("{}{}", if before.is_some() { "\n" } else { "" }, change.operation));
                before = Some(&change.operation);
            }
            line(&mut out, format!("  {:11}  {}", change.level.name(), told(change)));
            line(&mut out, format!("  {:11}  {} · {}", "", places(change), change.fingerprint()));
        }
        let space = if before.is_some() { "\n" } else { "" };
        line(&mut out, format!("{space}{} → {}: {}", self.from, self.to, self.counts()));
        out
    }

    /// A table, for a comment on a pull request.
    pub fn markdown(&self) -> String {
        let mut out = format!("## {} → {}: {}\n", self.from, self.to, self.counts());
        if !self.changes.is_empty() {
            line(&mut out, "\n| level | operation | change | rule |\n| --- | --- | --- | --- |");
        }
        for change in self.changes {
            let (told, places) = (cell(&told(change)), cell(&places(change)));
            line(&mut out, format!("| {} | `{}` | {told} | {places} |", change.level.name(), change.operation));
        }
        out
    }

    /// An annotation for each change, at the rule of B or else of A.
    pub fn github(&self) -> String {
        let level = |level| match level {
            Level::Breaking => "error",
            Level::Warning => "warning",
            Level::Information => "notice",
        };
        let annotation = |change: &Change<'_>| {
            let title = format!("{}: {}", change.level.name(), change.operation);
            annotation_of_place(level(change.level), change.now.as_ref().or(change.was.as_ref()), &title, &told(change))
        };
        self.changes.iter().map(annotation).collect()
    }

    /// All of it as JSON.
    pub fn json(&self) -> String {
        let counts: crate::base::json::Map =
            Level::ALL.iter().map(|(name, level)| ((*name).to_owned(), json!(self.count(*level)))).collect();
        let changes = to_value(&self.changes).unwrap_or_default();
        let (from, to) = (self.from, self.to);
        format!(
            "{:#}\n",
            json!({"from": from, "to": to, "counts": crate::base::json::Value::Object(counts), "changes": changes})
        )
    }
}

/// `body /server/tags: may be there`
fn told(change: &Change<'_>) -> String {
    match change.part {
        Changed::Service | Changed::Operation => change.text.clone(),
        part => {
            let words = [part.to_string(), change.pointer.clone()];
            let place: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            format!("{}: {}", place.join(" "), change.text)
        }
    }
}

/// The rule, or what it was before and what it is now.
fn places(change: &Change<'_>) -> String {
    let (was, now) = (change.was.as_ref().map(Place::short), change.now.as_ref().map(Place::short));
    match (was, now) {
        (Some(was), Some(now)) if was != now => format!("{was} → {now}"),
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => "contracts/releases.yaml".to_owned(),
    }
}

fn line(out: &mut String, text: impl AsRef<str>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", text.as_ref());
}
