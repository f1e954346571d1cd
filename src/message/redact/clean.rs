//! Texts that hold no secret: clients send most of theirs again and again.

use foldhash::HashMap;

/// So many are remembered; then it starts anew.
const MOST: usize = 128;

/// No longer text is remembered.
const LONGEST: usize = 128;

/// The texts in which nothing was found, and whether what looks random was looked for too.
#[derive(Debug, Default)]
pub struct Clean(HashMap<Box<str>, bool>);

impl Clean {
    /// Was `text` looked through, as closely as is asked for, and nothing found?
    pub fn contains(&self, text: &str, is_open: bool) -> bool {
        self.0.get(text).is_some_and(|was_open| *was_open || !is_open)
    }

    /// Remembers that `text` holds no secret. It encodes no other text, so that a secret which it holds stands in it as it is.
    pub fn add(&mut self, text: &str, is_open: bool) {
        if text.len() > LONGEST {
            return;
        }
        if let Some(was_open) = self.0.get_mut(text) {
            *was_open |= is_open;
            return;
        }
        if self.0.len() == MOST {
            self.0.clear();
        }
        self.0.insert(text.into(), is_open);
    }

    /// `secret` is one from now on, also where it was met before.
    pub fn forget(&mut self, secret: &str) {
        self.0.retain(|text, _| !text.contains(secret));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_out_to_be_a_secret_is_not_clean() {
        let mut clean = Clean::default();
        clean.add("vm for correct-horse", false);
        assert!(clean.contains("vm for correct-horse", false) && !clean.contains("vm for correct-horse", true));
        clean.add("vm for correct-horse", true);
        clean.forget("wrong-horse");
        assert!(clean.contains("vm for correct-horse", true));
        clean.forget("correct-horse");
        assert!(!clean.contains("vm for correct-horse", false));
    }

    #[test]
    fn memory_is_bounded() {
        let mut clean = Clean::default();
        (0..MOST * 3).for_each(|n| clean.add(&n.to_string(), true));
        clean.add(&"x".repeat(LONGEST + 1), true);
        assert!(clean.0.len() <= MOST && !clean.contains(&"x".repeat(LONGEST + 1), true));
    }
}
