//! A resource less.

use super::act::{end, forget_migration, forget_shelved};
use super::kind::{Kind, forbidden};
use super::show::visible;
use super::{Answer, Ask};
use crate::cloud::fault::Fault;
use crate::cloud::network::detach;
use crate::cloud::state::Cloud;
use crate::cloud::times::{nova_time, precise_time};
use crate::cloud::transition::DELETE;
use crate::cloud::vm_state::VmState;
use crate::cloud::volume;
use crate::contract::Dialect;

/// Takes the resource that the path names away, with what its kind takes along.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = visible(cloud, ask, false)?;
    if ask.collection() == "servers" {
        DELETE.allow(&found, ask.is_admin())?;
        drop(found);
        cloud.note(ask, ask.id(), DELETE.noted);
        return end(cloud, ask, &DELETE);
    }
    if !ask.may_change(&found) {
        return Err(forbidden(ask, "delete"));
    }
    let id = found.id.clone();
    drop(found);
    if let Some(kind) = Kind::of(ask.collection()) {
        (kind.leave)(cloud, ask, &id)?;
    }
    cloud.collection(ask.collection()).remove(&id);
    if ask.service.dialect == Dialect::Keystone {
        cloud.follow_identity(ask.collection(), &id);
    }
    ask.answer(None)
}

/// A server is gone, with its ports and the image that it was stored away as; what was done to it is remembered.
pub fn take_away(cloud: &mut Cloud, id: &str) {
    forget_shelved(cloud, id);
    detach(cloud, id);
    volume::release(cloud, id);
    let time = precise_time(cloud.clock.now());
    if let Some(mut server) = cloud.collection("servers").remove(id) {
        forget_migration(cloud, &server);
        server.pending = None;
        server.set("OS-SRV-USG:terminated_at", time);
        server.set("updated", nova_time(&cloud.clock));
        VmState::Deleted.enter(&mut server, None);
        cloud.history.bury(server);
    }
}
