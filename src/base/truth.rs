//! Truth values as OpenStack's services spell them.

use super::json::Value;

/// A spelling of true or false, as the services take them:
/// <https://docs.openstack.org/oslo.utils/latest/reference/strutils.html>
pub fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" | "t" | "y" => Some(true),
        "false" | "0" | "no" | "off" | "f" | "n" => Some(false),
        _ => None,
    }
}

/// Is `value` true, or a text that spells it?
pub fn is_true(value: &Value) -> bool {
    *value == true || value.as_str().and_then(truth) == Some(true)
}
