//! What a fault does to a server.

use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Flavor, Pace, Then, nova_time};

/// What a fault does to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Affliction {
    /// It ends in ERROR while it builds.
    Fails {
        /// The message of its fault.
        message: String,
    },
    /// It becomes active, and ends in ERROR later.
    FailsLater {
        /// The message of its fault.
        message: String,
        /// So many polls after the first that shows it active.
        polls: u64,
    },
    /// It stays in BUILD.
    Stuck,
}

impl Cloud {
    /// Has `affliction` befall the server `id`; nothing happens without one.
    pub fn afflict(&mut self, id: &str, affliction: &Affliction) {
        let clock = self.clock;
        let created = nova_time(&clock);
        let Some(mut server) = self.collection("servers").get_mut(id) else { return };
        let (message, then) = match affliction {
            Affliction::Stuck => {
                server.pending = None;
                return;
            }
            Affliction::Fails { message } => (message, Then::Fail),
            Affliction::FailsLater { message, polls } => (message, Then::Falter { polls: *polls }),
        };
        server.set("fault", json!({"code": 500, "created": created, "message": message}));
        let at_once = || Pace::Polls(0).begin(then, &clock);
        server.pending = Some(server.pending.map_or_else(at_once, |pending| pending.with(then)));
    }

    /// The id and the name of the flavor that `body` boots a server with, or else of the server among `ids`.
    pub fn flavor_meant(&self, body: &Value, ids: &[String]) -> Option<(String, String)> {
        let asked = body.get("server").and_then(|server| server.get("flavorRef"));
        let asked = asked.map(|own| own.as_str().map_or_else(|| own.to_string(), str::to_owned));
        if let Some(asked) = asked {
            // It may be a URL that ends in the id.
            let id = asked.rsplit('/').next().unwrap_or(&asked).to_owned();
            let flavor = self.collections.get("flavors").and_then(|flavors| flavors.get(&id));
            return flavor.map(|flavor| (id, flavor.text("name").to_owned()));
        }
        let servers = self.collections.get("servers")?;
        let flavor = Flavor::of_server(ids.iter().find_map(|id| servers.get(id))?);
        Some((flavor.id()?.to_owned(), flavor.name()?.to_owned()))
    }

    /// Sets a text of a resource; `false`: it is not there.
    pub fn set_text(&mut self, collection: &str, id: &str, field: &str, text: &str) -> bool {
        let Some(mut resource) = self.collection(collection).get_mut(id) else { return false };
        resource.set(field, text);
        true
    }
}
