//! How long operations take in the simulated cloud, and whether they succeed.

use jiff::{SignedDuration, Timestamp};

use super::vm_state::VmState;
use crate::base::{Clock, Diagnostic, Node, unknown_key};

/// How long something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The number of polls that show it in progress. 0: it is done at the first poll, as most users want it.
    Polls(u64),
    /// It is under way for so many seconds.
    Seconds(u64),
}

/// How boots go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boot {
    /// How long a server builds.
    pub pace: Pace,
    /// Why it ends in ERROR, if it does.
    pub fails: Option<String>,
}

/// A change that is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    due: Due,
    /// What it is.
    pub then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    AfterPolls(u64),
    At(Timestamp),
}

/// What happens to a resource when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// A server gets its host and runs.
    Launch,
    /// A server finds no host, or fails.
    Fail,
    /// A server gets its host and runs, and fails so many polls later.
    Falter {
        /// How many.
        polls: u64,
    },
    /// A server completes its action.
    Rest(VmState),
    /// A server completes an action of which its hypervisor knows nothing: it runs, or is off, as before.
    Note(VmState),
    /// A server completes its action and is launched again.
    Relaunch(VmState),
    /// A resize is confirmed, as nobody has done it.
    Confirm,
    /// A server is gone.
    Vanish,
    /// An image has its data.
    Save,
}

impl Pace {
    /// Reads `{polls: N}` or `{seconds: N}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<Pace, Diagnostic> {
        match node.entries()? {
            [(key, place, n)] => Pace::of(key, n)?.ok_or_else(|| unknown_key(key, place, &["polls", "seconds"])),
            _ => Err(node.expected("{polls: N} or {seconds: N}")),
        }
    }

    /// Reads `polls` or `seconds` among other keys, if one is there.
    ///
    /// # Errors
    /// Both are there, or it is no number.
    pub fn among(node: &Node) -> Result<Option<Pace>, Diagnostic> {
        match (node.get("polls"), node.get("seconds")) {
            (Some(_), Some(_)) => Err(node.expected("either polls or seconds").row("fix", "drop one of the two")),
            (Some(polls), None) => Pace::of("polls", polls),
            (None, Some(seconds)) => Pace::of("seconds", seconds),
            (None, None) => Ok(None),
        }
    }

    fn of(key: &str, n: &Node) -> Result<Option<Pace>, Diagnostic> {
        Ok(match key {
            "polls" => Some(Pace::Polls(n.integer()?)),
            "seconds" => Some(Pace::Seconds(n.integer()?)),
            _ => None,
        })
    }

    /// What waits for `then` to happen.
    pub fn begin(self, then: Then, clock: &Clock) -> Pending {
        let due = match self {
            Pace::Polls(polls) => Due::AfterPolls(polls),
            Pace::Seconds(seconds) => {
                let wait = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
                Due::At(clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX))
            }
        };
        Pending { due, then }
    }
}

impl Boot {
    /// A boot that succeeds by the first poll.
    pub const AT_ONCE: Boot = Boot { pace: Pace::Polls(0), fails: None };

    /// Reads `{polls: N}` or `{seconds: N}`, and `{fails: TEXT}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<Boot, Diagnostic> {
        node.only(&["polls", "seconds", "fails"])?;
        let pace = Pace::among(node)?.unwrap_or(Boot::AT_ONCE.pace);
        Ok(Boot { pace, fails: node.optional("fails")? })
    }
}

impl Pending {
    /// Is it due? A poll counts.
    pub fn is_due(&self, clock: &Clock) -> bool {
        match self.due {
            Due::AfterPolls(polls) => polls == 0,
            Due::At(instant) => clock.now() >= instant,
        }
    }

    /// The same wait for something else.
    pub fn with(self, then: Then) -> Pending {
        Pending { then, ..self }
    }

    /// What is left to wait for after one more poll.
    pub fn after_a_look(self) -> Pending {
        let due = match self.due {
            Due::AfterPolls(polls) => Due::AfterPolls(polls.saturating_sub(1)),
            at => at,
        };
        Pending { due, ..self }
    }
}
