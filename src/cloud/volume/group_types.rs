//! Types of groups of volumes (cinder/api/v3/group_types.py).

use crate::base::json::{Map, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Ask, Missing, Owner, ResourceType, as_it_is, by_publicity, is_public};
use crate::contract::{Code, Dialect};

pub const GROUP_TYPES: ResourceType = ResourceType {
    collection: "group_types",
    owner: Owner::Cloud,
    home: Dialect::Cinder,
    unique: &[("name", "Group Type {name} already exists.")],
    missing: &[Missing::any("Group type {id} could not be found.")],
    derive: |_, _| {},
    published: is_public,
    scope: by_publicity,
    complete: complete_type,
    change: Some(as_it_is),
    leave: type_leaves,
    locate: |_, ask| match ask.id() {
        "default" => Err(Fault::not_found("Default group type can not be found.")),
        _ => Ok(ask.key()),
    },
    ..ResourceType::PLAIN
};

/// The type of the groups that only the older API, that of consistency groups, knows.
pub const OLDER: &str = "default_cgsnapshot_type";

/// That type, if the cloud has it.
pub fn older_kind(cloud: &Cloud) -> Option<&Resource> {
    cloud.collections.get("group_types")?.iter().find(|kind| kind.text("name") == OLDER)
}

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
