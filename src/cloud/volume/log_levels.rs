//! What Cinder's services log (cinder/api/v3/services.py, cinder/utils.py): a fixture says which loggers they have.

use super::place::{SERVICES, is_on};
use super::refusals::invalid_input;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Order, ResourceType};
use crate::contract::Dialect;

/// The loggers of a service, in the field `levels`; that which answers the API is none of those that are listed.
pub const LOG_LEVELS: ResourceType = ResourceType {
    collection: "volume.log_levels",
    home: Dialect::Cinder,
    derive: |_, _| {},
    order: |_| Order::Oldest,
    ..ResourceType::OTHER
};

/// The levels that can be set.
const LEVELS: [&str; 4] = ["INFO", "WARNING", "ERROR", "DEBUG"];

/// The binary of the service that answers the API.
const API: &str = "cinder-api";

/// The loggers of the services that are meant, and up. That which answers the API is changed whatever server is named.
fn meant(cloud: &mut Cloud, ask: &Ask<'_>, is_change: bool) -> Vec<String> {
    let (binary, server) = (ask.body.text("binary"), ask.body.text("server"));
    let services = cloud.collection(SERVICES).iter();
    let up: Vec<String> = services.filter(|own| own.text("state") == "up").map(|own| own.id.clone()).collect();
    let is_meant = |own: &Resource| {
        let is_named = matches!(binary, "" | "*") || own.text("binary") == binary;
        let is_there = server.is_empty() || is_on(own, server);
        match own.text("binary") == API {
            true => is_named && (is_change || server.is_empty() || own.text("host") == server),
            false => is_named && is_there && up.contains(&own.id),
        }
    };
    let all = cloud.collection(LOG_LEVELS.collection).iter();
    all.filter(|own| is_meant(own)).map(|own| own.id.clone()).collect()
}

/// The levels of the loggers whose names begin as is asked.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let prefix = ask.body.text("prefix");
    let ids = meant(cloud, ask, false);
    let told = |own: &Resource| {
        let levels = own.body.object("levels").iter();
        let levels: Map = levels
            .filter(|(name, _)| name.starts_with(prefix))
            .map(|(name, level)| (name.as_str().to_owned(), level.clone()))
            .collect();
        json!({"host": own.text("host"), "binary": own.text("binary"), "levels": Value::Object(levels)})
    };
    let all = cloud.collection(LOG_LEVELS.collection);
    let list: Value = ids.iter().filter_map(|id| all.get(id)).map(told).collect();
    ask.answer(Some(json!({"log_levels": list})))
}

/// Sets them.
pub fn set(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (prefix, level) = (ask.body.text("prefix"), ask.body.text("level"));
    let upper = level.to_uppercase();
    if !LEVELS.contains(&upper.as_str()) {
        return Err(invalid_input(&format!("{level} is not a valid log level.")));
    }
    for id in meant(cloud, ask, true) {
        let Some(mut own) = cloud.collection(LOG_LEVELS.collection).get_mut(&id) else { continue };
        let mut levels = own.body.object("levels").clone();
        let names: Vec<String> =
            levels.iter().map(|(name, _)| name.as_str().to_owned()).filter(|name| name.starts_with(prefix)).collect();
        levels.extend(names.into_iter().map(|name| (name, json!(upper))));
        own.set("levels", Value::Object(levels));
    }
    Ok(ask.bare(ask.status()))
}
