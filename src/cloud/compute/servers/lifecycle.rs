//! What happens to servers in time: a boot, and whatever else takes a while.

use std::sync::Arc;

use crate::base::Clock;
use crate::base::json::{Value, json};
use crate::cloud::store::{Next, Pace, Placement, Resource, Then, VmState, nova_time, precise_time};

/// Applies the changes of `server` that are due, and returns them; `looked` says that this is a poll, which may be counted.
pub fn settle(server: &mut Resource, clock: &Clock, looked: bool) -> Option<Then> {
    let pending = server.pending?;
    if pending.is_due(clock) {
        server.pending = None;
        arrive(server, pending.then, clock);
        return Some(pending.then);
    }
    if looked {
        server.pending = Some(pending.after_a_look());
    }
    None
}

fn arrive(server: &mut Resource, then: Then, clock: &Clock) {
    match then {
        // An image is no server.
        Then::Vanish | Then::Save => return,
        Then::Fail => VmState::Error.enter(server, None),
        Then::Rest(vm) => rest(server, vm, VmState::enter),
        Then::Note(vm) => rest(server, vm, VmState::note),
        Then::Confirm => rest(server, VmState::as_it_was(server), VmState::enter),
        Then::Relaunch(vm) => {
            server.set("OS-SRV-USG:launched_at", precise_time(clock.now()));
            rest(server, vm, VmState::enter);
        }
        Then::Launch => launch(server, clock),
        Then::Falter { polls } => {
            launch(server, clock);
            server.pending = Some(Pace::Polls(polls).begin(Then::Fail, clock));
        }
    }
    server.set("updated", nova_time(clock));
}

fn launch(server: &mut Resource, clock: &Clock) {
    server.set("OS-SRV-USG:launched_at", precise_time(clock.now()));
    VmState::Active.enter(server, None);
    place(server);
}

/// The server comes to rest, and what waited for that comes true.
fn rest(server: &mut Resource, vm: VmState, enter: fn(VmState, &mut Resource, Option<&'static str>)) {
    let next = server.record.server_mut().map(|own| std::mem::take(&mut own.next)).unwrap_or_default();
    next.fields.into_iter().for_each(|(field, value)| server.set(&field, value));
    if let (Some(flavor), Some(own)) = (next.old_flavor, server.record.server_mut()) {
        own.old_flavor = Some(flavor);
    }
    enter(vm, server, None);
    match vm {
        VmState::ShelvedOffloaded => unplace(server),
        _ => place(server),
    }
}

/// The fields that a server has once there is a host, with their values: these are blank until then.
fn placed(placement: &Placement) -> [(&'static str, Value); 5] {
    [
        ("hostId", (&*placement.host_id).into()),
        ("OS-EXT-AZ:availability_zone", (&*placement.availability_zone).into()),
        ("OS-EXT-SRV-ATTR:host", (&*placement.host).into()),
        ("OS-EXT-SRV-ATTR:hypervisor_hostname", (&*placement.hypervisor_hostname).into()),
        ("host_status", (&*placement.host_status).into()),
    ]
}

/// What leaves with the host when a server is stored away.
const OFFLOADED: [&str; 4] = ["hostId", "OS-EXT-SRV-ATTR:host", "OS-EXT-SRV-ATTR:hypervisor_hostname", "host_status"];

/// A server without a host gets one.
fn place(server: &mut Resource) {
    if server.body.get("OS-EXT-SRV-ATTR:host").is_some_and(|host| !host.is_null()) {
        return;
    }
    let Some(placement) = server.record.server_mut().and_then(|own| own.placement.take()) else { return };
    for (field, value) in placed(&placement) {
        if server.body.get(field).is_none_or(|own| *own == blank(field)) {
            server.body.insert(field, value);
        }
    }
}

/// A shelved and offloaded server has no host any more.
pub fn unplace(server: &mut Resource) {
    let text = |field: &str| -> Arc<str> { server.text(field).into() };
    let placement = Placement {
        host: text("OS-EXT-SRV-ATTR:host"),
        hypervisor_hostname: text("OS-EXT-SRV-ATTR:hypervisor_hostname"),
        host_id: server.text("hostId").into(),
        host_status: text("host_status"),
        availability_zone: text("OS-EXT-AZ:availability_zone"),
    };
    if let Some(own) = server.record.server_mut() {
        own.placement = Some(Box::new(placement));
    }
    for field in OFFLOADED {
        server.body.insert(field, blank(field));
    }
}

/// Starts an action on a server that ends in `then`: until then `task` is in progress, and `next` is what it gets
/// at the end.
pub fn set_out(server: &mut Resource, task: Option<&'static str>, then: Then, next: Next, pace: Pace, clock: &Clock) {
    VmState::of(server).note(server, task);
    if let Some(own) = server.record.server_mut() {
        own.next = next;
    }
    server.set("updated", nova_time(clock));
    server.pending = Some(pace.begin(then, clock));
}

/// A server, which builds, was booted `now`: the fields that need a host wait with it; `fails` says why it will find none.
pub fn begin(server: &mut Resource, pace: Pace, fails: Option<&str>, now: &str, clock: &Clock) {
    let then = match fails {
        None => Then::Launch,
        Some(why) => {
            server.set("fault", json!({"code": 500, "created": now, "message": why}));
            Then::Fail
        }
    };
    server.pending = Some(pace.begin(then, clock));
}

fn blank(field: &str) -> Value {
    match field {
        "OS-EXT-SRV-ATTR:host" | "OS-EXT-SRV-ATTR:hypervisor_hostname" => Value::Null,
        _ => "".into(),
    }
}
