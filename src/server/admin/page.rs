//! The page for browsers, which shows a run while it goes on, and the events that keep it up to date.

use super::faults;
use super::so_far::SoFar;
use super::told::told;
use crate::base::json::{Value, json};
use crate::message::{Request, Response};
use crate::report::{News, Outcome, coverage_page, live_page, page_policy};
use crate::server::events::Events;

/// Of each collection so many resources are shown.
const SHOWN: usize = 20;
/// The cloud changes without requests, too: it is looked at with each so many looks at what was asked.
const LOOKS: u32 = 4;

/// The page, which shows what `outcome` is so far. No other page may show it in a frame, where a click on something else could start
/// the cloud again.
pub fn page(outcome: &Outcome) -> Response {
    sent(live_page(outcome), true)
}

/// What the requests so far touch of their operations.
pub fn coverage(outcome: &Outcome) -> Response {
    match coverage_page(outcome) {
        Some(page) => sent(page, false),
        None => told(404, "no request was right so far"),
    }
}

fn sent(page: String, is_live: bool) -> Response {
    let policy = format!("{}; frame-ancestors 'none'", page_policy(is_live));
    Response::typed(200, Value::String(page), "text/html; charset=UTF-8")
        .with("Content-Security-Policy", policy)
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "no-store")
}

/// What happens from now on, or after the request of the place that the client names: an event with the verdict, the rows of new
/// requests, and the cloud, each time that one of them is another.
pub fn events(so_far: SoFar, request: &Request) -> Events {
    let query = request.query();
    // A browser that lost the connection says what it has in the header.
    let last = request.headers.get("Last-Event-ID").or_else(|| query.last("after"));
    let after = last.and_then(|last| last.parse().ok()).unwrap_or(0);
    let mut follower = Follower { so_far, after, requests: 0, looks: 0, cloud: String::new() };
    Events::new(move || follower.look())
}

/// Somebody who follows a run, and what he has seen of it.
struct Follower {
    so_far: SoFar,
    after: u64,
    requests: u64,
    looks: u32,
    cloud: String,
}

impl Follower {
    /// The event that tells what he has not seen; nothing if there is nothing.
    fn look(&mut self) -> String {
        let requests = self.so_far.exchange.requests();
        let is_time = self.looks.is_multiple_of(LOOKS);
        self.looks = self.looks.wrapping_add(1);
        if requests == self.requests && !is_time {
            return String::new();
        }
        let cloud = cloud(&self.so_far).to_string();
        if requests == self.requests && cloud == self.cloud {
            return String::new();
        }
        let News { verdict, rows, last } = News::since(&self.so_far.outcome(), self.after);
        (self.after, self.requests) = (last, requests);
        let told = json!({"verdict": verdict, "rows": rows});
        self.cloud = cloud;
        format!("id: {last}\ndata: [{told},{}]\n\n", self.cloud)
    }
}

/// The first resources of each collection with the number of all, and the faults.
fn cloud(so_far: &SoFar) -> Value {
    let project = so_far.project.as_deref();
    let mut state = so_far.exchange.state(project).unwrap_or_else(|| json!({}));
    for (_, list) in state.as_object_mut().into_iter().flat_map(|state| state.iter_mut()) {
        let count = list.as_array().map_or(0, Vec::len);
        if let Some(resources) = list.as_array_mut() {
            resources.truncate(SHOWN);
        }
        *list = json!({"count": count, "first": list.take()});
    }
    json!({"state": state, "faults": faults::list(&so_far.exchange, project)})
}
