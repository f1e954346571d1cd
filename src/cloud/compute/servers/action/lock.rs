//! Locks.

use super::more::{More, server};
use super::payload::Payload;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::Ask;

/// Locks a server; its owner cannot lock it twice.
pub fn lock(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    let server = server(cloud, ask)?;
    let is_owner = ask.caller.is_some_and(|caller| server.is_owned_by(caller));
    if is_owner && server.body.get("locked") == Some(&json!(true)) {
        return Ok(More { nothing: true, ..More::default() });
    }
    let mut now = Map::new();
    now.insert("locked", json!(true));
    now.insert("locked_by", json!(if is_owner { "owner" } else { "admin" }));
    if let Some(reason) = payload.text("locked_reason") {
        now.insert("locked_reason", json!(reason));
    }
    Ok(More { now, ..More::default() })
}

/// Unlocks a server; what an administrator locked, an administrator unlocks.
pub fn unlock(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<More, Fault> {
    let server = server(cloud, ask)?;
    let is_owner = ask.caller.is_some_and(|caller| server.is_owned_by(caller));
    let by = server.text("locked_by");
    if !by.is_empty() && (by == "owner") != is_owner && !ask.is_admin() {
        return Err(Fault::policy("os_compute_api:os-lock-server:unlock:unlock_override"));
    }
    let now = [("locked", json!(false)), ("locked_by", Value::Null), ("locked_reason", Value::Null)];
    Ok(More { now: now.map(|(field, value)| (field.to_owned(), value)).into_iter().collect(), ..More::default() })
}
