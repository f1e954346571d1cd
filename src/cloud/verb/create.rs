//! A resource more.

use serde_json::{Map, Value, json};

use super::ask::{Answer, Ask};
use super::resource_type::{Kind, Owner};
use super::show::wrapped;
use super::view::view;
use crate::cloud::store::{Cloud, Fault, Key, Resource, Wish, allow, derive, published};
use crate::cloud::table::hooks_of;
use crate::contract::Dialect;

/// Adds the resource that the body describes, if there is no other like it and its owner may have one more.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let kind = ask.kind()?;
    let resource = make(cloud, ask, kind)?;
    let answer = ask.answer(Some(wrapped(ask, Value::Object(told(cloud, ask, kind, &resource)))))?;
    keep(cloud, ask, kind, resource);
    Ok(answer)
}

/// The resource that the body describes, before the cloud has it.
pub fn make(cloud: &mut Cloud, ask: &Ask<'_>, kind: &Kind) -> Result<Resource, Fault> {
    let mut resource = kind.new_resource(cloud, ask, ask.fields());
    (hooks_of(kind.collection).complete)(cloud, ask, &mut resource.body)?;
    count(cloud, ask, kind, &resource)?;
    kind.refuse_twin(cloud, &resource, None)?;
    derive(ask.collection(), &mut resource.body);
    resource.public = published(ask.collection(), &resource.body).unwrap_or(resource.public);
    Ok(resource)
}

/// Gives the cloud the new resource, with what comes along.
pub fn keep(cloud: &mut Cloud, ask: &Ask<'_>, kind: &Kind, mut new: Resource) {
    new.body.retain(|field, _| !SHOWN_ONCE.contains(&field));
    (hooks_of(kind.collection).arrive)(cloud, &new);
    let id = new.id.clone();
    cloud.collection(ask.collection()).put(new);
    if ask.service.dialect == Dialect::Keystone {
        cloud.follow_identity(ask.collection(), &id);
    }
}

/// What the answer says of the new resource, which may still be on its way.
pub fn told(cloud: &Cloud, ask: &Ask<'_>, kind: &Kind, new: &Resource) -> Map<String, Value> {
    let mut body = view(cloud, ask.service, ask.collection(), new);
    body.extend(kind.status_of_new.map(|status| ("status".to_owned(), json!(status))));
    body
}

/// What the answer to a create tells, and nobody afterwards.
const SHOWN_ONCE: [&str; 1] = ["private_key"];

/// Refuses one more than the quota lets its owner have.
fn count(cloud: &mut Cloud, ask: &Ask<'_>, kind: &Kind, wanted: &Resource) -> Result<(), Fault> {
    let Some(resource) = kind.quota else { return Ok(()) };
    let limit = cloud.limits(ask.project()).of(resource);
    let all = cloud.collection(kind.collection);
    let used = match kind.owner {
        Owner::User => all.count(&Key::User(wanted.text("user_id").into())) as u64,
        Owner::Project | Owner::Shared => all.totals(wanted.project.as_deref()).count,
        Owner::Cloud => all.len() as u64,
    };
    allow(&[Wish { resource, requested: 1, used, limit }])
}
