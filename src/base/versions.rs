//! Sets of API versions as bits, so that one walk can judge all versions at once.

use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

use super::Microversion;

/// One version of an API on the axis that all contracts share: `legacy_v2` (Nova's `/v2` root in its relaxed form),
/// then 2.1, 2.2, … An API without microversions lives at [`Version::FIRST`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// Nova's `/v2` root, which checks the base schemas leniently and knows no microversions.
    pub const LEGACY_V2: Version = Version(0);
    /// 2.1, and the only version of an API without microversions.
    pub const FIRST: Version = Version(1);
    /// The last place of the axis.
    pub const LAST: Version = Version(127);

    /// The place of `2.minor` on the axis; `None` beyond it.
    pub fn minor(minor: u32) -> Option<Version> {
        (1..=u32::from(Self::LAST.0)).contains(&minor).then_some(Version(minor as u8))
    }

    /// The microversion at this place; `None` for `legacy_v2`.
    pub fn microversion(self) -> Option<Microversion> {
        (self != Self::LEGACY_V2).then_some(Microversion { major: 2, minor: u32::from(self.0) })
    }

    fn bit(self) -> u128 {
        1 << self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.microversion() {
            Some(microversion) => microversion.fmt(f),
            None => f.write_str("legacy_v2"),
        }
    }
}

/// A set of [`Version`]s: the lifetime of a field, or the versions in which a body is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Versions(u128);

impl Versions {
    /// No version.
    pub const NONE: Versions = Versions(0);
    /// Every version that the axis has room for.
    pub const ALL: Versions = Versions(u128::MAX);
    /// Every version but `legacy_v2`.
    pub const MICROVERSIONS: Versions = Versions(u128::MAX - 1);

    /// The versions from `first` to `last`, both included; empty if `first` comes after `last`.
    pub fn range(first: Version, last: Version) -> Versions {
        if first > last {
            return Versions::NONE;
        }
        let up_to_last = u128::MAX >> (127 - last.0);
        Versions(up_to_last & (u128::MAX << first.0))
    }

    /// The set of one version.
    pub fn only(version: Version) -> Versions {
        Versions(version.bit())
    }

    /// Is `version` in the set?
    pub fn contains(self, version: Version) -> bool {
        self.0 & version.bit() != 0
    }

    /// Has the set no version?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in this set and not in `other`.
    pub fn without(self, other: Versions) -> Versions {
        Versions(self.0 & !other.0)
    }

    /// Have the two sets a version in common?
    pub fn meets(self, other: Versions) -> bool {
        self.0 & other.0 != 0
    }

    /// The versions in ascending order.
    pub fn iter(self) -> impl Iterator<Item = Version> {
        (0..=127u8).map(Version).filter(move |v| self.contains(*v))
    }

    /// The maximal runs of neighbouring versions, ascending.
    pub fn runs(self) -> Vec<(Version, Version)> {
        let mut runs: Vec<(Version, Version)> = Vec::new();
        for version in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if last.0 + 1 == version.0 => *last = version,
                _ => runs.push((version, version)),
            }
        }
        runs
    }

    /// The version of the set that is nearest to `version`, a later one first; `None` if the set is empty.
    pub fn nearest(self, version: Version) -> Option<Version> {
        self.iter().min_by_key(|v| (v.0.abs_diff(version.0), *v < version))
    }

    /// The set in the spelling of contracts, within the versions that an API has: `2.32, 2.42..`; `nowhere` if empty.
    pub fn within(self, api: Versions) -> RangeText {
        RangeText { set: self & api, api }
    }
}

impl BitAnd for Versions {
    type Output = Versions;
    fn bitand(self, other: Versions) -> Versions {
        Versions(self.0 & other.0)
    }
}

impl BitOr for Versions {
    type Output = Versions;
    fn bitor(self, other: Versions) -> Versions {
        Versions(self.0 | other.0)
    }
}

impl BitOrAssign for Versions {
    fn bitor_assign(&mut self, other: Versions) {
        self.0 |= other.0;
    }
}

impl Not for Versions {
    type Output = Versions;
    fn not(self) -> Versions {
        Versions(!self.0)
    }
}

impl fmt::Debug for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.within(Versions::ALL), f)
    }
}

/// A set of versions, to be written as text; see [`Versions::within`].
#[derive(Clone, Copy, Debug)]
pub struct RangeText {
    set: Versions,
    api: Versions,
}

impl RangeText {
    /// Each range on its own: `["2.32", "2.42.."]`.
    pub fn ranges(self) -> Vec<String> {
        let last_of_api = self.api.iter().last();
        let text = |(first, last): (Version, Version)| {
            let open = Some(last) == last_of_api;
            match (first, last) {
                _ if open && first == last => first.to_string(),
                _ if open => format!("{first}.."),
                _ if first == last => first.to_string(),
                _ => format!("{first}..{last}"),
            }
        };
        self.set.runs().into_iter().flat_map(legacy_apart).map(text).collect()
    }
}

/// `legacy_v2` is no microversion, so a run that starts there is told in two.
fn legacy_apart((first, last): (Version, Version)) -> Vec<(Version, Version)> {
    if first == Version::LEGACY_V2 && last > first {
        return vec![(first, first), (Version::FIRST, last)];
    }
    vec![(first, last)]
}

impl fmt::Display for RangeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ranges() {
            ranges if ranges.is_empty() => f.write_str("nowhere"),
            ranges => f.write_str(&ranges.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(minor: u32) -> Version {
        Version::minor(minor).unwrap()
    }

    #[test]
    fn text_is_the_spelling_of_contracts() {
        let api = Versions::range(Version::FIRST, minor(104));
        let hole = Versions::only(minor(32)) | Versions::range(minor(42), minor(104));
        assert_eq!(hole.within(api).to_string(), "2.32, 2.42..");
        assert_eq!(Versions::range(minor(1), minor(56)).within(api).to_string(), "2.1..2.56");
        assert_eq!(Versions::NONE.within(api).to_string(), "nowhere");
        assert_eq!(Versions::ALL.within(Versions::ALL).ranges(), ["legacy_v2", "2.1.."]);
    }

    #[test]
    fn nearest_prefers_the_later_of_two_equally_near() {
        let set = Versions::only(minor(10)) | Versions::only(minor(20));
        assert_eq!(set.nearest(minor(15)), Some(minor(20)));
        assert_eq!(set.nearest(minor(12)), Some(minor(10)));
        assert_eq!(Versions::NONE.nearest(minor(1)), None);
    }
}
