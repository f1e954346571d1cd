//! What administrators set of groups and their snapshots, and the replication of groups (cinder/api/v3/groups.py, group_snapshots.py).

use super::refusals::invalid;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault, stored_time};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// The states of groups and of their snapshots. Cinder checks both by those of snapshots.
const STATES: [&str; 7] = ["error", "available", "creating", "deleting", "deleted", "updating", "error_deleting"];

/// Puts a group or a snapshot of one into the state that an administrator asks for, in any case.
pub fn reset_state(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = ask.body.get("reset_status").and_then(|own| own.get("status")).and_then(Value::as_str);
    let asked = asked.ok_or_else(|| Fault::missing("status"))?;
    let state = asked.to_lowercase();
    if !STATES.contains(&state.as_str()) {
        return Err(unknown_state(ask, asked));
    }
    let now = stored_time(cloud.clock.now());
    let mut own = visible(cloud, ask, false)?;
    own.set("status", state);
    own.set("updated_at", now);
    drop(own);
    Ok(ask.bare(ask.status()))
}

fn unknown_state(ask: &Ask<'_>, asked: &str) -> Fault {
    let message = match ask.collection() {
        "group_snapshots" => format!(
            "Invalid GroupSnapshot Status: Group snapshot status: {asked} is invalid, valid statuses are: ('error', \
             'available', 'creating', 'deleting', 'deleted', 'updating', 'error_deleting')."
        ),
        _ => format!(
            "Invalid Group Status: Group status: {asked} is invalid, valid status are: ('error', 'available', 'creating', \
             'deleting', 'deleted', 'updating', 'in-use', 'error_deleting')."
        ),
    };
    Fault::new(Code::Choice, 400, message)
}

/// Refuses to replicate a group whose types are not for that. No driver that Cinder has by default replicates the others, and what
/// one answers that does is its own.
pub fn replicate(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let group = visible(cloud, ask, false)?.clone();
    let kind = cloud.collection("group_types").get(group.text("group_type"));
    let specs = kind.and_then(|kind| kind.body.get("group_specs"));
    let has = |spec: &str| specs.and_then(|specs| specs.get(spec)).is_some_and(|value| value == "<is> True");
    if !has("group_replication_enabled") && !has("consistent_group_replication_enabled") {
        return Err(invalid("group type", &format!("Group {} is not a replication group type.", group.id)));
    }
    let types = group.body.list("volume_types").iter();
    for id in types.filter_map(Value::as_str) {
        let found = cloud.collection("volume_types").get(id);
        let specs = found.and_then(|found| found.body.get("extra_specs"));
        if specs.and_then(|specs| specs.get("replication_enabled")) != Some(&json!("<is> True")) {
            let why = "does not have 'replication_enabled' spec key set to '<is> True'.";
            return Err(invalid("volume type", &format!("Volume type {id} {why}")));
        }
    }
    Err(ask.not_simulated())
}
