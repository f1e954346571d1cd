//! Nova's own services, which administrators disable, force down and forget.

use super::by_number::{has_uuid, locate, no_integer};
use crate::base::json::{Map, Value, json};

use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource, stored_time};
use crate::cloud::verb::{Answer, Ask, Missing, Owner, ResourceType, remove, visible, wrapped};
use crate::contract::Code;

pub const SERVICES: ResourceType = ResourceType {
    collection: "services",
    owner: Owner::Cloud,
    missing: &[Missing::any("Service {id} could not be found.")],
    leave: refuse_busy,
    delete,
    refresh: |cloud, _| refresh(cloud),
    locate: |cloud, ask| match ask.id().parse::<u64>() {
        Err(_) if !has_uuid(ask) => Err(no_integer()),
        _ => locate(cloud, ask),
    },
    ..ResourceType::PLAIN
};

/// A service that is not there is missed in other words where it is to be deleted.
fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let missing = |fault: Fault| match fault.status {
        404 => Fault::not_found(format!("Service {} not found.", ask.id())),
        _ => fault,
    };
    remove(cloud, ask).map_err(missing)
}

/// Services report every few seconds, and are in the zone of their host.
pub fn refresh(cloud: &mut Cloud) {
    let now = stored_time(cloud.clock.now());
    let zones: Vec<String> = match cloud.collections.get("services") {
        Some(services) => services.iter().map(|service| cloud.zone_of(service)).collect(),
        None => return,
    };
    let mut zones = zones.into_iter();
    cloud.collection("services").for_each_mut(|service| {
        service.set("updated_at", now.as_str());
        if let Some(zone) = zones.next() {
            service.set("zone", zone);
        }
    });
}

/// Changes a service: by id, or until 2.52 by a verb at the end of the path, with host and binary in the body.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    match has_uuid(ask) {
        true => by_id(cloud, ask),
        false => by_verb(cloud, ask),
    }
}

fn by_id(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut service = visible(cloud, ask, false)?;
    only_compute(service.text("binary"))?;
    let word = |key: &str| ask.body.get(key).and_then(Value::as_str);
    if word("status") == Some("enabled") && word("disabled_reason").is_some() {
        return Err(bad("Specifying 'disabled_reason' with status 'enabled' is invalid."));
    }
    if word("status").is_none() && ask.body.get("forced_down").is_none() {
        return Err(bad("No updates were requested. Fields 'status' or 'forced_down' should be specified."));
    }
    if let Some(status) = word("status") {
        set_status(&mut service, status, word("disabled_reason"));
    }
    if let Some(forced) = ask.body.get("forced_down") {
        force_down(&mut service, forced);
    }
    let body = Value::Object(service.body.clone());
    ask.answer(Some(wrapped(ask, body)))
}

fn only_compute(binary: &str) -> Result<(), Fault> {
    match binary {
        COMPUTE => Ok(()),
        _ => Err(bad(&format!(
            "Updating a {binary} service is not supported. Only nova-compute services can be updated."
        ))),
    }
}

fn by_verb(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (host, binary, reason) = (ask.body.text("host"), ask.body.text("binary"), ask.body.text("disabled_reason"));
    if ask.id() == "disable-log-reason" && reason.is_empty() {
        return Err(bad("Missing disabled reason field"));
    }
    let forces = ask.version.is_since(2, 11);
    if ask.id() == "force-down" && forces && ask.body.get("forced_down").is_none() {
        return Err(bad("Missing forced_down field"));
    }
    if VERBS.contains(&ask.id()) && (forces || ask.id() != "force-down") {
        only_compute(binary)?;
    }
    let is_it = |service: &&Resource| service.text("host") == host && service.text("binary") == binary;
    let services = cloud.collection(ask.collection());
    let is_mapped = services.iter().any(|service| service.text("host") == host);
    let missing = || {
        Fault::not_found(match is_mapped {
            true => format!("Could not find binary {binary} on host {host}."),
            false => format!("Host '{host}' is not mapped to any cell"),
        })
    };
    let id = services.iter().find(is_it).map(|service| service.id.clone()).ok_or_else(missing)?;
    let mut service = services.get_mut(&id).ok_or_else(missing)?;
    let told: &[&str] = match ask.id() {
        "enable" => {
            set_status(&mut service, "enabled", None);
            &["host", "binary", "status"]
        }
        "disable" => {
            set_status(&mut service, "disabled", None);
            &["host", "binary", "status"]
        }
        "disable-log-reason" => {
            set_status(&mut service, "disabled", Some(reason));
            &["host", "binary", "status", "disabled_reason"]
        }
        "force-down" if forces => {
            force_down(&mut service, &ask.body["forced_down"]);
            &["host", "binary", "forced_down"]
        }
        _ => return Err(Fault::not_found("Unknown action")),
    };
    let body: Map = told.iter().filter_map(|key| Some(((*key).to_owned(), service.body.get(key)?.clone()))).collect();
    ask.answer(Some(wrapped(ask, Value::Object(body))))
}

const VERBS: [&str; 4] = ["enable", "disable", "disable-log-reason", "force-down"];

/// The service that runs servers.
const COMPUTE: &str = "nova-compute";

fn bad(message: &str) -> Fault {
    Fault::new(Code::Rule, 400, message)
}

fn set_status(service: &mut Resource, status: &str, reason: Option<&str>) {
    service.set("status", status);
    service.set("disabled_reason", json!(reason));
}

fn force_down(service: &mut Resource, forced: &Value) {
    let forced = forced.as_bool().or_else(|| truth(forced.as_str()?)).unwrap_or(false);
    service.set("forced_down", forced);
    service.set("state", if forced { "down" } else { "up" });
}

/// Refuses to forget a service on whose host there are servers.
pub fn refuse_busy(cloud: &mut Cloud, ask: &Ask<'_>, _: &str) -> Result<(), Fault> {
    let (host, is_compute) = {
        let service = visible(cloud, ask, false)?;
        (service.text("host").to_owned(), service.text("binary") == COMPUTE)
    };
    let is_there = |server: &Resource| server.text("OS-EXT-SRV-ATTR:host") == host;
    if is_compute && cloud.collection("servers").iter().any(is_there) {
        return Err(Fault::new(Code::State, 409, BUSY));
    }
    Ok(())
}

const BUSY: &str = "Unable to delete compute service that is hosting instances. Migrate or delete the instances first.";
