//! What other services tell Nova of servers. Source: nova/api/openstack/compute/server_external_events.py, answers of nova 34.0.0.

use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Answer, Ask};
use crate::cloud::volume::attachment::tell_growth;

/// A volume of a server grew.
const GROWN: &str = "volume-extended";

/// Events that mean nothing without a tag.
const TAGGED: [&str; 2] = [GROWN, "accelerator-request-bound"];

/// Takes the events that can be passed on; each comes back with what became of it.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let events = ask.body.list("events");
    let told: Vec<(u64, Value)> = events.iter().map(|event| outcome(cloud, ask, event)).collect();
    let status = if told.iter().all(|(code, _)| *code == 200) { 200 } else { 207 };
    let list: Value = told.into_iter().map(|(_, event)| event).collect();
    let mut answer = ask.answer(Some(json!({"events": list})))?;
    answer.status = status;
    Ok(answer)
}

fn outcome(cloud: &mut Cloud, ask: &Ask<'_>, event: &Value) -> (u64, Value) {
    let server = cloud.collection("servers").get(event.text("server_uuid"));
    let code = match server {
        None => 404,
        Some(_) if TAGGED.contains(&event.text("name")) && event.get("tag").is_none() => 400,
        // Only a server with a host has somebody to tell.
        Some(server) if server.text("OS-EXT-SRV-ATTR:host").is_empty() => 422,
        Some(_) => 200,
    };
    if code == 200 && event.text("name") == GROWN {
        tell_growth(cloud, ask, event.text("server_uuid"));
    }
    let mut told = event.clone();
    told["status"] = json!(if code == 200 { "completed" } else { "failed" });
    told["code"] = json!(code);
    (code, told)
}
