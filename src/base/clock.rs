//! The time, handed in: frozen in tests and with `--clock`, the wall clock otherwise (clients compare token times with it).

use jiff::{SignedDuration, Timestamp};

/// A source of the current time.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Wall,
    /// Always the same instant.
    Frozen(Timestamp),
}

impl Clock {
    /// Now.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::Wall => Timestamp::now(),
            Clock::Frozen(instant) => *instant,
        }
    }

    /// When a token that is issued now expires: after `lifetime`, or in 2100 when time is frozen.
    pub fn expiry(&self, lifetime: SignedDuration) -> Timestamp {
        match self {
            Clock::Wall => self.now().saturating_add(lifetime).unwrap_or(Timestamp::MAX),
            Clock::Frozen(_) => Timestamp::constant(4_102_444_800, 0),
        }
    }
}
