//! Images.

use super::record::{Image, ImageStatus};
use super::view;
use crate::base::FieldMap;
use crate::base::json::json;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Ask, Identifier, Missing, Order, Owner, ResourceType, as_it_is, id_of};
use crate::contract::{Code, Dialect};

pub const IMAGES: ResourceType = ResourceType {
    collection: "images",
    owner: Owner::Shared,
    id: Identifier::Asked,
    missing: &[Missing::of(Dialect::Nova, "Image not found."), Missing::any("No image found with ID {id}")],
    home: Dialect::Glance,
    views: &[(Dialect::Nova, view::of_nova), (Dialect::Glance, view::of_glance)],
    derive,
    published: |image| Image::of(image).visibility().filter(|visibility| visibility.is_for_all()).map(|_| true),
    complete,
    change: Some(as_it_is),
    leave,
    order: |_| Order::Newest,
    ..ResourceType::PLAIN
};

/// Glance has no links, but paths: it shows whatever an image has.
fn derive(_: &str, image: &mut FieldMap) {
    let id = id_of(image);
    image.insert("self", json!(format!("/v2/images/{id}")));
    image.insert("file", json!(format!("/v2/images/{id}/file")));
}

/// A new image waits for its contents.
pub fn complete(_: &mut Cloud, _: &Ask<'_>, body: &mut FieldMap) -> Result<(), Fault> {
    let fields = json!({
        "name": null, "status": ImageStatus::Queued.name(), "visibility": "shared", "size": null, "virtual_size": null, "checksum": null,
        "os_hash_algo": null, "os_hash_value": null, "disk_format": null, "container_format": null, "protected": false,
        "min_ram": 0, "min_disk": 0, "os_hidden": false, "tags": [],
    });
    for (field, value) in fields.as_object().into_iter().flatten() {
        body.get_or_insert_with(field.clone(), || value.clone());
    }
    Ok(())
}

/// An image that is protected stays.
pub fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let image = cloud.collection("images").get(id);
    if image.is_some_and(|image| Image::of(&image.body).is_protected()) {
        let message = format!("Image {id} is protected and cannot be deleted.");
        return Err(Fault::new(Code::State, 403, message));
    }
    Ok(())
}
