//! Migrations: what Nova writes down when a server gets another flavor or host.

use super::more::server;
use crate::base::json::object;
use crate::cloud::store::{Cloud, Fault, Resource, precise_time};
use crate::cloud::verb::Ask;
use crate::contract::ServerAction;

/// Actions that move a server: the kind of migration, and its status when they are complete.
const MOVES: [(ServerAction, &str, &str); 4] = [
    (ServerAction::Resize, "resize", "finished"),
    (ServerAction::Migrate, "migration", "finished"),
    (ServerAction::MigrateLive, "live-migration", "completed"),
    (ServerAction::Evacuate, "evacuation", "done"),
];

/// Actions that end a migration, and its status then.
const ENDS: [(ServerAction, &str); 2] =
    [(ServerAction::ConfirmResize, "confirmed"), (ServerAction::RevertResize, "reverted")];

/// Writes down what `action` does to the server that the path names.
pub fn note(cloud: &mut Cloud, ask: &Ask<'_>, action: ServerAction) -> Result<(), Fault> {
    if let Some((_, kind, status)) = MOVES.iter().find(|row| row.0 == action) {
        return begin(cloud, ask, kind, status);
    }
    if let Some((_, status)) = ENDS.iter().find(|row| row.0 == action) {
        end(cloud, &server(cloud, ask)?.id.clone(), status);
    }
    Ok(())
}

/// The last migration of the server `id` is confirmed.
pub fn confirm(cloud: &mut Cloud, id: &str) {
    end(cloud, id, "confirmed");
}

fn end(cloud: &mut Cloud, id: &str, status: &str) {
    let last = cloud.collection("servers").get(id).and_then(|server| of(server).last().map(str::to_owned));
    let now = precise_time(cloud.clock.now());
    if let Some(mut migration) = last.and_then(|last| cloud.collection("migrations").get_mut(&last)) {
        migration.set("status", status);
        migration.set("updated_at", now);
    }
}

fn begin(cloud: &mut Cloud, ask: &Ask<'_>, kind: &str, status: &str) -> Result<(), Fault> {
    let newest = cloud.collection("migrations").iter().next_back().and_then(|last| last.body.get("id")?.as_u64());
    let number = newest.map_or(1, |newest| newest + 1);
    let (uuid, now) = (cloud.ids.uuid().to_string(), precise_time(cloud.clock.now()));
    let server = server(cloud, ask)?;
    let host = server.text("OS-EXT-SRV-ATTR:host");
    let id = number.to_string();
    let fields = object!({
        "id": number, "uuid": uuid, "instance_uuid": server.id, "status": status, "migration_type": kind,
        "source_compute": host, "source_node": host, "dest_compute": host, "dest_node": host, "dest_host": "127.0.0.1",
        "old_instance_type_id": 1, "new_instance_type_id": 1, "created_at": now, "updated_at": now,
        "user_id": ask.caller.map(|caller| &caller.user), "project_id": server.project,
    });
    let project = server.project.clone();
    cloud.collection("migrations").put(Resource::new(id.clone(), project, fields));
    if let Some(own) = cloud.collection("servers").get_mut(ask.id()).as_mut().and_then(|own| own.record.server_mut()) {
        own.migrations.push(id);
    }
    Ok(())
}

/// The migrations of a server, the oldest first.
fn of(server: &Resource) -> impl Iterator<Item = &str> {
    server.record.server().into_iter().flat_map(|own| &own.migrations).map(String::as_str)
}

/// The server is gone, and its migrations with it.
pub fn forget(cloud: &mut Cloud, server: &Resource) {
    for id in of(server) {
        cloud.collection("migrations").remove(id);
    }
}
