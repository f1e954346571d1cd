//! Pending changes take effect when a client polls.

use super::action::confirm_migration;
use super::lifecycle;
use super::removal::take_away;
use crate::cloud::image::saved;
use crate::cloud::network::readdress;
use crate::cloud::store::{Cloud, InstanceAction, Pace, Then, VmState};

/// Applies the pending changes of the server `key` that are due; `looked` says that this is a poll, which may be counted.
pub fn settle(cloud: &mut Cloud, key: &str, looked: bool) {
    let clock = cloud.clock;
    let servers = cloud.collection("servers");
    if servers.get(key).is_none_or(|server| server.pending.is_none()) {
        return;
    }
    match servers.get_mut(key).and_then(|mut server| lifecycle::settle(&mut server, &clock, looked)) {
        Some(Then::Vanish) => take_away(cloud, key),
        Some(Then::Relaunch(VmState::Resized)) => {
            let window = cloud.fixture.resize_confirm_window;
            wait(cloud, key, window, Then::Confirm);
        }
        Some(Then::Note(VmState::SoftDeleted)) => {
            let interval = cloud.fixture.reclaim_instance_interval;
            wait(cloud, key, interval, Then::Vanish);
        }
        Some(Then::Confirm) => confirmed(cloud, key),
        Some(Then::Rest(_) | Then::Note(_)) => saved(cloud, key),
        Some(Then::Launch | Then::Falter { .. }) => readdress(cloud, key),
        _ => {}
    }
}

/// `then` happens to the server `key` after so many seconds, unless something else is done to it; 0: never.
fn wait(cloud: &mut Cloud, key: &str, seconds: u64, then: Then) {
    let clock = cloud.clock;
    if let Some(mut server) = cloud.collection("servers").get_mut(key).filter(|_| seconds > 0) {
        server.pending = Some(Pace::Seconds(seconds).begin(then, &clock));
    }
}

/// Nova has confirmed a resize itself: nobody has asked for it.
fn confirmed(cloud: &mut Cloud, key: &str) {
    confirm_migration(cloud, key);
    let (request, now) = (cloud.request_id(), cloud.clock.now());
    let action = InstanceAction::new(("confirmResize", "compute_confirm_resize"), &request, None, now);
    cloud.history.record(key, action);
}
