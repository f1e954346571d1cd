//! The states of a server as Nova keeps them, and the status that it shows for them.

use serde_json::Value;

use super::fault::Fault;
use super::resource::Resource;

/// Where a server rests (`vm_state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vm {
    /// It runs.
    Active,
    /// It is not there yet.
    Building,
    /// It stands still.
    Paused,
    /// Its memory is on a disk.
    Suspended,
    /// It is off.
    Stopped,
    /// It runs from a rescue image.
    Rescued,
    /// It runs with a new flavor, and somebody has to say whether it stays so.
    Resized,
    /// It can be restored.
    SoftDeleted,
    /// It is gone.
    Deleted,
    /// Something went wrong.
    Error,
    /// It is stored away, but still on its host.
    Shelved,
    /// It is stored away.
    ShelvedOffloaded,
}

/// Each state: Nova's name for it, the status that is shown, and the power state that comes with it on Nova's fake hypervisor, if
/// one does.
const STATES: [(Vm, &str, &str, Option<u64>); 12] = [
    (Vm::Active, "active", "ACTIVE", Some(1)),
    (Vm::Building, "building", "BUILD", Some(0)),
    (Vm::Paused, "paused", "PAUSED", None),
    (Vm::Suspended, "suspended", "SUSPENDED", None),
    (Vm::Stopped, "stopped", "SHUTOFF", Some(4)),
    (Vm::Rescued, "rescued", "RESCUE", Some(4)),
    (Vm::Resized, "resized", "VERIFY_RESIZE", None),
    (Vm::SoftDeleted, "soft-delete", "SOFT_DELETED", Some(4)),
    (Vm::Deleted, "deleted", "DELETED", Some(0)),
    (Vm::Error, "error", "ERROR", None),
    (Vm::Shelved, "shelved", "SHELVED", Some(4)),
    (Vm::ShelvedOffloaded, "shelved_offloaded", "SHELVED_OFFLOADED", Some(4)),
];

/// Tasks that show in the status, and the states in which they do.
const TASKS: [(&str, &str, &[Vm]); 8] = [
    ("rebooting", "REBOOT", &[Vm::Active]),
    ("rebooting_hard", "HARD_REBOOT", &[Vm::Active]),
    ("updating_password", "PASSWORD", &[Vm::Active]),
    ("rebuilding", "REBUILD", &[Vm::Active, Vm::Stopped, Vm::Error]),
    ("migrating", "MIGRATING", &[Vm::Active, Vm::Paused]),
    ("resize_prep", "RESIZE", &[Vm::Active, Vm::Stopped]),
    ("resize_finish", "RESIZE", &[Vm::Active, Vm::Stopped]),
    ("resize_reverting", "REVERT_RESIZE", &[Vm::Resized]),
];

impl Vm {
    /// The state of `server`. One that a fixture gives no state is told by its status, and else runs.
    pub fn of(server: &Resource) -> Vm {
        let (state, status) = (server.text("OS-EXT-STS:vm_state"), server.text("status"));
        let is_it = |row: &&(Vm, &str, &str, Option<u64>)| match state {
            "" => row.2 == status,
            state => row.1 == state,
        };
        STATES.iter().find(is_it).map_or(Vm::Active, |row| row.0)
    }

    /// May `server` have `deed` done to it, which is only for `states`?
    ///
    /// # Errors
    /// 409: it is in another.
    pub fn allow(server: &Resource, deed: &str, states: &[Vm]) -> Result<(), Fault> {
        let vm = Vm::of(server);
        match states.contains(&vm) {
            true => Ok(()),
            false => Err(Fault::while_in(deed, &server.id, "vm_state", vm.name())),
        }
    }

