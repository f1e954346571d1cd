//! Sets of API versions as bits, so that one walk can judge all versions at once.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

use super::Microversion;

/// Whose microversions stand on the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Nova's: `legacy_v2` (its `/v2` root in its relaxed form), then 2.1, 2.2, …
    Two,
    /// Cinder's: 3.0 at the place of 2.1, then 3.1, 3.2, …
    Three,
}

/// One version of an API on its axis. An API without microversions lives at [`Version::FIRST`] alone. Places are compared, not axes:
/// no two versions of one API are on different ones.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    place: u8,
    axis: Axis,
}

impl Version {
    /// Nova's `/v2` root, which checks the base schemas leniently and knows no microversions.
    pub const LEGACY_V2: Version = Version::at(0);
    /// 2.1, and the only version of an API without microversions.
    pub const FIRST: Version = Version::at(1);
    /// The last place of the axis.
    pub const LAST: Version = Version::at(127);

    const fn at(place: u8) -> Version {
        Version { place, axis: Axis::Two }
    }

    /// The place of `2.minor` on the axis; `None` beyond it.
    pub fn minor(minor: u32) -> Option<Version> {
        (1..=u32::from(Self::LAST.place)).contains(&minor).then_some(Version::at(minor as u8))
    }

    /// The place of a microversion; `None` beyond the axes.
    pub fn of(microversion: Microversion) -> Option<Version> {
        match microversion.major {
            2 => Version::minor(microversion.minor),
            3 => Version::minor(microversion.minor.checked_add(1)?)
                .map(|version| Version { axis: Axis::Three, ..version }),
            _ => None,
        }
    }

    /// Is it `major.minor` or later? Nothing is later than what is beyond the axes.
    pub fn is_since(self, major: u32, minor: u32) -> bool {
        Version::of(Microversion { major, minor }).is_some_and(|since| self >= since)
    }

    /// The microversion at this place; `None` for `legacy_v2`.
    pub fn microversion(self) -> Option<Microversion> {
        let minor = u32::from(self.place);
        (self != Self::LEGACY_V2).then_some(match self.axis {
            Axis::Two => Microversion { major: 2, minor },
            Axis::Three => Microversion { major: 3, minor: minor - 1 },
        })
    }

    fn bit(self) -> u128 {
        1 << self.place
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        self.place == other.place
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        self.place.cmp(&other.place)
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.place.hash(hasher);
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

/// A set of [`Version`]s: the lifetime of a field, or the versions in which a body is wrong. Where two sets meet, the result is on
/// Cinder's axis if one of them is: what says nothing of it has every place of both.
#[derive(Clone, Copy)]
pub struct Versions {
    bits: u128,
    axis: Axis,
}

impl Versions {
    /// No version.
    pub const NONE: Versions = Versions::on_two(0);
    /// Every version that the axis has room for.
    pub const ALL: Versions = Versions::on_two(u128::MAX);
    /// Every version but `legacy_v2`.
    pub const MICROVERSIONS: Versions = Versions::on_two(u128::MAX - 1);

    const fn on_two(bits: u128) -> Versions {
        Versions { bits, axis: Axis::Two }
    }

    /// The versions from `first` to `last`, both included; empty if `first` comes after `last`.
    pub fn range(first: Version, last: Version) -> Versions {
        if first > last {
            return Versions::NONE;
        }
        let up_to_last = u128::MAX >> (127 - last.place);
        Versions { bits: up_to_last & (u128::MAX << first.place), axis: first.axis.or(last.axis) }
    }

    /// The set of one version.
    pub fn only(version: Version) -> Versions {
        Versions { bits: version.bit(), axis: version.axis }
    }

    /// Is `version` in the set?
    pub fn contains(self, version: Version) -> bool {
        self.bits & version.bit() != 0
    }

    /// Has the set no version?
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// What is in this set and not in `other`.
    pub fn without(self, other: Versions) -> Versions {
        Versions { bits: self.bits & !other.bits, axis: self.axis.or(other.axis) }
    }

    /// The versions that differ from the one before in whether they are in the set.
    pub fn turns(self) -> Versions {
        Versions { bits: self.bits ^ (self.bits << 1), axis: self.axis }
    }

    /// Have the two sets a version in common?
    pub fn meets(self, other: Versions) -> bool {
        self.bits & other.bits != 0
    }

    /// The versions in ascending order.
    pub fn iter(self) -> impl Iterator<Item = Version> {
        (0..=127u8).map(move |place| Version { place, axis: self.axis }).filter(move |v| self.contains(*v))
    }

    /// The maximal runs of neighbouring versions, ascending.
    pub fn runs(self) -> Vec<(Version, Version)> {
        let mut runs: Vec<(Version, Version)> = Vec::new();
        for version in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if last.place + 1 == version.place => *last = version,
                _ => runs.push((version, version)),
            }
        }
        runs
    }

    /// The version of the set that is nearest to `version`, a later one first; `None` if the set is empty.
    pub fn nearest(self, version: Version) -> Option<Version> {
        self.iter().min_by_key(|v| (v.place.abs_diff(version.place), *v < version))
    }

    /// The set in the spelling of contracts, within the versions that an API has: `2.32, 2.42..`; `nowhere` if empty.
    pub fn within(self, api: Versions) -> RangeText {
        RangeText { set: self & api, api }
    }

    /// The same for a set of which the API of a cloud may have nothing, because it ends before or has no microversions at all.
    pub fn lives(self, api: Versions) -> String {
        match (self & api).is_empty() {
            true => format!("{}, which this cloud does not have", self.within(Versions::ALL)),
            false => self.within(api).to_string(),
        }
    }
}

impl Axis {
    fn or(self, other: Axis) -> Axis {
        if self == Axis::Two { other } else { self }
    }
}

impl PartialEq for Versions {
    fn eq(&self, other: &Versions) -> bool {
        self.bits == other.bits
    }
}

impl Eq for Versions {}

impl Hash for Versions {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.bits.hash(hasher);
    }
}

impl Default for Versions {
    fn default() -> Versions {
        Versions::NONE
    }
}

impl BitAnd for Versions {
    type Output = Versions;
    fn bitand(self, other: Versions) -> Versions {
        Versions { bits: self.bits & other.bits, axis: self.axis.or(other.axis) }
    }
}

impl BitOr for Versions {
    type Output = Versions;
    fn bitor(self, other: Versions) -> Versions {
        Versions { bits: self.bits | other.bits, axis: self.axis.or(other.axis) }
    }
}

impl BitOrAssign for Versions {
    fn bitor_assign(&mut self, other: Versions) {
        *self = *self | other;
    }
}

impl Not for Versions {
    type Output = Versions;
    fn not(self) -> Versions {
        Versions { bits: !self.bits, axis: self.axis }
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
    fn the_versions_of_cinder_are_told_by_their_names() {
        let of = |minor| Version::of(Microversion { major: 3, minor }).unwrap();
        let api = Versions::range(of(0), of(71));
        assert_eq!((Versions::range(of(48), Version::LAST) & api).within(api).to_string(), "3.48..");
        assert_eq!(Versions::ALL.within(api).to_string(), "3.0..");
        assert_eq!((of(0), of(71).to_string()), (Version::FIRST, "3.71".to_owned()));
    }

    #[test]
    fn nearest_prefers_the_later_of_two_equally_near() {
        let set = Versions::only(minor(10)) | Versions::only(minor(20));
        assert_eq!(set.nearest(minor(15)), Some(minor(20)));
        assert_eq!(set.nearest(minor(12)), Some(minor(10)));
        assert_eq!(Versions::NONE.nearest(minor(1)), None);
    }
}
