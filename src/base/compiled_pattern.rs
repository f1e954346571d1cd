//! Regular expressions that are part of the code.

use std::sync::OnceLock;

use regex::Regex;

/// The literal `pattern`, compiled when it is first needed and kept in `cell`.
///
/// # Panics
/// The pattern is no regular expression: each is tried by a test.
#[expect(clippy::expect_used, reason = "only called with literal patterns; each is tried by a test")]
pub fn compiled_pattern(cell: &'static OnceLock<Regex>, pattern: &str) -> &'static Regex {
    cell.get_or_init(|| Regex::new(pattern).expect("a literal pattern"))
}
