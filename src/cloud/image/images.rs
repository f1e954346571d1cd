//! Images.

use super::owned::allowed;
use super::patch::{is_reserved, once_each, read_only};
use super::record::{Image, ImageStatus, Visibility};
use super::{members, saving, view};
use crate::base::json::{Map, Value, json};
use crate::base::{python_repr, truth};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{
    Answer, Ask, Identifier, Listed, Missing, Order, Owner, ResourceType, as_it_is, id_of, instant, remove, visible,
    visible_resources,
};
use crate::contract::{Code, Dialect};

pub const IMAGES: ResourceType = ResourceType {
    collection: "images",
    owner: Owner::Shared,
    id: Identifier::Asked,
    unique: &[("id", "Image ID {id} already exists!")],
    missing: &[Missing::of(Dialect::Nova, "Image not found."), Missing::any("No image found with ID {id}")],
    home: Dialect::Glance,
    views: &[(Dialect::Nova, view::of_nova), (Dialect::Glance, view::of_glance)],
    derive,
    published: |image| Image::of(image).visibility().filter(|visibility| visibility.is_for_all()).map(|_| true),
    complete,
    change: Some(as_it_is),
    greet,
    delete,
    leave,
    list,
    advance: saving::advance,
    order: |_| Order::Newest,
    ..ResourceType::PLAIN
};

/// Glance has no links, but paths: it shows whatever an image has.
fn derive(_: &str, image: &mut Map) {
    let id = id_of(image);
    image.insert("self", json!(format!("/v2/images/{id}")));
    image.insert("file", json!(format!("/v2/images/{id}/file")));
}

/// A new image waits for its contents.
pub fn complete(_: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    for (field, value) in ask.body.as_object().into_iter().flatten().filter(|_| ask.service.dialect == Dialect::Glance)
    {
        writable(ask, field, value)?;
    }
    if let Some(tags) = body.get("tags") {
        body.insert("tags", once_each(tags));
    }
    let fields = json!({
        "name": null, "status": ImageStatus::Queued.name(), "visibility": Visibility::Shared.name(), "size": null,
        "virtual_size": null, "checksum": null, "os_hash_algo": null, "os_hash_value": null, "disk_format": null,
        "container_format": null, "protected": false, "min_ram": 0, "min_disk": 0, "os_hidden": false, "tags": [],
    });
    for (field, value) in fields.as_object().into_iter().flatten() {
        body.get_or_insert_with(field.clone(), || value.clone());
    }
    Ok(())
}

/// May the caller give a new image this field?
fn writable(ask: &Ask<'_>, field: &str, value: &Value) -> Result<(), Fault> {
    const OF_GLANCE: [&str; 14] = [
        "direct_url",
        "self",
        "file",
        "schema",
        "stores",
        "status",
        "checksum",
        "size",
        "virtual_size",
        "created_at",
        "updated_at",
        "os_hash_algo",
        "os_hash_value",
        "locations",
    ];
    let policy = |message: String| Err(Fault::new(Code::Policy, 403, message).by_webob());
    match field {
        _ if OF_GLANCE.contains(&field) => Err(read_only(field)),
        _ if is_reserved(field) => policy(format!("Attribute '{field}' is reserved.")),
        "owner" if !ask.is_admin() && value.as_str() != ask.project() => {
            policy(format!("You are not permitted to create images owned by {}", python_repr(value)))
        }
        "owner" => Ok(()),
        _ => allowed(ask, field, value, &Map::default()),
    }
}

fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let others = cloud.collection("images").get(ask.id()).is_some_and(|image| !ask.may_change(image));
    if others && ask.service.dialect == Dialect::Nova {
        visible(cloud, ask, false)?;
        return Err(Fault::new(Code::Policy, 403, "You are not allowed to delete the image."));
    }
    let missing = |fault: Fault| match (fault.status, ask.service.dialect) {
        (404, Dialect::Glance) => Fault::not_found(format!("Failed to find image {} to delete", ask.id())),
        _ => fault,
    };
    remove(cloud, ask).map_err(missing)
}

