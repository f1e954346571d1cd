//! How the templates write some values.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// `text` as a part of a link.
#[askama::filter_fn]
pub fn linked(text: impl std::fmt::Display, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(utf8_percent_encode(&text.to_string(), NON_ALPHANUMERIC).to_string())
}

/// Seconds with three digits.
#[askama::filter_fn]
pub fn seconds(seconds: f64, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(format!("{seconds:.3}"))
}
