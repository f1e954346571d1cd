//! Roles that imply others.

use super::accounts::{existing, told};
use super::directory::{IMPLIES, texts};
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Collection, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// What a role implies.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    visible(cloud, ask, true)?;
    let implied = |prior: &Resource| cloud.implied_by(prior).into_iter().map(brief).collect::<Vec<_>>();
    let inference =
        cloud.known("roles", ask.id()).map(|prior| json!({"prior_role": brief(prior), "implies": implied(prior)}));
    ask.answer(inference.map(|inference| Value::Object(told(ask, "role_inference", inference))))
}

/// Everything that is implied, by the role that implies it.
pub fn index_all(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let cloud = &*cloud;
    let roles = cloud.collections.get("roles").into_iter().flat_map(Collection::iter);
    let priors = roles.map(|prior| (prior, cloud.implied_by(prior))).filter(|(_, implied)| !implied.is_empty());
    let inference = |(prior, implied): (&Resource, Vec<&Resource>)| json!({"prior_role": brief(prior), "implies": implied.into_iter().map(brief).collect::<Value>()});
    ask.answer(Some(Value::Object(told(ask, "role_inferences", priors.map(inference).collect()))))
}

/// From now on a role implies another.
pub fn imply(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (prior, implied) = named(cloud, ask)?;
    let is_of_domain = |id: &str| cloud.known("roles", id).is_some_and(|role| !role.text("domain_id").is_empty());
    // Nobody becomes an administrator by the way.
    let is_prohibited = cloud.role_by_name("admin").is_some_and(|admin| admin.id == implied);
    if is_prohibited || (is_of_domain(implied) && !is_of_domain(prior)) {
        let message = format!("{implied} cannot be an implied roles.");
        return Err(Fault::new(Code::Policy, 403, message));
    }
    change(cloud, prior, |ids| {
        if !ids.iter().any(|id| id == implied) {
            ids.push(implied.to_owned());
        }
    });
    show(cloud, ask)
}

/// Does a role imply another?
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (prior, implied) = named(cloud, ask)?;
    refuse_unrelated(cloud, prior, implied)?;
    let role = |id: &str| cloud.known("roles", id).map(brief);
    let inference = json!({"prior_role": role(prior), "implies": role(implied)});
    ask.answer(Some(Value::Object(told(ask, "role_inference", inference))))
}

/// A role no longer implies another.
pub fn revoke(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (prior, implied) = named(cloud, ask)?;
    refuse_unrelated(cloud, prior, implied)?;
    change(cloud, prior, |ids| ids.retain(|id| id != implied));
    ask.answer(None)
}

fn named<'a>(cloud: &Cloud, ask: &'a Ask<'_>) -> Result<(&'a str, &'a str), Fault> {
    let (prior, implied) = (ask.in_path("id"), ask.in_path("implied_id"));
    existing(cloud, "roles", prior)?;
    existing(cloud, "roles", implied)?;
    Ok((prior, implied))
}

fn refuse_unrelated(cloud: &Cloud, prior: &str, implied: &str) -> Result<(), Fault> {
    let implies =
        cloud.known("roles", prior).is_some_and(|role| cloud.implied_by(role).iter().any(|own| own.id == implied));
    match implies {
        true => Ok(()),
        false => Err(Fault::not_found(format!("{prior} does not imply {implied}."))),
    }
}

fn change(cloud: &mut Cloud, prior: &str, change: impl FnOnce(&mut Vec<String>)) {
    if let Some(mut role) = cloud.collection("roles").get_mut(prior) {
        let mut ids = texts(role.body.list(IMPLIES));
        change(&mut ids);
        role.set(IMPLIES, ids.into_iter().map(Value::from).collect::<Value>());
    }
    cloud.follow_roles();
}

fn brief(role: &Resource) -> Value {
    let link = format!("self:roles/{}", role.id);
    json!({"id": role.id, "name": role.text("name"), "links": {"self": link}})
}
