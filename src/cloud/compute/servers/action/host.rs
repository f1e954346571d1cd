//! Actions that name a host.

use super::more::{More, password, server};
use super::payload::Payload;
use crate::base::json::{Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource, Then, VmState};
use crate::cloud::verb::Ask;
use crate::contract::{Code, ServerAction};

/// The host that `server` is on.
pub fn host_of(server: &Resource) -> String {
    server.text("OS-EXT-SRV-ATTR:host").to_owned()
}

/// What is refused whatever state the server is in.
pub fn check_first(cloud: &mut Cloud, ask: &Ask<'_>, action: ServerAction, payload: Payload<'_>) -> Result<(), Fault> {
    let host = payload.text("host").filter(|host| !host.is_empty());
    let rule = match action {
        ServerAction::Migrate => "os_compute_api:os-migrate-server:migrate:host",
        ServerAction::MigrateLive => "os_compute_api:os-migrate-server:migrate_live:host",
        ServerAction::Evacuate => "",
        _ => return Ok(()),
    };
    if host.is_some() && !ask.is_admin() && !rule.is_empty() && !ask.service.classic {
        return Err(Fault::policy(rule));
    }
    let is_forced = payload.get("force").is_some_and(|force| truth(&word(force)) == Some(true));
    if is_forced && host.is_none() {
        return Err(Fault::new(Code::Rule, 400, "Can't force to a non-provided destination"));
    }
    match (action, host) {
        (ServerAction::Evacuate, Some(host)) => check_target(cloud, ask, host),
        (ServerAction::MigrateLive, Some(host)) => check_host(cloud, host, 400),
        _ => Ok(()),
    }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn check_target(cloud: &mut Cloud, ask: &Ask<'_>, host: &str) -> Result<(), Fault> {
    if !cloud.has_host(host) {
        return Err(Fault::not_found(format!("Compute host {host} not found.")));
    }
    if host_of(server(cloud, ask)?) == host {
        return Err(Fault::new(Code::Rule, 400, "The target host can't be the same one."));
    }
    Ok(())
}

/// Does the host exist?
pub fn check_host(cloud: &Cloud, host: &str, status: u16) -> Result<(), Fault> {
    if cloud.has_host(host) {
        return Ok(());
    }
    Err(Fault::new(Code::NotFound, status, format!("Compute host {host} could not be found.")))
}

/// A server leaves a host that is down; from 2.95 on it stays off there.
pub fn evacuate(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    let host = host_of(server(cloud, ask)?);
    let is_shared = payload.get("onSharedStorage").is_some_and(|shared| truth(&word(shared)) == Some(true));
    if is_shared && payload.get("adminPass").is_some() {
        return Err(Fault::new(Code::Rule, 400, "admin password can't be changed on existing disk"));
    }
    if !cloud.is_down(&host) {
        return Err(Fault::new(Code::State, 400, format!("Compute service of {host} is still in use.")));
    }
    let password = if is_shared { Value::Null } else { password(cloud, payload) };
    let mut more = More::reply("adminPass", password);
    if ask.version.is_since(2, 95) {
        more.then = Some(Then::Relaunch(VmState::Stopped));
    }
    if let Some(target) = payload.text("host") {
        for field in ["OS-EXT-SRV-ATTR:host", "OS-EXT-SRV-ATTR:hypervisor_hostname"] {
            more.next.fields.insert(field.to_owned(), json!(target));
        }
    }
    Ok(more)
}

/// A server that was stored away comes back, perhaps to another zone or host.
pub fn unshelve(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    let (zone, host) = (payload.get("availability_zone"), payload.text("host"));
    let vm = VmState::of(server(cloud, ask)?);
    if (zone.is_some() || host.is_some()) && vm != VmState::ShelvedOffloaded {
        return Err(Fault::new(Code::State, 409, not_offloaded(ask.id(), vm)));
    }
    let name = zone.and_then(Value::as_str);
    if name.is_some_and(|name| !cloud.fixture.availability_zones.iter().any(|zone| zone == name)) {
        return Err(Fault::new(Code::Reference, 400, "The requested availability zone is not available"));
    }
    if let Some(host) = host {
        if !ask.is_admin() {
            return Err(Fault::policy("os_compute_api:os-shelve:unshelve_to_host"));
        }
        check_host(cloud, host, 400)?;
    }
    super::snapshot::forget_shelved(cloud, ask.id());
    let mut more = More::default();
    if let Some(zone) = zone {
        more.now.insert("pinned_availability_zone", zone.clone());
    }
    if let Some(name) = name {
        more.next.fields.insert("OS-EXT-AZ:availability_zone", json!(name));
    }
    Ok(more)
}

fn not_offloaded(id: &str, vm: VmState) -> String {
    format!(
        "Specifying an availability zone or a host when unshelving server \"{id}\" with status \"{}\" is not supported. The \
        server status must be SHELVED_OFFLOADED.",
        vm.name()
    )
}
