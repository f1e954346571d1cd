//! Where a command starts to fail, in a few runs: what to try next, from what was tried.

use crate::base::Version;

/// The most runs.
pub const MOST: usize = 7;

/// A cloud to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The release, by its place in [`Axis`].
    pub release: usize,
    /// The last microversion of its compute service, if not the release's own.
    pub cap: Option<Version>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Trial {
    pub point: Point,
    pub passed: bool,
    /// Versions at which something that failed begins or ends, as its contract has it.
    pub hints: Vec<Version>,
}

/// The releases, the oldest first: of each the versions of its compute service that a cloud may stop at.
#[derive(Clone, Debug)]
pub struct Axis {
    pub versions: Vec<Vec<Version>>,
    /// The first release that is expected to do as the newest does.
    pub predicted: Option<usize>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    Try(Point),
    Done(Found),
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It came to the same in all runs.
    Everywhere { passes: bool },
    /// It comes to one thing at `before` and to another at `after`; the releases of the two, and their versions, are neighbours if
    /// there was nothing left to try. `besides` is an older cloud in which it comes to the same as at `after`.
    Between { before: Point, after: Point, besides: Option<Point> },
    /// Two runs of one cloud came to different things.
    Unsteady(Point),
}

impl Axis {
    /// What to do after `trials`.
    pub fn next(&self, trials: &[Trial]) -> Next {
        let newest = Point { release: self.versions.len().saturating_sub(1), cap: None };
        let Some(first) = trials.first() else { return Next::Try(newest) };
        if let Some(point) = unsteady(trials) {
            return Next::Done(Found::Unsteady(point));
        }
        let view = View { axis: self, trials, passes: first.passed };
        match view.next() {
            Next::Try(_) if trials.len() >= MOST => Next::Done(view.found()),
            next => next,
        }
    }
}

/// The point of which two trials differ, if there is one.
fn unsteady(trials: &[Trial]) -> Option<Point> {
    let differs = |trial: &&Trial| trials.iter().any(|own| own.point == trial.point && own.passed != trial.passed);
    trials.iter().find(differs).map(|trial| trial.point)
}

/// The trials as seen from the newest release.
struct View<'a> {
    axis: &'a Axis,
    trials: &'a [Trial],
    /// Does the command pass in the newest?
    passes: bool,
}

