//! Groups of volumes, also as the older API knows them: as consistency groups. Sources: cinder/group/api.py, cinder/api/v3/groups.py,
//! cinder/api/contrib/consistencygroups.py; answers of cinder 29.0.0.

use super::group_types::{OLDER, older_kind};
use super::record::{Snapshot, Volume, VolumeStatus};
use super::refusals::{crash, invalid, invalid_input};
use super::types;
use crate::base::json::{Map, Value, json};
use crate::base::{is_true, python_bool, truth};
use crate::cloud::store::{Cloud, Fault, Resource, stored_time};
use crate::cloud::verb::{Answer, Ask, Listed, Missing, ResourceType, visible, visible_resources};
use crate::contract::{Code, Dialect};

pub const GROUPS: ResourceType = ResourceType {
    collection: "volume.groups",
    home: Dialect::Cinder,
    missing: &[Missing::any("Group {id} could not be found.")],
    derive: |_, _| {},
    complete,
    change: Some(change),
    refresh,
    list,
    locate: |cloud, ask| {
        refresh(cloud, ask);
        let kind = cloud.collection("volume.groups").get(ask.id()).map(|group| group.text("group_type").to_owned());
        allow_kind(cloud, ask, kind.as_deref(), RESERVED).map(|()| ask.key())
    },
    ..ResourceType::PLAIN
};

/// One as the older API knows it.
pub const CONSISTENCY_GROUPS: ResourceType = ResourceType { collection: "consistencygroups", ..GROUPS };

/// Where the groups and snapshots of the older API are kept: they are those of the newer one.
pub fn kept_in(ask: &Ask<'_>) -> Option<&'static str> {
    match ask.collection() {
        "consistencygroups" => Some("volume.groups"),
        "cgsnapshots" => Some("group_snapshots"),
        _ => None,
    }
}

/// What is said of the groups that only the older API knows.
const RESERVED: &str = "Migrated group can only be operated by CG APIs.";

/// Refuses what is of the older API's type in the newer one, which says `why`.
pub fn allow_kind(cloud: &Cloud, ask: &Ask<'_>, kind: Option<&str>, why: &str) -> Result<(), Fault> {
    match older_kind(cloud).filter(|older| ask.instead.is_none() && kind == Some(older.id.as_str())) {
        None => Ok(()),
        Some(older) => {
            let message = format!("Group_type {} is reserved for migrating CGs to groups. {why}", older.id);
            Err(Fault::new(Code::State, 400, message))
        }
    }
}

/// The newer API lists no groups and no snapshots of the older one's type.
pub fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let mut listed = visible_resources(cloud, ask)?;
    if let Some(older) = older_kind(listed.cloud).filter(|_| ask.instead.is_none()) {
        listed.resources.retain(|own| own.text("group_type") != older.id && own.text("group_type_id") != older.id);
    }
    Ok(listed)
}

/// Name and description without blanks around them.
pub fn trim(body: &mut Map) {
    for field in ["name", "description"] {
        let trimmed = body.get(field).and_then(Value::as_str).map(|text| json!(text.trim()));
        trimmed.map(|text| body.insert(field, text));
    }
}

/// The type that a new group has: the one that is asked for, or that of the older API.
fn kind_of_new(cloud: &Cloud, ask: &Ask<'_>, body: &Map) -> Result<String, Fault> {
    if ask.instead.is_some() {
        let missing = "Rerun migration script to create the default cgsnapshot type.";
        let missing = || Fault::new(Code::Reference, 400, format!("Group type {OLDER} not found. {missing}"));
        return older_kind(cloud).map(|older| older.id.clone()).ok_or_else(missing);
    }
    // The contract requires it.
    let asked = body.text("group_type");
    let mut kinds = cloud.collections.get("group_types").into_iter().flat_map(|kinds| kinds.iter());
    let kind = kinds.find(|own| own.id == asked || own.text("name") == asked).map(|own| own.id.clone());
    let kind = kind.ok_or_else(|| ask.not_found_in("group_types", asked))?;
    allow_kind(cloud, ask, Some(&kind), RESERVED).map(|()| kind)
}

/// The names of the types that the volumes of a new group may have: the older API has them in one text.
fn named_types(ask: &Ask<'_>, body: &Map) -> Result<Vec<String>, Fault> {
    let asked = body.get("volume_types");
    if ask.instead.is_none() {
        let names = asked.and_then(Value::as_array).into_iter().flatten();
        return Ok(names.filter_map(Value::as_str).map(str::to_owned).collect());
    }
    match asked {
        Some(Value::String(names)) if !names.is_empty() => {
            Ok(names.trim_end_matches(',').split(',').map(str::to_owned).collect())
        }
        Some(asked) if python_bool(asked) => Err(crash(ask)),
        _ => {
            let name = body.get("name").and_then(Value::as_str).unwrap_or("None");
            let message = format!("volume_types must be provided to create consistency group {name}.");
            Err(Fault::new(Code::Missing, 400, message))
        }
    }
}

