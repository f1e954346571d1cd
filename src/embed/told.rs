//! How a test is told of an outcome.

use crate::report::{FORMATS, Outcome};

/// Fails the test unless `outcome` is clean.
#[track_caller]
pub fn assert_clean(outcome: &Outcome) {
    assert!(outcome.exit_code == 0, "{}", text(outcome));
}

/// `outcome` as the command prints it.
pub fn text(outcome: &Outcome) -> String {
    FORMATS.first().map(|text| (text.write)(outcome)).unwrap_or_default()
}
