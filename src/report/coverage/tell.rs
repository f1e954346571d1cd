//! Coverage as text, JSON and HTML.

use askama::Template;

use super::point::{Coverage, Covered, Kind, Point};
use crate::base::json::{Value, json};
use crate::report::page::{STYLE, policy};

/// How wide a line of text may be, and how far its lists are moved in.
const WIDTH: usize = 120;
const INDENT: usize = 16;

#[derive(Template)]
#[template(path = "coverage.html")]
struct Page<'c> {
    policy: String,
    style: &'static str,
    coverage: &'c Coverage,
}

/// How many percent `touched` of `all` are, rounded down; of nothing everything is touched.
pub fn percent((touched, all): (usize, usize)) -> u32 {
    (100 * touched).checked_div(all).map_or(100, |percent| u32::try_from(percent).unwrap_or(100))
}

impl Coverage {
    /// Of each kind how much is touched, how much there is, and percent.
    pub fn counts(&self) -> Vec<(&'static str, usize, usize, u32)> {
        let of = |(name, kind)| {
            let count = self.count(Some(kind));
            (name, count.0, count.1, percent(count))
        };
        Kind::ALL.into_iter().map(of).collect()
    }

    /// The counts, then what is not touched of each operation.
    pub fn text(&self) -> String {
        let counts = self.counts().into_iter();
        let counts = counts.map(|(name, touched, all, percent)| format!("{name:14}{touched} of {all}   {percent} %\n"));
        counts.chain(self.0.iter().map(Covered::text)).collect()
    }

    /// All there is.
    pub fn json(&self) -> String {
        let totals = self.counts().into_iter().map(|(name, touched, all, percent)| {
            (name.to_owned(), json!({"touched": touched, "of": all, "percent": percent}))
        });
        let operations: Vec<Value> = self.0.iter().map(Covered::json).collect();
        let totals: crate::base::json::Map = totals.collect();
        format!("{:#}\n", json!({"mockstack": "coverage", "totals": totals, "operations": operations}))
    }

    /// A page.
    pub fn html(&self) -> String {
        let page = Page { policy: policy(false), style: STYLE, coverage: self };
        // Rendering to memory does not fail.
        page.render().unwrap_or_default()
    }
}

impl Covered {
    /// Those of a kind.
    pub fn of(&self, kind: &Kind) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(move |own| own.kind == *kind)
    }

    /// The kinds below an operation of which it has any, with names and counts.
    pub fn kinds(&self) -> Vec<(&'static str, Kind, usize, usize)> {
        let count = |kind: Kind| (self.of(&kind).filter(|own| own.is_touched).count(), self.of(&kind).count());
        let kinds = Kind::ALL.into_iter().filter(|(_, kind)| *kind != Kind::Operations);
        let counted = kinds.map(|(name, kind)| (name, kind, count(kind).0, count(kind).1));
        counted.filter(|(.., all)| *all > 0).collect()
    }

    fn text(&self) -> String {
        if self.requests == 0 {
            return format!("\n{}   not asked\n", self.operation);
        }
        let kinds = self.kinds().into_iter().map(|(name, kind, touched, all)| {
            let missed: Vec<&str> = self.of(&kind).filter(|own| !own.is_touched).map(|own| own.what.as_str()).collect();
            let missed = if missed.is_empty() { String::new() } else { format!(", not {}", missed.join(", ")) };
            wrapped(&format!("  {name:INDENT$}{touched} of {all}{missed}", INDENT = INDENT - 2))
        });
        format!("\n{} ×{}\n{}", self.operation, self.requests, kinds.collect::<String>())
    }

    fn json(&self) -> Value {
        let of = |kind: Kind| -> Vec<Value> {
            self.of(&kind).map(|own| json!({"what": own.what, "touched": own.is_touched})).collect()
        };
        json!({
            "operation": &*self.operation, "requests": self.requests, "fields": of(Kind::Fields),
            "boundaries": of(Kind::Boundaries), "faults": of(Kind::Faults),
        })
    }
}

/// `line` in lines of at most [`WIDTH`] characters, where its items leave room for that.
fn wrapped(line: &str) -> String {
    let (mut out, mut width) = (String::new(), 0);
    for (place, part) in line.split(", ").enumerate() {
        let length = part.chars().count() + 2;
        if place > 0 {
            out.push(',');
            let is_full = width + length > WIDTH;
            out.push_str(&if is_full { format!("\n{}", " ".repeat(INDENT)) } else { " ".to_owned() });
            width = if is_full { INDENT } else { width };
        }
        out.push_str(part);
        width += length;
    }
    out + "\n"
}
