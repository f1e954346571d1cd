//! What Nova's API v2 checks of a new key pair (nova/api/openstack/compute/contrib/keypairs.py of 2014.1).

use super::create_server_v2::always;
use crate::base::Pointer;
use crate::base::json::Value;
use crate::contract::finding::{Code, Rejection, Step};

/// The steps, in Nova's order.
pub const STEPS: &[Step] = &[(always, name_is_there), (always, name_is_safe)];

fn at() -> Pointer {
    Pointer::default().key("keypair").key("name")
}

fn name(body: &Value) -> Option<&Value> {
    body.get("keypair")?.get("name")
}

fn name_is_there(body: &Value) -> Result<(), Rejection> {
    match name(body) {
        Some(_) => Ok(()),
        None => Err(Rejection::bad_request(Code::Missing, at(), "Invalid request body")),
    }
}

fn name_is_safe(body: &Value) -> Result<(), Rejection> {
    let name = name(body).and_then(Value::as_str).unwrap_or_default();
    let refuse = |code, why: &str| {
        Err(Rejection::bad_request(code, at(), format!("Keypair data is invalid: Keypair name {why}")))
    };
    match name.chars().count() {
        _ if name.chars().any(|c| !c.is_ascii_alphanumeric() && !" -_".contains(c)) => {
            refuse(Code::Pattern, "contains unsafe characters")
        }
        1..=255 => Ok(()),
        _ => refuse(Code::Length, "must be between 1 and 255 characters long"),
    }
}
