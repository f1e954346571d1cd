//! The end of a server.

use super::action::{forget_migration, forget_shelved};
use crate::cloud::network::detach;
use crate::cloud::store::{Cloud, VmState, nova_time, precise_time};
use crate::cloud::volume::attachment;

/// A server is gone, with its ports and the image that it was stored away as; what was done to it is remembered.
pub fn take_away(cloud: &mut Cloud, id: &str) {
    forget_shelved(cloud, id);
    detach(cloud, id);
    attachment::release(cloud, id);
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
