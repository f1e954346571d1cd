//! What was done to a server.

use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, InstanceAction, Resource};
use crate::cloud::verb::{Answer, Ask, instant, visible};
use crate::contract::Code;

/// The actions of the server, newest first, limited by the query.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let is_alive = visible(cloud, ask, false).is_ok();
    let server = server(cloud, ask, is_alive)?;
    let (since, before) = (ask.query.last("changes-since"), ask.query.last("changes-before"));
    let (since, before) = (since.and_then(instant), before.and_then(instant));
    if since.zip(before).is_some_and(|(since, before)| before < since) {
        let message = "The value of changes-since must be less than or equal to changes-before.";
        return Err(Fault::new(Code::Rule, 400, message));
    }
    let is_meant = |action: &&InstanceAction| {
        since.is_none_or(|since| action.time >= since) && before.is_none_or(|before| action.time <= before)
    };
    let mut deeds: Vec<&InstanceAction> = cloud.history.of(&server.id).rev().filter(is_meant).collect();
    let is_paged = ask.knows("limit");
    if let Some(marker) = ask.query.last("marker").filter(|marker| is_paged && !marker.is_empty()) {
        let place = deeds.iter().position(|action| *action.request == *marker);
        let place = place.ok_or_else(|| Fault::new(Code::NotFound, 400, NO_MARKER))?;
        deeds.drain(..=place);
    }
    let mut stored = Map::new();
    let limit = ask.query.last("limit").and_then(|limit| limit.parse().ok()).filter(|limit| is_paged && *limit > 0);
    if let Some(limit) = limit.filter(|limit| *limit <= deeds.len()) {
        deeds.truncate(limit);
        let last = deeds.last().map_or("", |action| &*action.request);
        let next = format!("self:servers/{}/os-instance-actions?limit={limit}&marker={last}", server.id);
        stored.insert("links", json!([{"rel": "next", "href": next}]));
    }
    let list: Value = deeds.iter().map(|action| action.body(server)).collect();
    stored.insert("instanceActions", list);
    ask.answer(Some(Value::Object(stored)))
}

/// Nova forgets which one it was.
const NO_MARKER: &str = "Marker None could not be found.";

/// What a request did.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let is_alive = visible(cloud, ask, false).is_ok();
    let server = server(cloud, ask, is_alive)?;
    let request = ask.in_path("request_id");
    let action = cloud.history.of(&server.id).find(|action| *action.request == *request);
    let action = action.ok_or_else(|| Fault::not_found(format!("Action {request} not found")))?;
    ask.answer(Some(json!({"instanceAction": action.body(server)})))
}

/// The server that the path names; from 2.21 on one that is gone, too.
fn server<'c>(cloud: &'c Cloud, ask: &Ask<'_>, is_alive: bool) -> Result<&'c Resource, Fault> {
    let remembers = ask.version.is_since(2, 21);
    let server = match is_alive {
        true => cloud.collections.get("servers").and_then(|servers| servers.get(ask.id())),
        false => cloud.history.gone(ask.id()).filter(|_| remembers),
    };
    server.filter(|server| ask.sees(server)).ok_or_else(|| ask.not_found())
}
