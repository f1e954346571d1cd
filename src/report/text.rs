//! The verdict as text for people.

use std::fmt::Write;

use super::outcome::Outcome;

const RED: &str = "\u{1b}[1;31m";
const GREEN: &str = "\u{1b}[1;32m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// The verdict: what was asked, each complaint, the refusals, the unused rules, and last the line that says how it ended.
/// It holds colours; whoever prints it to something that is no terminal strips them.
pub fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    let mut say = |line: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{line}");
    };
    let journal = &outcome.journal;
    for diagnosis in &journal.diagnoses {
        let text = diagnosis.diagnostic.to_string();
        let (headline, rows) = text.split_once('\n').unwrap_or((&text, ""));
        let times = if diagnosis.times > 1 { format!("   ×{}", diagnosis.times) } else { String::new() };
        say(format!("{BOLD}{headline}{PLAIN}{times}"));
        say(rows.to_owned());
    }
    let served: Vec<String> = journal.operations.iter().filter(|(id, _)| !id.is_empty()).map(|(id, n)| format!("{id} {n}")).collect();
    say(format!("{} requests, {} accepted{}", journal.requests, journal.accepted, if served.is_empty() { "" } else { ":" }));
    wrap(&served, &mut say);
    for ((code, operation), tally) in &journal.refusals {
        let about = if operation.is_empty() { "an action" } else { operation };
        say(format!("refused       {code} ×{}   {about}   {}", tally.times, tally.example));
    }
    for rule in &outcome.unused_allows {
        say(format!("unused        --allow {rule} allowed nothing; drop it"));
    }
    for reason in &outcome.reasons {
        say(format!("fails         {}", reason.text));
    }
    let name = outcome.reasons.first().map_or("clean", |reason| reason.name);
    let colour = if outcome.is_clean() { GREEN } else { RED };
    say(format!("{colour}verdict       {name} (exit code {}){PLAIN}", outcome.exit_code));
    out
}

/// The items, as many in a line as fit into 100 columns.
fn wrap(items: &[String], say: &mut impl FnMut(String)) {
    let mut line = String::new();
    for item in items {
        if line.chars().count() + item.chars().count() > 96 {
            say(std::mem::take(&mut line));
        }
        line += if line.is_empty() { "  " } else { " · " };
        line += item;
    }
    if !line.is_empty() {
        say(line);
    }
}
