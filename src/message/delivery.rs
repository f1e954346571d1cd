//! How an answer travels, where a fault makes that unusual.

use std::time::Duration;

/// How an answer travels; usually at once and whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// How long it is held back.
    pub delay: Option<Duration>,
    /// The body comes in pieces.
    pub drip: Option<Drip>,
    /// The connection ends before the answer does.
    pub interruption: Option<Interruption>,
}

/// A body that comes in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drip {
    /// The bytes of a piece, at least 1.
    pub bytes: usize,
    /// The time before each piece.
    pub pause: Duration,
}

/// How a connection ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// By a reset, without an answer.
    Reset,
    /// In order, without an answer.
    Close,
    /// After so many bytes of the body.
    Cut(usize),
}
