//! The types that volumes get which ask for none, where an administrator has set one for a project (cinder/api/v3/default_types.py).

use super::refusals::{crash, not_blank};
use super::types::{self, DEFAULTS};
use crate::base::json::{Value, json, object};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Missing, Order, Owner, ResourceType};
use crate::contract::{Code, Dialect};

/// The default type of a project, whose id is its own.
pub const DEFAULT_TYPES: ResourceType = ResourceType {
    collection: DEFAULTS,
    owner: Owner::Cloud,
    home: Dialect::Cinder,
    missing: &[Missing::any("Default type for project {id} not found.")],
    derive: |_, _| {},
    locate: |cloud, ask| known_project(cloud, ask).map(|()| ask.key()),
    delete: unset,
    order: |_| Order::By("project_id"),
    ..ResourceType::PLAIN
};

fn known_project(cloud: &Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    match cloud.project_name(ask.id()) {
        Some(_) => Ok(()),
        None => Err(Fault::not_found(format!("Project with id {} not found.", ask.id()))),
    }
}

/// Sets the default type of a project, whether it has one or not.
pub fn set(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = ask.body.get("default_type").and_then(|own| own.get("volume_type")).and_then(Value::as_str);
    let asked = asked.ok_or_else(|| crash(ask))?;
    not_blank(asked)?;
    known_project(cloud, ask)?;
    let found = types::named(cloud, ask, asked);
    let found = found.map_err(|fault| Fault::new(Code::Reference, 400, fault.message))?;
    let own = object!({"project_id": ask.id(), "volume_type_id": found["id"]});
    let told = json!({"default_type": Value::Object(own.clone())});
    let kept = Resource { public: true, ..Resource::new(ask.id(), None, own) };
    cloud.collection(DEFAULTS).put(kept);
    ask.answer(Some(told))
}

/// Takes it away; neither the default nor the project has to be there.
fn unset(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    cloud.collection(DEFAULTS).remove(ask.id());
    ask.answer(None)
}