impl View<'_> {
    fn next(&self) -> Next {
        let (before, after) = self.releases();
        match before {
            _ if before.map_or(0, |before| before + 1) < after => Next::Try(self.probe(before, after)),
            None => Next::Done(Found::Everywhere { passes: self.passes }),
            Some(before) => {
                let hinted = self.version(before, after, true).or_else(|| self.check(before));
                let next = hinted.or_else(|| self.version(before, after, false));
                next.map_or_else(|| Next::Done(self.found()), Next::Try)
            }
        }
    }

    fn found(&self) -> Found {
        let (before, after) = self.releases();
        let Some(before) = before else {
            return Found::Everywhere { passes: self.passes };
        };
        let (low, high) = self.versions(after);
        let besides = self.besides(before);
        let before = Point { release: if low.is_some() { after } else { before }, cap: low };
        Found::Between { before, after: Point { release: after, cap: high }, besides }
    }

    /// Of the releases that were tried the last that does not do as the newest does, and the first that does.
    fn releases(&self) -> (Option<usize>, usize) {
        let whole = || self.trials.iter().filter(|trial| trial.point.cap.is_none());
        let others = whole().filter(|trial| trial.passed != self.passes).map(|trial| trial.point.release);
        let before = others.max();
        let same = whole().filter(|trial| trial.passed == self.passes).map(|trial| trial.point.release);
        (before, same.filter(|release| before.is_none_or(|before| *release > before)).min().unwrap_or_default())
    }

    /// What was tried below `before` and does as the newest does.
    fn besides(&self, before: usize) -> Option<Point> {
        let back = self.trials.iter().filter(|trial| trial.passed == self.passes && trial.point.release < before);
        back.map(|trial| trial.point).next()
    }

    /// The release to try between those two: where a change is expected, or in the middle.
    fn probe(&self, before: Option<usize>, after: usize) -> Point {
        let first = before.map_or(0, |before| before + 1);
        // The one first that, if it is not as predicted, leaves less to try.
        let is_late = |predicted: usize| predicted * 2 > self.axis.versions.len();
        let expected = self.axis.predicted.into_iter().flat_map(|predicted| match is_late(predicted) {
            true => [predicted.checked_sub(1), Some(predicted)],
            false => [Some(predicted), predicted.checked_sub(1)],
        });
        let expected = expected.flatten().find(|release| (first..after).contains(release) && self.is_plausible());
        Point { release: expected.unwrap_or(first + (after - first) / 2), cap: None }
    }

    /// Was nothing tried yet that came out otherwise than predicted?
    fn is_plausible(&self) -> bool {
        let Some(predicted) = self.axis.predicted else { return false };
        self.trials.iter().all(|trial| (trial.passed == self.passes) == (trial.point.release >= predicted))
    }

    /// The versions of the release `after` that were tried: the last that does not do as the newest does, and the first that does,
    /// if it is not the release's own last.
    fn versions(&self, after: usize) -> (Option<Version>, Option<Version>) {
        let capped = || self.trials.iter().filter(|trial| trial.point.release == after);
        let other = capped().filter(|trial| trial.passed != self.passes).filter_map(|trial| trial.point.cap);
        let same = capped().filter(|trial| trial.passed == self.passes).filter_map(|trial| trial.point.cap);
        (other.max(), same.min())
    }

    /// The cap to try: the release `after` may differ from the one `before` in its microversions. Where nothing tells at which, only
    /// if it may be any.
    fn version(&self, before: usize, after: usize, is_hinted: bool) -> Option<Point> {
        let all = self.axis.versions.get(after)?;
        let last = self.axis.versions.get(before).and_then(|versions| versions.last());
        let (low, high) = self.versions(after);
        let is_open = |version: &&Version| {
            last.is_none_or(|last| *version >= last)
                && low.is_none_or(|low| **version > low)
                && Some(*version) != all.last()
                && high.is_none_or(|high| **version < high)
        };
        let open: Vec<Version> = all.iter().filter(is_open).copied().collect();
        let previous = |hint: &Version| all.iter().rfind(|version| *version < hint).copied();
        let hints = self.trials.iter().flat_map(|trial| &trial.hints);
        let hinted =
            hints.flat_map(|hint| [previous(hint), Some(*hint)]).flatten().find(|version| open.contains(version));
        // The first cap tells whether the microversions matter at all.
        let is_first = low.is_none() && high.is_none();
        let unhinted = || open.get(if is_first { 0 } else { open.len() / 2 }).copied().filter(|_| !is_hinted);
        let cap = hinted.or_else(unhinted)?;
        Some(Point { release: after, cap: Some(cap) })
    }

    /// What is left is spent on doubts: does the oldest do as its neighbours, and a second run as the first?
    fn check(&self, before: usize) -> Option<Point> {
        let was_tried = |point: &Point| self.trials.iter().filter(|trial| trial.point == *point).count();
        let oldest = Point { release: 0, cap: None };
        let Found::Between { before: edge, .. } = self.found() else { return None };
        let again = if edge.release == before { Point { release: before, cap: None } } else { edge };
        [(oldest, 1), (again, 2)].into_iter().find(|(point, times)| was_tried(point) < *times).map(|(point, _)| point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(minor: u32) -> Version {
        Version::minor(minor).unwrap()
    }

    /// 26 releases that each bring four microversions.
    fn axis(predicted: Option<usize>) -> Axis {
        let versions = (0..26u32).map(|release| (1..=4 * (release + 1) - 1).map(version).collect());
        Axis { versions: versions.collect(), predicted }
    }

    /// What a command comes to in a cloud.
    type Command<'c> = &'c dyn Fn(&Axis, Point) -> Trial;

    fn searched(axis: &Axis, command: Command<'_>) -> (Found, Vec<Trial>) {
        let mut trials = Vec::new();
        loop {
            match axis.next(&trials) {
                Next::Try(point) => trials.push(command(axis, point)),
                Next::Done(found) => return (found, trials),
            }
            assert!(trials.len() <= MOST, "{trials:?}");
        }
    }

    fn reached(axis: &Axis, point: Point) -> Version {
        point.cap.unwrap_or(*axis.versions[point.release].last().unwrap())
    }

    /// A command that does one thing in releases before one, and another from there on: the release is found exactly, whatever was
    /// predicted and whichever of the two fails.
    #[test]
    fn every_release_is_found_in_at_most_seven_runs() {
        for change in 1..26 {
            for predicted in [None, Some(change), Some(1), Some(25), Some(13)] {
                for passes in [true, false] {
                    let axis = axis(predicted);
                    let command = |_: &Axis, point: Point| Trial {
                        point,
                        passed: (point.release >= change) == passes,
                        hints: Vec::new(),
                    };
                    let (found, trials) = searched(&axis, &command);
                    let Found::Between { before, after, .. } = &found else {
                        panic!("{change} {predicted:?}: {found:?}")
                    };
                    assert_eq!(
                        (before.release.min(change - 1), after.release),
                        (change - 1, change),
                        "{predicted:?} {trials:?}"
                    );
                }
            }
        }
    }

    /// A command that needs a microversion, and whose failures say which: it is found exactly.
    #[test]
    fn every_hinted_version_is_found_in_at_most_seven_runs() {
        for needed in 4..=103 {
            let needs = version(needed);
            let own = (needed as usize) / 4;
            for passes in [true, false] {
                let axis = axis(Some(own));
                let command = |axis: &Axis, point: Point| {
                    let passed = (reached(axis, point) >= needs) == passes;
                    Trial { point, passed, hints: if passed { Vec::new() } else { vec![needs] } }
                };
                let (found, trials) = searched(&axis, &command);
                let Found::Between { before, after, .. } = found else { panic!("{needed}: {found:?} {trials:?}") };
                assert!(
                    reached(&axis, before) < needs && reached(&axis, after) == needs,
                    "{needed}: {before:?} {after:?} {trials:?}"
                );
                assert_eq!(reached(&axis, before), version(needed - 1), "{needed}");
            }
        }
    }

    #[test]
    fn what_comes_to_the_same_everywhere_is_told_so() {
        for passed in [true, false] {
            let (found, trials) = searched(&axis(None), &|_, point| Trial { point, passed, hints: Vec::new() });
            assert_eq!((found, trials.last().unwrap().point.release), (Found::Everywhere { passes: passed }, 0));
        }
    }

    #[test]
    fn what_changes_back_or_from_run_to_run_is_told_so() {
        let only_in_the_middle = |_: &Axis, point: Point| {
            let passed = (3..20).contains(&point.release);
            Trial { point, passed, hints: Vec::new() }
        };
        let (found, trials) = searched(&axis(Some(20)), &only_in_the_middle);
        let oldest = Some(Point { release: 0, cap: None });
        assert!(matches!(found, Found::Between { besides, .. } if besides == oldest), "{found:?} {trials:?}");
        let runs = std::cell::Cell::new(0);
        let every_other = |_: &Axis, point: Point| {
            runs.set(runs.get() + 1);
            Trial { point, passed: runs.get() % 3 != 0 && point.release > 0 || point.release > 12, hints: Vec::new() }
        };
        let (found, trials) = searched(&axis(Some(13)), &every_other);
        assert!(matches!(found, Found::Unsteady(_)), "{found:?} {trials:?}");
    }
}
