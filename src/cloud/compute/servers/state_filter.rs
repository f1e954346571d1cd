//! A server in its state: read, entered, asked for.

use crate::base::json::Value;
use crate::cloud::store::{Fault, Resource, STATES, TASKS, VmState};

impl VmState {
    /// The state of `server`. If a fixture gives no state, it follows from the status, and is running by default.
    pub fn of(server: &Resource) -> VmState {
        let (state, status) = (server.text("OS-EXT-STS:vm_state"), server.text("status"));
        let is_it = |row: &&(VmState, &str, &str, Option<u64>)| match state {
            "" => row.2 == status,
            state => row.1 == state,
        };
        STATES.iter().find(is_it).map_or(VmState::Active, |row| row.0)
    }

    /// Where `server` comes to rest that is built anew or leaves VERIFY_RESIZE: what was off is off again, all else runs.
    pub fn as_it_was(server: &Resource) -> VmState {
        let vm = VmState::of(server);
        let is_off = || server.body.get("OS-EXT-STS:power_state") == Some(&4.into());
        let was_off = vm == VmState::Stopped || (vm == VmState::Resized && is_off());
        if was_off { VmState::Stopped } else { VmState::Active }
    }

    /// May `server` have `action` done to it, which is only for `states`?
    ///
    /// # Errors
    /// 409: it is in another.
    pub fn allow(server: &Resource, action: &str, states: &[VmState]) -> Result<(), Fault> {
        let vm = VmState::of(server);
        match states.contains(&vm) {
            true => Ok(()),
            false => Err(Fault::while_in(action, &server.id, "vm_state", vm.name())),
        }
    }

    /// Puts `server` into this state, with `task` under way, and its hypervisor into the power state that comes with it.
    pub fn enter(self, server: &mut Resource, task: Option<&'static str>) {
        self.note(server, task);
        if let Some(power) = STATES.iter().find(|row| row.0 == self).and_then(|row| row.3) {
            server.set("OS-EXT-STS:power_state", power);
        }
    }

    /// The same to Nova alone: the hypervisor does nothing.
    pub fn note(self, server: &mut Resource, task: Option<&'static str>) {
        server.set("status", self.status(task));
        server.set("OS-EXT-STS:vm_state", self.name());
        server.set("OS-EXT-STS:task_state", task.map_or(Value::Null, Value::from));
    }
}

/// The states and tasks that a list is narrowed to: those which make one of its statuses.
#[derive(Debug, Default)]
pub struct Wanted {
    asked: bool,
    states: Vec<VmState>,
    /// Tasks, unless some status means a server that rests: then every task will do.
    tasks: Option<Vec<&'static str>>,
}

impl Wanted {
    /// What `statuses` mean.
    pub fn of<'s>(statuses: impl Iterator<Item = &'s str>) -> Wanted {
        let statuses: Vec<&str> = statuses.collect();
        let is_asked = |status: &str| statuses.iter().any(|asked| asked.eq_ignore_ascii_case(status));
        let mut states: Vec<VmState> = STATES.iter().filter(|row| is_asked(row.2)).map(|row| row.0).collect();
        let rests = !states.is_empty();
        let tasks: Vec<&(&str, &str, &[VmState])> = TASKS.iter().filter(|row| is_asked(row.1)).collect();
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
        self.states == [VmState::Deleted]
    }

    /// Is `server` one of those?
    pub fn is_met(&self, server: &Resource) -> bool {
        let has_task = |tasks: &Vec<&str>| tasks.contains(&server.text("OS-EXT-STS:task_state"));
        !self.asked || (self.states.contains(&VmState::of(server)) && self.tasks.as_ref().is_none_or(has_task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_shows_in_the_status_only_where_it_can_be() {
        assert_eq!(VmState::Active.status(Some("rebooting")), "REBOOT");
        assert_eq!(VmState::Stopped.status(Some("rebuilding")), "REBUILD");
        assert_eq!(VmState::Paused.status(Some("unpausing")), "PAUSED");
        assert_eq!(VmState::Resized.status(None), "VERIFY_RESIZE");
    }

    #[test]
    fn a_status_of_a_task_wants_the_task_and_one_of_rest_does_not() {
        assert!(Wanted::of(["reboot"].into_iter()).tasks.is_some());
        assert!(Wanted::of(["reboot", "ACTIVE"].into_iter()).tasks.is_none());
        assert!(Wanted::of(["BOGUS"].into_iter()).is_impossible());
        assert!(!Wanted::of([].into_iter()).is_impossible());
    }
}
