//! What happens to servers in time: a boot, and whatever else takes a while.

use crate::base::Clock;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Pace, Resource, Then, VmState, nova_time, precise_time};

/// Lets what is due happen to `server`, and tells what that was; `looked` says that this is a look, which may be counted.
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
        Then::Vanish => return,
        Then::Fail => VmState::Error.enter(server, None),
        Then::Rest(vm) => rest(server, vm),
        Then::Relaunch(vm) => {
            server.set("OS-SRV-USG:launched_at", precise_time(clock.now()));
            rest(server, vm);
        }
        Then::Launch => {
            server.set("OS-SRV-USG:launched_at", precise_time(clock.now()));
            VmState::Active.enter(server, None);
            place(server);
        }
    }
    server.set("updated", nova_time(clock));
}

/// The server comes to rest, and what waited for that comes true.
fn rest(server: &mut Resource, vm: VmState) {
    if let Some(Value::Object(next)) = server.body.remove(NEXT) {
        next.into_iter().for_each(|(field, value)| server.set(&field, value));
    }
    vm.enter(server, None);
    match vm {
        VmState::ShelvedOffloaded => unplace(server),
        _ => place(server),
    }
}

/// Where fields wait that a server gets when it comes to rest; no contract shows it.
const NEXT: &str = "next";

/// Fields that a server has once there is a host, and where they wait until then: these are blank, and the security groups
/// not there at all.
pub const ON_A_HOST: &[(&str, &str)] = &[
    ("hostId", "placed hostId"),
    ("security_groups", "placed security_groups"),
    ("OS-EXT-AZ:availability_zone", "placed availability_zone"),
    ("OS-EXT-SRV-ATTR:host", "placed host"),
    ("OS-EXT-SRV-ATTR:hypervisor_hostname", "placed hypervisor_hostname"),
    ("host_status", "placed host_status"),
];

/// What leaves with the host when a server is stored away.
const OFFLOADED: [&str; 4] = ["hostId", "OS-EXT-SRV-ATTR:host", "OS-EXT-SRV-ATTR:hypervisor_hostname", "host_status"];

/// A server without a host gets one.
fn place(server: &mut Resource) {
    if server.body.get("OS-EXT-SRV-ATTR:host").is_some_and(|host| !host.is_null()) {
        return;
    }
    for (field, hidden) in ON_A_HOST {
        let is_blank = server.body.get(field).is_none_or(|value| *value == blank(field));
        if let Some(value) = server.body.get(hidden).filter(|_| is_blank).cloned() {
            server.body.insert(*field, value);
        }
    }
}

/// A server that is stored away has no host any more.
pub fn unplace(server: &mut Resource) {
    for (field, hidden) in ON_A_HOST {
        if let Some(value) = server.body.get(field).cloned() {
            server.body.insert(*hidden, value);
        }
    }
    for field in OFFLOADED {
        server.body.insert(field, blank(field));
    }
}

/// A server is told something that ends in `then`: until then `task` is under way, and `next` are fields that it gets
/// at the end.
pub fn set_out(server: &mut Resource, task: Option<&'static str>, then: Then, next: Map, pace: Pace, clock: &Clock) {
    VmState::of(server).enter(server, task);
    if !next.is_empty() {
        server.set(NEXT, next);
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
