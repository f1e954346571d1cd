//! What is known of secrets between exchanges.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use super::clean::Clean;
use super::known::Known;
use super::values::Prepared;
use crate::base::Patterns;

/// Replaces secrets. The same secret always gets the same placeholder, so that a recording still shows who asked what. It keeps
/// only keyed hashes of secrets, a bounded number, and the last few as they are looked for.
#[derive(Debug, Default)]
pub struct Redactor {
    pub(super) known: Mutex<Known>,
    pub(super) prepared: Mutex<Prepared>,
    /// Texts that came up and hold no secret.
    pub(super) clean: Mutex<Clean>,
    /// How often a placeholder was written in what is kept.
    pub(super) places: AtomicU64,
    /// What the user decided.
    pub(super) decisions: Decisions,
}

/// The user's decisions on places in bodies where a value looks like a secret but is not marked as one.
#[derive(Debug, Default)]
pub struct Decisions {
    /// It is one.
    pub redact: Patterns,
    /// It is not a secret, and is kept everywhere.
    pub keep: Patterns,
}
