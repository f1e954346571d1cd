//! Clusters of Cinder's services, of which a cloud has those of its fixture (cinder/api/v3/clusters.py).

use super::place::VOLUME_SERVICE;
use super::refusals::{invalid_input, not_blank};
use crate::base::json::{Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Listed, ResourceType, visible_resources};
use crate::contract::{Code, Dialect};

/// A cluster, whose id is its name.
pub const CLUSTERS: ResourceType = ResourceType {
    collection: "clusters",
    home: Dialect::Cinder,
    derive: |_, _| {},
    locate: |cloud, ask| find(cloud, Some(VOLUME_SERVICE), ask.id()).map(|found| found.id.clone()),
    list,
    ..ResourceType::OTHER
};

/// Lists are narrowed by these parameters alone, and from 3.26 on by those of replication.
const PARAMETERS: [&str; 6] = ["name", "binary", "is_up", "disabled", "num_hosts", "num_down_hosts"];
const OF_REPLICATION: [&str; 3] = ["replication_status", "frozen", "active_backend_id"];

fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let is_known =
        |name: &str| PARAMETERS.contains(&name) || (ask.version.is_since(3, 26) && OF_REPLICATION.contains(&name));
    let unknown: Vec<&str> = ask.query.0.iter().map(|(name, _)| name.as_str()).filter(|name| !is_known(name)).collect();
    if !unknown.is_empty() {
        return Err(invalid_input(&format!("Invalid filter keys: {}", unknown.join(", "))));
    }
    let flag = |name: &str| match ask.query.last(name).map(|word| (word, truth(word))) {
        None => Ok(None),
        Some((_, Some(flag))) => Ok(Some(flag)),
        Some((word, None)) => {
            let message = format!("Value '{word}' for '{name}' is not a boolean.");
            Err(Fault::new(Code::Type, 400, message))
        }
    };
    let (disabled, up) = (flag("disabled")?, flag("is_up")?);
    let mut listed = visible_resources(cloud, ask)?;
    let passes = |asked: Option<bool>, own: bool| asked.is_none_or(|asked| asked == own);
    listed
        .resources
        .retain(|own| passes(disabled, own.text("status") == "disabled") && passes(up, own.text("state") != "down"));
    Ok(listed)
}

fn find<'c>(cloud: &'c mut Cloud, binary: Option<&str>, name: &str) -> Result<&'c Resource, Fault> {
    let missing = || {
        let binary = binary.map_or("None".to_owned(), |binary| format!("'{binary}'"));
        Fault::not_found(format!("Cluster {{'binary': {binary}, 'name': '{name}'}} could not be found."))
    };
    let found = cloud.collection(CLUSTERS.collection).get(name);
    found.filter(|own| binary.is_none_or(|binary| own.text("binary") == binary)).ok_or_else(missing)
}

/// The services of a cluster are enabled, or disabled with or without a reason.
pub fn switch(cloud: &mut Cloud, ask: &Ask<'_>, is_enabled: bool) -> Result<Answer, Fault> {
    // The contract requires the name.
    let name = ask.body.text("name");
    not_blank(name)?;
    let binary = ask.body.get("binary").map_or(Some(VOLUME_SERVICE), Value::as_str);
    let reason = ask.body.get("disabled_reason").and_then(Value::as_str);
    if let Some(blank) = reason.filter(|reason| !reason.is_empty() && reason.trim().is_empty()) {
        let value = format!("Value: {blank}. '{blank}' is not a 'disabled_reason'");
        let message = format!("Invalid input for field/attribute disabled_reason. {value}");
        return Err(Fault::new(Code::Format, 400, message));
    }
    let id = find(cloud, binary, name)?.id.clone();
    let reason = json!(reason.map(str::trim));
    let mut told = Value::Null;
    if let Some(mut own) = cloud.collection(CLUSTERS.collection).get_mut(&id) {
        own.set("status", if is_enabled { "enabled" } else { "disabled" });
        own.set("disabled_reason", reason);
        told = Value::Object(own.body.clone());
    }
    ask.answer(Some(json!({"cluster": told})))
}
