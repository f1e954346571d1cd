//! Changes of an image: a JSON patch of its fields, and its contents.

use serde_json::{Value, json};

use super::kind::forbidden;
use super::show::{seen, visible};
use super::{Answer, Ask};
use crate::base::FieldMap;
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle::nova_time;
use crate::cloud::state::Cloud;
use crate::contract::Code;

/// Carries the operations of the patch out, all or none.
pub fn patch(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let updated = nova_time(&cloud.clock);
    let mut image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(forbidden(ask, "update"));
    }
    let mut body = image.body.clone();
    for step in ask.body.as_array().into_iter().flatten() {
        carry_out(&mut body, step)?;
    }
    body.insert("updated_at".to_owned(), json!(updated));
    image.public = matches!(body.get("visibility").and_then(Value::as_str), Some("public" | "community"));
    image.body = body;
    drop(image);
    let shown = Value::Object(seen(cloud, ask));
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

fn carry_out(body: &mut FieldMap, step: &Value) -> Result<(), Fault> {
    let path = step["path"].as_str().unwrap_or_default().trim_start_matches('/').replace("~1", "/").replace("~0", "~");
    if READ_ONLY.contains(&path.as_str()) {
        return Err(Fault::new(Code::Policy, 403, format!("Attribute '{path}' is read-only.")));
    }
    let is_there = body.contains_key(&path);
    match step["op"].as_str() {
        Some("add") => drop(body.insert(path, step["value"].clone())),
        Some(_) if !is_there => {
            let verb = if step["op"] == "remove" { "removed" } else { "replaced" };
            let message = format!("Property {path} does not exist so it cannot be {verb}.");
            return Err(Fault::new(Code::State, 409, message));
        }
        Some("remove") => drop(body.shift_remove(&path)),
        _ => drop(body.insert(path, step["value"].clone())),
    }
    Ok(())
}

/// The contents of the image have arrived: only their length is kept.
pub fn upload(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let length = ask.headers.get("Content-Length").and_then(|length| length.parse::<u64>().ok());
    let mut image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(forbidden(ask, "update"));
    }
    if image.text("status") != "queued" {
        let message = format!("Image status transition from {} to saving is not allowed", image.text("status"));
        return Err(Fault::new(Code::State, 409, message));
    }
    image.set("status", "active");
    image.set("size", json!(length.unwrap_or_default()));
    drop(image);
    ask.answer(None)
}
