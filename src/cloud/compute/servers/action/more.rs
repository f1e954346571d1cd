//! What an action does in addition to the table of transitions.

use super::payload::Payload;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Next, Resource, Then};
use crate::cloud::verb::Ask;

/// What an action does in addition to the table of transitions.
#[derive(Default)]
pub struct More {
    /// Fields that change at once.
    pub now: Map,
    /// What changes when the action is complete.
    pub next: Next,
    /// The image that the server is shelved as.
    pub shelved_image: Option<String>,
    /// The state that follows, if not the one in the table.
    pub then: Option<Then>,
    /// What is answered, before the contract projects it.
    pub reply: Option<Map>,
    /// A place that the answer names.
    pub location: Option<String>,
    /// Does the answer show the server?
    pub shows_server: bool,
    /// Is there nothing to do?
    pub nothing: bool,
}

impl More {
    /// That is answered.
    pub fn reply(key: &str, value: Value) -> More {
        More { reply: Some(Map::from_iter([(key.to_owned(), value)])), ..More::default() }
    }
}

/// The server that the path names, once it has been found.
pub fn server<'c>(cloud: &'c Cloud, ask: &Ask<'_>) -> Result<&'c Resource, Fault> {
    let servers = cloud.collections.get(ask.collection());
    servers.and_then(|servers| servers.get(ask.id())).ok_or_else(|| ask.not_found())
}

/// The password that was given, or a new one.
pub fn password(cloud: &mut Cloud, payload: Payload<'_>) -> Value {
    match payload.text("adminPass") {
        Some(given) => json!(given),
        None => json!(cloud.password()),
    }
}
