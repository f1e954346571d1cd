//! Images.

use serde_json::{Value, json};

use crate::base::FieldMap;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// A new image waits for its contents.
pub fn complete(_: &mut Cloud, _: &Ask<'_>, body: &mut FieldMap) -> Result<(), Fault> {
    let fields = json!({
        "name": null, "status": "queued", "visibility": "shared", "size": null, "virtual_size": null, "checksum": null,
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
    if image.is_some_and(|image| image.body.get("protected") == Some(&Value::Bool(true))) {
        let message = format!("Image {id} is protected and cannot be deleted.");
        return Err(Fault::new(Code::State, 403, message));
    }
    Ok(())
}
