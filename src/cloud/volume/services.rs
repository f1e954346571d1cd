//! Cinder's own services, as administrators see and switch them (cinder/api/v3/services.py).

use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Listed, Owner, ResourceType, visible_resources};
use crate::contract::{Code, Dialect};

/// Cinder's services: Nova has a collection of that name.
pub const SERVICES: ResourceType = ResourceType {
    collection: "volume.services",
    owner: Owner::Cloud,
    home: Dialect::Cinder,
    derive: |_, _| {},
    list,
    ..ResourceType::PLAIN
};

/// A host is named with its backends or without.
fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let mut listed = visible_resources(cloud, ask)?;
    if let Some(host) = ask.query.last("host") {
        let is_on = |own: &str| own == host || own.strip_prefix(host).is_some_and(|rest| rest.starts_with('@'));
        listed.resources.retain(|own| is_on(own.text("host")));
    }
    Ok(listed)
}

/// A service is enabled, or disabled with or without a reason.
pub fn switch(cloud: &mut Cloud, ask: &Ask<'_>, is_enabled: bool) -> Result<Answer, Fault> {
    let host = host(ask)?;
    let word = |key: &str| ask.body.get(key).and_then(Value::as_str).unwrap_or("");
    let (binary, service) = (word("binary"), word("service"));
    let name = if binary.is_empty() { service } else { binary };
    let missing = || Fault::not_found(format!("Service {name} could not be found on host {host}."));
    let id = find(cloud, host, name).ok_or_else(missing)?;
    let status = if is_enabled { "enabled" } else { "disabled" };
    let reason = ask.body.get("disabled_reason").filter(|_| !is_enabled);
    if let Some(mut own) = cloud.collection(SERVICES.collection).get_mut(&id) {
        own.set("status", status);
        own.set("disabled_reason", reason.cloned().unwrap_or(Value::Null));
    }
    let mut told = json!({
        "host": host, "service": service, "binary": binary, "status": status, "disabled": !is_enabled,
    });
    if let Some(reason) = reason {
        told["disabled_reason"] = reason.clone();
    }
    ask.answer(Some(told))
}

/// A backend takes no changes any more, or takes them again.
pub fn freeze(cloud: &mut Cloud, ask: &Ask<'_>, is_frozen: bool) -> Result<Answer, Fault> {
    let host = host(ask)?;
    let missing = || Fault::new(Code::NotFound, 400, format!("No service found with host={host}"));
    let id = find(cloud, host, "cinder-volume").ok_or_else(missing)?;
    if let Some(mut own) = cloud.collection(SERVICES.collection).get_mut(&id) {
        own.set("frozen", is_frozen);
    }
    ask.answer(None)
}

fn host<'a>(ask: &Ask<'a>) -> Result<&'a str, Fault> {
    let missing = || Fault::new(Code::Missing, 400, "Invalid input received: Host field is missing.");
    ask.body.get("host").and_then(Value::as_str).ok_or_else(missing)
}

fn find(cloud: &mut Cloud, host: &str, binary: &str) -> Option<String> {
    let is_it = |own: &&Resource| own.text("host") == host && own.text("binary") == binary;
    cloud.collection(SERVICES.collection).iter().find(is_it).map(|own| own.id.clone())
}
