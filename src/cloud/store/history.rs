//! The history of servers, and deleted servers: what Nova still shows of them.

use std::collections::VecDeque;
use std::sync::Arc;

use foldhash::HashMap;
use jiff::Timestamp;

use super::caller::Caller;
use super::resource::Resource;
use super::times::precise_time;
use crate::base::json::{Value, json};

/// How many of the servers that are gone are remembered.
const REMEMBERED: usize = 200;

/// How much of what was done to a server is remembered: as much as Nova lists on one page, its `max_limit`.
const MOST_ACTIONS: usize = 1000;

/// What was done to the servers that are alive, and the last that are gone.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: HashMap<String, VecDeque<InstanceAction>>,
    gone: VecDeque<Resource>,
}

/// Something that was done to a server.
#[derive(Clone, Debug)]
pub struct InstanceAction {
    action: &'static str,
    event: &'static str,
    /// The id of the request that asked for it.
    pub request: Box<str>,
    caller: Option<Arc<Caller>>,
    /// When it was done.
    pub time: Timestamp,
    /// Why it failed.
    error: Option<Box<str>>,
}

impl InstanceAction {
    /// `action` is done now, by `caller`.
    pub fn new(
        (action, event): (&'static str, &'static str),
        request: &str,
        caller: Option<&Arc<Caller>>,
        time: Timestamp,
    ) -> InstanceAction {
        InstanceAction { action, event, request: request.into(), caller: caller.cloned(), time, error: None }
    }

    /// Everything that Nova shows of it, at any version.
    pub fn body(&self, server: &Resource) -> Value {
        let time = precise_time(self.time);
        let caller = self.caller.as_deref();
        let result = if self.error.is_some() { "Error" } else { "Success" };
        let event = json!({
            "event": self.event, "start_time": time, "finish_time": time, "result": result,
            "traceback": null, "details": self.error,
            "host": server.text("OS-EXT-SRV-ATTR:host"), "hostId": server.text("hostId"),
        });
        json!({
            "action": self.action, "instance_uuid": server.id, "request_id": self.request, "user_id": caller.map(|caller| &caller.user),
            "project_id": caller.and_then(|caller| caller.project.as_deref()), "start_time": time, "updated_at": time,
            "message": self.error.as_ref().map(|_| "Error"),
            "events": if self.event.is_empty() { json!([]) } else { json!([event]) },
        })
    }
}

impl History {
    /// Records an action.
    pub fn record(&mut self, server: &str, action: InstanceAction) {
        // Most servers are created and nothing else.
        let actions = self.done.entry(server.to_owned()).or_insert_with(|| VecDeque::with_capacity(1));
        if actions.len() == MOST_ACTIONS {
            actions.pop_front();
        }
        actions.push_back(action);
    }

    /// The last action failed.
    pub fn fail(&mut self, server: &str, why: &str) {
        if let Some(action) = self.done.get_mut(server).and_then(|actions| actions.back_mut()) {
            action.error = Some(why.into());
        }
    }

    /// What was done to `server`, the oldest first.
    pub fn of(&self, server: &str) -> impl DoubleEndedIterator<Item = &InstanceAction> + ExactSizeIterator {
        self.done.get(server).map(VecDeque::iter).unwrap_or_default()
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

    /// Forgets the servers that are gone and not to be `kept`, and what was done to those that are not `alive` either.
    pub fn retain(&mut self, kept: impl Fn(&Resource) -> bool, alive: impl Fn(&str) -> bool) {
        self.gone.retain(kept);
        let gone = &self.gone;
        self.done.retain(|id, _| alive(id) || gone.iter().any(|server| server.id == *id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(id: &str) -> Resource {
        Resource::new(id, None, crate::base::json::Map::default())
    }

    fn action() -> InstanceAction {
        InstanceAction::new(("create", ""), "req-1", None, Timestamp::UNIX_EPOCH)
    }

    /// However many servers come and go, only the last are remembered, with what was done to them.
    #[test]
    fn the_oldest_are_forgotten() {
        let mut history = History::default();
        for number in 0..=REMEMBERED {
            let id = number.to_string();
            history.record(&id, action());
            history.bury(server(&id));
        }
        assert_eq!((history.gone.len(), history.done.len()), (REMEMBERED, REMEMBERED));
        assert!(history.gone("0").is_none() && history.of("0").len() == 0);
        assert!(history.gone("1").is_some() && history.of("1").len() == 1);
    }

    /// However much is done to one server, only the last of it is remembered.
    #[test]
    fn a_server_has_so_much_of_a_past() {
        let mut history = History::default();
        let first = Timestamp::UNIX_EPOCH;
        let at = |second: i64| first + jiff::SignedDuration::from_secs(second);
        (0..=MOST_ACTIONS as i64)
            .for_each(|second| history.record("s", InstanceAction { time: at(second), ..action() }));
        assert_eq!((history.of("s").len(), history.of("s").next().unwrap().time), (MOST_ACTIONS, at(1)));
    }

    /// A reset leaves nothing of servers that it takes away.
    #[test]
    fn a_reset_forgets() {
        let mut history = History::default();
        ["kept", "taken", "buried"].iter().for_each(|id| history.record(id, action()));
        history.bury(server("buried"));
        history.retain(|_| false, |id| id == "kept");
        assert_eq!(history.done.keys().collect::<Vec<_>>(), ["kept"]);
    }
}
