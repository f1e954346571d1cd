//! What Keystone's v2.0 checks of `POST /v2.0/tokens` (keystone/token/controllers.py).

use super::authentication::expecting;
use crate::base::json::Value;
use crate::base::{Pointer, Versions};
use crate::contract::finding::{Rejection, Step};

/// The steps, in Keystone's order.
pub const STEPS: &[Step] = &[(always, credentials_are_there), (always, credentials_are_whole)];

fn always() -> Versions {
    Versions::ALL
}

fn below_auth(key: &str) -> Pointer {
    Pointer::default().key("auth").key(key)
}

fn credentials_are_there(body: &Value) -> Result<(), Rejection> {
    match body.get("auth") {
        None | Some(Value::Null) => Err(expecting("auth", "request body", Pointer::default())),
        Some(auth) if auth.get("token").is_none() && auth.get("passwordCredentials").is_none() => {
            Err(expecting("passwordCredentials", "auth", Pointer::default().key("auth")))
        }
        Some(_) => Ok(()),
    }
}

/// A token counts before a password.
fn credentials_are_whole(body: &Value) -> Result<(), Rejection> {
    let section = |key: &str| body.get("auth").and_then(|auth| auth.get(key));
    let lacks = |section: &Value, key: &str| section.get(key).is_none_or(Value::is_null);
    match (section("token"), section("passwordCredentials")) {
        (Some(token), _) if lacks(token, "id") => Err(expecting("id", "token", below_auth("token"))),
        (None, Some(credentials)) if lacks(credentials, "password") => {
            Err(expecting("password", "passwordCredentials", below_auth("passwordCredentials")))
        }
        (None, Some(credentials)) if lacks(credentials, "username") && lacks(credentials, "userId") => {
            Err(expecting("username or userId", "passwordCredentials", below_auth("passwordCredentials")))
        }
        _ => Ok(()),
    }
}
