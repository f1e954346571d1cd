//! The secrets that came up, without themselves.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

use foldhash::{HashMap, HashSet};

use super::Kind;

/// So many secrets are told apart; of more the oldest are forgotten, and get another number should they come again.
const MOST: usize = 65_536;

/// The placeholder of a secret: its kind, and its number among those of its kind, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What it is.
    pub kind: Kind,
    /// Its number in the recording.
    pub number: u64,
}

impl std::fmt::Display for Placeholder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} {}]", self.kind, self.number)
    }
}

/// Keyed hashes of secrets: enough to know one again, not to find it.
#[derive(Debug, Default)]
pub struct Known {
    key: RandomState,
    entries: HashMap<u64, Entry>,
    order: VecDeque<u64>,
    counts: HashMap<Kind, u64>,
    /// What is no secret, as the user says.
    kept: HashSet<u64>,
    /// The lengths of the secrets, as bits: a word of another length needs no hash.
    lengths: u128,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    placeholder: Placeholder,
    /// May it be looked for in other requests too, or is it as well an ordinary word?
    telling: bool,
}

/// The bit of the length of `secret`; all that are long share one.
fn length(secret: &str) -> u128 {
    1 << secret.len().min(127)
}

impl Known {
    /// Takes no number up to `number` for a secret of that `kind`: an earlier redaction did.
    pub fn reserve(&mut self, kind: Kind, number: u64) {
        let count = self.counts.entry(kind).or_default();
        *count = number.max(*count);
    }

    /// The placeholder of `secret`, which is a `kind` if it is new.
    pub fn placeholder(&mut self, kind: Kind, secret: &str, telling: bool) -> Placeholder {
        let hash = self.key.hash_one(secret);
        if let Some(entry) = self.entries.get(&hash) {
            return entry.placeholder;
        }
        if self.entries.len() == MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let placeholder = Placeholder { kind, number: *count };
        self.lengths |= length(secret);
        self.entries.insert(hash, Entry { placeholder, telling });
        self.order.push_back(hash);
        placeholder
    }

    /// Remembers that `word` is not a secret. Beyond the limit, further words are redacted.
    pub fn keep(&mut self, word: &str) {
        if self.kept.len() < MOST {
            self.kept.insert(self.key.hash_one(word));
        }
    }

    /// Is it one of those?
    pub fn is_kept(&self, word: &str) -> bool {
        self.kept.contains(&self.key.hash_one(word))
    }

    /// How many secrets there were of each kind.
    pub fn counts(&self) -> Vec<(Kind, u64)> {
        let mut counts: Vec<(Kind, u64)> = self.counts.iter().map(|(kind, count)| (*kind, *count)).collect();
        counts.sort_unstable();
        counts
    }

    /// The kind of the secret that `word` was in an earlier request.
    pub fn kind(&self, word: &str) -> Option<Kind> {
        if self.lengths & length(word) == 0 {
            return None;
        }
        let entry = self.entries.get(&self.key.hash_one(word)).filter(|entry| entry.telling)?;
        Some(entry.placeholder.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded() {
        let mut known = Known::default();
        for n in 0..MOST + 10 {
            known.placeholder(Kind::Token, &n.to_string(), true);
        }
        assert_eq!((known.entries.len(), known.order.len()), (MOST, MOST));
        assert_eq!((known.kind("0"), known.kind("100")), (None, Some(Kind::Token)));
    }
}
