//! Snapshots of groups of volumes: one of each volume (cinder/group/api.py, cinder/api/v3/group_snapshots.py).

use super::groups::{self, named_group};
use super::quotas;
use super::record::{Snapshot, Volume};
use super::refusals::invalid;
use super::volumes::SNAPSHOTS;
use crate::base::json::{Map, object};
use crate::cloud::store::{Cloud, Fault, Resource, stored_time};
use crate::cloud::verb::{Ask, Missing, ResourceType};
use crate::contract::Dialect;

/// A snapshot of a group.
pub const GROUP_SNAPSHOTS: ResourceType = ResourceType {
    collection: "group_snapshots",
    home: Dialect::Cinder,
    missing: &[Missing::any("GroupSnapshot {id} could not be found.")],
    derive: |_, _| {},
    complete,
    leave,
    list: groups::list,
    locate: |cloud, ask| {
        let found = cloud.collection("group_snapshots").get(ask.id());
        let kind = found.map(|own| own.text("group_type_id").to_owned());
        groups::allow_kind(cloud, ask, kind.as_deref(), RESERVED).map(|()| ask.key())
    },
    ..ResourceType::PLAIN
};

/// One as the older API knows it.
pub const CGSNAPSHOTS: ResourceType = ResourceType { collection: "cgsnapshots", ..GROUP_SNAPSHOTS };

/// What is said of the snapshots of groups that only the older API knows.
const RESERVED: &str = "Migrated group snapshots can only be operated by CG snapshot APIs.";

/// Takes a snapshot of each volume of a group that is not empty, and neither in the making nor being changed.
fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let group = named_group(cloud, ask, &ask.required("group_id")?)?;
    let kind = group.text("group_type").to_owned();
    groups::allow_kind(cloud, ask, Some(&kind), RESERVED)?;
    if ask.instead.is_some() {
        groups::trim(body);
    }
    let volumes = groups::members(cloud, &group.id);
    if volumes.is_empty() || ["creating", "updating"].contains(&group.text("status")) {
        return Err(invalid(
            "Group",
            "Source group cannot be empty or in 'creating' or 'updating' state. No group snapshot will be created.",
        ));
    }
    let id = body["id"].clone();
    let now = stored_time(cloud.clock.now());
    for volume in volumes {
        let size = cloud.collection("volumes").get(&volume).and_then(|volume| Volume::of(&volume.body).size());
        // What a fixture gives no size takes no room.
        quotas::allow_snapshot(cloud, ask.project(), size.unwrap_or(0))?;
        let fields = object!({
            "name": body.get("name"), "description": body.get("description"), "volume_id": volume, "size": size,
            "status": "available", "metadata": {}, "group_snapshot_id": id,
        });
        let snapshot = SNAPSHOTS.new_resource(cloud, ask, fields);
        cloud.add(SNAPSHOTS.collection, snapshot);
    }
    body.extend(object!({"status": "available", "group_type_id": kind, "created_at": now}));
    Ok(())
}

/// The snapshots of a group snapshot.
pub fn parts<'c>(cloud: &'c Cloud, id: &'c str) -> impl Iterator<Item = &'c Resource> {
    let snapshots = cloud.collections.get(SNAPSHOTS.collection).into_iter().flat_map(|all| all.iter());
    snapshots.filter(move |snapshot| Snapshot::of(&snapshot.body).group_snapshot() == Some(id))
}

/// Its snapshots go with it.
fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    const BUSY: &str = "GroupSnapshot status must be available or error, and no Group can be currently using it as source \
        for its creation.";
    let status = cloud.collection("group_snapshots").get(id).map(|own| own.text("status").to_owned());
    if !status.is_some_and(|status| ["available", "error"].contains(&status.as_str())) {
        return Err(invalid("GroupSnapshot", BUSY));
    }
    let parts: Vec<String> = parts(cloud, id).map(|own| own.id.clone()).collect();
    parts.iter().for_each(|part| drop(cloud.collection(SNAPSHOTS.collection).remove(part)));
    Ok(())
}
