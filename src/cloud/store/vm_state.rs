//! The states of a server as Nova keeps them, and the status that it shows for them.

/// Where a server rests (`vm_state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VmState {
    /// It runs.
    Active,
    /// It is not there yet.
    Building,
    /// It is paused.
    Paused,
    /// Its memory is on a disk.
    Suspended,
    /// It is off.
    Stopped,
    /// It runs from a rescue image.
    Rescued,
    /// It runs with a new flavor, until the resize is confirmed or reverted.
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
pub const STATES: [(VmState, &str, &str, Option<u64>); 12] = [
    (VmState::Active, "active", "ACTIVE", Some(1)),
    (VmState::Building, "building", "BUILD", Some(0)),
    (VmState::Paused, "paused", "PAUSED", None),
    (VmState::Suspended, "suspended", "SUSPENDED", None),
    (VmState::Stopped, "stopped", "SHUTOFF", Some(4)),
    (VmState::Rescued, "rescued", "RESCUE", Some(4)),
    (VmState::Resized, "resized", "VERIFY_RESIZE", None),
    (VmState::SoftDeleted, "soft-delete", "SOFT_DELETED", None),
    (VmState::Deleted, "deleted", "DELETED", Some(0)),
    (VmState::Error, "error", "ERROR", None),
    (VmState::Shelved, "shelved", "SHELVED", Some(4)),
    (VmState::ShelvedOffloaded, "shelved_offloaded", "SHELVED_OFFLOADED", Some(4)),
];

/// Tasks that show in the status, and the states in which they do.
pub const TASKS: [(&str, &str, &[VmState]); 8] = [
    ("rebooting", "REBOOT", &[VmState::Active]),
    ("rebooting_hard", "HARD_REBOOT", &[VmState::Active]),
    ("updating_password", "PASSWORD", &[VmState::Active]),
    ("rebuilding", "REBUILD", &[VmState::Active, VmState::Stopped, VmState::Error]),
    ("migrating", "MIGRATING", &[VmState::Active, VmState::Paused]),
    ("resize_prep", "RESIZE", &[VmState::Active, VmState::Stopped]),
    ("resize_finish", "RESIZE", &[VmState::Active, VmState::Stopped]),
    ("resize_reverting", "REVERT_RESIZE", &[VmState::Resized]),
];

impl VmState {
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
    pub fn resting(status: &str) -> Option<VmState> {
        STATES.iter().find(|row| row.2 == status).map(|row| row.0).filter(|vm| *vm != VmState::Deleted)
    }

    /// The statuses of servers that rest and are not gone.
    pub fn statuses() -> Vec<&'static str> {
        STATES.iter().filter(|row| row.0 != VmState::Deleted).map(|row| row.2).collect()
    }
}
