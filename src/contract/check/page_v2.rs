//! What Nova's API v2 checks of the pages that a query asks for (nova/api/openstack/common.py of 2014.1).

use super::create_server_v2::always;
use crate::base::Pointer;
use crate::base::json::Value;
use crate::contract::finding::{Code, Rejection, Step};

/// The steps, in Nova's order.
pub const STEPS: &[Step] = &[(always, limit_is_a_number)];

fn limit_is_a_number(query: &Value) -> Result<(), Rejection> {
    ["limit", "page_size"].into_iter().try_for_each(|name| {
        let values = query.get(name).and_then(Value::as_array);
        let Some(text) = values.and_then(|values| values.last()?.as_str()) else { return Ok(()) };
        let refuse = |code, what: &str| {
            Err(Rejection::bad_request(code, Pointer::default().key(name), format!("{name} param must be {what}")))
        };
        match text.trim().parse::<i64>() {
            Err(_) => refuse(Code::Type, "an integer"),
            Ok(..0) => refuse(Code::Range, "positive"),
            Ok(_) => Ok(()),
        }
    })
}
