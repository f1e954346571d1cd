//! Groups of volumes, and their types. Sources: cinder/group/api.py, cinder/api/v3/groups.py, group_types.py; answers of cinder 29.0.0.

use super::types;
use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource, stored_time};
use crate::cloud::verb::{Answer, Ask, Missing, Owner, ResourceType, as_it_is, visible};
use crate::contract::{Code, Dialect};

pub const GROUP_TYPES: ResourceType = ResourceType {
    collection: "group_types",
    owner: Owner::Cloud,
    home: Dialect::Cinder,
    unique: &[("name", "Group Type {name} already exists.")],
    missing: &[Missing::any("Group type {id} could not be found.")],
    derive: |_, _| {},
    published: |fields| fields.get("is_public").and_then(Value::as_bool),
    complete: complete_type,
    change: Some(as_it_is),
    leave: type_leaves,
    locate: |_, ask| match ask.id() {
        "default" => Err(Fault::not_found("Default group type can not be found.")),
        _ => Ok(ask.key()),
    },
    ..ResourceType::PLAIN
};

pub const GROUPS: ResourceType = ResourceType {
    collection: "volume.groups",
    home: Dialect::Cinder,
    missing: &[Missing::any("Group {id} could not be found.")],
    derive: |_, _| {},
    complete,
    change: Some(change),
    refresh,
    locate: |cloud, ask| {
        refresh(cloud, ask);
        Ok(ask.key())
    },
    ..ResourceType::PLAIN
};

pub const GROUP_SNAPSHOTS: ResourceType = ResourceType {
    collection: "group_snapshots",
    home: Dialect::Cinder,
    missing: &[Missing::any("GroupSnapshot {id} could not be found.")],
    complete: |cloud, ask, _| {
        let group = ask.required("group_id")?;
        own_group(cloud, ask, &group)?;
        let why =
            "Source group cannot be empty or in 'creating' or 'updating' state. No group snapshot will be created.";
        if members(cloud, &group).is_empty() {
            return Err(invalid("Group", why));
        }
        // Volumes of this cloud are of a type of which no group takes snapshots.
        Err(ask.not_simulated())
    },
    ..ResourceType::PLAIN
};

/// What the service tells users of what went wrong later: here nothing does.
pub const MESSAGES: ResourceType = ResourceType {
    collection: "volume.messages",
    home: Dialect::Cinder,
    missing: &[Missing::any("Message {id} could not be found.")],
    ..ResourceType::PLAIN
};

fn complete_type(_: &mut Cloud, _: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    body.get_or_insert_with("is_public", || json!(true));
    body.get_or_insert_with("group_specs", || json!({}));
    Ok(())
}

fn type_leaves(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    match cloud.collection("volume.groups").iter().any(|group| group.text("group_type") == id) {
        false => Ok(()),
        true => {
            let why = "deletion is not allowed with groups present with the type.";
            let message = format!("Target group type is still in use. Group Type {id} {why}");
            Err(Fault::new(Code::State, 400, message))
        }
    }
}

fn invalid(what: &str, why: &str) -> Fault {
    Fault::new(Code::State, 400, format!("Invalid {what}: {why}"))
}

fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let asked = text("group_type").unwrap_or_default();
    let mut kinds = cloud.collections.get("group_types").into_iter().flat_map(|kinds| kinds.iter());
    let kind = kinds.find(|own| own.id == asked || own.text("name") == asked).map(|own| own.id.clone());
    let kind = kind.ok_or_else(|| ask.not_found_in("group_types", &asked))?;
    let names = body.get("volume_types").and_then(Value::as_array).cloned().unwrap_or_default();
    let named = |name: &Value| types::named(cloud, ask, name.as_str().unwrap_or_default()).map(|own| own["id"].clone());
    let volume_types = names.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let now = stored_time(cloud.clock.now());
    let zone = text("availability_zone").unwrap_or_else(|| "nova".to_owned());
    for (field, value) in [
        ("group_type", json!(kind)),
        ("volume_types", Value::Array(volume_types)),
        ("status", json!("available")),
        ("availability_zone", json!(zone)),
        ("created_at", json!(now)),
        ("replication_status", json!("disabled")),
    ] {
        body.insert(field, value);
    }
    Ok(())
}

/// The volumes of a group.
fn members(cloud: &Cloud, group: &str) -> Vec<String> {
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
    let id = ask.id().to_owned();
    let mut listed = |key: &str| -> Vec<String> {
        let text = body.remove(key).and_then(|own| own.as_str().map(str::to_owned)).unwrap_or_default();
        text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
    };
    let (joining, leaving) = (listed("add_volumes"), listed("remove_volumes"));
    let own = members(cloud, &id);
    if let Some(other) = leaving.iter().find(|volume| !own.contains(volume)) {
        return Err(invalid(
            "volume",
            &format!("Cannot remove volume {other} from group {id} because it is not in the group."),
        ));
    }
    for volume in &joining {
        let found = cloud.collection("volumes").get(volume);
        if !found.is_some_and(|found| ask.sees(found)) {
            return Err(invalid(
                "volume",
                &format!("Cannot add volume {volume} to group {id} because volume cannot be found."),
            ));
        }
    }
    for (volumes, group) in [(leaving, Value::Null), (joining, json!(id))] {
        for volume in volumes {
            if let Some(mut volume) = cloud.collection("volumes").get_mut(&volume) {
                volume.set("group_id", group.clone());
            }
        }
    }
    Ok(())
}

/// A group that a request names.
fn own_group(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let found = cloud.collection("volume.groups").get(id);
    let is_seen = found.is_some_and(|found| ask.sees(found));
    if is_seen { Ok(()) } else { Err(ask.not_found_in("volume.groups", id)) }
}

/// What a volume needs that is made in a group.
pub fn check_volume(cloud: &mut Cloud, ask: &Ask<'_>, body: &Map) -> Result<(), Fault> {
    let Some(group) = body.get("group_id").and_then(Value::as_str) else { return Ok(()) };
    own_group(cloud, ask, group)?;
    match body.get("volume_type").is_none_or(Value::is_null) {
        false => Ok(()),
        true => {
            let why = "volume_type must be provided when creating a volume in a group.";
            Err(Fault::new(Code::Rule, 400, format!("Invalid input received: {why}")))
        }
    }
}

/// A group goes, and its volumes with it where that is asked.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let group: Resource = visible(cloud, ask, false)?.clone();
    let flag = ask.body.get("delete").and_then(|own| own.get("delete-volumes"));
    let takes_volumes = flag.is_some_and(|own| own == true || own.as_str().and_then(truth) == Some(true));
    let volumes = members(cloud, &group.id);
    if !volumes.is_empty() && !takes_volumes {
        let why =
            format!("Group {} still contains volumes. The delete-volumes flag is required to delete it.", group.id);
        return Err(invalid("Group", &why));
    }
    volumes.iter().for_each(|volume| drop(cloud.collection("volumes").remove(volume)));
    cloud.collection("volume.groups").remove(&group.id);
    Ok(ask.bare(ask.status()))
}
