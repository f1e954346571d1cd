//! The type of servers.

use super::action::{confirm_migration, end, forget_shelved, put_aside};
use super::advance::settle;
use super::listing::list;
use super::transition::DELETE;
use crate::base::json::{Map, Value, json};
use crate::cloud::network::view;
use crate::cloud::store::{Cloud, Fault, Resource, VmState};
use crate::cloud::verb::{Answer, Ask, Missing, Owner, ResourceType, Speaker, visible};
use crate::contract::{Dialect, Service};

pub const SERVERS: ResourceType = ResourceType {
    collection: "servers",
    owner: Owner::Project,
    missing: &[
        Missing { speaker: Speaker::Service("compute-v2"), ..Missing::any("Instance could not be found") },
        Missing::any("Instance {id} could not be found."),
    ],
    views: &[(Dialect::Nova, shown)],
    // Servers get their links when they are shown.
    derive: |_, _| {},
    delete,
    advance: settle,
    list,
    ..ResourceType::PLAIN
};

/// The server group that it was booted into, as long as there is one.
fn group(cloud: &Cloud, server: &Resource) -> Value {
    let hint = server.body.get("scheduler_hints").and_then(|hints| hints.get("group")?.get(0)?.as_str());
    let groups = cloud.collections.get("server_groups");
    let found = hint.filter(|id| groups.is_some_and(|groups| groups.get(id).is_some()));
    found.into_iter().map(|id| json!(id)).collect()
}

fn shown(cloud: &Cloud, service: &Service, server: &Resource, body: &mut Map) {
    view::server(cloud, service, server, body);
    body.insert("server_groups", group(cloud, server));
}

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
