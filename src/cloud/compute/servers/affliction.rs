//! What a fault does to a server.

use crate::base::json::json;
use crate::cloud::store::{Cloud, Pace, Then, nova_time};

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

    /// Sets a text of a resource; `false`: it is not there.
    pub fn set_text(&mut self, collection: &str, id: &str, field: &str, text: &str) -> bool {
        let Some(mut resource) = self.collection(collection).get_mut(id) else { return false };
        resource.set(field, text);
        true
    }
}
