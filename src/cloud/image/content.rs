//! Changes of an image: a JSON patch of its fields, and its contents.

use super::record::{Image, ImageStatus, Visibility};
use crate::base::FieldMap;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault, nova_time};
use crate::cloud::verb::{Answer, Ask, forbidden, shown_fields, visible};
use crate::contract::Code;
use crate::message::Response;

/// Carries the operations of the patch out, all or none.
pub fn patch(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let updated = nova_time(&cloud.clock);
    let mut image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(forbidden(ask, "update"));
    }
    let mut body = image.body.clone();
    for step in ask.body.as_array().into_iter().flatten().filter_map(Step::read) {
        step.carry_out(&mut body)?;
    }
    body.insert("updated_at", json!(updated));
    image.public = Image::of(&body).visibility().is_some_and(Visibility::is_for_all);
    image.body = body;
    drop(image);
    let shown = Value::Object(shown_fields(cloud, ask));
    ask.answer(Some(shown))
}

/// Fields that nobody may write.
const READ_ONLY: [&str; 13] = [
    "id",
    "status",
    "checksum",
    "os_hash_algo",
    "os_hash_value",
    "size",
    "virtual_size",
    "created_at",
    "updated_at",
    "self",
    "file",
    "schema",
    "direct_url",
];

/// A step of a patch.
struct Step<'a> {
    verb: &'a str,
    field: String,
    value: &'a Value,
}

impl<'a> Step<'a> {
    /// `{"op": "add", "path": "/name", "value": "x"}`, in version 2.0 of the form `{"add": "/name", "value": "x"}`.
    fn read(step: &'a Value) -> Option<Step<'a>> {
        let fields = step.as_object()?;
        let old = || ["add", "remove", "replace"].into_iter().find_map(|verb| Some((verb, fields.get(verb)?)));
        let new = || Some((fields.get("op")?.as_str()?, fields.get("path")?));
        let (verb, path) = new().or_else(old)?;
        let field = path.as_str()?.trim_start_matches('/').replace("~1", "/").replace("~0", "~");
        Some(Step { verb, field, value: fields.get("value").unwrap_or(&Value::Null) })
    }

    fn carry_out(self, body: &mut FieldMap) -> Result<(), Fault> {
        let Step { verb, field, value } = self;
        if READ_ONLY.contains(&field.as_str()) {
            return Err(Fault::new(Code::Policy, 403, format!("Attribute '{field}' is read-only.")));
        }
        if verb != "add" && !body.contains_key(&field) {
            let done = if verb == "remove" { "removed" } else { "replaced" };
            let message = format!("Property {field} does not exist so it cannot be {done}.");
            return Err(Fault::new(Code::State, 409, message));
        }
        match verb {
            "remove" => drop(body.remove(&field)),
            _ => drop(body.insert(field, value.clone())),
        }
        Ok(())
    }
}

/// The contents of the image have arrived: their length and their MD5 are kept.
pub fn upload(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (length, md5) = ask.contents.map_or((0, None), |contents| (contents.length, Some(&contents.md5)));
    let updated = nova_time(&cloud.clock);
    let mut image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(forbidden(ask, "update"));
    }
    let status = Image::of(&image.body).status();
    if status != ImageStatus::Queued {
        let message = format!("Image status transition from {} to saving is not allowed", status.name());
        return Err(Fault::new(Code::State, 409, message));
    }
    image.set("status", ImageStatus::Active.name());
    image.set("size", json!(length));
    image.set("checksum", json!(md5));
    image.set("updated_at", json!(updated));
    if Image::of(&image.body).is_raw() {
        image.set("virtual_size", json!(length));
    }
    drop(image);
    ask.answer(None)
}

/// The contents of the image, if it has none: of those that arrived only the length and the MD5 are kept.
pub fn download(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    const DEACTIVATED: &str = "The requested image has been deactivated. Image data download is forbidden.";
    let image = visible(cloud, ask, false)?;
    match Image::of(&image.body).status() {
        ImageStatus::Deactivated if !ask.is_admin() => Err(Fault::new(Code::Policy, 403, DEACTIVATED)),
        ImageStatus::Queued | ImageStatus::Saving | ImageStatus::Uploading | ImageStatus::Importing => {
            Ok(Response::empty(204))
        }
        _ => {
            let message = "mockstack keeps the length and the MD5 of an image, not its contents.";
            Err(Fault::new(Code::NotSimulated, 501, message))
        }
    }
}
