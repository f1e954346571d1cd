//! Groups and their members.

use super::accounts::{existing, listed};
use super::directory::MEMBERS;
use super::roles::is_member;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Collection, Fault, Resource};
use crate::cloud::verb::{Answer, Ask};

/// The group and the user that the path names, both of which are there.
fn named<'a>(cloud: &Cloud, ask: &'a Ask<'_>) -> Result<(&'a str, &'a str), Fault> {
    let (group, user) = (ask.in_path("group_id"), ask.in_path("user_id"));
    existing(cloud, "users", user)?;
    existing(cloud, "groups", group)?;
    Ok((group, user))
}

/// A user joins a group.
pub fn add_member(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (group, user) = named(cloud, ask)?;
    change(cloud, group, |members| {
        if !members.iter().any(|id| id == user) {
            members.push(json!(user));
        }
    });
    cloud.follow_roles();
    ask.answer(None)
}

/// A user leaves a group.
pub fn remove_member(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (group, user) = named(cloud, ask)?;
    refuse_stranger(cloud, group, user)?;
    change(cloud, group, |members| members.retain(|id| id != user));
    cloud.follow_roles();
    ask.answer(None)
}

/// Is a user in a group?
pub fn check_member(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (group, user) = named(cloud, ask)?;
    refuse_stranger(cloud, group, user)?;
    ask.answer(None)
}

fn refuse_stranger(cloud: &Cloud, group: &str, user: &str) -> Result<(), Fault> {
    match cloud.known("groups", group).is_some_and(|group| is_member(group, user)) {
        true => Ok(()),
        false => Err(Fault::not_found(format!("User '{user}' not found in group '{group}'"))),
    }
}

fn change(cloud: &mut Cloud, group: &str, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(mut group) = cloud.collection("groups").get_mut(group) {
        let mut members = group.body.list(MEMBERS).to_vec();
        change(&mut members);
        group.set(MEMBERS, members);
    }
}

/// Takes a user that is no more out of all groups.
pub fn forget_member(cloud: &mut Cloud, user: &str) {
    let own = cloud.collections.get("groups").into_iter().flat_map(Collection::iter);
    let own: Vec<String> = own.filter(|group| is_member(group, user)).map(|group| group.id.clone()).collect();
    for group in own {
        change(cloud, &group, |members| members.retain(|id| id != user));
    }
}

/// The users in a group.
pub fn index_members(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = ask.in_path("group_id");
    existing(cloud, "groups", id)?;
    let is_in = |user: &Resource| cloud.known("groups", id).is_some_and(|group| is_member(group, &user.id));
    narrowed(cloud, ask, "users", &is_in)
}

/// The groups of a user.
pub fn index_of_user(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = ask.in_path("user_id");
    existing(cloud, "users", id)?;
    narrowed(cloud, ask, "groups", &|group: &Resource| is_member(group, id))
}

fn narrowed(cloud: &Cloud, ask: &Ask<'_>, what: &str, is_in: &dyn Fn(&Resource) -> bool) -> Result<Answer, Fault> {
    let all = cloud.collections.get(what).into_iter().flat_map(Collection::iter);
    let own = all.filter(|own| is_in(own));
    let shown = own.map(|own| {
        let mut shown = (ask.types)(what).view(cloud, ask.service, own);
        // Only mapped users leave a group by themselves.
        if what == "groups" {
            shown.insert("membership_expires_at", Value::Null);
        }
        Value::Object(shown)
    });
    let shown = shown.collect();
    ask.answer(Some(listed(ask, shown)))
}
