//! Other images: rebuilds and rescues.

use super::more::{More, password, server};
use super::payload::Payload;
use crate::base::json::{Map, Value, json};
use crate::base::{Pointer, last_segment};
use crate::cloud::compute::servers::access_address::kept;
use crate::cloud::compute::servers::block_device::BootImage;
use crate::cloud::compute::servers::boot::fit::{Root, fits};
use crate::cloud::compute::servers::boot::limits;
use crate::cloud::compute::servers::boot::lookup::{copy_of_image, key_pair};
use crate::cloud::store::{Cloud, Fault, Flavor, Resource};
use crate::cloud::verb::Ask;
use crate::cloud::volume::{Attached, Volume};
use crate::contract::Code;

/// Fields of a rebuild that the server takes as they are, and what it calls them.
const TAKEN: [(&str, &str); 10] = [
    ("name", "name"),
    ("description", "description"),
    ("metadata", "metadata"),
    ("OS-DCF:diskConfig", "OS-DCF:diskConfig"),
    ("accessIPv4", "accessIPv4"),
    ("accessIPv6", "accessIPv6"),
    ("key_name", "key_name"),
    ("user_data", "OS-EXT-SRV-ATTR:user_data"),
    ("trusted_image_certificates", "trusted_image_certificates"),
    ("hostname", "OS-EXT-SRV-ATTR:hostname"),
];

/// Rebuilds the server; the answer shows it, with its new password.
pub fn rebuild(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    let at = |field: &str| Pointer::default().key("rebuild").key(field);
    if let (Some(name), Some(caller)) = (payload.text("key_name"), ask.caller) {
        key_pair(cloud, name, caller, at("key_name"))?;
    }
    let reference = payload.word("imageRef");
    let id = last_segment(&reference);
    let Some(image) = image(cloud, ask, id) else {
        return Err(Fault::reference(400, at("imageRef"), "Cannot find image for rebuild"));
    };
    check(cloud, ask, payload, image)?;
    let needs = BootImage::of_image(image);
    let image = copy_of_image(image);
    let mut now = Map::new();
    for (asked, field) in TAKEN {
        if let Some(value) = payload.get(asked) {
            now.insert(field.to_owned(), kept(asked, value));
        }
    }
    if let Some(name) = payload.text("name") {
        now.insert("name", json!(name.trim()));
    }
    if !is_volume_backed(server(cloud, ask)?) {
        now.insert("image", image);
    }
    if let Some(mut server) = cloud.collection(ask.collection()).get_mut(ask.id()) {
        let disk = Flavor::of_server(&server).disk();
        if let Some(own) = server.record.server_mut() {
            (own.min_ram, own.min_disk) = (needs.min_ram, needs.min_disk.max(disk));
        }
    }
    let server = server(cloud, ask)?;
    let user_data = now.get("OS-EXT-SRV-ATTR:user_data").or_else(|| server.body.get("OS-EXT-SRV-ATTR:user_data"));
    let user_data = user_data.cloned().unwrap_or(Value::Null);
    let reply = [("adminPass", password(cloud, payload)), ("user_data", user_data)];
    Ok(More {
        now,
        reply: Some(reply.map(|(field, value)| (field.to_owned(), value)).into_iter().collect()),
        location: Some(format!("self:servers/{}", ask.id())),
        shows_server: true,
        ..More::default()
    })
}

/// What Nova checks of a rebuild, in its order. From 2.93 on it writes a new image onto a volume, too.
fn check(cloud: &Cloud, ask: &Ask<'_>, payload: Payload<'_>, image: &Resource) -> Result<(), Fault> {
    let server = server(cloud, ask)?;
    let volume = Attached::all(&server.body).find(|attached| attached.is_root()).and_then(Attached::volume);
    let volume = volume.and_then(|id| cloud.collections.get("volumes")?.get(id)).map(|volume| Volume::of(&volume.body));
    let reimages = ask.service.classic || ask.version.is_since(2, 93);
    let of_volume = volume.and_then(Volume::image_metadata).and_then(|kept| kept.get("image_id")?.as_str());
    if is_volume_backed(server) && !reimages && of_volume != Some(image.id.as_str()) {
        let why = "Unable to rebuild with a different image for a volume-backed server.";
        let message = format!("Image {} is unacceptable: {why}", image.id);
        return Err(Fault::new(Code::Rule, 400, message));
    }
    if let (Some(caller), Some(fields)) = (ask.caller, payload.fields()) {
        limits::extras(cloud, caller, fields)?;
    }
    let root = if is_volume_backed(server) { Root::Volume(volume.and_then(Volume::size)) } else { Root::Local };
    fits(&BootImage::of_image(image), Flavor::of_server(server), root)
}

fn image<'c>(cloud: &'c Cloud, ask: &Ask<'_>, id: &str) -> Option<&'c Resource> {
    let image = cloud.collections.get("images")?.get(id)?;
    image.is_visible_to(ask.caller?).then_some(image)
}

/// A server that was booted from a volume has the empty text for an image.
pub fn is_volume_backed(server: &Resource) -> bool {
    server.record.server().is_some_and(|own| own.boots_from_volume)
        || server.body.get("image").is_some_and(Value::is_string)
}

/// The server is started from another image, for which it gets a password.
pub fn rescue(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    let refuse = |message: String| Err(Fault::new(Code::Reference, 400, message));
    if let Some(id) = payload.text("rescue_image_ref")
        && image(cloud, ask, id).is_none()
    {
        return refuse(format!("Requested rescue image '{id}' is not supported"));
    }
    if is_volume_backed(server(cloud, ask)?) {
        return Err(Fault::new(
            Code::State,
            400,
            format!("Instance {} cannot be rescued: Cannot rescue a volume-backed instance", ask.id()),
        ));
    }
    let password = password(cloud, payload);
    Ok(More::reply("adminPass", password))
}
