//! Types of volumes, and who may use those that are not for everybody (cinder/api/contrib/types_manage.py).

use super::record::Volume;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource, SHARED_WITH};
use crate::cloud::verb::{Answer, Ask, Missing, Owner, ResourceType, by_publicity, is_public, visible};
use crate::contract::{Code, Dialect};

pub const VOLUME_TYPES: ResourceType = ResourceType {
    collection: "volume_types",
    owner: Owner::Cloud,
    home: Dialect::Cinder,
    unique: &[("name", "Volume Type {name} already exists.")],
    missing: &[Missing::any("Volume type {id} could not be found.")],
    derive: |_, _| {},
    published: is_public,
    scope: by_publicity,
    complete,
    leave,
    locate,
    ..ResourceType::PLAIN
};

/// The fields of the type of that name or id.
pub fn find(cloud: &Cloud, name: &str) -> Option<Value> {
    let mut types = cloud.collections.get("volume_types")?.iter();
    types.find(|own| own.id == name || own.text("name") == name).map(|own| own.body.to_value())
}

/// May several servers have a volume of the type with these fields?
pub fn is_multiattach(kind: &Value) -> bool {
    kind["extra_specs"]["multiattach"] == "<is> True"
}

/// The default types of projects, by the id of the project.
pub const DEFAULTS: &str = "default_types";

/// The type that a volume of the caller gets which asks for none: the project's, or the cloud's, which is the first.
pub fn default_of<'c>(cloud: &'c Cloud, ask: &Ask<'_>) -> Result<Option<&'c Resource>, Fault> {
    let own = cloud.collections.get(DEFAULTS).zip(ask.project()).and_then(|(defaults, project)| defaults.get(project));
    let Some(own) = own else { return Ok(first(cloud)) };
    let id = own.text("volume_type_id");
    let found = cloud.collections.get("volume_types").and_then(|types| types.get(id));
    found.filter(|found| ask.sees(found)).map(Some).ok_or_else(|| ask.not_found_in("volume_types", id))
}

fn first(cloud: &Cloud) -> Option<&Resource> {
    cloud.collections.get("volume_types")?.iter().next()
}

fn is_default(cloud: &Cloud, id: &str) -> bool {
    let mut of_projects = cloud.collections.get(DEFAULTS).into_iter().flat_map(|defaults| defaults.iter());
    first(cloud).is_some_and(|first| first.id == id) || of_projects.any(|own| own.text("volume_type_id") == id)
}

/// Those of a type that a request names.
pub fn named(cloud: &Cloud, ask: &Ask<'_>, name: &str) -> Result<Value, Fault> {
    let missing = || match uuid::Uuid::try_parse(name).is_ok() {
        true => ask.not_found_in("volume_types", name),
        false => Fault::not_found(format!("Volume type with name {name} could not be found.")),
    };
    let types = cloud.collections.get("volume_types").into_iter().flat_map(|types| types.iter());
    let sees = |own: &&Resource| ask.sees(own);
    let mut usable = types.filter(sees);
    let found = usable.find(|own| own.id == name || own.text("name") == name);
    found.map(|own| own.body.to_value()).ok_or_else(missing)
}

fn complete(_: &mut Cloud, _: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    body.get_or_insert_with("is_public", || json!(true));
    body.get_or_insert_with("extra_specs", || json!({}));
    Ok(())
}

/// A type that volumes have stays, and one that they get which ask for none.
fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    if is_default(cloud, id) {
        let message = format!("The volume type {id} is a default volume type and cannot be deleted.");
        return Err(Fault::new(Code::State, 400, message));
    }
    let name = cloud.collection("volume_types").get(id).map(|own| own.text("name").to_owned());
    let mut volumes = cloud.collection("volumes").iter();
    if name.is_some_and(|name| volumes.any(|volume| Volume::of(&volume.body).volume_type() == Some(&name))) {
        return Err(Fault::new(Code::State, 400, "Target volume type is still in use."));
    }
    Ok(())
}

/// `types/default` names none: it is the project's default, or the cloud's.
fn locate(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<String, Fault> {
    if !ask.parameters.is_empty() {
        return Ok(ask.key());
    }
    let default = default_of(cloud, ask)?.map(|own| own.id.clone());
    default.ok_or_else(|| Fault::not_found("Default volume type can not be found."))
}

/// The projects that may use a type that is not for everybody.
pub fn index_access(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let own = visible(cloud, ask, false)?;
    if own.public {
        return Err(Fault::not_found("Access list not available for public volume types."));
    }
    let projects = own.shared_with().to_vec();
    let id = own.id.clone();
    let list: Value =
        projects.into_iter().map(|project| json!({"volume_type_id": id, "project_id": project})).collect();
    drop(own);
    ask.answer(Some(json!({"volume_type_access": list})))
}

/// Gives a project access to a type, or takes it away.
pub fn set_access(cloud: &mut Cloud, ask: &Ask<'_>, is_given: bool) -> Result<Answer, Fault> {
    let project = ask.required("project")?;
    let mut own = visible(cloud, ask, false)?;
    if own.public {
        let message = "Invalid volume type: Type access modification is not applicable to public volume type.";
        return Err(Fault::new(Code::State, 400, message));
    }
    let mut projects = own.shared_with().to_vec();
    let has_it = projects.iter().any(|other| *other == project.as_str());
    match (is_given, has_it) {
        (true, true) => {
            let message = format!("Volume type access for {} / {project} combination already exists.", own.id);
            return Err(Fault::new(Code::State, 409, message));
        }
        (false, false) => {
            let message = format!("Volume type access not found for {} / {project} combination.", own.id);
            return Err(Fault::not_found(message));
        }
        (true, false) => projects.push(json!(project)),
        (false, true) => projects.retain(|other| *other != project.as_str()),
    }
    own.set(SHARED_WITH, projects);
    drop(own);
    ask.answer(None)
}
