//! Members of images as Glance v1 has them: projects, each of which may be let share the image further.
//! Source: glance/api/v1/members.py, glance/registry/api/v1/members.py of 2014.1.

use super::members::{MEMBERS, follow};
use super::record::{Image, Visibility};
use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Fault, Resource, nova_time};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;

/// The members of an image.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    image(cloud, ask)?;
    let shown = |member: &Resource| json!({"member_id": member.text("member_id"), "can_share": may_share(member)});
    let own = cloud.collection(MEMBERS).iter().filter(|member| member.text("image_id") == ask.id());
    let members: Vec<Value> = own.map(shown).collect();
    ask.answer(Some(json!({"members": members})))
}

/// The images that are shared with a project.
pub fn index_shared(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let project = ask.id();
    if !ask.is_admin() && ask.project() != Some(project) {
        return ask.answer(Some(json!({"shared_images": []})));
    }
    let shown = |member: &Resource| json!({"image_id": member.text("image_id"), "can_share": may_share(member)});
    let own = cloud.collection(MEMBERS).iter().filter(|member| member.text("member_id") == project);
    let images: Vec<Value> = own.map(shown).collect();
    ask.answer(Some(json!({"shared_images": images})))
}

/// One more member, or one that may share, or no longer.
pub fn put(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    sharable(cloud, ask)?;
    let member = ask.in_path("id").to_owned();
    let can_share = ask.body.get("member").and_then(|own| own.get("can_share")).map(is_true);
    add(cloud, ask, &member, can_share);
    done(cloud, ask)
}

/// These members in place of all others.
pub fn replace(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    sharable(cloud, ask)?;
    let id = ask.id().to_owned();
    let asked = ask.body.list("memberships").to_vec();
    let named = |own: &Value| own.get("member_id").and_then(Value::as_str).map(str::to_owned);
    cloud.collection(MEMBERS).retain(|member| {
        member.text("image_id") != id || asked.iter().any(|own| named(own).as_deref() == Some(member.text("member_id")))
    });
    for own in &asked {
        if let Some(member) = named(own) {
            add(cloud, ask, &member, Some(own.get("can_share").is_some_and(is_true)));
        }
    }
    done(cloud, ask)
}

/// A member less.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    sharable(cloud, ask)?;
    let key = key(ask.id(), ask.in_path("id"));
    match cloud.collection(MEMBERS).remove(&key) {
        Some(_) => done(cloud, ask),
        None => Err(Fault::not_found("Membership could not be found")),
    }
}

fn done(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    follow(cloud, &key(ask.id(), ""));
    ask.answer(None)
}

fn key(image: &str, member: &str) -> String {
    format!("{image}/{member}")
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && *value != json!(0) && *value != json!("")
}

fn may_share(member: &Resource) -> bool {
    member.body.get("can_share") == Some(&Value::Bool(true))
}

/// A membership; what is not said of it stays as it was.
fn add(cloud: &mut Cloud, ask: &Ask<'_>, member: &str, can_share: Option<bool>) {
    let (id, now) = (key(ask.id(), member), nova_time(&cloud.clock));
    let before = cloud.collection(MEMBERS).get(&id).map(|own| own.body.clone());
    let mut body: Map = before.unwrap_or_else(
        || object!({"id": member, "member_id": member, "image_id": ask.id(), "status": "pending", "created_at": now}),
    );
    body.insert("updated_at", json!(now));
    match can_share {
        Some(can_share) => drop(body.insert("can_share", json!(can_share))),
        None => drop(body.get_or_insert_with("can_share", || json!(false))),
    }
    cloud.collection(MEMBERS).put(Resource { public: true, ..Resource::new(id, None, body) });
}

fn image<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<&'c Resource, Fault> {
    let found = cloud.collection("images").get(ask.id());
    let seen = found.filter(|found| ask.sees(found));
    seen.ok_or_else(|| Fault::not_found(format!("Image with identifier {} not found", ask.id())))
}

/// Its owner shares an image that not everybody sees.
fn sharable(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    let found = image(cloud, ask)?;
    let is_public = Image::of(&found.body).visibility() == Some(Visibility::Public);
    match !is_public && ask.may_change(found) {
        true => Ok(()),
        false => Err(Fault::new(Code::NotFound, 404, "No permission to share that image")),
    }
}
