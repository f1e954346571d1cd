//! Texts that hold no secret: clients send most of theirs again and again.

use foldhash::HashMap;
use memchr::memmem;

/// So many are remembered, and as many that came up before them.
const MOST: usize = 128;

/// No longer text is remembered.
const LONGEST: usize = 128;

/// The texts in which nothing was found. Of those that came up only before the last [`MOST`] new ones nothing is left.
#[derive(Debug, Default)]
pub struct Clean {
    new: Texts,
    old: Texts,
}

/// Texts, and whether what looks random was looked for too.
#[derive(Debug, Default)]
struct Texts {
    texts: HashMap<Box<str>, bool>,
    /// All of them in a row, and some that are no longer there: most secrets are in none, which one search tells.
    row: String,
}

impl Texts {
    fn forget(&mut self, secret: &memmem::Finder<'_>) {
        if secret.find(self.row.as_bytes()).is_some() {
            self.texts.retain(|text, _| secret.find(text.as_bytes()).is_none());
        }
    }
}

impl Clean {
    /// Was `text` looked through, as closely as is asked for, and nothing found?
    pub fn contains(&mut self, text: &str, is_open: bool) -> bool {
        let closely = |was_open: &bool| *was_open || !is_open;
        if self.new.texts.get(text).is_some_and(closely) {
            return true;
        }
        let is_old = self.old.texts.get(text).is_some_and(closely);
        if is_old && let Some((text, was_open)) = self.old.texts.remove_entry(text) {
            self.put(text, was_open);
        }
        is_old
    }

    /// Remembers that `text` holds no secret. It encodes no other text, so that a secret which it holds stands in it as it is.
    pub fn add(&mut self, text: &str, is_open: bool) {
        if text.len() > LONGEST {
            return;
        }
        match self.new.texts.get_mut(text) {
            Some(was_open) => *was_open |= is_open,
            None => self.put(text.into(), is_open),
        }
    }

    fn put(&mut self, text: Box<str>, is_open: bool) {
        // Those that were forgotten are in the row still.
        if self.new.texts.len() == MOST || self.new.row.len() > MOST * LONGEST {
            self.old = std::mem::take(&mut self.new);
        }
        self.new.row.push_str(&text);
        self.new.row.push('\n');
        self.new.texts.insert(text, is_open);
    }

    /// `secret` is one from now on, also where it was met before.
    pub fn forget(&mut self, secret: &str) {
        let secret = memmem::Finder::new(secret);
        self.new.forget(&secret);
        self.old.forget(&secret);
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
    fn what_comes_up_again_and_again_stays() {
        let mut clean = Clean::default();
        clean.add("often", true);
        clean.add("once", true);
        for n in 0..MOST * 3 {
            clean.add(&n.to_string(), true);
            assert!(clean.contains("often", true));
        }
        assert!(!clean.contains("once", false));
    }

    #[test]
    fn memory_is_bounded() {
        let mut clean = Clean::default();
        (0..MOST * 3).for_each(|n| clean.add(&n.to_string(), true));
        clean.add(&"x".repeat(LONGEST + 1), true);
        assert!(clean.new.row.len() + clean.old.row.len() < 4 * MOST * LONGEST);
        assert!(
            clean.new.texts.len() + clean.old.texts.len() <= 2 * MOST
                && !clean.contains(&"x".repeat(LONGEST + 1), true)
        );
    }
}
