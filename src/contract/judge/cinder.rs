//! How Cinder words a refusal: its code reads the query by hand, bodies have schemas.

use super::glance::of_limit;
use crate::base::json::Value;
use crate::base::{Version, python_str};
use crate::contract::finding::{Finding, Subject};

/// Cinder's sentence (cinder/api/common.py; `validate_integer` of oslo.utils).
pub fn message(finding: &Finding, document: &Value, subject: Subject, version: Version) -> String {
    let value = finding.pointer.find(document).filter(|_| subject == Subject::Query);
    let by_hand = value.and_then(|value| of_page(finding, value));
    by_hand.unwrap_or_else(|| finding.message(document, subject, version))
}

/// About the page that is asked for.
fn of_page(finding: &Finding, value: &Value) -> Option<String> {
    let shown = python_str(value);
    let told = match finding.pointer.first()?.as_str() {
        "limit" => of_limit(shown.trim()),
        "offset" if shown.trim().parse::<i64>().is_ok() => "offset must be >= 0",
        "offset" => "offset must be an integer",
        _ => return None,
    };
    Some(told.to_owned())
}
