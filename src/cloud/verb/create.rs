//! Creates a resource.

use super::ask::{Answer, Ask, ResourceType};
use super::row::Owner;
use super::show::wrapped;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Key, Resource, Wish, allow};

/// Adds the resource that the body describes, if it is unique and within its owner's quota.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let own = ask.own_type()?;
    let resource = make(cloud, ask, own)?;
    let answer = ask.answer(Some(wrapped(ask, Value::Object(told(cloud, ask, own, &resource)))))?;
    let answer = (own.greet)(ask, &resource, answer);
    keep(cloud, ask, own, resource);
    Ok(answer)
}

/// The resource that the body describes, before the cloud has it.
pub fn make(cloud: &mut Cloud, ask: &Ask<'_>, own: &ResourceType) -> Result<Resource, Fault> {
    ask.enter(cloud)?;
    (own.permit)(cloud, ask, None)?;
    let mut resource = own.new_resource(cloud, ask, ask.fields());
    (own.complete)(cloud, ask, &mut resource.body)?;
    count(cloud, ask, own, &resource)?;
    (own.allow)(cloud, &resource, own.collection)?;
    own.refuse_twin(cloud, &resource, None)?;
    (own.derive)(own.collection, &mut resource.body);
    resource.public = (own.published)(&resource.body).unwrap_or(resource.public);
    Ok(resource)
}

/// Gives the cloud the new resource, with what comes along.
pub fn keep(cloud: &mut Cloud, ask: &Ask<'_>, own: &ResourceType, mut new: Resource) {
    new.body.retain(|field, _| !SHOWN_ONCE.contains(&field.as_str()));
    (own.arrive)(cloud, &new);
    let id = new.id.clone();
    cloud.add(ask.collection(), new);
    (own.follow)(cloud, &id);
}

/// The new resource in the answer, which may still be in progress.
pub fn told(cloud: &Cloud, ask: &Ask<'_>, own: &ResourceType, new: &Resource) -> Map {
    let mut body = own.view(cloud, ask.service, new);
    body.extend(own.status_of_new.map(|status| ("status", json!(status))));
    if own.status_of_new.is_some() {
        body.insert("updated_at", Value::Null);
    }
    body
}

/// What the answer to a create tells, and nobody afterwards.
const SHOWN_ONCE: [&str; 1] = ["private_key"];

/// Refuses one more than the quota lets its owner have.
fn count(cloud: &mut Cloud, ask: &Ask<'_>, own: &ResourceType, wanted: &Resource) -> Result<(), Fault> {
    let Some(resource) = own.quota else { return Ok(()) };
    let limit = cloud.limits(ask.project()).of(resource);
    let all = cloud.collection(own.collection);
    let used = match own.owner {
        Owner::User => all.count(&Key::User(wanted.text("user_id").into())) as u64,
        Owner::Project | Owner::Shared => all.totals(wanted.project.as_deref()).count,
        Owner::Cloud => all.len() as u64,
    };
    allow(&[Wish { resource, requested: 1, used, limit }])
}
