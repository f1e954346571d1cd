//! Transfers of volumes between projects (cinder/transfer/api.py).

use super::record::{Volume, VolumeStatus};
use crate::base::json::{Map, json};
use crate::cloud::store::{Cloud, Fault, Held, stored_time};
use crate::cloud::verb::{Answer, Ask, Missing, ResourceType};
use crate::contract::{Code, Dialect};

/// A transfer that waits to be accepted.
pub const TRANSFERS: ResourceType = ResourceType {
    collection: "volume.transfers",
    home: Dialect::Cinder,
    missing: &[Missing::any("Transfer {id} could not be found.")],
    complete,
    leave,
    ..ResourceType::PLAIN
};

fn invalid(message: String) -> Fault {
    Fault::new(Code::State, 400, message)
}

/// The volume waits as long as its transfer does.
fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let id = ask.required("volume_id")?;
    let auth_key = cloud.ids.text(b"0123456789abcdef", 16);
    let now = stored_time(cloud.clock.now());
    let sees = |volume: &Held<'_>| ask.sees(volume);
    let volume = cloud.collection("volumes").get_mut(&id).filter(sees);
    let mut volume = volume.ok_or_else(|| ask.not_found_in("volumes", &id))?;
    if !Volume::of(&volume.body).is_available() {
        return Err(invalid("Invalid volume: status must be available".to_owned()));
    }
    volume.set("status", VolumeStatus::AwaitingTransfer.name());
    let project = volume.project.clone();
    body.insert("auth_key", json!(auth_key));
    body.insert("created_at", json!(now));
    body.insert("source_project_id", json!(project));
    Ok(())
}

fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let volume = cloud.collection("volume.transfers").get(id).map(|own| own.text("volume_id").to_owned());
    if let Some(mut volume) = volume.and_then(|volume| cloud.collection("volumes").get_mut(&volume)) {
        volume.set("status", VolumeStatus::Available.name());
    }
    Ok(())
}

/// The volume becomes the caller's, who knows the key.
pub fn accept(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let given = ask.required("auth_key")?;
    let transfer = cloud.collection("volume.transfers").get(ask.id()).cloned();
    let transfer = transfer.ok_or_else(|| ask.not_found())?;
    if transfer.text("auth_key") != given {
        let message = format!("Invalid auth key: Attempt to transfer {} with invalid auth key.", transfer.id);
        return Err(invalid(message));
    }
    let project = ask.project().map(str::to_owned);
    let moved = cloud.collection("volumes").get(transfer.text("volume_id")).cloned();
    let Some(mut volume) = moved else { return Err(ask.not_found_in("volumes", transfer.text("volume_id"))) };
    volume.project.clone_from(&project);
    for field in ["tenant_id", "project_id", "os-vol-tenant-attr:tenant_id"] {
        volume.set(field, json!(project));
    }
    volume.set("user_id", json!(ask.user()));
    volume.set("status", VolumeStatus::Available.name());
    cloud.collection("volumes").put(volume);
    cloud.collection("volume.transfers").remove(&transfer.id);
    ask.answer(Some(json!({"transfer": transfer.body})))
}