/// An image that is protected stays.
pub fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let image = cloud.collection("images").get(id);
    if image.is_some_and(|image| Image::of(&image.body).is_protected()) {
        let message = format!("Image {id} is protected and cannot be deleted.");
        return Err(Fault::new(Code::State, 403, message));
    }
    members::forget(cloud, id);
    Ok(())
}

/// How the data of a new image may be imported.
fn greet(_: &Ask<'_>, image: &Resource, answer: Answer) -> Answer {
    answer
        .with("Location", format!("/v2/images/{}", image.id))
        .with("OpenStack-image-import-methods", "glance-direct,web-download,copy-image")
}

/// What is not hidden, of the caller's own or of all; of others' what was shared and accepted.
fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    if ask.service.dialect != Dialect::Glance {
        return list_of_nova(cloud, ask);
    }
    sorted_by_known(ask)?;
    let mut listed = visible_resources(cloud, ask)?;
    let asked = |name: &str| ask.query.last(name);
    let hidden = asked("os_hidden").is_some_and(|hidden| hidden.eq_ignore_ascii_case("true"));
    if ask.service.name == "image-v1" {
        public_v1(ask, &mut listed);
        return Ok(listed);
    }
    let (visibility, status) = (asked("visibility"), asked("member_status").unwrap_or("accepted"));
    let cloud = listed.cloud;
    listed.resources.retain(|image| {
        let is_own = ask.caller.is_some_and(|caller| image.is_owned_by(caller));
        let is_hidden = image.body.get("os_hidden") == Some(&Value::Bool(true));
        let implied = if image.public { Visibility::Public } else { Visibility::Private };
        let own = Image::of(&image.body).visibility().unwrap_or(implied);
        let is_asked = match visibility {
            Some("all") => true,
            Some(asked) => own.name() == asked,
            None => is_own || own != Visibility::Community,
        };
        let of_member = || members::status_for(cloud, &image.id, ask.project()?);
        let is_shared = || own == Visibility::Shared && of_member().is_some_and(|own| status == "all" || own == status);
        is_hidden == hidden && is_asked && (ask.is_admin() || is_own || image.public || is_shared())
    });
    Ok(listed)
}

/// What Nova passes on comes back in the words of Glance.
fn list_of_nova<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let refused = |message: &str| Err(Fault::new(Code::Rule, 400, format!("HTTP 400 Bad Request: {message}")));
    if ask.query.last("changes-since").is_some_and(|time| instant(time).is_none()) {
        return refused("Bad &quot;updated_at&quot; query filter format. Use ISO 8601 DateTime notation.");
    }
    let listed = visible_resources(cloud, ask)?;
    match ask.query.last("marker") {
        Some(marker) if listed.cloud.collections.get("images").is_none_or(|images| images.get(marker).is_none()) => {
            refused(&format!("No image found with ID {marker}"))
        }
        _ => Ok(listed),
    }
}

/// Version 1 shows an administrator what is public, unless `is_public` asks for others or, as `None`, for all.
fn public_v1(ask: &Ask<'_>, listed: &mut Listed<'_>) {
    if !ask.is_admin() {
        return;
    }
    let asked = ask.query.last("is_public").unwrap_or("True");
    if let Some(public) = truth(asked) {
        listed.resources.retain(|image| image.public == public);
    }
}

/// The newer way of sorting stands alone, and names what can be sorted by.
fn sorted_by_known(ask: &Ask<'_>) -> Result<(), Fault> {
    const KEYS: [&str; 8] =
        ["name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at"];
    let invalid = |message: String| Err(Fault::new(Code::Rule, 400, message));
    let Some(sort) = ask.query.last("sort") else { return Ok(()) };
    if ask.query.last("sort_key").or(ask.query.last("sort_dir")).is_some() {
        return invalid("Old and new sorting syntax cannot be combined".to_owned());
    }
    for item in sort.trim().split(',') {
        let (key, direction) = item.split_once(':').unwrap_or((item, "desc"));
        if !KEYS.contains(&key.trim()) {
            let known = KEYS.join(", ");
            return invalid(format!("Invalid sort key: {}. It must be one of the following: {known}.", key.trim()));
        }
        if !["asc", "desc"].contains(&direction.trim()) {
            return invalid(format!("Invalid sort direction: {}", direction.trim()));
        }
    }
    Ok(())
}
