//! The actions that each state of a server allows, and the state that follows. Source: answers of nova 34.0.0, and the checks before
//! nova/compute/api.py's operations.

use crate::cloud::store::{Fault, Resource, Then, VmState};
use crate::contract::{Code, ServerAction};

/// A row of the table: an action, the states that allow it, and where it leads.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The action.
    pub action: ServerAction,
    /// What a refusal calls it.
    pub verb: &'static str,
    /// The states that allow it; none: every state does.
    from: &'static [VmState],
    /// The tasks during which it is allowed beside none at all; `None`: every task.
    during: Option<&'static [&'static str]>,
    /// What a lock does to it.
    lock: Lock,
    /// Does it need a host, or a server that has ever run?
    needs: Needs,
    /// What is under way until it is done.
    pub task: Option<&'static str>,
    /// Where it leads.
    to: To,
    /// What the list of instance actions calls it, and the event that the compute service notes; empty: it is not recorded.
    pub recorded: (&'static str, &'static str),
    /// Is the server looked for in the cells first?
    pub mapped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lock {
    /// A locked server refuses.
    Refuses,
    /// It refuses, but gives no reason.
    RefusesVaguely,
    /// It is not checked.
    Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    Launched,
    /// A host is looked for before the state.
    HostFirst,
    /// A host is looked for after the state.
    Host,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    /// Nothing changes.
    Same,
    /// Its hypervisor leaves it running, or off (nova/virt/fake.py).
    Noted(VmState),
    Rest(VmState),
    Relaunch(VmState),
    /// What was off is off again, all else runs.
    AsItWas,
    /// The same, without being launched anew.
    Confirmed,
    Gone,
}

const RUNNING: &[VmState] = &[VmState::Active];
const ON_OR_OFF: &[VmState] = &[VmState::Active, VmState::Stopped];
const STILL: &[VmState] = &[VmState::Active, VmState::Stopped, VmState::Paused, VmState::Suspended];
const OR_BROKEN: &[VmState] = &[VmState::Active, VmState::Stopped, VmState::Error];
const ANY: &[VmState] = &[];

/// Most actions: a server that has run, does nothing else and is not locked.
const fn row(
    action: ServerAction,
    verb: &'static str,
    from: &'static [VmState],
    task: &'static str,
    to: To,
) -> Transition {
    Transition {
        action,
        verb,
        from,
        during: Some(&[]),
        lock: Lock::Refuses,
        needs: Needs::Launched,
        task: if task.is_empty() { None } else { Some(task) },
        to,
        recorded: (verb, ""),
        mapped: false,
    }
}

/// Actions without a visible effect.
const fn still(action: ServerAction, verb: &'static str) -> Transition {
    Transition {
        during: None,
        lock: Lock::Ignored,
        needs: Needs::Nothing,
        task: None,
        recorded: ("", ""),
        ..row(action, verb, ANY, "", To::Same)
    }
}

/// The end of a server, whatever it does.
const fn end(verb: &'static str) -> Transition {
    let row = Transition { task: Some("deleting"), to: To::Gone, ..still(ServerAction::ForceDelete, verb) };
    row.locked(Lock::Refuses).recorded("delete", "compute_terminate_instance")
}

impl Transition {
    const fn recorded(self, action: &'static str, event: &'static str) -> Transition {
        Transition { recorded: (action, event), ..self }
    }

    const fn noted_as(self, event: &'static str) -> Transition {
        Transition { recorded: (self.verb, event), ..self }
    }

    const fn locked(self, lock: Lock) -> Transition {
        Transition { lock, ..self }
    }

    const fn needing(self, needs: Needs) -> Transition {
        Transition { needs, ..self }
    }

    const fn during(self, tasks: Option<&'static [&'static str]>) -> Transition {
        Transition { during: tasks, ..self }
    }

    const fn mapped(self) -> Transition {
        Transition { mapped: true, ..self }
    }
}

