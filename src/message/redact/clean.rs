//! Texts that hold no secret: clients send most of theirs again and again.

use foldhash::HashMap;
use memchr::memmem;

/// So many are remembered, and as many that came up before them.
const MOST: usize = 128;

/// No longer text is remembered.
const LONGEST: usize = 128;

/// The texts in which nothing was found, and whether what looks random was looked for too. Of those that came up only before the last
/// [`MOST`] new ones nothing is left.
#[derive(Debug, Default)]
pub struct Clean {
    new: Texts,
    old: Texts,
}

type Texts = HashMap<Box<str>, bool>;

impl Clean {
    /// Was `text` looked through, as closely as is asked for, and nothing found?
    pub fn contains(&mut self, text: &str, is_open: bool) -> bool {
        let closely = |was_open: &bool| *was_open || !is_open;
        if self.new.get(text).is_some_and(closely) {
            return true;
        }
        let is_old = self.old.get(text).is_some_and(closely);
        if is_old && let Some((text, was_open)) = self.old.remove_entry(text) {
            self.put(text, was_open);
        }
        is_old
    }

    /// Remembers that `text` holds no secret. It encodes no other text, so that a secret which it holds stands in it as it is.
    pub fn add(&mut self, text: &str, is_open: bool) {
        if text.len() > LONGEST {
            return;
        }
        match self.new.get_mut(text) {
            Some(was_open) => *was_open |= is_open,
            None => self.put(text.into(), is_open),
        }
    }

    fn put(&mut self, text: Box<str>, is_open: bool) {
        if self.new.len() == MOST {
            self.old = std::mem::take(&mut self.new);
        }
        self.new.insert(text, is_open);
    }

    /// `secret` is one from now on, also where it was met before.
    pub fn forget(&mut self, secret: &str) {
        let finder = memmem::Finder::new(secret);
        let holds_it = |text: &str| finder.find(text.as_bytes()).is_some();
        self.new.retain(|text, _| !holds_it(text));
        self.old.retain(|text, _| !holds_it(text));
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
        assert!(clean.new.len() + clean.old.len() <= 2 * MOST && !clean.contains(&"x".repeat(LONGEST + 1), true));
    }
}
