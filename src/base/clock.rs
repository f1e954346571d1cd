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
    /// So far ahead of the machine's clock.
    Ahead(SignedDuration),
}

impl Clock {
    /// Now.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::Wall => Timestamp::now(),
            Clock::Frozen(instant) => *instant,
            Clock::Ahead(by) => Timestamp::now().saturating_add(*by).unwrap_or(Timestamp::MAX),
        }
    }

    /// The same clock, so much later.
    #[must_use]
    pub fn advanced(self, by: SignedDuration) -> Clock {
        match self {
            Clock::Wall => Clock::Ahead(by),
            Clock::Ahead(ahead) => Clock::Ahead(ahead.saturating_add(by)),
            Clock::Frozen(instant) => Clock::Frozen(instant.saturating_add(by).unwrap_or(Timestamp::MAX)),
        }
    }

    /// When a token that is issued now expires: after `lifetime`, or in 2100 when time is frozen.
    pub fn expiry(&self, lifetime: SignedDuration) -> Timestamp {
        match self {
            Clock::Wall | Clock::Ahead(_) => self.now().saturating_add(lifetime).unwrap_or(Timestamp::MAX),
            Clock::Frozen(_) => Timestamp::constant(4_102_444_800, 0),
        }
    }
}
