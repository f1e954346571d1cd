//! Servers without a pending change.

use crate::base::json::Value;
use crate::cloud::store::{Fault, Resource, VmState};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// Refuses a change to what `server` has while it is locked, busy or in none of `states`; `action` is what Nova calls the change.
pub fn at_rest(ask: &Ask<'_>, server: &Resource, action: &str, states: &[VmState]) -> Result<(), Fault> {
    if server.body.get("locked") == Some(&Value::Bool(true)) && !ask.is_admin() {
        return Err(Fault::new(Code::State, 409, format!("Instance {} is locked", server.id)));
    }
    VmState::allow(server, action, states)?;
    match server.text("OS-EXT-STS:task_state") {
        "" => Ok(()),
        task => Err(Fault::while_in(action, &server.id, "task_state", task)),
    }
}
