//! What is on a backend and not Cinder's yet (cinder/api/contrib/volume_manage.py, snapshot_manage.py): here nothing, so that whatever is
//! to become Cinder's ends in an error.

use super::place::{Place, volume_service};
use super::record::Volume;
use super::refusals::invalid;
use super::types;
use super::volumes::{SNAPSHOTS, VOLUMES, seen, sorted_by};
use crate::base::is_true;
use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Fault, stored_time};
use crate::cloud::verb::{Answer, Ask, wrapped};
use crate::contract::Code;

/// The pool that a volume is in whose host is named without one.
const POOL: &str = "lvm";

/// What could become Cinder's.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let place = Place::of(ask, ask.query.last("host"), ask.query.last("cluster"), 17)?;
    sortable(ask)?;
    volume_service(cloud, place)?;
    let name = format!("manageable-{}", ask.list_name());
    ask.answer(Some(Value::Object(Map::from_iter([(name, json!([]))]))))
}

/// These lists have keys of their own.
fn sortable(ask: &Ask<'_>) -> Result<(), Fault> {
    let (keys, directions) = sorted_by(ask);
    let refused =
        |what: &str, wrong: &str| Err(Fault::new(Code::Rule, 400, format!("Invalid sort {what} passed: {wrong}")));
    if let Some(key) = keys.iter().find(|key| !["reference", "size"].contains(&key.trim())) {
        return refused("keys", key);
    }
    match directions.iter().find(|direction| !["asc", "desc"].contains(&direction.trim())) {
        Some(direction) => refused("dirs", direction),
        None => Ok(()),
    }
}

/// A volume of the backend is to become Cinder's.
pub fn manage_volume(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = ask.body.object("volume");
    let text = |key: &str| asked.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let place = Place::of(ask, text("host"), text("cluster"), 16)?;
    let kind = kind(cloud, ask, text("volume_type"))?;
    // A name that Cinder gave tells that it has the volume.
    let source = asked.get("ref").and_then(|source| source.get("source-name")).and_then(Value::as_str);
    let id = source.and_then(|name| name.strip_prefix("volume-"));
    if id.is_some_and(|id| cloud.collection(VOLUMES.collection).get(id).is_some()) {
        return Err(invalid("volume", "Unable to manage existing volume. The volume is already managed"));
    }
    if kind.get("encryption").is_some_and(|own| !own.is_null()) {
        return Err(invalid("volume type", "Managing to an encrypted volume type is not supported."));
    }
    let missing = |fault: Fault| match (place, fault.code) {
        (Place::Host(host), Code::NotFound) => Fault::new(Code::Reference, 400, format!("Host '{host}' not found")),
        (Place::Cluster(name), Code::NotFound) => {
            Fault::new(Code::Reference, 400, format!("Cluster '{name}' not found"))
        }
        _ => fault,
    };
    let service = volume_service(cloud, place).map_err(missing)?;
    let host = match place {
        Place::Host(host) if host.contains('#') => host.to_owned(),
        _ => format!("{}#{POOL}", service.text("host")),
    };
    let zone = json!(text("availability_zone").unwrap_or(service.text("zone")));
    let is_bootable = asked.get("bootable").is_some_and(is_true);
    let now = stored_time(cloud.clock.now());
    let metadata = asked.get("metadata").filter(|metadata| !metadata.is_null()).cloned();
    let mut volume = VOLUMES.new_resource(
        cloud,
        ask,
        object!({
            "name": text("name").map(str::trim), "description": text("description").map(str::trim),
            "metadata": metadata.unwrap_or_else(|| json!({})), "size": 0, "status": "error", "bootable": is_bootable,
            "volume_type": kind.get("name"), "volume_type_id": kind.get("id"), "availability_zone": zone,
            "attachments": [], "multiattach": false, "created_at": now, "updated_at": now,
            "os-vol-host-attr:host": host, "os-vol-tenant-attr:tenant_id": ask.project(),
        }),
    );
    (VOLUMES.derive)(VOLUMES.collection, &mut volume.body);
    let told = told_as_new(VOLUMES.view(cloud, ask.service, &volume));
    cloud.add(VOLUMES.collection, volume);
    ask.answer(Some(wrapped(ask, Value::Object(told))))
}

/// The type that is asked for, or the default; without any the volume has none.
fn kind(cloud: &Cloud, ask: &Ask<'_>, asked: Option<&str>) -> Result<Map, Fault> {
    let Some(name) = asked else {
        return Ok(types::default_of(cloud, ask)?.map_or_else(Map::new, |own| own.body.clone()));
    };
    let refused = |_| invalid("volume type", &format!("Cannot find requested '{name}' volume type"));
    let found = types::named(cloud, ask, name).map_err(refused)?;
    Ok(found.as_object().map_or_else(Map::new, Map::clone))
}

/// A snapshot of the backend is to become Cinder's.
pub fn manage_snapshot(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut fields = ask.fields();
    fields.remove("ref");
    let id = ask.required("volume_id")?;
    let volume = seen(cloud, ask, VOLUMES.collection, &id).ok_or_else(|| ask.not_found_in(VOLUMES.collection, &id))?;
    let size = Volume::of(&volume.body).size();
    let now = stored_time(cloud.clock.now());
    let metadata = fields.remove("metadata").filter(|metadata| !metadata.is_null());
    fields.extend(object!({
        "size": size, "status": "error", "progress": "0%", "created_at": now, "updated_at": now,
        "metadata": metadata.unwrap_or_else(|| json!({})),
    }));
    let snapshot = SNAPSHOTS.new_resource(cloud, ask, fields);
    let told = told_as_new(SNAPSHOTS.view(cloud, ask.service, &snapshot));
    cloud.add(SNAPSHOTS.collection, snapshot);
    ask.answer(Some(wrapped(ask, Value::Object(told))))
}

/// The fields of what is new as its creation tells them.
fn told_as_new(mut fields: Map) -> Map {
    fields.insert("status", json!("creating"));
    fields.insert("updated_at", Value::Null);
    fields
}