static TABLE: [Transition; 31] = [
    row(ServerAction::Start, "start", &[VmState::Stopped], "powering-on", To::Rest(VmState::Active))
        .needing(Needs::HostFirst)
        .mapped()
        .noted_as("compute_start_instance"),
    row(ServerAction::Stop, "stop", &[VmState::Active, VmState::Error], "powering-off", To::Rest(VmState::Stopped))
        .needing(Needs::HostFirst)
        .mapped()
        .noted_as("compute_stop_instance"),
    row(ServerAction::Reboot, "reboot", RUNNING, "rebooting", To::Rest(VmState::Active))
        .noted_as("compute_reboot_instance"),
    row(ServerAction::Pause, "pause", RUNNING, "pausing", To::Noted(VmState::Paused))
        .noted_as("compute_pause_instance"),
    row(ServerAction::Unpause, "unpause", &[VmState::Paused], "unpausing", To::Noted(VmState::Active))
        .noted_as("compute_unpause_instance"),
    row(ServerAction::Suspend, "suspend", RUNNING, "suspending", To::Noted(VmState::Suspended))
        .noted_as("compute_suspend_instance"),
    row(ServerAction::Resume, "resume", &[VmState::Suspended], "resuming", To::Noted(VmState::Active))
        .noted_as("compute_resume_instance"),
    still(ServerAction::Lock, "lock").noted_as("api_lock"),
    still(ServerAction::Unlock, "unlock").noted_as("api_unlock"),
    row(ServerAction::Rescue, "rescue", OR_BROKEN, "rescuing", To::Relaunch(VmState::Rescued))
        .noted_as("compute_rescue_instance"),
    row(ServerAction::Unrescue, "unrescue", &[VmState::Rescued], "unrescuing", To::Rest(VmState::Active))
        .noted_as("compute_unrescue_instance"),
    row(ServerAction::Shelve, "shelve", STILL, "shelving", To::Rest(VmState::ShelvedOffloaded))
        .noted_as("compute_shelve_instance"),
    row(
        ServerAction::ShelveOffload,
        "shelveOffload",
        &[VmState::Shelved],
        "shelving_offloading",
        To::Rest(VmState::ShelvedOffloaded),
    )
    .noted_as("compute_shelve_offload_instance"),
    row(
        ServerAction::Unshelve,
        "unshelve",
        &[VmState::Shelved, VmState::ShelvedOffloaded],
        "unshelving",
        To::Relaunch(VmState::Active),
    )
    .noted_as("compute_unshelve_instance"),
    row(ServerAction::Resize, "resize", ON_OR_OFF, "resize_prep", To::Relaunch(VmState::Resized))
        .needing(Needs::Host)
        .noted_as("compute_finish_resize"),
    row(ServerAction::ConfirmResize, "confirmResize", &[VmState::Resized], "", To::Confirmed)
        .noted_as("compute_confirm_resize"),
    row(ServerAction::RevertResize, "revertResize", &[VmState::Resized], "resize_reverting", To::AsItWas)
        .noted_as("compute_finish_revert_resize"),
    row(ServerAction::Rebuild, "rebuild", OR_BROKEN, "rebuilding", To::AsItWas).noted_as("compute_rebuild_instance"),
    row(ServerAction::CreateImage, "createImage", STILL, "image_snapshot", To::Same)
        .locked(Lock::Ignored)
        .noted_as("compute_snapshot_instance"),
    row(ServerAction::CreateBackup, "createBackup", STILL, "image_backup", To::Same)
        .locked(Lock::Ignored)
        .noted_as("compute_backup_instance"),
    row(ServerAction::ChangePassword, "changePassword", RUNNING, "updating_password", To::Same)
        .locked(Lock::RefusesVaguely)
        .noted_as("compute_set_admin_password"),
    still(ServerAction::ConsoleOutput, "os-getConsoleOutput").needing(Needs::Host),
    still(ServerAction::Console, "get_vnc_console").needing(Needs::HostFirst),
    row(
        ServerAction::TriggerCrashDump,
        "trigger_crash_dump",
        &[VmState::Active, VmState::Paused, VmState::Rescued, VmState::Resized, VmState::Error],
        "",
        To::Same,
    )
    .needing(Needs::HostFirst)
    .mapped()
    .noted_as("compute_trigger_crash_dump"),
    row(ServerAction::Migrate, "migrate", ON_OR_OFF, "resize_prep", To::Relaunch(VmState::Resized))
        .needing(Needs::Host)
        .noted_as("compute_finish_resize"),
    row(ServerAction::MigrateLive, "os-migrateLive", &[VmState::Active, VmState::Paused], "migrating", To::Same)
        .recorded("live-migration", "compute_live_migration"),
    row(ServerAction::Evacuate, "evacuate", OR_BROKEN, "rebuilding", To::AsItWas)
        .during(None)
        .locked(Lock::Ignored)
        .noted_as("compute_rebuild_instance"),
    still(ServerAction::ResetState, "os-resetState").recorded("resetState", ""),
    still(ServerAction::InjectNetworkInfo, "injectNetworkInfo").locked(Lock::Refuses),
    end("forceDelete"),
    row(ServerAction::Restore, "restore", &[VmState::SoftDeleted], "restoring", To::Noted(VmState::Active))
        .locked(Lock::RefusesVaguely)
        .noted_as("compute_restore_instance"),
];

