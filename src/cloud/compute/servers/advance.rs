//! Pending changes take effect when a client polls.

use super::lifecycle;
use super::removal::take_away;
use crate::cloud::image::saved;
use crate::cloud::network::readdress;
use crate::cloud::store::{Cloud, Then};

/// Applies the pending changes of the server `key` that are due; `looked` says that this is a poll, which may be counted.
pub fn settle(cloud: &mut Cloud, key: &str, looked: bool) {
    let clock = cloud.clock;
    let servers = cloud.collection("servers");
    if servers.get(key).is_none_or(|server| server.pending.is_none()) {
        return;
    }
    match servers.get_mut(key).and_then(|mut server| lifecycle::settle(&mut server, &clock, looked)) {
        Some(Then::Vanish) => take_away(cloud, key),
        Some(Then::Rest(_)) => saved(cloud, key),
        Some(Then::Launch | Then::Falter { .. }) => readdress(cloud, key),
        _ => {}
    }
}
