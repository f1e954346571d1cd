//! How Cinder words a refusal: its code reads the query by hand, bodies have schemas.

use crate::base::json::Value;
use crate::base::{Version, python_str};
use crate::contract::finding::{Finding, Subject};

/// Cinder's sentence (cinder/api/common.py; `validate_integer` of oslo.utils).
pub fn message(finding: &Finding, document: &Value, subject: Subject, version: Version) -> String {
    let by_hand = || finding.pointer.find(document).and_then(|value| of_page(finding, value));
    let by_hand = if subject == Subject::Query { by_hand() } else { None };
    by_hand.unwrap_or_else(|| finding.message(document, subject, version))
}

/// About the page that is asked for.
fn of_page(finding: &Finding, value: &Value) -> Option<String> {
    let is_number = python_str(value).trim().parse::<i64>().is_ok();
    let told = match (finding.pointer.first()?.as_str(), is_number) {
        ("limit", true) => "limit param must be positive",
        ("limit", false) => "limit param must be an integer",
        ("offset", true) => "offset must be >= 0",
        ("offset", false) => "offset must be an integer",
        _ => return None,
    };
    Some(told.to_owned())
}
