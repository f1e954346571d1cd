//! What services left undone and others finish (cinder/api/v3/workers.py): here nothing.

use super::place::{Place, SERVICES};
use super::refusals::{crash, invalid_input};
use crate::base::is_true;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask};

/// What can be left undone.
const KINDS: [&str; 2] = ["Snapshot", "Volume"];

/// The services that are asked to clean up, and those that cannot be.
pub fn clean_up(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let body = ask.body.as_object().ok_or_else(|| crash(ask))?;
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(kind) = text("resource_type").map(title).filter(|kind| !KINDS.contains(&kind.as_str())) {
        return Err(invalid_input(&format!("Resource type {kind} not valid, must be {}", KINDS.join(" or "))));
    }
    let is_placed = ["service_id", "cluster_name", "host"].iter().any(|key| body.contains_key(key));
    if let Some(id) = text("resource_id").filter(|_| !is_placed) {
        let why = format!("('There is no resource with UUID %s pending cleanup.', '{id}')");
        return Err(invalid_input(&why));
    }
    let flag = |key: &str| body.get(key).map(is_true);
    // Unless they are asked for, those that are up clean up by themselves.
    let (up, disabled) = (flag("is_up").unwrap_or(false), flag("disabled"));
    let (mut cleaning, mut unavailable) = (Vec::new(), Vec::new());
    for (place, service) in cloud.collection(SERVICES).iter().enumerate() {
        let number = place + 1;
        let is_up = service.text("state") == "up";
        let is_meant = is_up == up
            && disabled.is_none_or(|disabled| disabled == (service.text("status") == "disabled"))
            && is_named(body, service, number);
        if !is_meant {
            continue;
        }
        let told = json!({
            "id": number, "host": service.text("host"), "binary": service.text("binary"),
            "cluster_name": service.body.get("cluster"),
        });
        match is_up || service.text("binary") == "cinder-scheduler" {
            true => cleaning.push(told),
            false => unavailable.push(told),
        }
    }
    ask.answer(Some(json!({"cleaning": cleaning, "unavailable": unavailable})))
}

/// Is the service of those that the body names?
fn is_named(body: &Map, service: &Resource, number: usize) -> bool {
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = match body.get("service_id") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id.to_string()),
        Some(id) => Some(id.to_string()),
    };
    id.is_none_or(|id| id == number.to_string())
        && text("binary").is_none_or(|binary| service.text("binary") == binary)
        && text("host").is_none_or(|host| Place::Host(host).has(service))
        && text("cluster_name").is_none_or(|cluster| Place::Cluster(cluster).has(service))
}

/// As Python's `str.title` writes one word.
fn title(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().to_string() + &letters.as_str().to_lowercase(),
        None => String::new(),
    }
}
