//! The attachments of Cinder's API from 3.27 on: each a resource, whoever made it (cinder/api/v3/attachments.py).

use super::actions::{change_attachments, connection};
use super::record::{Volume, VolumeStatus};
use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Fault, Held, Resource, precise_time};
use crate::cloud::verb::{Answer, Ask, Missing, ResourceType, visible, wrapped};
use crate::contract::{Code, Dialect};

/// The collection of those that clients made: Nova's are in the volumes.
const MADE: &str = "volume.attachments";

/// An attachment.
pub const ATTACHMENTS: ResourceType = ResourceType {
    collection: MADE,
    home: Dialect::Cinder,
    missing: &[Missing::any("Volume attachment could not be found with filter: attachment_id = {id}.")],
    derive: |_, _| {},
    ..ResourceType::PLAIN
};

/// All that the caller's project has, of one volume or server if the query says so.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    const FIELDS: [(&str, &str); 3] = [("volume_id", "volume_id"), ("instance_id", "instance"), ("status", "status")];
    let passes = |own: &Map, (parameter, field): &(&str, &str)| {
        ask.query.last(parameter).is_none_or(|asked| own.get(field).is_some_and(|own| own == asked))
    };
    let shown = all(cloud, ask).into_iter().filter(|own| FIELDS.iter().all(|row| passes(own, row)));
    let list: Value = shown.map(Value::Object).collect();
    ask.answer(Some(json!({"attachments": list})))
}

fn all(cloud: &Cloud, ask: &Ask<'_>) -> Vec<Map> {
    let everybody = ask.is_admin() && ask.query.last("all_tenants").is_some();
    let is_own = |own: &&Resource| everybody || ask.caller.is_some_and(|caller| own.is_owned_by(caller));
    let of = |collection: &str| cloud.collections.get(collection).into_iter().flat_map(|all| all.iter()).filter(is_own);
    let of_volumes = of("volumes").flat_map(|volume| {
        Volume::of(&volume.body).attachments().iter().map(|own| {
            object!({
                "id": own["attachment_id"], "volume_id": volume.id, "instance": own["server_id"], "status": "attached",
                "attached_at": own["attached_at"], "detached_at": null, "attach_mode": "rw",
                "connection_info": {},
            })
        })
    });
    of(MADE).map(|own| own.body.clone()).chain(of_volumes.collect::<Vec<_>>()).collect()
}

/// One attachment, whoever made it.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = all(cloud, ask).into_iter().find(|own| own.get("id") == Some(&json!(ask.id())));
    let found = found.ok_or_else(|| ask.not_found())?;
    ask.answer(Some(wrapped(ask, Value::Object(found))))
}

/// Reserves a volume for a server; with a connector it is on its way.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let fields = ask.fields();
    let id = ask.required("volume_uuid")?;
    let attachment = cloud.ids.uuid().to_string();
    let sees = |volume: &Held<'_>| ask.sees(volume);
    let volume = cloud.collection("volumes").get_mut(&id).filter(sees);
    let mut volume = volume.ok_or_else(|| ask.not_found_in("volumes", &id))?;
    let own = Volume::of(&volume.body);
    let is_shared = own.is_multiattach() && own.status() == Some(VolumeStatus::InUse);
    if !own.is_available() && !is_shared {
        let (or, current) = (if own.is_multiattach() { "in-use or " } else { "" }, own.status_name());
        let message = format!(
            "Invalid volume: Volume {id} status must be available or {or}downloading to reserve, but the current status is {current}."
        );
        return Err(Fault::new(Code::State, 400, message));
    }
    let connector =
        fields.get("connector").filter(|connector| connector.as_object().is_some_and(|own| !own.is_empty()));
    let status = if connector.is_some() { VolumeStatus::Attaching } else { VolumeStatus::Reserved };
    volume.set("status", status.name());
    let project = volume.project.clone();
    let body = object!({
        "id": attachment, "volume_id": id, "instance": fields.get("instance_uuid"), "status": status.name(),
        "attached_at": null, "detached_at": null, "attach_mode": fields.get("mode"),
        "connection_info": if connector.is_some() { connection(&id) } else { json!({}) },
    });
    drop(volume);
    cloud.add(MADE, Resource::new(attachment, project, body.clone()));
    ask.answer(Some(wrapped(ask, Value::Object(body))))
}

/// Tells by what the host reaches the volume.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut own = visible(cloud, ask, false)?;
    let volume = own.text("volume_id").to_owned();
    own.set("status", VolumeStatus::Attaching.name());
    own.set("connection_info", connection(&volume));
    let body = own.body.clone();
    drop(own);
    if let Some(mut volume) = cloud.collection("volumes").get_mut(&volume) {
        volume.set("status", VolumeStatus::Attaching.name());
    }
    ask.answer(Some(wrapped(ask, Value::Object(body))))
}

/// The volume is attached: from now on it lists that itself.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let now = precise_time(cloud.clock.now());
    let own = visible(cloud, ask, false)?.clone();
    let volume = own.text("volume_id").to_owned();
    let entry = json!({
        "id": volume, "attachment_id": own.id, "volume_id": volume, "server_id": own.body.get("instance"),
        "host_name": null, "device": null, "attached_at": now,
    });
    cloud.collection(MADE).remove(&own.id);
    change_attachments(cloud, &volume, |list| list.push(entry));
    ask.answer(None)
}

/// Ends an attachment, whoever made it.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = all(cloud, ask).into_iter().find(|own| own.get("id") == Some(&json!(ask.id())));
    let found = found.ok_or_else(|| ask.not_found())?;
    let volume = found.text("volume_id").to_owned();
    cloud.collection(MADE).remove(ask.id());
    change_attachments(cloud, &volume, |list| list.retain(|own| own["attachment_id"] != ask.id()));
    let left = all(cloud, ask).into_iter().filter(|own| own.get("volume_id") == Some(&json!(volume)));
    let left: Value = left.map(Value::Object).collect();
    ask.answer(Some(json!({"attachments": left})))
}
