//! What a walk found. A hostile document has something wrong in every byte or two, so only the first findings of each version
//! are kept and the others are counted.

use super::finding::Finding;
use crate::base::{Version, Versions};

/// The most findings that are kept for a version: nobody reads more, and each is searched for a fix.
pub const MOST_FINDINGS: usize = 20;

/// The findings on a document, in order: of each version the first [`MOST_FINDINGS`].
#[derive(Debug)]
pub struct Findings {
    kept: Vec<Finding>,
    more: More,
    /// The versions of which more are kept.
    open: Versions,
    /// How many of each version are kept.
    counts: [u8; 128],
}

/// How many findings were not kept, by the versions in which they hold. A schema has few such sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct More(Vec<(Versions, usize)>);

impl Default for Findings {
    fn default() -> Findings {
        Findings { kept: Vec::new(), more: More::default(), open: Versions::ALL, counts: [0; 128] }
    }
}

impl Findings {
    /// Adds what is wrong in `versions`, if one of them has room for it.
    pub fn add(&mut self, versions: Versions, finding: impl FnOnce() -> Finding) {
        if versions.meets(self.open) {
            self.kept.push(finding());
            self.count(versions);
        } else if !versions.is_empty() {
            self.more.add(versions, 1);
        }
    }

    fn count(&mut self, versions: Versions) {
        let counted = Versions::ALL.iter().zip(&mut self.counts).filter(|(version, _)| versions.contains(*version));
        for (version, count) in counted {
            *count = count.saturating_add(1);
            if usize::from(*count) == MOST_FINDINGS {
                self.open = self.open.without(Versions::only(version));
            }
        }
    }

    /// Those that were kept, and how many were not.
    pub fn into_parts(self) -> (Vec<Finding>, More) {
        (self.kept, self.more)
    }

    /// Those that were kept.
    pub fn into_vec(self) -> Vec<Finding> {
        self.kept
    }
}

impl More {
    fn add(&mut self, versions: Versions, count: usize) {
        match self.0.iter_mut().find(|(other, _)| *other == versions) {
            Some((_, counted)) => *counted += count,
            None => self.0.push((versions, count)),
        }
    }

    /// Adds those of another document.
    pub fn extend(&mut self, other: More) {
        other.0.into_iter().for_each(|(versions, count)| self.add(versions, count));
    }

    /// How many there are at `version`.
    pub fn at(&self, version: Version) -> usize {
        self.0.iter().filter(|(versions, _)| versions.contains(version)).map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::finding::finding::Kind;

    #[test]
    fn each_version_keeps_its_first_and_the_others_are_counted() {
        let (early, late) = (Version::FIRST, Version::LAST);
        let mut findings = Findings::default();
        let mut add = |versions: Versions| {
            let finding = || Finding {
                versions,
                pointer: Default::default(),
                rule: crate::base::Place { file: "a.yaml".into(), line: 1, column: 1 },
                kind: Kind::NotUnique,
            };
            findings.add(versions, finding);
        };
        (0..30).for_each(|_| add(Versions::only(early)));
        (0..5).for_each(|_| add(Versions::ALL));
        let (kept, more) = findings.into_parts();
        let at = |version| kept.iter().filter(|finding| finding.versions.contains(version)).count();
        assert_eq!((at(early), more.at(early)), (25, 10), "what another version keeps stands for this one too");
        assert_eq!((at(late), more.at(late)), (5, 0));
    }
}
