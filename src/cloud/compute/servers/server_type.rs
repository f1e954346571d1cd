//! The type of servers.

use super::action::{confirm_migration, end, forget_shelved, put_aside};
use super::advance::settle;
use super::listing::list;
use super::transition::DELETE;
use crate::cloud::network::view;
use crate::cloud::store::{Cloud, Fault, VmState};
use crate::cloud::verb::{Answer, Ask, Missing, Owner, ResourceType, Speaker, visible};
use crate::contract::Dialect;

pub const SERVERS: ResourceType = ResourceType {
    collection: "servers",
    owner: Owner::Project,
    missing: &[
        Missing { speaker: Speaker::Service("compute-v2"), ..Missing::any("Instance could not be found") },
        Missing::any("Instance {id} could not be found."),
    ],
    views: &[(Dialect::Nova, view::server)],
    // Servers get their links when they are shown.
    derive: |_, _| {},
    delete,
    advance: settle,
    list,
    ..ResourceType::PLAIN
};

fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = visible(cloud, ask, false)?;
    DELETE.allow(&found, ask.is_admin())?;
    let (has_run, vm) = (!found.text("OS-SRV-USG:launched_at").is_empty(), VmState::of(&found));
    let is_going = matches!(found.text("OS-EXT-STS:task_state"), "deleting" | "soft-deleting");
    drop(found);
    let (id, is_kept) = (ask.id(), has_run && cloud.fixture.reclaim_instance_interval > 0);
    if is_kept && is_going {
        return ask.answer(None);
    }
    if vm == VmState::Resized {
        cloud.record_action(ask, id, ("confirmResize", "compute_confirm_resize"));
        confirm_migration(cloud, id);
    }
    if !is_kept {
        cloud.record_action(ask, id, DELETE.recorded);
        return end(cloud, ask, &DELETE);
    }
    forget_shelved(cloud, id);
    cloud.record_action(ask, id, ("delete", "compute_soft_delete_instance"));
    put_aside(cloud, ask)
}
