//! A group with copies of the volumes of another, or of a snapshot of one (cinder/group/api.py, `create_from_src`).

use super::groups::{self, GROUPS, named_group};
use super::record::Volume;
use super::refusals::invalid;
use super::volumes::VOLUMES;
use super::{group_snapshots, quotas};
use crate::base::json::{Map, Value, object};
use crate::cloud::store::{Cloud, Fault, Resource, stored_time};
use crate::cloud::verb::{Answer, Ask, wrapped};
use crate::contract::Code;

/// Creates the group that the body describes, by either API.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut asked = ask.fields();
    groups::trim(&mut asked);
    let mut text = |field: &str| asked.remove(field).as_ref().and_then(Value::as_str).map(str::to_owned);
    let (of_snapshot, of_group) = match ask.instead {
        None => (text("group_snapshot_id"), text("source_group_id")),
        Some(_) => (text("cgsnapshot_id"), text("source_cgid")),
    };
    let name = asked.get("name").and_then(Value::as_str).unwrap_or("None").to_owned();
    let (source, copies) = match (of_snapshot.as_deref(), of_group.as_deref()) {
        (Some(snapshot), None) => of_snapshot_parts(cloud, ask, snapshot)?,
        (None, Some(group)) => of_members(cloud, ask, group)?,
        // The schema of groups lets pass one of the two.
        (None, None) => {
            let message = "Either 'cgsnapshot_id' or 'source_cgid' must be provided to create consistency group";
            return Err(Fault::new(Code::Missing, 400, format!("{message} {name} from source.")));
        }
        (Some(_), Some(_)) => {
            let message = "Cannot provide both 'cgsnapshot_id' and 'source_cgid' to create consistency group";
            return Err(Fault::new(Code::Rule, 400, format!("{message} {name} from source.")));
        }
    };
    let now = stored_time(cloud.clock.now());
    let mut group = GROUPS.new_resource(cloud, ask, asked);
    group.body.extend(object!({
        "group_type": source.body.get("group_type"), "volume_types": source.body.get("volume_types"),
        "availability_zone": source.body.get("availability_zone"), "status": "available", "created_at": now,
        "replication_status": "disabled", "group_snapshot_id": of_snapshot, "source_group_id": of_group,
    }));
    for copy in copies {
        add_copy(cloud, ask, &group.id, copy)?;
    }
    let told = wrapped(ask, Value::Object(group.body.clone()));
    cloud.add(GROUPS.collection, group);
    ask.answer(Some(told))
}

/// The group of a snapshot, and the volumes of which that consists.
fn of_snapshot_parts(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(Resource, Vec<Map>), Fault> {
    let found = cloud.collection("group_snapshots").get(id).filter(|found| ask.sees(found));
    let found = found.ok_or_else(|| ask.not_found_in("group_snapshots", id))?.clone();
    let group = named_group(cloud, ask, found.text("group_id"))?;
    let parts: Vec<(&str, &str)> =
        group_snapshots::parts(cloud, id).map(|part| (part.id.as_str(), part.text("volume_id"))).collect();
    let of_part = |(part, volume)| copy(cloud, volume, object!({"snapshot_id": part, "source_volid": null}));
    let copies: Vec<Map> = parts.into_iter().filter_map(of_part).collect();
    match copies.is_empty() {
        false => Ok((group, copies)),
        true => Err(invalid("Group", "Group snapshot is empty. No group will be created.")),
    }
}

/// A group and its volumes.
fn of_members(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(Resource, Vec<Map>), Fault> {
    let group = named_group(cloud, ask, id)?;
    let of_member = |volume: &String| copy(cloud, volume, object!({"snapshot_id": null, "source_volid": volume}));
    let copies: Vec<Map> = groups::members(cloud, id).iter().filter_map(of_member).collect();
    match copies.is_empty() {
        false => Ok((group, copies)),
        true => Err(invalid("Group", "Source Group is empty. No group will be created.")),
    }
}

/// What a copy of `volume` has, and where it is from.
fn copy(cloud: &Cloud, volume: &str, origin: Map) -> Option<Map> {
    let mut fields = cloud.collections.get(VOLUMES.collection)?.get(volume)?.body.clone();
    fields.extend(origin);
    Some(fields)
}

/// A volume with what `fields` has in it, without a name, and free.
fn add_copy(cloud: &mut Cloud, ask: &Ask<'_>, group: &str, mut fields: Map) -> Result<(), Fault> {
    // What a fixture gives no size takes no room.
    quotas::allow_volume(cloud, ask.project(), Volume::of(&fields).size().unwrap_or(0))?;
    let now = stored_time(cloud.clock.now());
    ask.manner().owner_fields.iter().for_each(|owner| drop(fields.remove(owner)));
    let mut volume = VOLUMES.new_resource(cloud, ask, fields);
    volume.body.extend(object!({
        "name": null, "description": null, "metadata": {}, "attachments": [], "status": "available",
        "group_id": group, "created_at": now, "updated_at": now, "user_id": ask.user(), "os-vol-tenant-attr:tenant_id": ask.project(),
    }));
    (VOLUMES.derive)(VOLUMES.collection, &mut volume.body);
    cloud.add(VOLUMES.collection, volume);
    Ok(())
}
