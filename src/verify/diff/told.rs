//! A difference of recordings, as text.

use std::fmt;

use super::{Diff, Difference, Part};

/// So many lines an operation gets; the JSON has all.
const MOST: usize = 10;

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (operation, differences) in &self.differences {
            writeln!(f, "{operation}")?;
            let lines: Vec<(String, String)> = differences.iter().take(MOST).map(Difference::told).collect();
            let width = lines.iter().map(|(place, _)| place.chars().count()).max().unwrap_or_default();
            lines.iter().try_for_each(|(place, text)| writeln!(f, "  {place:width$}  {text}"))?;
            match differences.len().saturating_sub(MOST) {
                0 => {}
                more => writeln!(f, "  … and {more} more")?,
            }
            writeln!(f)?;
        }
        let count: usize = self.differences.values().map(Vec::len).sum();
        let plural = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        writeln!(f, "{} compared, {}", plural(self.compared, "request"), plural(count as u64, "difference"))
    }
}

impl Difference {
    /// Where it is, and what each recording has there.
    fn told(&self) -> (String, String) {
        let (a, b) = (self.a.as_deref(), self.b.as_deref());
        let request = match (self.request_a, self.request_b) {
            (Some(a), Some(b)) if a == b => format!("request {a}"),
            (Some(a), Some(b)) => format!("request {a} · {b}"),
            (Some(one), None) | (None, Some(one)) => format!("request {one}"),
            (None, None) => String::new(),
        };
        let part = match self.part {
            Part::Presence => "",
            Part::Query => "query",
            Part::Request => "body",
            Part::Status => "status",
            Part::Answer => "answer",
            Part::Contract => "verdict",
        };
        let place = [request.as_str(), part, &self.pointer].into_iter().filter(|word| !word.is_empty());
        let text = match (a, b) {
            (Some(a), Some(b)) => format!("{a} in A, {b} in B"),
            (Some(a), None) => format!("only in A: {a}"),
            (None, Some(b)) => format!("only in B: {b}"),
            (None, None) => String::new(),
        };
        (place.collect::<Vec<_>>().join(" "), text)
    }
}
