//! The states of a server.

use super::behaviour::Boot;
use super::fault::Fault;
use super::resource::Resource;
use crate::base::Clock;
use crate::contract::Code;

/// Nova's times: seconds, then Z.
pub fn nova_time(clock: &Clock) -> String {
    clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Lets what is due happen to `server`; `looked` says that this is a look, which a boot may be counting.
pub fn settle(server: &mut Resource, clock: &Clock, looked: bool) {
    let Some(pending) = server.pending else { return };
    if pending.is_due(clock) {
        server.pending = None;
        become_active(server, clock);
    } else if looked {
        server.pending = Some(pending.after_a_look());
    }
}

fn become_active(server: &mut Resource, clock: &Clock) {
    let launched = clock.now().strftime("%Y-%m-%dT%H:%M:%S.000000").to_string();
    server.set("OS-SRV-USG:launched_at", launched);
    enter(server, "ACTIVE", "active", 1, clock);
    // Until a host is chosen these are blank, and the security groups are not there at all.
    for (field, hidden) in ON_A_HOST {
        if let Some(value) = server.body.shift_remove(*hidden) {
            server.set(field, value);
        }
    }
}

/// Fields that a server has once there is a host, and where they wait until then.
pub const ON_A_HOST: &[(&str, &str)] = &[
    ("addresses", "placed addresses"),
    ("hostId", "placed hostId"),
    ("security_groups", "placed security_groups"),
    ("OS-EXT-AZ:availability_zone", "placed availability_zone"),
    ("OS-EXT-SRV-ATTR:host", "placed host"),
    ("OS-EXT-SRV-ATTR:hypervisor_hostname", "placed hypervisor_hostname"),
    ("host_status", "placed host_status"),
];

fn enter(server: &mut Resource, status: &str, vm_state: &str, power_state: u64, clock: &Clock) {
    server.set("status", status);
    server.set("OS-EXT-STS:vm_state", vm_state);
    server.set("OS-EXT-STS:task_state", serde_json::Value::Null);
    server.set("OS-EXT-STS:power_state", power_state);
    server.set("updated", nova_time(clock));
}

/// Starts a stopped server.
///
/// # Errors
/// 409: it is not stopped.
pub fn start(server: &mut Resource, clock: &Clock) -> Result<(), Fault> {
    allow(server, "start", &["stopped"])?;
    enter(server, "ACTIVE", "active", 1, clock);
    Ok(())
}

/// Stops a running server.
///
/// # Errors
/// 409: it is not running.
pub fn stop(server: &mut Resource, clock: &Clock) -> Result<(), Fault> {
    allow(server, "stop", &["active", "error"])?;
    enter(server, "SHUTOFF", "stopped", 4, clock);
    Ok(())
}

/// Is `server` in one of `states`, so that `action` is possible?
///
/// # Errors
/// 409: it is not.
pub fn allow(server: &Resource, action: &str, states: &[&str]) -> Result<(), Fault> {
    let state = server.text("OS-EXT-STS:vm_state");
    if states.contains(&state) {
        return Ok(());
    }
    let message = format!("Cannot '{action}' instance {} while it is in vm_state {state}", server.id);
    Err(Fault::new(Code::State, 409, message))
}

/// A server is booted: it builds, and the fields that need a host wait with it.
pub fn begin(server: &mut Resource, boot: Boot, clock: &Clock) {
    enter(server, "BUILD", "building", 0, clock);
    server.set("OS-EXT-STS:task_state", "scheduling");
    for (field, hidden) in ON_A_HOST {
        if let Some(value) = server.body.insert((*field).to_owned(), blank(field)) {
            server.set(hidden, value);
        }
    }
    server.body.shift_remove("security_groups");
    server.pending = Some(boot.begin(clock));
}

fn blank(field: &str) -> serde_json::Value {
    match field {
        "addresses" => serde_json::json!({}),
        "OS-EXT-SRV-ATTR:host" | "OS-EXT-SRV-ATTR:hypervisor_hostname" => serde_json::Value::Null,
        _ => "".into(),
    }
}