/// A new group is ready at once. No driver that Cinder has by default knows consistency groups: they end in an error.
fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    trim(body);
    let names = named_types(ask, body)?;
    let kind = kind_of_new(cloud, ask, body)?;
    let named = |name: &String| types::named(cloud, ask, name).map(|own| own["id"].clone());
    let volume_types = names.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let now = stored_time(cloud.clock.now());
    let zone = body.get("availability_zone").and_then(Value::as_str).unwrap_or("nova").to_owned();
    for (field, value) in [
        ("group_type", json!(kind)),
        ("volume_types", Value::Array(volume_types)),
        ("status", json!(if ask.instead.is_some() { "error" } else { "available" })),
        ("availability_zone", json!(zone)),
        ("created_at", json!(now)),
        ("replication_status", json!("disabled")),
    ] {
        body.insert(field, value);
    }
    Ok(())
}

/// The volumes of a group.
pub fn members(cloud: &Cloud, group: &str) -> Vec<String> {
    let volumes = cloud.collections.get("volumes").into_iter().flat_map(|volumes| volumes.iter());
    volumes.filter(|volume| volume.text("group_id") == group).map(|volume| volume.id.clone()).collect()
}

/// They are told where that is asked.
fn refresh(cloud: &mut Cloud, ask: &Ask<'_>) {
    let is_asked = ask.query.last("list_volume").and_then(truth) == Some(true);
    let ids: Vec<String> = cloud.collection("volume.groups").iter().map(|group| group.id.clone()).collect();
    for id in ids {
        let volumes = is_asked.then(|| members(cloud, &id));
        let Some(mut group) = cloud.collection("volume.groups").get_mut(&id) else { continue };
        match volumes {
            Some(volumes) => group.set("volumes", volumes),
            None => drop(group.body.remove("volumes")),
        }
    }
}

/// Volumes join and leave.
fn change(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let sent = ask.fields();
    if ask.instead.is_some() {
        says_something(ask, &sent)?;
    }
    trim(body);
    let group = named_group(cloud, ask, ask.id())?;
    let mut listed = |key: &str| -> Vec<String> {
        let text = body.remove(key);
        let ids = text.iter().filter_map(Value::as_str).flat_map(|text| text.split(','));
        ids.map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
    };
    let (mut joining, leaving) = (listed("add_volumes"), listed("remove_volumes"));
    let own = members(cloud, &group.id);
    joining.retain(|volume| !own.contains(volume));
    joining.iter().try_for_each(|volume| may_join(cloud, ask, &group, volume))?;
    leaving.iter().try_for_each(|volume| may_leave(cloud, &group.id, &own, volume))?;
    let keeps = |field: &str| body.get(field).is_none_or(|now| now.is_null() || group.body.get(field) == Some(now));
    if joining.is_empty() && leaving.is_empty() {
        if keeps("name") && keeps("description") {
            let why = "because no valid name, description, add_volumes, or remove_volumes were provided.";
            return Err(invalid("Group", &format!("Cannot update group {} {why}", group.id)));
        }
        body.insert("status", json!("available"));
    } else if group.text("status") != "available" {
        return Err(invalid("Group", "Group status must be available."));
    }
    for (volumes, group) in [(leaving, Value::Null), (joining, json!(group.id))] {
        for volume in volumes {
            if let Some(mut volume) = cloud.collection("volumes").get_mut(&volume) {
                volume.set("group_id", group.clone());
            }
        }
    }
    Ok(())
}

/// The older API checks by itself that something is to be changed, from 3.6 on less strictly.
fn says_something(ask: &Ask<'_>, sent: &Map) -> Result<(), Fault> {
    const FIELDS: [&str; 4] = ["name", "description", "add_volumes", "remove_volumes"];
    let is_lenient = ask.version.is_since(3, 6);
    let says = |field: &&str| match sent.get(field) {
        None | Some(Value::Null) => false,
        Some(value) => python_bool(value) || (is_lenient && ["name", "description"].contains(field)),
    };
    match (FIELDS.iter().any(says), is_lenient) {
        (true, _) => Ok(()),
        (false, true) => {
            let message = "Must specify one or more of the following keys to update: name, description, add_volumes, \
                remove_volumes.";
            Err(Fault::new(Code::Missing, 400, message))
        }
        (false, false) => {
            let message =
                "Name, description, add_volumes, and remove_volumes can not be all empty in the request body.";
            Err(Fault::new(Code::Missing, 400, message))
        }
    }
}

