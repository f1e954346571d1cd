//! Images of servers.

use crate::base::json::{Map, Value, json};
use crate::cloud::image::images::IMAGES;
use crate::cloud::image::{Image, ImageStatus, is_usual, save};

use super::more::{More, server};
use super::payload::Payload;
use super::rebuild::is_volume_backed;
use crate::cloud::store::{Cloud, Fault, Flavor, Resource, nova_time};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// Creates an image of the server. Before 2.45 only a header contains its id.
pub fn create_image(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    check_metadata(ask, payload)?;
    let name = payload.required("name")?.trim();
    let id = image_of(cloud, ask, name, "snapshot", metadata(payload))?;
    cloud.note_made("images", &id, None);
    Ok(told(ask, &id, format!("origin:/image/images/{id}")))
}

/// An image of the server; of those of its kind only so many stay.
pub fn create_backup(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    check_metadata(ask, payload)?;
    if is_volume_backed(server(cloud, ask)?) {
        return Err(Fault::new(Code::Rule, 400, "Backup is not supported for volume-backed instances."));
    }
    let kind = payload.required("backup_type")?;
    let rotation: usize = payload.word("rotation").parse().map_err(|_| Fault::missing("rotation"))?;
    let name = payload.required("name")?.trim();
    let mut properties = metadata(payload);
    properties.insert("backup_type", json!(kind));
    let id = image_of(cloud, ask, name, "backup", properties)?;
    cloud.note_made("images", &id, None);
    rotate(cloud, ask.id(), kind, rotation);
    let more = told(ask, &id, format!("self:images/{id}"));
    Ok(if rotation == 0 { More { location: None, ..more } } else { more })
}

fn told(ask: &Ask<'_>, id: &str, location: String) -> More {
    let in_body = ask.service.microversions.is_some() && ask.version.is_since(2, 45);
    if in_body { More::reply("image_id", json!(id)) } else { More { location: Some(location), ..More::default() } }
}

fn metadata(payload: Payload<'_>) -> Map {
    payload.get("metadata").and_then(Value::as_object).map_or_else(Map::new, Map::clone)
}

/// Until 2.38 Nova counts the properties.
fn check_metadata(ask: &Ask<'_>, payload: Payload<'_>) -> Result<(), Fault> {
    const MOST: usize = 128;
    let counts = !ask.version.is_since(2, 39);
    if counts && metadata(payload).len() > MOST {
        return Err(Fault::new(Code::Quota, 403, "Image metadata limit exceeded"));
    }
    Ok(())
}

fn rotate(cloud: &mut Cloud, server: &str, kind: &str, rotation: usize) {
    let of_kind = |image: &&Resource| {
        let image = Image::of(&image.body);
        image.server() == Some(server) && image.backup_type() == Some(kind)
    };
    let images = cloud.collection("images");
    let old: Vec<String> = images.iter().rev().filter(of_kind).skip(rotation).map(|image| image.id.clone()).collect();
    for id in old {
        images.remove(&id);
    }
}

/// The image that a server is stored away as. One on a volume needs none.
pub fn shelve(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<More, Fault> {
    let server = server(cloud, ask)?;
    if is_volume_backed(server) {
        return Ok(More::default());
    }
    let name = format!("{}-shelved", server.text("name"));
    let id = image_of(cloud, ask, &name, "snapshot", Map::new())?;
    Ok(More { shelved_image: Some(id), ..More::default() })
}

/// The image that a server was stored away as goes.
pub fn forget_shelved(cloud: &mut Cloud, server: &str) {
    let mut server = cloud.collection("servers").get_mut(server);
    let image = server.as_mut().and_then(|server| server.record.server_mut()?.shelved_image.take());
    drop(server);
    if let Some(image) = image {
        cloud.collection("images").remove(&image);
    }
}

/// Makes an image of the server that the path names; its id.
fn image_of(cloud: &mut Cloud, ask: &Ask<'_>, name: &str, kind: &str, properties: Map) -> Result<String, Fault> {
    let id = cloud.ids.uuid().to_string();
    let now = nova_time(&cloud.clock);
    let server = server(cloud, ask)?;
    let (project, server_id) = (server.project.clone(), server.id.clone());
    let base = server.body.get("image").and_then(|image| image.get("id")).cloned().unwrap_or_else(|| json!(""));
    let shown = server.body.get("image").and_then(|image| image.get("properties")?.as_object()).cloned();
    let disk = Flavor::of_server(server).disk();
    let source = base.as_str().and_then(|id| cloud.collection("images").get(id));
    let of_source = |field: &str| source.and_then(|image| image.body.get(field)).cloned().unwrap_or(Value::Null);
    let usual = json!({
        "id": id, "name": name, "status": ImageStatus::Active.name(), "visibility": "private", "owner": project,
        "disk_format": of_source("disk_format"), "container_format": of_source("container_format"),
        "size": of_source("size"), "min_ram": of_source("min_ram"), "min_disk": disk,
        "created_at": now, "updated_at": now, "tags": [], "protected": false,
        "base_image_ref": base, "instance_uuid": server_id, "image_type": kind,
    });
    // A server keeps more of its image than it shows; what it shows is left where the image is gone.
    let mut body = source.map(crate::cloud::image::properties).or(shown).unwrap_or_default();
    body.extend(asker(cloud, ask));
    body.extend(usual.as_object().cloned().into_iter().flatten());
    // The word of who asks is the last, but for what makes it an image.
    body.extend(properties.into_iter().filter(|(name, _)| !is_usual(name)));
    (IMAGES.derive)(IMAGES.collection, &mut body);
    let mut image = Resource::new(id.clone(), project, body);
    save(&mut image, ask.pace.unwrap_or(cloud.fixture.actions), &cloud.clock);
    cloud.collection("images").put(image);
    Ok(id)
}

/// Who asked for it, which Nova keeps with an image.
fn asker(cloud: &Cloud, ask: &Ask<'_>) -> Map {
    let Some(caller) = ask.caller else { return Map::new() };
    let user = cloud
        .collections
        .get("users")
        .and_then(|users| users.get(&caller.user))
        .map(|user| user.text("name").to_owned());
    let project = caller.project.as_deref().and_then(|id| cloud.project_name(id));
    if ask.service.classic {
        // What its driver for libvirt gave an image (nova/virt/libvirt/driver.py of 2014.1), and dashboards look for.
        let fields = [
            ("user_id", json!(caller.user)),
            ("owner_id", json!(caller.project)),
            ("image_state", json!("available")),
            ("image_location", json!("snapshot")),
        ];
        return fields.map(|(field, value)| (field.to_owned(), value)).into_iter().collect();
    }
    let fields = [
        ("user_id", json!(caller.user)),
        ("owner_user_name", json!(user)),
        ("owner_project_name", json!(project)),
        ("boot_roles", json!(caller.roles.join(","))),
    ];
    fields.map(|(field, value)| (field.to_owned(), value)).into_iter().collect()
}
