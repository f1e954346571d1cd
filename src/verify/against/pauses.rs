//! How long to wait between two polls.

use std::time::Duration;

/// Pauses that start short and grow up to a second: a cloud that is fast is not waited for, one that is slow is not asked in vain.
pub struct Pauses {
    next: Duration,
    left: Duration,
}

impl Pauses {
    const FIRST: Duration = Duration::from_millis(50);
    const LONGEST: Duration = Duration::from_secs(1);

    /// Pauses that take so many `seconds` together.
    pub fn within(seconds: u32) -> Pauses {
        Pauses { next: Pauses::FIRST, left: Duration::from_secs(seconds.into()) }
    }
}

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let own = self.next.min(self.left);
        self.left -= own;
        self.next = (self.next * 2).min(Pauses::LONGEST);
        (!own.is_zero()).then_some(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_in_time() {
        let all: Vec<u128> = Pauses::within(4).map(|pause| pause.as_millis()).collect();
        assert_eq!(all, [50, 100, 200, 400, 800, 1000, 1000, 450]);
        assert_eq!(Pauses::within(0).next(), None);
    }
}
