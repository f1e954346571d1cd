//! Snapshots that Cinder has Nova make of volumes that a server uses. Source: answers of nova 34.0.0.

use crate::base::json::{Value, from_str, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;

/// Begins a snapshot of a volume that is attached.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let snapshot = &ask.body["snapshot"];
    let volume = snapshot.text("volume_id");
    attached(cloud, volume)?;
    let id = snapshot["create_info"].get("id").cloned();
    ask.answer(Some(json!({"snapshot": {"id": id, "volumeId": volume}})))
}

/// Takes one back; the query says of which volume.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let text = ask.query.last("delete_info").ok_or_else(|| refused("'delete_info'"))?;
    let info: Value = from_str(text).map_err(|_| refused("Expecting value: line 1 column 1 (char 0)"))?;
    if info.get("volume_id").is_none() {
        return Err(refused("'volume_id'"));
    }
    attached(cloud, info.text("volume_id"))?;
    ask.answer(None)
}

/// Nova knows a volume by the server that uses it.
fn attached(cloud: &mut Cloud, volume: &str) -> Result<(), Fault> {
    let in_use =
        |volume: &Resource| volume.body.get("attachments").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    match cloud.collection("volumes").get(volume).is_some_and(in_use) {
        true => Ok(()),
        false => Err(refused(&format!("No volume Block Device Mapping with id {volume}."))),
    }
}

fn refused(message: &str) -> Fault {
    Fault::new(Code::Rule, 400, message)
}
