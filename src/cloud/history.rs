//! What was done to servers, and the servers that are gone: what Nova still tells of them.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use super::resource::Resource;
use super::token::Caller;

/// How many of the servers that are gone are remembered.
const REMEMBERED: usize = 200;

/// What was done to the servers that are alive, and the last that are gone.
#[derive(Debug, Default)]
pub struct History {
    done: HashMap<String, Vec<Deed>>,
    gone: VecDeque<Resource>,
}

/// Something that was done to a server.
#[derive(Clone, Debug)]
pub struct Deed {
    action: &'static str,
    event: &'static str,
    /// The id of the request that asked for it.
    pub request: String,
    user: String,
    project: Option<String>,
    time: String,
    /// Why it failed.
    error: Option<String>,
}

impl Deed {
    /// `action` is done now, by `caller`.
    pub fn new(
        (action, event): (&'static str, &'static str),
        request: &str,
        caller: Option<&Caller>,
        time: String,
    ) -> Deed {
        let user = caller.map(|caller| caller.user.clone()).unwrap_or_default();
        let project = caller.and_then(|caller| caller.project.clone());
        Deed { action, event, request: request.to_owned(), user, project, time, error: None }
    }

    /// All that Nova tells of it, at any version.
    pub fn body(&self, server: &Resource) -> Value {
        let result = if self.error.is_some() { "Error" } else { "Success" };
        let event = json!({
            "event": self.event, "start_time": self.time, "finish_time": self.time, "result": result,
            "traceback": null, "details": self.error,
            "host": server.text("OS-EXT-SRV-ATTR:host"), "hostId": server.text("hostId"),
        });
        json!({
            "action": self.action, "instance_uuid": server.id, "request_id": self.request, "user_id": self.user,
            "project_id": self.project, "start_time": self.time, "updated_at": self.time,
            "message": self.error.as_ref().map(|_| "Error"),
            "events": if self.event.is_empty() { json!([]) } else { json!([event]) },
        })
    }

    /// When it was done.
    pub fn time(&self) -> &str {
        &self.time
    }
}

impl History {
    /// Notes a deed.
    pub fn note(&mut self, server: &str, deed: Deed) {
        match self.done.get_mut(server) {
            Some(deeds) => deeds.push(deed),
            None => drop(self.done.insert(server.to_owned(), vec![deed])),
        }
    }

    /// The last deed fails.
    pub fn fail(&mut self, server: &str, why: &str) {
        if let Some(deed) = self.done.get_mut(server).and_then(|deeds| deeds.last_mut()) {
            deed.error = Some(why.to_owned());
        }
    }

    /// What was done to `server`, the oldest first.
    pub fn of(&self, server: &str) -> &[Deed] {
        self.done.get(server).map_or(&[], Vec::as_slice)
    }

    /// A server is gone; the oldest of those is forgotten when there are too many.
    pub fn bury(&mut self, server: Resource) {
        if self.gone.len() == REMEMBERED
            && let Some(oldest) = self.gone.pop_front()
        {
            self.done.remove(&oldest.id);
        }
        self.gone.push_back(server);
    }

    /// The server `id`, if it is gone and remembered.
    pub fn gone(&self, id: &str) -> Option<&Resource> {
        self.gone.iter().rev().find(|server| server.id == id)
    }

    /// The servers that are gone, the first to go first.
    pub fn all_gone(&self) -> impl Iterator<Item = &Resource> {
        self.gone.iter()
    }

    /// Forgets the servers that are not to be `kept`.
    pub fn retain(&mut self, kept: impl Fn(&Resource) -> bool) {
        self.gone.retain(kept);
    }
}
