//! What Cinder tells users of what went wrong after its answer (cinder/api/v3/messages.py, cinder/message/message_field.py).

use jiff::SignedDuration;

use crate::base::json::object;
use crate::cloud::store::{Cloud, stored_time};
use crate::cloud::verb::{Ask, Missing, ResourceType, Scope, links};
use crate::contract::Dialect;

/// A message, of which lists show those of all projects.
pub const MESSAGES: ResourceType = ResourceType {
    collection: "volume.messages",
    home: Dialect::Cinder,
    missing: &[Missing::any("Message {id} could not be found.")],
    derive: |_, message| links::derive("messages", message),
    scope: |_| Ok(Scope::All),
    ..ResourceType::PLAIN
};

/// How long a message is kept: 30 days.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Tells that no backend had a place for `volume`.
pub fn tell_no_backend(cloud: &mut Cloud, ask: &Ask<'_>, volume: &str) {
    let now = cloud.clock.now();
    let until = now.checked_add(KEPT).unwrap_or(now);
    let fields = object!({
        "event_id": "VOLUME_VOLUME_001_003", "message_level": "ERROR", "request_id": ask.request_id,
        "user_message": "schedule allocate volume:Could not find any available weighted backend.",
        "resource_type": "VOLUME", "resource_uuid": volume,
        "created_at": stored_time(now), "guaranteed_until": stored_time(until),
    });
    let mut message = MESSAGES.new_resource(cloud, ask, fields);
    (MESSAGES.derive)(MESSAGES.collection, &mut message.body);
    cloud.add(MESSAGES.collection, message);
}
