//! A resource less.

use super::act::{end, forget_shelved};
use super::aggregate::refuse_full;
use super::service::refuse_busy;
use super::show::visible;
use super::{Answer, Ask};
use crate::cloud::block_device::disconnect;
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle::{nova_time, precise_time};
use crate::cloud::network::detach;
use crate::cloud::state::Cloud;
use crate::cloud::transition::DELETE;
use crate::cloud::vm::Vm;
use crate::contract::Dialect;

/// Takes the resource that the path names away.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    match ask.collection() {
        "aggregates" => refuse_full(cloud, ask)?,
        "services" => refuse_busy(cloud, ask)?,
        _ => {}
    }
    let found = visible(cloud, ask, false)?;
    if ask.collection() == "servers" {
        DELETE.allow(&found, ask.is_admin())?;
        drop(found);
        cloud.note(ask, ask.id(), DELETE.noted);
        return end(cloud, ask, &DELETE);
    }
    let id = found.id.clone();
    drop(found);
    cloud.collection(ask.collection()).remove(&id);
    if ask.service.dialect == Dialect::Keystone {
        cloud.follow_identity();
    }
    ask.answer(None)
}

/// A server is gone, with its ports and the image that it was stored away as; what was done to it is remembered.
pub fn take_away(cloud: &mut Cloud, id: &str) {
    forget_shelved(cloud, id);
    detach(cloud, id);
    let time = precise_time(&cloud.clock);
    if let Some(mut server) = cloud.collection("servers").remove(id) {
        disconnect(cloud, &server);
        server.pending = None;
        server.set("OS-SRV-USG:terminated_at", time);
        server.set("updated", nova_time(&cloud.clock));
        Vm::Deleted.enter(&mut server, None);
        cloud.history.bury(server);
    }
}
