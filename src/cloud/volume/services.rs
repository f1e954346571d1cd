//! Cinder's own services, as administrators see and switch them (cinder/api/v3/services.py).

use super::place::{Place, SERVICES, VOLUME_SERVICE, is_on};
use super::refusals::{invalid_input, no_host};
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Listed, Order, Owner, ResourceType, visible_resources};
use crate::contract::{Code, Dialect};

/// One of Cinder's services.
pub const SERVICE: ResourceType = ResourceType {
    collection: SERVICES,
    owner: Owner::Cloud,
    home: Dialect::Cinder,
    derive: |_, _| {},
    order: |_| Order::Oldest,
    list,
    ..ResourceType::PLAIN
};

/// A host is named with its backends or without.
fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let mut listed = visible_resources(cloud, ask)?;
    if let Some(host) = ask.query.last("host") {
        listed.resources.retain(|own| is_on(own, host));
    }
    Ok(listed)
}

/// A service is enabled, or disabled with or without a reason.
pub fn switch(cloud: &mut Cloud, ask: &Ask<'_>, is_enabled: bool) -> Result<Answer, Fault> {
    let host = ask.body.text("host");
    if host.is_empty() {
        return Err(no_host());
    }
    let (binary, service) = (ask.body.text("binary"), ask.body.text("service"));
    let name = if binary.is_empty() { service } else { binary };
    let missing = || Fault::not_found(format!("Service {name} could not be found on host {host}."));
    let is_it = |own: &&Resource| own.text("host") == host && own.text("binary") == name;
    let found = cloud.collection(SERVICES).iter().find(is_it);
    let id = found.map(|own| own.id.clone()).ok_or_else(missing)?;
    let status = if is_enabled { "enabled" } else { "disabled" };
    let reason = ask.body.get("disabled_reason").filter(|_| !is_enabled);
    if let Some(mut own) = cloud.collection(SERVICES).get_mut(&id) {
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

/// A backend takes no changes any more, which also disables it, or takes them again.
pub fn freeze(cloud: &mut Cloud, ask: &Ask<'_>, is_frozen: bool) -> Result<Answer, Fault> {
    let meant = volume_services(cloud, ask)?;
    let is_done = |own: &Resource| (own.body.get("frozen") == Some(&Value::Bool(true))) == is_frozen;
    if meant.iter().all(is_done) {
        let before = if is_frozen { "False" } else { "True" };
        return Err(unchanged(&meant, "frozen", &format!("{before} to failover.")));
    }
    let (status, reason) = if is_frozen { ("disabled", "frozen") } else { ("enabled", "") };
    for service in meant.iter().filter(|own| !is_done(own)) {
        if let Some(mut own) = cloud.collection(SERVICES).get_mut(&service.id) {
            own.set("frozen", is_frozen);
            own.set("status", status);
            own.set("disabled_reason", reason);
        }
    }
    ask.answer(None)
}

/// A backend that is not replicated cannot be replaced by another; how one that is fails over, its driver decides.
pub fn fail_over(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let meant = volume_services(cloud, ask)?;
    let is_replicated = |own: &Resource| ["enabled", "failed-over"].contains(&own.text("replication_status"));
    match meant.iter().any(is_replicated) {
        true => Err(ask.not_simulated()),
        false => {
            let states = "['enabled', 'failed-over'] and must be up to failover.";
            Err(unchanged(&meant, "replication_status", states))
        }
    }
}

/// The services at the place that the body names which have volumes.
fn volume_services(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Vec<Resource>, Fault> {
    let word = |key: &str| ask.body.get(key).and_then(Value::as_str);
    let place = Place::of(ask, word("host"), word("cluster"), 26)?;
    let all = cloud.collection(SERVICES).iter();
    let meant: Vec<Resource> =
        all.filter(|own| own.text("binary") == VOLUME_SERVICE && place.has(own)).cloned().collect();
    let place = match place {
        Place::Host(host) => format!("host={host}"),
        Place::Cluster(cluster) => format!("cluster={cluster}"),
    };
    match meant.is_empty() {
        false => Ok(meant),
        true => Err(Fault::new(Code::NotFound, 400, format!("No service found with {place}"))),
    }
}

fn unchanged(services: &[Resource], field: &str, must_be: &str) -> Fault {
    let hosts: Vec<String> = services.iter().map(|own| format!("'{}'", own.text("host"))).collect();
    let hosts = hosts.join(", ");
    invalid_input(&format!("No service could be changed: {field} in [{hosts}] must be {must_be}"))
}