fn may_join(cloud: &mut Cloud, ask: &Ask<'_>, group: &Resource, volume: &str) -> Result<(), Fault> {
    let refused = |why: String| {
        Err(invalid("volume", &format!("Cannot add volume {volume} to group {} because {why}", group.id)))
    };
    let Some(found) = cloud.collection("volumes").get(volume).filter(|found| ask.sees(found)) else {
        return refused("volume cannot be found.".to_owned());
    };
    let (of, kind) = (found.text("group_id"), found.text("volume_type_id"));
    let own = Volume::of(&found.body);
    let takes = group.body.get("volume_types").and_then(Value::as_array);
    match own.status() {
        _ if !of.is_empty() => refused(format!("it is already in group {of}.")),
        _ if found.project != group.project => Err(invalid(
            "volume",
            &format!("Cannot add volume {volume} to group {} as they belong to different projects.", group.id),
        )),
        _ if kind.is_empty() => refused("it has no volume type.".to_owned()),
        _ if !takes.is_some_and(|takes| takes.iter().any(|own| own == kind)) => {
            refused(format!("volume type {kind} is not supported by the group."))
        }
        Some(VolumeStatus::Available | VolumeStatus::InUse) => Ok(()),
        _ => refused(format!(
            "volume is in an invalid state: {}. Valid states are: ('available', 'in-use').",
            own.status_name()
        )),
    }
}

fn may_leave(cloud: &mut Cloud, group: &str, members: &[String], volume: &str) -> Result<(), Fault> {
    let refused = |why: String| {
        Err(invalid("volume", &format!("Cannot remove volume {volume} from group {group} because {why}")))
    };
    let Some(found) = cloud.collection("volumes").get(volume).filter(|_| members.iter().any(|own| own == volume))
    else {
        return refused("it is not in the group.".to_owned());
    };
    let own = Volume::of(&found.body);
    match own.status() {
        Some(VolumeStatus::Available | VolumeStatus::InUse | VolumeStatus::Error | VolumeStatus::ErrorDeleting) => {
            Ok(())
        }
        _ => refused(format!(
            "volume is in an invalid state: {}. Valid states are: ('available', 'in-use', 'error', 'error_deleting').",
            own.status_name()
        )),
    }
}

/// A group that a request names.
pub fn named_group(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<Resource, Fault> {
    let found = cloud.collection("volume.groups").get(id).filter(|found| ask.sees(found));
    found.cloned().ok_or_else(|| ask.not_found_in("volume.groups", id))
}

/// What a volume needs that is made in a group.
pub fn check_volume(cloud: &mut Cloud, ask: &Ask<'_>, body: &Map) -> Result<(), Fault> {
    let Some(group) = body.get("group_id").and_then(Value::as_str) else { return Ok(()) };
    let group = named_group(cloud, ask, group)?;
    if !["available", "creating"].contains(&group.text("status")) {
        return Err(invalid("Group", "Originating group status must be one of 'available, creating' values"));
    }
    match body.get("volume_type").is_none_or(Value::is_null) {
        false => Ok(()),
        true => Err(invalid_input("volume_type must be provided when creating a volume in a group.")),
    }
}

/// A group goes, and its volumes with it where that is asked.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    // Cinder's function has no default for the body.
    if ask.body.is_null() {
        return Err(crash(ask));
    }
    let group: Resource = visible(cloud, ask, false)?.clone();
    let (action, flag) =
        if ask.instead.is_some() { ("consistencygroup", "force") } else { ("delete", "delete-volumes") };
    let takes_volumes = ask.body.get(action).and_then(|own| own.get(flag)).is_some_and(is_true);
    let volumes = members(cloud, &group.id);
    may_go(cloud, &group, &volumes, takes_volumes)?;
    if older_kind(cloud).is_some_and(|older| group.text("group_type") == older.id) {
        // No driver that Cinder has by default deletes one.
        if let Some(mut group) = cloud.collection("volume.groups").get_mut(&group.id) {
            group.set("status", "error");
        }
        return Ok(ask.bare(ask.status()));
    }
    volumes.iter().for_each(|volume| drop(cloud.collection("volumes").remove(volume)));
    cloud.collection("volume.groups").remove(&group.id);
    Ok(ask.bare(ask.status()))
}

fn may_go(cloud: &mut Cloud, group: &Resource, volumes: &[String], takes_volumes: bool) -> Result<(), Fault> {
    let refused = |why: String| Err(invalid("Group", &why));
    let (id, status) = (&group.id, group.text("status"));
    if !takes_volumes && !["available", "error"].contains(&status) {
        return refused(format!("Group status must be available or error, but current status is: {status}"));
    }
    if cloud.collection("group_snapshots").iter().any(|own| own.text("group_id") == id) {
        return refused("Group has existing snapshots.".to_owned());
    }
    if !volumes.is_empty() && !takes_volumes {
        let why = "still contains volumes. The delete-volumes flag is required to delete it.";
        return refused(format!("Group {id} {why}"));
    }
    for volume in volumes {
        let held = cloud.collection("volumes").get(volume);
        if held.is_some_and(|held| !Volume::of(&held.body).attachments().is_empty()) {
            return refused(format!("Volume in group {id} is attached. Need to detach first."));
        }
        let mut snapshots = cloud.collection("snapshots").iter().map(|own| Snapshot::of(&own.body));
        if snapshots.any(|own| own.volume() == Some(volume)) {
            return refused("Volume in group still has dependent snapshots.".to_owned());
        }
    }
    Ok(())
}
