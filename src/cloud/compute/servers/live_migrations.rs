//! The live migrations of a server that are under way. Source: answers of nova 34.0.0.

use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// Those under way; there is one at most.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let running = running(cloud, ask)?;
    ask.answer(Some(json!({"migrations": running.into_iter().map(Value::Object).collect::<Vec<_>>()})))
}

/// One of them.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let number = number(ask).to_owned();
    let server = ask.id();
    if let Some(running) = running(cloud, ask)?.filter(|own| own.get("id").is_some_and(|id| is(id, &number))) {
        return ask.answer(Some(json!({"migration": running})));
    }
    let own = cloud.collection("migrations").get(&number).filter(|own| own.text("instance_uuid") == server);
    Err(Fault::not_found(match own {
        None => format!("In-progress live migration {number} is not found for server {server}."),
        Some(own) if own.text("migration_type") != "live-migration" => {
            format!("Migration {number} for server {server} is not live-migration.")
        }
        Some(_) => format!("Live migration {number} for server {server} is not in progress."),
    }))
}

/// Ends one early, or has it end sooner.
pub fn end(cloud: &mut Cloud, ask: &Ask<'_>, action: &str) -> Result<Answer, Fault> {
    let Some(running) = running(cloud, ask)? else {
        let message = format!("Instance {} is in an invalid state for '{action}'", ask.id());
        return Err(Fault::new(Code::State, 409, message));
    };
    let (number, server) = (number(ask), ask.id());
    if running.get("id").is_none_or(|id| !is(id, number)) {
        return Err(Fault::not_found(format!("Migration {number} not found for instance {server}")));
    }
    ask.answer(None)
}

/// Is `id` the number that the path spells?
fn is(id: &Value, number: &str) -> bool {
    id.as_u64().is_some_and(|id| number.parse() == Ok(id))
}

fn number<'a>(ask: &'a Ask<'_>) -> &'a str {
    ask.in_path("migration_id")
}

/// What the server that the path names is in the middle of, as this API tells it.
fn running(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Option<Map>, Fault> {
    let last = {
        let server = visible(cloud, ask, false)?;
        let is_moving = server.text("OS-EXT-STS:task_state") == "migrating";
        let last = server.record.server().and_then(|own| own.migrations.last().cloned());
        last.filter(|_| is_moving)
    };
    let migration = last.and_then(|last| cloud.collection("migrations").get(&last).map(told));
    Ok(migration)
}

fn told(migration: &Resource) -> Map {
    let mut fields = migration.body.clone();
    fields.insert("server_uuid", json!(migration.text("instance_uuid")));
    fields.insert("status", json!("running"));
    for field in
        ["memory_total", "memory_processed", "memory_remaining", "disk_total", "disk_processed", "disk_remaining"]
    {
        fields.insert(format!("{field}_bytes"), Value::Null);
    }
    fields
}