/// A reboot that does not ask the server, and so needs none that runs.
pub static HARD_REBOOT: Transition = row(
    ServerAction::Reboot,
    "reboot",
    &[VmState::Active, VmState::Stopped, VmState::Paused, VmState::Suspended, VmState::Error],
    "rebooting_hard",
    To::Rest(VmState::Active),
)
.during(Some(&["rebooting", "rebooting_hard", "pausing", "unpausing", "suspending", "resuming"]))
.noted_as("compute_reboot_instance");

/// The end of a server: whatever it does, unless it is locked.
pub static DELETE: Transition = end("delete");

impl Transition {
    /// The row of `action`.
    pub fn of(action: ServerAction) -> Option<&'static Transition> {
        TABLE.iter().find(|row| row.action == action)
    }

    /// May it be done to `server` now, by an administrator or somebody else?
    ///
    /// # Errors
    /// 409: the server is locked, busy or in the wrong state.
    pub fn allow(&self, server: &Resource, is_admin: bool) -> Result<(), Fault> {
        let id = &server.id;
        let conflict = |message: String| Err(Fault::new(Code::State, 409, message));
        if server.body.get("locked") == Some(&true.into()) && !is_admin {
            match self.lock {
                Lock::Ignored => {}
                Lock::Refuses => return conflict(format!("Instance {id} is locked")),
                Lock::RefusesVaguely => return conflict(self.vaguely(id)),
            }
        }
        let has_host = !lacks(server, "OS-EXT-SRV-ATTR:host");
        let not_ready = || conflict(format!("Instance {id} is not ready"));
        if self.needs == Needs::HostFirst && !has_host {
            return not_ready();
        }
        let verb = self.verb;
        let vm = VmState::of(server);
        if !self.from.is_empty() && !self.from.contains(&vm) {
            return Err(Fault::while_in(verb, id, "vm_state", vm.name()));
        }
        let task = server.text("OS-EXT-STS:task_state");
        if self.during.is_some_and(|tasks| !task.is_empty() && !tasks.contains(&task)) {
            return Err(Fault::while_in(verb, id, "task_state", task));
        }
        let has_run = !lacks(server, "OS-SRV-USG:launched_at");
        match self.needs {
            Needs::Nothing => Ok(()),
            _ if !self.from.is_empty() && !has_run => conflict(self.vaguely(id)),
            Needs::Host if !has_host => not_ready(),
            _ => Ok(()),
        }
    }

    fn vaguely(&self, id: &str) -> String {
        format!("Instance {id} is in an invalid state for '{}'", self.verb)
    }

    /// What happens to `server` at the end.
    pub fn then(&self, server: &Resource) -> Then {
        let vm = VmState::of(server);
        match self.to {
            To::Same => Then::Note(vm),
            To::Noted(vm) => Then::Note(vm),
            To::Rest(vm) => Then::Rest(vm),
            To::Relaunch(vm) => Then::Relaunch(vm),
            To::AsItWas => Then::Relaunch(VmState::as_it_was(server)),
            To::Confirmed => Then::Rest(VmState::as_it_was(server)),
            To::Gone => Then::Vanish,
        }
    }
}

