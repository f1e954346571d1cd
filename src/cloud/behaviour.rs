//! How long things take in the simulated cloud.

use jiff::Timestamp;

use crate::base::{Clock, Diagnostic, Node, unknown_key};

/// How long a server builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boot {
    /// It is shown in BUILD so many times, then ACTIVE. 0: ACTIVE at the first look, as most users want it.
    Polls(u64),
    /// It is in BUILD for so many seconds.
    Seconds(u64),
}

/// A change that is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// The server becomes ACTIVE after so many looks.
    ActiveAfterPolls(u64),
    /// The server becomes ACTIVE at this time.
    ActiveAt(Timestamp),
}

impl Boot {
    /// Reads `{polls: N}` or `{seconds: N}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<Boot, Diagnostic> {
        match node.entries()? {
            [(key, _, n)] if key == "polls" => Ok(Boot::Polls(n.integer()?)),
            [(key, _, n)] if key == "seconds" => Ok(Boot::Seconds(n.integer()?)),
            [(key, place, _)] => Err(unknown_key(key, place, &["polls", "seconds"])),
            _ => Err(node.expected("{polls: N} or {seconds: N}")),
        }
    }

    /// What a server that is booted now waits for.
    pub fn begin(self, clock: &Clock) -> Pending {
        match self {
            Boot::Polls(polls) => Pending::ActiveAfterPolls(polls),
            Boot::Seconds(seconds) => {
                let wait = jiff::SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
                Pending::ActiveAt(clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX))
            }
        }
    }
}

impl Pending {
    /// Has the time come? A look counts.
    pub fn is_due(&self, clock: &Clock) -> bool {
        match self {
            Pending::ActiveAfterPolls(polls) => *polls == 0,
            Pending::ActiveAt(instant) => clock.now() >= *instant,
        }
    }

    /// What is left to wait for after one more look.
    pub fn after_a_look(self) -> Pending {
        match self {
            Pending::ActiveAfterPolls(polls) => Pending::ActiveAfterPolls(polls.saturating_sub(1)),
            at => at,
        }
    }
}