    /// Nova's name for it.
    pub fn name(self) -> &'static str {
        STATES.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The status that is shown while `task` is under way.
    pub fn status(self, task: Option<&str>) -> &'static str {
        let busy = TASKS.iter().find(|(name, _, states)| Some(*name) == task && states.contains(&self));
        busy.map(|row| row.1).or_else(|| STATES.iter().find(|row| row.0 == self).map(|row| row.2)).unwrap_or("UNKNOWN")
    }

    /// The state that `status` shows in a server that rests and is not gone.
    pub fn resting(status: &str) -> Option<Vm> {
        STATES.iter().find(|row| row.2 == status).map(|row| row.0).filter(|vm| *vm != Vm::Deleted)
    }

    /// The statuses of servers that rest and are not gone.
    pub fn statuses() -> Vec<&'static str> {
        STATES.iter().filter(|row| row.0 != Vm::Deleted).map(|row| row.2).collect()
    }

    /// Puts `server` into this state, with `task` under way.
    pub fn enter(self, server: &mut Resource, task: Option<&'static str>) {
        server.set("status", self.status(task));
        server.set("OS-EXT-STS:vm_state", self.name());
        server.set("OS-EXT-STS:task_state", task.map_or(Value::Null, Value::from));
        if let Some(power) = STATES.iter().find(|row| row.0 == self).and_then(|row| row.3) {
            server.set("OS-EXT-STS:power_state", power);
        }
    }
}

/// The states and tasks that a list is narrowed to: those which make one of its statuses.
#[derive(Debug, Default)]
pub struct Wanted {
    asked: bool,
    states: Vec<Vm>,
    /// Tasks, unless some status means a server that rests: then every task will do.
    tasks: Option<Vec<&'static str>>,
}

impl Wanted {
    /// What `statuses` mean.
    pub fn of<'s>(statuses: impl Iterator<Item = &'s str>) -> Wanted {
        let statuses: Vec<&str> = statuses.collect();
        let is_asked = |status: &str| statuses.iter().any(|asked| asked.eq_ignore_ascii_case(status));
        let mut states: Vec<Vm> = STATES.iter().filter(|row| is_asked(row.2)).map(|row| row.0).collect();
        let rests = !states.is_empty();
        let tasks: Vec<&(&str, &str, &[Vm])> = TASKS.iter().filter(|row| is_asked(row.1)).collect();
        states.extend(tasks.iter().flat_map(|row| row.2));
        let tasks = (!rests).then(|| tasks.iter().map(|row| row.0).collect());
        Wanted { asked: !statuses.is_empty(), states, tasks }
    }

    /// Can no server have one of them?
    pub fn is_impossible(&self) -> bool {
        self.asked && self.states.is_empty()
    }

    /// Are only servers meant that are gone?
    pub fn is_only_deleted(&self) -> bool {
        self.states == [Vm::Deleted]
    }

    /// Is `server` one of those?
    pub fn is_met(&self, server: &Resource) -> bool {
        let has_task = |tasks: &Vec<&str>| tasks.contains(&server.text("OS-EXT-STS:task_state"));
        !self.asked || (self.states.contains(&Vm::of(server)) && self.tasks.as_ref().is_none_or(has_task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_shows_in_the_status_only_where_it_can_be() {
        assert_eq!(Vm::Active.status(Some("rebooting")), "REBOOT");
        assert_eq!(Vm::Stopped.status(Some("rebuilding")), "REBUILD");
        assert_eq!(Vm::Paused.status(Some("unpausing")), "PAUSED");
        assert_eq!(Vm::Resized.status(None), "VERIFY_RESIZE");
    }

    #[test]
    fn a_status_of_a_task_wants_the_task_and_one_of_rest_does_not() {
        assert!(Wanted::of(["reboot"].into_iter()).tasks.is_some());
        assert!(Wanted::of(["reboot", "ACTIVE"].into_iter()).tasks.is_none());
        assert!(Wanted::of(["BOGUS"].into_iter()).is_impossible());
        assert!(!Wanted::of([].into_iter()).is_impossible());
    }
}