/// Is the field there, and says that there is nothing? What a fixture leaves out is taken to be as it should be.
fn lacks(server: &Resource, field: &str) -> bool {
    server.body.get(field).is_some_and(|value| value.is_null() || value == "")
}

#[cfg(test)]
mod tests {
    use crate::base::json::Map;

    use super::*;

    const STATES: [VmState; 11] = [
        VmState::Active,
        VmState::Building,
        VmState::Paused,
        VmState::Suspended,
        VmState::Stopped,
        VmState::Rescued,
        VmState::Resized,
        VmState::SoftDeleted,
        VmState::Error,
        VmState::Shelved,
        VmState::ShelvedOffloaded,
    ];

    fn server(vm: VmState, task: Option<&'static str>) -> Resource {
        let mut server = Resource::new("ID", None, Map::default());
        vm.enter(&mut server, task);
        server
    }

    fn cell(row: &Transition, server: &Resource) -> String {
        match (row.allow(server, false), row.then(server)) {
            (Err(fault), _) => fault.status.to_string(),
            (Ok(()), Then::Rest(vm) | Then::Note(vm) | Then::Relaunch(vm)) if vm == VmState::of(server) => {
                "=".to_owned()
            }
            (Ok(()), Then::Rest(vm) | Then::Note(vm) | Then::Relaunch(vm)) => vm.name().to_owned(),
            (Ok(()), then) => format!("{then:?}").to_lowercase(),
        }
    }

    /// Which actions each state allows, and where they lead: the whole table at one glance.
    #[test]
    fn every_action_in_every_state() {
        let rows = TABLE.iter().chain([&HARD_REBOOT, &DELETE]);
        let line = |row: &Transition| {
            let cells = STATES.map(|vm| format!("{:<18}", cell(row, &server(vm, None))));
            format!("{:<20}{}", row.verb, cells.concat()).trim_end().to_owned()
        };
        let head =
            format!("{:<20}{}", "", STATES.map(|vm| format!("{:<18}", vm.name())).concat()).trim_end().to_owned();
        let lines: Vec<String> = std::iter::once(head).chain(rows.map(line)).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    /// What a refused action says, and what a lock does to each.
    #[test]
    fn every_refusal_in_its_words() {
        let mut locked = server(VmState::Active, None);
        locked.set("locked", true);
        let mut unborn = server(VmState::Error, None);
        unborn.set("OS-SRV-USG:launched_at", crate::base::json::Value::Null);
        let mut homeless = server(VmState::Active, None);
        homeless.set("OS-EXT-SRV-ATTR:host", crate::base::json::Value::Null);
        let cases = [
            ("locked", &locked),
            ("busy", &server(VmState::Active, Some("rebuilding"))),
            ("soft-deleted", &server(VmState::SoftDeleted, None)),
            ("never ran", &unborn),
            ("no host", &homeless),
        ];
        let mut lines = Vec::new();
        for row in TABLE.iter().chain([&HARD_REBOOT, &DELETE]) {
            for (what, server) in cases {
                let said = row.allow(server, false).map_or_else(|fault| fault.message, |()| "-".to_owned());
                lines.push(format!("{:<20}{what:<14}{said}", row.verb));
            }
        }
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn every_act_has_a_row_and_administrators_may_pass_a_lock() {
        for (name, action) in ServerAction::ALL {
            assert!(Transition::of(*action).is_some(), "{name} has no row");
        }
        let mut locked = server(VmState::Active, None);
        locked.set("locked", true);
        assert!(Transition::of(ServerAction::Stop).is_some_and(|row| row.allow(&locked, true).is_ok()));
    }
}
