//! Members of images: the projects that an image is shared with (glance/api/v2/image_members.py).

use super::owned::refused;
use super::record::{Image, Visibility};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource, SHARED_WITH, nova_time};
use crate::cloud::verb::{Ask, Identifier, Listed, Order, Owner, ResourceType, visible_resources};
use crate::contract::{Code, Dialect};

/// The collection of members.
pub const MEMBERS: &str = "image.members";

/// A member of an image.
pub const IMAGE_MEMBERS: ResourceType = ResourceType {
    collection: MEMBERS,
    owner: Owner::Cloud,
    within: Some(image),
    id: Identifier::Asked,
    home: Dialect::Glance,
    derive: |_, _| {},
    unique: &[("id", "Member {member_id} is duplicated for image {image_id}")],
    complete,
    change: Some(change),
    follow,
    list,
    locate,
    order: |_| Order::Oldest,
    ..ResourceType::PLAIN
};

/// What an operation does with members, as refusals name it.
fn verb(ask: &Ask<'_>) -> &'static str {
    match ask.operation.method.as_str() {
        "POST" => "create",
        "PUT" => "update",
        "DELETE" => "delete",
        _ => "list",
    }
}

/// The image must be shared, and the caller's own: to accept or refuse it is the member's.
fn image(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    const NOT_SHARED: &str = "Only shared images have members.";
    let sees = |image: &&Resource| ask.sees(image);
    let image = cloud.collection("images").get(ask.id()).filter(sees);
    let image = image.ok_or_else(|| Fault::not_found(format!("Image {} not found.", ask.id())))?;
    let owns = ask.may_change(image);
    match (verb(ask), Image::of(&image.body).visibility()) {
        ("list", Some(Visibility::Shared)) => Ok(()),
        ("list", _) if ask.parameters.len() > 1 => Err(Fault::not_found(NOT_SHARED)),
        ("list", _) => {
            let message = format!("Not allowed to list members for image {}: {NOT_SHARED}", ask.id());
            Err(Fault::new(Code::Policy, 403, message))
        }
        ("update", Some(Visibility::Shared)) => Ok(()),
        (_, Some(Visibility::Shared)) if owns => Ok(()),
        (_, Some(Visibility::Shared)) => Err(refused(ask)),
        (verb, _) => {
            Err(Fault::new(Code::Policy, 403, format!("Not allowed to {verb} members for image {}.", ask.id())))
        }
    }
}

fn complete(_: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let member = body["id"].clone();
    let fields = json!({"member_id": member, "image_id": ask.id(), "status": "pending"});
    body.extend(fields.as_object().cloned().into_iter().flatten());
    Ok(())
}

/// Who is a member says so; the owner of the image does not say it for them.
fn change(_: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let is_own = body.get("member_id").and_then(Value::as_str).is_some_and(|member| ask.project() == Some(member));
    if ask.is_admin() || is_own {
        return Ok(());
    }
    Err(refused(ask))
}

/// The image knows whom it is shared with.
pub fn follow(cloud: &mut Cloud, key: &str) {
    let id = key.split_once('/').map_or(key, |(image, _)| image);
    let is_of = |member: &&Resource| member.text("image_id") == id;
    let members = cloud.collections.get(MEMBERS).into_iter().flat_map(|members| members.iter());
    let shared: Vec<Value> = members.filter(is_of).map(|member| json!(member.text("member_id"))).collect();
    let updated = nova_time(&cloud.clock);
    if let Some(mut image) = cloud.collection("images").get_mut(id) {
        image.set(SHARED_WITH, json!(shared));
        image.set("updated_at", json!(updated));
    }
}

/// The members of an image that was deleted go with it.
pub fn forget(cloud: &mut Cloud, image: &str) {
    cloud.collection(MEMBERS).retain(|member| member.text("image_id") != image);
}

/// Whether the project accepted the image that another one shares with it: `pending`, `accepted` or `rejected`.
pub fn status_for<'c>(cloud: &'c Cloud, image: &str, project: &str) -> Option<&'c str> {
    cloud.collections.get(MEMBERS)?.get(&format!("{image}/{project}")).map(|member| member.text("status"))
}

/// A member sees itself, the owner of the image all.
fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let owns = cloud.collection("images").get(ask.id()).is_some_and(|image| ask.may_change(image));
    let mut listed = visible_resources(cloud, ask)?;
    listed.resources.retain(|member| owns || ask.project() == Some(member.text("member_id")));
    Ok(listed)
}

fn locate(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<String, Fault> {
    let (key, member) = (ask.key(), ask.in_path("id"));
    let owns = cloud.collection("images").get(ask.id()).is_some_and(|image| ask.may_change(image));
    let is_there = cloud.collection(MEMBERS).get(&key).is_some();
    if is_there && (owns || ask.project() == Some(member)) {
        return Ok(key);
    }
    Err(Fault::not_found(format!("{member} not found in the member list of the image {}.", ask.id())))
}
