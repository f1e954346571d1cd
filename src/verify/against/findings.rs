//! What a run finds out about each operation.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What one request found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The cloud kept the contract.
    Verified,
    /// It did not, and how.
    Violated(String),
    /// It is unclear, and why.
    Undecided(String),
}

/// What a run finds out about each operation.
#[derive(Clone, Debug, Default)]
pub struct Findings(BTreeMap<Arc<str>, Tally>);

#[derive(Clone, Debug, Default)]
struct Tally {
    verified: u64,
    violated: u64,
    undecided: u64,
    why_violated: Option<String>,
    why_undecided: Option<String>,
}

impl Findings {
    /// Adds what a request of `operation` found out.
    pub fn add(&mut self, operation: &Arc<str>, answer: Answer) {
        let tally = self.0.entry(Arc::clone(operation)).or_default();
        match answer {
            Answer::Verified => tally.verified += 1,
            Answer::Violated(why) => {
                tally.violated += 1;
                tally.why_violated.get_or_insert(why);
            }
            Answer::Undecided(why) => {
                tally.undecided += 1;
                tally.why_undecided.get_or_insert(why);
            }
        }
    }

    /// The number of operations without a result.
    pub fn undecided(&self) -> usize {
        self.0.values().filter(|tally| tally.verified == 0 && tally.violated == 0).count()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.keys().map(|name| name.len()).max().unwrap_or_default();
        for (operation, tally) in &self.0 {
            let Tally { verified, violated, undecided, why_violated, why_undecided } = tally;
            let all = verified + violated + undecided;
            let (word, count, why) = match (violated, verified) {
                (1.., _) => ("violated", violated, why_violated.as_deref()),
                (0, 1..) => ("verified", verified, why_undecided.as_deref()),
                (0, 0) => ("could not tell", undecided, why_undecided.as_deref()),
            };
            let count = if *count == all { format!("{all}") } else { format!("{count} of {all}") };
            let line = format!("{word:<15} {operation:<width$}  {count:<8} {}", why.unwrap_or_default());
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
