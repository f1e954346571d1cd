//! Times, each in the form of the service that writes it.

use jiff::Timestamp;

use crate::base::Clock;

/// The times that Nova does not format: microseconds, no time zone.
pub fn stored_time(time: Timestamp) -> String {
    format!("{}.000000", whole_seconds(time).trim_end_matches('Z'))
}

/// Nova's times: seconds, then Z.
pub fn nova_time(clock: &Clock) -> String {
    whole_seconds(clock.now())
}

/// The times that Nova takes from its database: microseconds, and no zone.
pub fn precise_time(time: Timestamp) -> String {
    format!("{time:.6}").trim_end_matches('Z').to_owned()
}

/// A time to the second, then Z.
pub fn whole_seconds(time: Timestamp) -> String {
    format!("{time:.0}")
}

/// Keystone's times: six digits of a second, then Z.
pub fn keystone_time(instant: Timestamp) -> String {
    format!("{}Z", stored_time(instant))
}
